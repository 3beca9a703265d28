# shellcheck shell=bash
# Undo what `hal-9000 shell-init bash` has done to this shell.
if declare -F __hal9000_deactivate >/dev/null; then
    __hal9000_deactivate
fi
