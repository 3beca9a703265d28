#!/bin/sh
# Take away what install.sh put under this prefix, and say what sessions have left.
# Usage: share/hal-9000/uninstall.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
manifest=$here/manifest

say() { printf 'uninstall: %s\n' "$*" >&2; }
case ${1:-} in
"") ;;
*)
    sed -n '2,3s/^# //p' "$0"
    case $1 in --help | -h) exit 0 ;; *) exit 2 ;; esac
    ;;
esac
if [ ! -f "$manifest" ]; then
    say "there is no $manifest, which says what was installed: remove the files of hal-9000 by hand"
    exit 1
fi
# What was moved is not where the manifest says, and something else may be.
place=$(sed -n 's|^file \(.*\)/uninstall\.sh$|\1|p' "$manifest")
if [ "$(cd "$place" 2>/dev/null && pwd -P)" != "$here" ]; then
    say "$here was moved since it was installed, and its manifest names other places:"
    say "move it back, or remove the files that $manifest lists where they are now"
    exit 1
fi

# Sessions, and what they need, are on the engine; settings are in the home.
there=
if command -v docker >/dev/null 2>&1; then
    there=$(timeout 10 docker ps --all --quiet --filter label=hal9000.schema 2>/dev/null || :)
    there=$there$(timeout 10 docker volume ls --quiet --filter name=^hal9000- 2>/dev/null || :)
    there=$there$(timeout 10 docker image ls --quiet 'hal9000/*' 2>/dev/null || :)
fi
if [ -n "$there" ]; then
    say "on the docker engine this stays, everybody's; in this order it is removed by"
    say "  docker ps -aq --filter label=hal9000.schema | xargs -r docker rm -fv    # ends sessions"
    say "  docker network ls -q --filter label=hal9000.schema | xargs -r docker network rm"
    say "  docker volume ls -q --filter label=hal9000.schema | xargs -r docker volume rm"
    say "  docker volume ls -q --filter name=^hal9000- | xargs -r docker volume rm    # logins, ChromaDB"
    say "  docker image ls --format '{{.Repository}}:{{.Tag}}' 'hal9000/*' | xargs -r docker rmi"
    say "  docker image prune -f --filter label=hal9000.role"
    say "  docker image ls -q --filter label=hal9000.made-by | sort -u | xargs -r docker rmi    # sessions built them"
fi
for place in "${XDG_CONFIG_HOME:-${HOME:-}/.config}/hal-9000" "${XDG_STATE_HOME:-${HOME:-}/.local/state}/hal-9000"; do
    [ ! -d "$place" ] || say "$place stays: rm -r removes it"
done

# Read before it goes.
list=$(cat "$manifest")
printf '%s\n' "$list" | sed -n 's/^file //p' | while IFS= read -r file; do rm -f "$file"; done
rm -f "$manifest"
# The deepest first; one in which there is something else stays.
printf '%s\n' "$list" | sed -n 's/^directory //p' | sort -r | while IFS= read -r directory; do
    rmdir "$directory" 2>/dev/null || :
done
say "hal-9000 is removed"
