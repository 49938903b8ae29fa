#!/usr/bin/env bash
# Installs the packages in a clean system of the release that this machine runs, uses them as a person
# does, and takes them off again.
#   packaging/linux/test-install.sh FOLDER    (with the .deb and the .rpm of build.sh)
#   packaging/linux/test-install.sh --base    (only makes and keeps the clean system)
#
# Needs root and debootstrap. Where they are missing it says "skipped", and fails where CI is true.
# The clean system is kept in the cache, and so are the packages that apt fetches for it. All runs in
# namespaces of its own where that is allowed, and in a bare chroot where it is not.
set -Eeuo pipefail
trap 'echo "install test: line $LINENO: $BASH_COMMAND" >&2' ERR

self=$(realpath "${BASH_SOURCE[0]}")
project=$(realpath "$(dirname "$self")/../..")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/anjuan/install-test
# What any desktop has before Anjuan comes; no library that Anjuan needs, those its package must ask for.
desktop=(dbus desktop-file-utils libglib2.0-bin xdg-utils)
edition=1 # Raise it with each change of what the clean system holds.
user=1000
id=io.github.anjuan.Anjuan

skip() {
  [[ "${CI:-}" != true ]] || fail "$1"
  echo "install test: skipped, $1"
  exit 0
}
fail() {
  echo "install test: $*" >&2
  exit 1
}
say() { printf '%4d s  %s\n' "$SECONDS" "$*"; }

((EUID == 0)) || skip "it needs root"
for program in apt-get debootstrap chroot zstd; do
  command -v "$program" >/dev/null || skip "there is no $program"
done
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[[ -n "$release" ]] || skip "this system names no release"
base=$cache/$release-$(dpkg --print-architecture)-$edition.tar.zst
mkdir -p "$cache/archives"

# --- The clean system ------------------------------------------------------------------------

# The places this machine takes this release from: "ADDRESS SUITE COMPONENT".
sources() {
  # shellcheck disable=SC2016
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT) $(LABEL)' 'Created-By: Packages' |
    awk -v release="$release" '
      $2 ~ "^" release && $4 ~ /^(Debian|Debian-Security|Ubuntu)$/ && !seen[$0]++ { print $1, $2, $3 }'
}

# How this machine reaches them, proxies and certificates with it.
share_network() {
  local root=$1
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump | grep -E '^Acquire::(http|https|Check|Retries)' >"$root/etc/apt/apt.conf.d/90machine" || true
  if grep -q ' https:' "$root/etc/apt/sources.list" && [[ -d /etc/ssl/certs ]]; then
    mkdir -p "$root/etc/ssl/certs"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  fi
}

in_root() {
  local root=$1
  shift
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"
}

# Links where both lie on one disk.
share() { cp -nl "$@" 2>/dev/null || cp -n "$@" 2>/dev/null || true; }

