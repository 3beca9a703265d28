# Undo what `hal-9000 shell-init fish` has done to this shell.
if functions --query __hal9000_deactivate
    __hal9000_deactivate
end
