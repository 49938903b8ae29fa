#!/usr/bin/env bash
# Packages for Linux from binaries that are already built.
#   packaging/linux/build.sh BINARIES OUT [--fast]
# BINARIES holds `anjuan-app` and `anjuan` (a folder of cargo's); OUT gets the .deb and the .rpm, each
# where its tool is there. --fast: compressed lightly, for the tests.
# Both hold the same tree, and the same input gives the same bytes: times come from
# SOURCE_DATE_EPOCH (by default the time of the commit), owners are root, order is fixed.
set -euo pipefail
binaries=$(realpath "$1") out=$(realpath -m "$2") fast=${3:-}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
umask 022
export LC_ALL=C TZ=UTC

if [[ -z "${SOURCE_DATE_EPOCH:-}" ]]; then
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=$(stat -c %Y CHANGELOG.md)
fi
export SOURCE_DATE_EPOCH
version=$(node packaging/versions.mjs)
# 1.0.0-rc.1 comes before 1.0.0 in both formats.
package_version=${version//-/\~}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
packaging/linux/tree.sh "$binaries" "$tree"

# Makes every time of a tree the commit's.
same_times() { find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +; }

mkdir -p "$out"
rm -f "$out"/*.deb "$out"/*.rpm

# --- .deb ------------------------------------------------------------------------------------

deb() {
  local root=$work/debian/anjuan architecture depends
  mkdir -p "$work/debian"
  cp -a "$tree" "$root"
  mkdir "$root/DEBIAN"
  put_deb() { install -D -m 644 "$1" "$root$2"; }
  put_deb packaging/completions/_anjuan /usr/share/zsh/vendor-completions/_anjuan
  put_deb CHANGELOG.md /usr/share/doc/anjuan/changelog
  gzip -9n "$root/usr/share/doc/anjuan/changelog"
  put_deb packaging/linux/copyright /usr/share/doc/anjuan/copyright

  architecture=$(dpkg --print-architecture)
  # The libraries that the programs are linked with, in the versions that they need.
  printf 'Source: anjuan\nPackage: anjuan\nArchitecture: any\n' >"$work/debian/control"
  depends=$(cd "$work" && dpkg-shlibdeps -O debian/anjuan/usr/bin/{anjuan,anjuan-app}) || return
  sed -e "s/@VERSION@/$package_version/" -e "s/@ARCHITECTURE@/$architecture/" \
    -e "s/@SIZE@/$(du -sk --apparent-size "$root/usr" | cut -f1)/" \
    -e "s/@DEPENDS@/${depends#shlibs:Depends=}/" packaging/linux/control >"$root/DEBIAN/control"
  (cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  same_times "$root"
  local compression=(-Zxz -z6)
  [[ "$fast" == --fast ]] && compression=(-Zgzip -z1)
  dpkg-deb --root-owner-group "${compression[@]}" --build "$root" \
    "$out/anjuan_${package_version}_$architecture.deb" >/dev/null
}

# --- .rpm ------------------------------------------------------------------------------------

rpm_package() {
  local root=$work/rpm payload=w15.zstdio
  [[ "$fast" == --fast ]] && payload=w1.zstdio
  cp -a "$tree" "$root"
  install -D -m 644 packaging/completions/_anjuan "$root/usr/share/zsh/site-functions/_anjuan"
  install -D -m 644 LICENSE "$root/usr/share/licenses/anjuan/LICENSE"
  same_times "$root"
  # On systems of other families rpmbuild knows neither its macros nor the installed packages.
  rpmbuild -bb --quiet --nodeps --define "_topdir $work/rpmbuild" --define "_rpmdir $out" \
    --define "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" \
    --define "tree $root" --define "anjuan_version $package_version" \
    --define "_binary_payload $payload" \
    --define "use_source_date_epoch_as_buildtime 1" \
    --define "clamp_mtime_to_source_date_epoch 1" \
    --define "_buildhost anjuan" \
    packaging/linux/anjuan.spec
}

made=0
if command -v dpkg-deb dpkg-shlibdeps >/dev/null; then
  deb
  made=1
fi
if command -v rpmbuild >/dev/null; then
  rpm_package
  made=1
fi
((made)) || {
  echo "neither dpkg-deb nor rpmbuild is here: install dpkg-dev or rpm-build" >&2
  exit 1
}

# --- What it came to -------------------------------------------------------------------------

echo "installed size: $(du -sm --apparent-size "$tree" | cut -f1) MB"
for file in "$out"/*.deb "$out"/*.rpm; do
  [[ ! -e "$file" ]] || printf '%6.1f MB  %s\n' "$(($(stat -c %s "$file") / 10000))e-2" "$file"
done
