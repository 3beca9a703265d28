# hal-9000 in fish. `hal-9000 shell-init fish` writes these in front:
#   __hal9000_program  what to run          __hal9000_cmd      a further name, or nothing
#   __hal9000_claude   1: name it claude    __hal9000_docker   1: name it docker

# Candidates: asked of hal-9000 at the key, never before.
function __hal9000_complete
    set -l before (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --current-token --cut-at-cursor)
    for line in (command $__hal9000_program __complete fish $before "$current" 2>/dev/null)
        switch $line
            case :dirs
                __fish_complete_directories "$current" ''
            case :files
                __fish_complete_path "$current"
            case ':*' ''
            case '*'
                printf '%s\n' $line
        end
    end
end

# A function NAME that runs hal-9000 with WORDS; what had the name before comes back afterwards.
function __hal9000_define --argument-names name words
    if functions --query $name
        functions --query __hal9000_was_$name; or functions --copy $name __hal9000_was_$name
        functions --erase $name
    end
    set --global --append __hal9000_defined $name
    if test -n "$words"
        function $name --inherit-variable words
            command $__hal9000_program $words $argv
        end
    else
        function $name
            command $__hal9000_program $argv
        end
    end
end

function __hal9000_register --argument-names name
    complete --command $name --erase
    complete --command $name --no-files --keep-order --arguments '(__hal9000_complete)'
    set --global --append __hal9000_registered $name
end

function __hal9000_deactivate
    for name in $__hal9000_registered
        complete --command $name --erase
    end
    for name in $__hal9000_defined
        functions --erase $name
        if functions --query __hal9000_was_$name
            functions --copy __hal9000_was_$name $name
            functions --erase __hal9000_was_$name
        end
    end
    functions --erase __hal9000_complete __hal9000_define __hal9000_register __hal9000_deactivate
    set --erase --global __hal9000_program __hal9000_cmd __hal9000_claude __hal9000_docker
    set --erase --global __hal9000_defined __hal9000_registered HAL9000_SHELL
end

set --global __hal9000_defined
set --global __hal9000_registered
__hal9000_register hal-9000
__hal9000_register claudy
if test -n "$__hal9000_cmd"
    __hal9000_define $__hal9000_cmd ''
    __hal9000_register $__hal9000_cmd
end
if test -n "$__hal9000_claude"
    __hal9000_define claude claude
end
if test -n "$__hal9000_docker"
    __hal9000_define docker docker
    __hal9000_register docker
end
set --global --export HAL9000_SHELL "fish:$fish_pid"
