# Undo what `hal-9000 shell-init zsh` has done to this shell.
if (( ${+functions[__hal9000_deactivate]} )); then
    __hal9000_deactivate
fi
