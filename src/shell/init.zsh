# hal-9000 in zsh. `hal-9000 shell-init zsh` writes these in front:
#   __hal9000_program  what to run          __hal9000_cmd      a further name, or nothing
#   __hal9000_claude   1: name it claude    __hal9000_docker   1: name it docker

# Candidates: asked of hal-9000 at the key, never before. The options are compsys's own.
__hal9000_complete() {
    local -a before
    before=("${(@Q)words[1,CURRENT - 1]}")
    __hal9000_offer zsh "$before[@]" "${(Q)PREFIX}"
}

# The value of a variable of hal-9000's.
__hal9000_value() {
    __hal9000_offer variable "$compstate[parameter]" "${(Q)PREFIX}"
}

__hal9000_offer() {
    local answer line tab=$'\t'
    local -a offered options
    answer="$(builtin command "$__hal9000_program" __complete "$@" 2>/dev/null)" || return 1
    local none=1
    for line in "${(@f)answer}"; do
        case $line in
        (:dirs) _files -/ && none=0 ;;
        (:files) _files && none=0 ;;
        (:nospace) options=(-S '') ;;
        (?*) offered+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
        esac
    done
    (( $#offered )) && _describe -V -t hal-9000 hal-9000 offered $options && none=0
    return $none
}

# A function NAME that runs hal-9000 with WORDS; what had the name before comes back afterwards.
__hal9000_define() {
    emulate -L zsh
    local before=
    if (( ${+aliases[$1]} )); then
        before="$(alias -L -- "$1")"
        unalias -- "$1"
    elif (( ${+functions[$1]} )); then
        before="$(functions -- "$1")"
    fi
    __hal9000_undo="unfunction -- $1"$'\n'"$before"$'\n'"$__hal9000_undo"
    functions[$1]="builtin command \"\$__hal9000_program\" $2 \"\$@\""
}

# Without compinit there is nothing to register with.
__hal9000_register() {
    (( ${+functions[compdef]} )) || return 0
    local before="${_comps[$1]-}"
    compdef __hal9000_complete "$1"
    __hal9000_undo="compdef ${before:--d} $1"$'\n'"$__hal9000_undo"
}

__hal9000_deactivate() {
    eval "$__hal9000_undo"
    unfunction __hal9000_{complete,value,offer,define,register,deactivate}
    unset __hal9000_{program,cmd,claude,docker,undo} HAL9000_SHELL
}

__hal9000_undo=
__hal9000_register hal-9000
__hal9000_register claudy
if (( ${+functions[compdef]} )); then
    compdef __hal9000_value -p '-value-,HAL9000_*,-default-'
    # `compdef -d` takes no pattern that begins with a dash.
    __hal9000_undo="unset '_patcomps[-value-,HAL9000_*,-default-]'"$'\n'"$__hal9000_undo"
fi
if [[ -n $__hal9000_cmd ]]; then
    __hal9000_define "$__hal9000_cmd" ""
    __hal9000_register "$__hal9000_cmd"
fi
if [[ -n $__hal9000_claude ]]; then
    __hal9000_define claude claude
fi
if [[ -n $__hal9000_docker ]]; then
    __hal9000_define docker docker
    __hal9000_register docker
fi
export HAL9000_SHELL="zsh:$$"
