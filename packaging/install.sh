#!/bin/sh
# Put hal-9000 under a prefix: program, completions, manual and documentation.
# Usage: ./install.sh [--prefix DIR] [--force]      DIR is PREFIX, or ~/.local where that is not set
# An older one is replaced; share/hal-9000/uninstall.sh under the prefix takes it all away again.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)

say() { printf 'install: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

prefix=${PREFIX:-}
force=
while [ $# -gt 0 ]; do
    case $1 in
    --prefix)
        [ -n "${2:-}" ] || die "--prefix needs a directory"
        prefix=$2
        shift
        ;;
    --prefix=?*) prefix=${1#*=} ;;
    --prefix=) die "--prefix needs a directory" ;;
    --force) force=1 ;;
    --help | -h)
        sed -n '2,4s/^# //p' "$0"
        exit 0
        ;;
    *) die "unknown word \`$1\`; ./install.sh --help says which there are" ;;
    esac
    shift
done
if [ -z "$prefix" ]; then
    [ -n "${HOME:-}" ] || die "HOME is not set: say where with --prefix DIR"
    prefix=$HOME/.local
fi
case $prefix in
/*) ;;
*) prefix=$PWD/$prefix ;;
esac
# By one name, however it was typed: the manifest has it.
if [ -d "$prefix" ]; then prefix=$(cd "$prefix" && pwd -P); fi
while [ "${prefix%/}" != "$prefix" ]; do prefix=${prefix%/}; done
case $prefix in
"") die "the prefix is the root directory: choose one that is for this, as /usr/local" ;;
*"
"*) die "the prefix has a line break in its name: choose another" ;;
esac
version=$("$here/bin/hal-9000" --version 2>&1) ||
    die "${here##*/} does not run on this machine ($(uname -sm)): $version; docs/INSTALLATION.md has what does"

list=$(mktemp)
trap 'rm -f "$list" "$list.dirs"' EXIT
trap 'exit 130' INT TERM
manifest=$prefix/share/hal-9000/manifest
cd "$here"
find bin share ! -type d | sort >"$list"

# What somebody else put there is not ours to replace, nor to take away later.
known() { [ -f "$manifest" ] && grep -qxF "file $1" "$manifest"; }
while IFS= read -r file; do
    target=$prefix/$file
    if [ -d "$target" ] && [ ! -L "$target" ]; then
        die "$target is a directory: move it away"
    elif [ -e "$target" ] || [ -L "$target" ]; then
        [ -n "$force" ] || known "$target" ||
            die "$target is there, and not from ./install.sh: remove it, or replace it with --force"
    fi
done <"$list"

# Written down before it is done, so that half of an installation can be taken away, too.
directories() {
    place=$prefix
    while [ ! -d "$place" ]; do
        echo "directory $place"
        place=$(dirname "$place")
    done
    find bin share -type d | while read -r directory; do
        [ -d "$prefix/$directory" ] || echo "directory $prefix/$directory"
    done
    if [ -f "$manifest" ]; then grep '^directory ' "$manifest" || :; fi
}
directories | sort -u >"$list.dirs"
mkdir -p "$prefix/share/hal-9000" || die "cannot write to $prefix: choose another with --prefix DIR"
if [ -f "$manifest" ]; then
    grep '^file ' "$manifest" | while read -r _ old; do
        grep -qxF "${old#"$prefix"/}" "$list" || rm -f "$old"
    done
fi
{
    cat "$list.dirs"
    sed "s|^|file $(printf '%s' "$prefix" | sed 's/[&|\\]/\\&/g')/|" "$list"
} >"$manifest.new"
mv "$manifest.new" "$manifest"
while read -r file; do
    target=$prefix/$file
    mkdir -p "$(dirname "$target")"
    # Renamed over the old one: a session that runs keeps it, and whoever starts one has a whole one.
    cp -P "$file" "$target.hal-9000-new"
    mv -f "$target.hal-9000-new" "$target"
done <"$list"

say "$version is at $prefix/bin/hal-9000; $prefix/share/hal-9000/uninstall.sh takes it away"
case :${PATH:-}: in
*:"$prefix/bin":*) ;;
*) say "$prefix/bin is not on your PATH: add it, e.g. export PATH=\"$prefix/bin:\$PATH\"" ;;
esac
say "next: cd to a project, and hal-9000; \`hal-9000 doctor\` says what is missing"
