#!/usr/bin/env bash
# Draws the sizes of the icon that the bundles need from icons/icon.svg. Run after changing the drawing
# and commit the result. Needs the Tauri CLI (`npm ci` in ui/) and rsvg-convert (librsvg2-bin).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

draw() { rsvg-convert --width "$1" --height "$1" --output "icons/$2" icons/icon.svg; }
for size in 16 24 32 48 64 128 256; do draw "$size" "${size}x$size.png"; done
draw 256 128x128@2x.png
draw 512 icon.png

# Windows' and macOS's containers; the CLI makes many more files than we keep.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "${TAURI_CLI:-ui}" && npx --no-install tauri icon "$OLDPWD/icons/icon.svg" --output "$work" >/dev/null)
cp "$work/icon.ico" "$work/icon.icns" icons/
