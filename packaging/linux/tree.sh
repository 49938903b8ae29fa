#!/usr/bin/env bash
# Lays out what every package for Linux installs.
#   packaging/linux/tree.sh BINARIES DESTINATION [PREFIX]
# BINARIES holds `anjuan-app` and `anjuan` (a folder of cargo's); PREFIX is /usr, or /app in Flatpak.
set -euo pipefail
binaries=$(realpath "$1") destination=$(realpath -m "$2")${3:-/usr}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
id=io.github.anjuan.Anjuan
version=$(node packaging/versions.mjs)
made=$(mktemp)
trap 'rm -f "$made"' EXIT

put() { install -D -m "${3:-644}" "$1" "$destination/$2"; }

for program in anjuan anjuan-app; do
  put "$binaries/$program" "bin/$program" 755
  strip --strip-unneeded "$destination/bin/$program"
done
put "packaging/linux/$id.desktop" "share/applications/$id.desktop"
put packaging/linux/zz-anjuan-import.desktop share/applications/zz-anjuan-import.desktop
put "packaging/linux/$id.xml" "share/mime/packages/$id.xml"
node packaging/metainfo.mjs >"$made"
put "$made" "share/metainfo/$id.metainfo.xml"
for size in 16 24 32 48 64 128 256; do
  put "icons/${size}x$size.png" "share/icons/hicolor/${size}x$size/apps/$id.png"
done
put icons/icon.png "share/icons/hicolor/512x512/apps/$id.png"
put icons/icon.svg "share/icons/hicolor/scalable/apps/$id.svg"
for page in anjuan anjuan-app; do
  sed "s/@VERSION@/$version/" "packaging/man/$page.1" | gzip -9n >"$made"
  put "$made" "share/man/man1/$page.1.gz"
done
put packaging/completions/anjuan.bash share/bash-completion/completions/anjuan
put packaging/completions/anjuan.fish share/fish/vendor_completions.d/anjuan.fish
put NOTICE share/doc/anjuan/NOTICE
