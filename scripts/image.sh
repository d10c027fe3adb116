#!/bin/bash
# usage: scripts/image.sh [OPTION]...
#
# Builds the image of the Dockerfile and tries it. For some minutes a bot lives in
# it by the lines of crontab.example, with tw-sandbox as its X, on a network that
# has nothing but loopback. The bot is stopped, killed and restarted; in the end,
# nothing may be lost or said twice.
#
# Options:
#   --make-bases  do not download the images that the Dockerfile begins with, but
#                 make them of Debian's packages and the installed Go; needs root
#                 and debootstrap
#   -h, --help    print this and leave
#
# Example:
#   sudo scripts/image.sh --make-bases
#
# The script uses docker if that answers, otherwise podman with a store of its
# own, which needs no cgroups. It takes about five minutes, most of them for the
# build, and leaves nothing behind.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

step() { printf -- '-- %s\n' "$*"; }

makebases=()
options "make-bases!" "$@"
[ ${#rest[@]} -eq 0 ] || fail 2 "unexpected argument ${rest[0]}"
bases=${makebases[*]}
root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/scripts

# crun accepts one version of cgroups or the other, not both; if both are there, this process and its
# children do without the second.
if [ "$(id -u)" -eq 0 ] && mountpoint -q /sys/fs/cgroup/unified; then
	[ -z "${IMAGE_SH_APART-}" ] || fail 1 "cannot unmount /sys/fs/cgroup/unified"
	# shellcheck disable=SC2016 # for the shell that is started
	IMAGE_SH_APART=1 exec unshare --mount bash -c 'umount /sys/fs/cgroup/unified; exec "$0" "$@"' "$here/image.sh" ${bases:+--make-bases}
fi

# --- What does the work.

need() { command -v "$1" >/dev/null || fail 1 "$1 is missing${2-}"; }
docker=
! docker info >/dev/null 2>&1 || docker=1
need go
if [ -z "$docker" ]; then
	need podman ", and docker does not answer"
	need crun
fi
if [ -n "$bases" ]; then
	need debootstrap
	[ "$(id -u)" -eq 0 ] || fail 1 "--make-bases needs root"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/horsepipe-image.XXXXXX")
image=horsepipe-try:$$
made=() # base images that this script made

# engine ARG...: docker, or podman in its own store.
engine() {
	if [ -n "$docker" ]; then
		docker "$@"
	else
		podman --root "$work/store" --runroot "$work/runroot" --cgroup-manager cgroupfs --runtime crun --log-level fatal "$@"
	fi
}

# However the script ends, it leaves neither containers nor images.
cleanup() {
	local status=$?
	trap - EXIT INT TERM HUP
	[ "$status" -eq 0 ] || engine logs bot-$$ 2>&1 | tail -n 40 >&2 || :
	engine rm -f bot-$$ x-$$ >/dev/null 2>&1 || :
	[ -z "$docker" ] || docker volume rm -f bot-$$ x-$$ >/dev/null 2>&1 || :
	[ -z "$docker" ] || docker rmi -f "$image" ${made[@]+"${made[@]}"} >/dev/null 2>&1 || :
	[ -n "$docker" ] || engine system reset --force >/dev/null 2>&1 || :
	rm -rf "$work"
	exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# --- The images.

# default ARG: its default value in the Dockerfile.
default() { sed -n "s/^ARG $1=//p" "$root/Dockerfile"; }
golang=docker.io/library/golang:$(default GO)
debian=docker.io/library/debian:$(default DEBIAN)-slim

# make_bases makes what would be downloaded under the two names: Debian without its manuals, and the same
# with Go and this machine's certificates.
make_bases() {
	local mirror tree=$work/tree
	# shellcheck disable=SC2016 # apt's own variable
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1)
	quietly debootstrap --variant=minbase "$(default DEBIAN)" "$tree" ${mirror:+"$mirror"}
	rm -rf "$tree"/usr/share/{doc,man,info,locale,lintian}/* "$tree"/var/{cache/apt,lib/apt/lists,log}/*
	tar -C "$tree" -cf "$work/tree.tar" .
	quietly engine import "$work/tree.tar" "$debian"
	made+=("$debian" "$golang")
	cat >"$work/golang" <<-END
		FROM $debian
		COPY ${GOROOT#/} /usr/local/go
		COPY etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
		ENV PATH=/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin GOPATH=/go GOTOOLCHAIN=local
	END
	build -f "$work/golang" -t "$golang" /
	rm -rf "$tree" "$work/tree.tar"
}

build() {
	local options=()
	[ -n "$docker" ] || options=(--isolation chroot --network host --format docker)
	quietly engine build "${options[@]}" "$@"
}

# quietly COMMAND...: runs it, and shows what it said only if it fails.
quietly() {
	"$@" >"$work/said" 2>&1 && return
	tail -n 40 "$work/said" >&2
	fail 1 "failed: $*"
}

# size IMAGE: in megabytes.
size() { engine image inspect --format '{{.Size}}' "$1" | awk '{ printf "%.0f MB\n", $1 / 1e6 }'; }

if [ -n "$bases" ] && ! engine image inspect "$golang" "$debian" >/dev/null 2>&1; then
	step "$debian and $golang are made"
	GOROOT=$(go env GOROOT)
	make_bases
fi
step "the Dockerfile is built"
build --build-arg "GOPROXY=$(go env GOPROXY)" --build-arg "GOSUMDB=$(go env GOSUMDB)" -t "$image" "$root"
echo "the image has $(size "$image"), $(size "$debian") of it Debian's"

# shellcheck source=scripts/image-try.sh
. "$here/image-try.sh"
