#!/bin/bash
# usage: scripts/release.sh [OPTION]... FOLDER
#
# Makes the files of a release in FOLDER: an archive for each platform, and
# SHA256SUMS.
#
# An archive, horsepipe-VERSION-SYSTEM-MACHINE.tar.gz (.zip for windows), holds
# one folder, to be unpacked into a prefix such as ~/.local or /usr/local:
#   bin/               the programs, and links to the scripts for bots (not for
#                      windows)
#   share/man/man1/    the manual pages
#   share/.../         the completions, where bash, zsh and fish look for them
#   share/horsepipe/   README.md, CHANGELOG.md, LICENSE, crontab.example, scripts/
#
# A commit is packed, and nothing that is not committed. The same commit, with the
# same versions of Go, tar, gzip and zip, makes the same bytes in any folder: all
# times are that of the commit, the entries are sorted, and no path of this
# machine is in them. The programs need no C library. What only debuggers read is
# left out, which saves a third: a program is 5 MB large, one that goes to the
# network 10 MB, half of that for TLS and HTTP.
#
# Options:
#   --platform SYSTEM/MACHINE  make the archive for this platform only; may be
#                              given several times (default: linux, darwin and
#                              windows on amd64 and arm64)
#   --commit COMMIT            what to pack (default: HEAD)
#   --version VERSION          what to call it (default: the newest version in
#                              CHANGELOG.md, with the commit behind it unless that
#                              has the tag vVERSION)
#   -h, --help                 print this and leave
#
# Example:
#   scripts/release.sh --platform linux/amd64 dist
#
# The script needs Go, git, GNU tar, gzip and, for windows, zip.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"

# Scripts that need a checkout, or belong to the container.
workshop='bench.sh container.sh demo.sh image-try.sh image.sh manuals.sh opticks.sh release.sh soak.sh'

platform=() commit=() version=()
options "platform commit version" "$@"
[ ${#rest[@]} -eq 1 ] || fail 2 "name a folder for the archives; --help tells more"
[ ${#platform[@]} -gt 0 ] || platform=({linux,darwin,windows}/{amd64,arm64})
mkdir -p "${rest[0]}"
to=$(readlink -f "${rest[0]}")
cd "$(dirname "$(readlink -f "$0")")/.."

source=${commit[0]:-HEAD}
revision=$(git rev-parse --verify --quiet "$source^{commit}") || fail 2 "there is no commit $source"
date=$(git log -1 --format=%ct "$revision")
release=${version[0]:-}
if [ -z "$release" ]; then
	release=$(git show "$revision:CHANGELOG.md" | sed -n 's/^## \[\([0-9.]*\)\] - .*/\1/p' | head -n 1)
	[ -n "$release" ] || fail 1 "CHANGELOG.md names no release"
	git tag --points-at "$revision" | grep -qxF "v$release" || release+=+${revision:0:12}
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022
export TZ=UTC
mkdir "$work/source"
git archive "$revision" | tar -x -C "$work/source"

# build SYSTEM MACHINE FOLDER: makes the programs, with Go's variables set here: those in the environment
# would change them.
build() {
	env GOOS="$1" GOARCH="$2" GOAMD64=v1 GOARM64=v8.0 GOFLAGS=-mod=readonly GOWORK=off CGO_ENABLED=0 \
		go build -C "$work/source" -trimpath -buildvcs=false -tags urfave_cli_no_docs,urfave_cli_no_suggest \
		-ldflags "-s -w -X horsepipe/pkg/tool.release=$release" -o "$3/" ./cmd/...
}

# lay SYSTEM FOLDER: puts everything else beside the programs.
lay() {
	local share=$2/share script pages completions
	install -d "$share"/{horsepipe/scripts,man/man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
	pages=("$work"/source/cmd/*/*.1)
	install -m 644 "${pages[@]}" "$share/man/man1"
	completions=$work/source/scripts/completions
	for page in "${pages[@]}"; do
		page=$(basename "$page" .1)
		install -m 644 "$completions/$page.bash" "$share/bash-completion/completions/$page"
		install -m 644 "$completions/_$page" "$share/zsh/site-functions"
		install -m 644 "$completions/$page.fish" "$share/fish/vendor_completions.d"
	done
	cp "$work"/source/{README.md,CHANGELOG.md,LICENSE,crontab.example} "$share/horsepipe"
	cp -R "$work"/source/scripts/{*.sh,doc} "$share/horsepipe/scripts"
	[ ! -d "$work/source/scripts/systemd" ] || cp -R "$work/source/scripts/systemd" "$share/horsepipe/scripts"
	for script in $workshop; do rm -f "$share/horsepipe/scripts/$script"; done
	[ "$1" != windows ] || return 0
	for script in "$share"/horsepipe/scripts/*.sh; do
		[ ! -x "$script" ] || ln -s "../share/horsepipe/scripts/${script##*/}" "$2/bin/$(basename "$script")"
	done
}

# pack SYSTEM NAME: makes the archive of the folder NAME.
pack() {
	chmod -R u=rwX,go=rX "$2"
	find "$2" -exec touch --no-dereference --date="@$date" {} +
	if [ "$1" = windows ]; then
		find "$2" | sort | zip -q -X -9 -@ "$2.zip"
	else
		tar --create --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$date" "$2" | gzip -9n >"$2.tar.gz"
	fi
}

cd "$work"
for each in "${platform[@]}"; do
	system=${each%/*} machine=${each#*/} name=horsepipe-$release-${each/\//-}
	build "$system" "$machine" "$work/$name/bin" || fail 1 "cannot build for $each"
	lay "$system" "$name"
	pack "$system" "$name"
	rm -r "$name"
done
sha256sum horsepipe-*.* >SHA256SUMS
mv horsepipe-*.* SHA256SUMS "$to"