# Packages fetched once are not fetched again.
with_archives() {
  local root=$1
  shift
  mkdir -p "$root/var/cache/apt/archives"
  share "$cache"/archives/*.deb "$root/var/cache/apt/archives/"
  in_root "$root" "$@"
  share "$root"/var/cache/apt/archives/*.deb "$cache/archives/"
}

make_base() {
  local root=$cache/base mirror components
  mirror=$(sources | awk -v r="$release" '$2 == r { print $1; exit }')
  components=$(sources | awk -v r="$release" '$2 == r { print $3 }' | sort -u | paste -sd,)
  [[ -n "$mirror" ]] || skip "apt has no source for $release"
  say "making a clean $release from $mirror (${components})"
  rm -rf "$root" "$cache"/*.tar.zst "$cache"/archives/*
  debootstrap --variant=minbase --components="$components" "$release" "$root" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
    { tail -n 20 "$cache/debootstrap.log" >&2 && fail "debootstrap failed"; }
  sources | sed 's/^/deb /' >"$root/etc/apt/sources.list"
  # No services, no waiting for the disk, and fetched packages stay.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/test"
  printf 'APT::Keep-Downloaded-Packages "true";\nAcquire::Languages "none";\n' >"$root/etc/apt/apt.conf.d/80test"
  share_network "$root"
  in_root "$root" apt-get update -qq
  with_archives "$root" apt-get install -y -qq --no-install-recommends "${desktop[@]}" >>"$cache/debootstrap.log" 2>&1 ||
    { tail -n 20 "$cache/debootstrap.log" >&2 && fail "the clean system could not be made"; }
  in_root "$root" useradd --create-home --uid "$user" --shell /bin/bash reader
  rm -f "$root"/var/cache/apt/archives/*.deb "$root/etc/apt/apt.conf.d/90machine"
  tar -C "$root" --one-file-system --numeric-owner --zstd -cf "$base.part" .
  mv "$base.part" "$base"
  rm -rf --one-file-system "$root"
  say "kept as $base ($(($(stat -c %s "$base") >> 20)) MB)"
}

# One at a time: `./dev test` begins with it in the background.
(
  flock 9
  [[ -e "$base" ]] || make_base
) 9>"$cache/lock"
[[ "$1" != --base ]] || exit 0

# --- Namespaces ------------------------------------------------------------------------------

# The folder goes whatever happens inside; what was mounted in it went with the namespace before.
if [[ -z "${ANJUAN_INSTALL_ROOT:-}" ]]; then
  find "$cache" -maxdepth 1 -name 'root.*' -mmin +60 -exec rm -rf --one-file-system {} +
  root=$(mktemp -d "$cache/root.XXXXXX")
  trap 'rm -rf --one-file-system "$root"' EXIT
  trap 'exit 143' TERM INT
  inside=(unshare --mount --pid --fork --kill-child --mount-proc)
  namespaces=yes
  "${inside[@]}" true 2>/dev/null || inside=() namespaces=
  ANJUAN_INSTALL_ROOT=$root ANJUAN_NAMESPACES=$namespaces "${inside[@]}" "$self" "$@" &
  wait $! || exit
  exit 0
fi
root=$ANJUAN_INSTALL_ROOT
home=$root/home/reader
[[ -n "$ANJUAN_NAMESPACES" ]] || say "no namespaces here: a bare chroot, where windows stay empty and are not looked at"

deb=$(realpath "$1"/*.deb)
rpm=$(realpath "$1"/*.rpm)
version=$(node "$project/packaging/versions.mjs")
screen=

# The processes in the clean system; with a program's path, only those that run it.
processes() {
  local each
  for each in /proc/[0-9]*; do
    [[ "$each/root" -ef "$root" ]] || continue
    [[ -z "${1:-}" || "$each/exe" -ef "$root$1" ]] || continue
    echo "${each#/proc/}"
  done 2>/dev/null
}

stop() {
  local each
  for each in $(processes "${1:-}"); do kill "$each" 2>/dev/null || true; done
  for _ in {1..50}; do
    [[ -n "$(processes "${1:-}")" ]] || return 0
    sleep 0.1
  done
  for each in $(processes "${1:-}"); do kill -KILL "$each" 2>/dev/null || true; done
}

finish() {
  local status=$?
  if ((status)) && [[ -s "$home/app.log" ]]; then
    echo "--- what the app said" >&2
    tail -n 30 "$home/app.log" >&2
  fi
  stop
  [[ -z "$screen" ]] || kill "$screen" 2>/dev/null || true
}
trap finish EXIT

# In memory where there is plenty: some 20,000 small files are written and deleted.
if [[ -n "$ANJUAN_NAMESPACES" && $(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) -gt 6000000 ]]; then
  mount -t tmpfs -o mode=755,size=3g tmpfs "$root"
fi
tar -C "$root" --zstd -xf "$base"
share_network "$root"
mkdir -p "$root/tmp/.X11-unix" "$root/run/user/$user"
chown "$user:$user" "$root/run/user/$user"
if [[ -n "$ANJUAN_NAMESPACES" ]]; then
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
fi

# --- Steps -----------------------------------------------------------------------------------

as_user() {
  chroot --userspec="$user:$user" "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/home/reader USER=reader \
    LANG=C.UTF-8 XDG_CURRENT_DESKTOP=GNOME XDG_RUNTIME_DIR="/run/user/$user" DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$user/bus" \
    DISPLAY="$DISPLAY" LIBGL_ALWAYS_SOFTWARE=1 NO_AT_BRIDGE=1 "$@"
}

# is WHAT HAVE WANT
is() { [[ "$2" == "$3" ]] || fail "$1 is '$2', not '$3'"; }

# until_so WHAT COMMAND…: waits for it, up to 40 s.
until_so() {
  local what=$1
  shift
  for _ in {1..200}; do
    ! "$@" >/dev/null 2>&1 || return 0
    sleep 0.2
  done
  fail "waited 40 s in vain for this: $what"
}

default_for() { as_user gio mime "$1" | sed -n 's/^Default application for.*: //p'; }
last_opened() {
  [[ "$(node -p "JSON.parse(fs.readFileSync('$home/.config/anjuan/recent.json')).archives[0].path")" == "/home/reader/$1" ]]
}
window_of() {
  local window
  for window in $(xdotool search --onlyvisible --class anjuan-app); do
    [[ "$(xdotool getwindowname "$window")" == *"$1"* ]] && return
  done
  return 1
}

only_bus() { [[ "$(processes)" == "$(processes /usr/bin/dbus-daemon)" ]]; }

# Without /proc WebKit paints nothing, and the program's own list of archives has to do.
shows() { [[ -z "$ANJUAN_NAMESPACES" ]] || until_so "a window shows the $1 archive" window_of "$1"; }

# Other programs for the types that Anjuan imports. Their names come behind the app's, so that an
# entry of that name would take the types from them.
put_others() {
  local name
  mkdir -p "$root/usr/share/applications"
  for name in org.gnome.TextEditor org.mozilla.firefox; do
    printf '[Desktop Entry]\nType=Application\nName=%s\nExec=true %%F\nMimeType=text/html;text/plain;\n' \
      "$name" >"$root/usr/share/applications/$name.desktop"
  done
  in_root "$root" update-desktop-database
}

check_versions() {
  is "anjuan --version" "$(as_user anjuan --version)" "anjuan $version"
  is "anjuan-app --version" "$(as_user env -u DISPLAY anjuan-app --version | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+[^ ]*' | head -n 1)" "$version"
  # The manual of the window names the options that it takes.
  local told manual
  told=$(as_user env -u DISPLAY anjuan-app --help | sed -n '/^Options/,$p' | grep -Eo -- '--[a-z-]+' | sort -u)
  manual=$(man -l "$root/usr/share/man/man1/anjuan-app.1.gz" | sed -n '/^OPTIONS/,/^[A-N]/p' | grep -Eo -- '--[a-z-]+' | sort -u)
  is "the options in anjuan-app.1" "$manual" "$told"
}

check_files() {
  desktop-file-validate "$root/usr/share/applications/$id.desktop" "$root"/usr/share/applications/zz-anjuan-import.desktop
  appstreamcli validate --no-net "$root/usr/share/metainfo/$id.metainfo.xml" ||
    fail "the AppStream metainfo is not valid"
  grep -q "<release version=\"$version\"" "$root/usr/share/metainfo/$id.metainfo.xml" || fail "the metainfo does not name $version"
  bash -n "$root/usr/share/bash-completion/completions/anjuan"
  local page
  for page in anjuan anjuan-app; do
    is "what man says of $page.1" "$(LC_ALL=C.UTF-8 man --warnings -l "$root/usr/share/man/man1/$page.1.gz" 2>&1 >/dev/null)" ""
  done
  if ldd "$root/usr/bin/anjuan-app" | grep "not found"; then fail "a library is missing"; fi
}

# Opens archives as a file manager does, and sees them open.
use_app() {
  is "the default for archives" "$(default_for application/x-anjuan)" "$id.desktop"
  for type in text/html text/plain; do
    is "the default for $type" "$(default_for $type)" org.gnome.TextEditor.desktop
    is "what xdg-mime takes for $type" "$(as_user xdg-mime query default $type)" "$taken"
    [[ "$(as_user gio mime $type)" == *zz-anjuan-import.desktop* ]] || fail "$type is not offered to be opened with Anjuan"
  done
  is "the type of an archive without its ending" \
    "$(as_user gio info -a standard::content-type /home/reader/plain | sed -n 's/.*content-type: //p')" application/x-anjuan

  as_user gio open /home/reader/first.anjuan >>"$home/app.log" 2>&1 &
  until_so "the first archive is open" last_opened first.anjuan
  shows first
  is "processes of the window" "$(processes /usr/bin/anjuan-app | wc -l)" 1
  local first
  first=$(processes /usr/bin/anjuan-app)

  as_user xdg-open /home/reader/second.anjuan >>"$home/app.log" 2>&1 &
  until_so "the second archive is open" last_opened second.anjuan
  shows second
  sleep 1
  is "the process that opened it" "$(processes /usr/bin/anjuan-app)" "$first"
  stop /usr/bin/anjuan-app
  # WebKit's processes write until they notice.
  until_so "only the bus still runs" only_bus
}

# What belongs to the user, byte for byte.
belongings() {
  (cd "$home" && find . -path ./.cache -prune -o -type f -not -name app.log -print0 | sort -z | xargs -0 sha256sum)
}

gone() {
  local left
  left=$(find "$root" -xdev \( -path "$root/home" -o -path "$root/proc" -o -path "$root/tmp" -o -path "$root/var/log" \
    -o -path "$root/var/cache" -o -path "$root/var/lib/rpm" \) -prune -o -iname '*anjuan*' -print)
  is "what is left behind" "$left" ""
  ! grep -rqi anjuan "$root/usr/share/applications" "$root/usr/share/mime/globs2" || fail "it is still registered"
  diff <(cat <<<"$1") <(belongings) || fail "what belongs to the user is not what it was"
}

# --- The screen and the bus ------------------------------------------------------------------

exec 8> >(cat >"$root/tmp/display")
Xvfb -displayfd 8 -screen 0 1280x900x24 -nolisten tcp >/dev/null 2>&1 &
screen=$!
until_so "a screen" test -s "$root/tmp/display"
exec 8>&-
DISPLAY=:$(<"$root/tmp/display")
export DISPLAY
[[ -z "$ANJUAN_NAMESPACES" ]] || mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
as_user dbus-daemon --session --nofork --nopidfile --address="unix:path=/run/user/$user/bus" >/dev/null 2>&1 &
until_so "a session bus" test -S "$root/run/user/$user/bus"

# --- .deb ------------------------------------------------------------------------------------

put_others
taken=$(as_user xdg-mime query default text/html)
[[ -n "$taken" ]] || fail "xdg-mime knows nobody for text/html"
cp "$deb" "$root/tmp/anjuan.deb"
say "apt install ./anjuan.deb"
install_deb() { with_archives "$root" apt-get install -y -qq --no-install-recommends /tmp/anjuan.deb; }
# The lists in the kept system may be old.
install_deb >"$cache/apt.log" 2>&1 || { in_root "$root" apt-get update -qq && install_deb >"$cache/apt.log" 2>&1; } ||
  { tail -n 30 "$cache/apt.log" >&2 && fail "apt could not install the package"; }
# shellcheck disable=SC2016
is "the installed version" "$(in_root "$root" dpkg-query -W -f='${db:Status-Status} ${Version}' anjuan)" "installed ${version//-/\~}"
say "versions, manual, completions, metainfo"
check_versions
check_files

say "two archives, opened by association"
install -d -o "$user" -g "$user" "$home/reports"
install -o "$user" -g "$user" -m 644 "$project"/examples/*.txt "$home/reports/"
as_user anjuan --archive /home/reader/first.anjuan import /home/reader/reports >"$home/app.log" 2>&1 || fail "anjuan import failed"
cp -p "$home/first.anjuan" "$home/second.anjuan"
cp -p "$home/first.anjuan" "$home/plain"
use_app

say "apt remove and purge"
before=$(belongings)
grep -q 'recent.json' <<<"$before" || fail "the app kept no settings"
in_root "$root" apt-get remove -y -qq anjuan >>"$cache/apt.log" 2>&1
gone "$before"
install_deb >>"$cache/apt.log" 2>&1
in_root "$root" apt-get purge -y -qq anjuan >>"$cache/apt.log" 2>&1
gone "$before"

# --- .rpm ------------------------------------------------------------------------------------

say "rpm --install, in the same system with its libraries"
is "the version of the .rpm" "$(rpm -qp --queryformat '%{VERSION}' "$rpm")" "${version//-/\~}"
[[ "$(rpm -qp --requires "$rpm")" == *libwebkit2gtk-4.1.so.0* ]] || fail "the .rpm does not ask for WebKitGTK"
is "the scripts in the .rpm" "$(rpm -qp --scripts "$rpm")" ""
force=()
[[ "$(rpm --help)" != *force-debian* ]] || force=(--force-debian)
mkdir -p "$root/var/lib/rpm"
rpm --root "$root" "${force[@]}" --install --nodeps "$rpm"
# Systems with rpm do this by triggers of their own.
refresh() {
  in_root "$root" update-mime-database /usr/share/mime
  in_root "$root" update-desktop-database
}
refresh
check_versions
check_files
rm -rf "$home/.config/anjuan"
use_app
before=$(belongings)
rpm --root "$root" "${force[@]}" --erase --nodeps anjuan
refresh
gone "$before"

say "passed: $(basename "$deb") and $(basename "$rpm") install, open archives by association, and leave the user's files"
