# shellcheck shell=bash
# hal-9000 in bash. `hal-9000 shell-init bash` writes these in front:
#   __hal9000_program  what to run          __hal9000_cmd      a further name, or nothing
#   __hal9000_claude   1: name it claude    __hal9000_docker   1: name it docker

: "${__hal9000_program:=hal-9000}" "${__hal9000_cmd:=}" "${__hal9000_claude:=}" "${__hal9000_docker:=}"

# Candidates: asked of hal-9000 at the key, never before.
__hal9000_complete() {
    local answer line
    COMPREPLY=()
    answer=$(builtin command "$__hal9000_program" __complete bash "$1" \
        "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null) || return 0
    while IFS= builtin read -r line; do
        case $line in
        :dirs) compopt -o plusdirs 2>/dev/null || : ;;
        :files) compopt -o bashdefault -o default 2>/dev/null || : ;;
        :nospace) compopt -o nospace 2>/dev/null || : ;;
        ?*) COMPREPLY+=("$line") ;;
        esac
    done <<<"$answer"
    return 0
}

# A function NAME that runs hal-9000 with WORDS; what had the name before comes back afterwards.
__hal9000_define() {
    local before=
    if alias "$1" >/dev/null 2>&1; then
        before=$(alias "$1")
        unalias "$1"
    elif declare -F "$1" >/dev/null; then
        before=$(declare -f "$1")
    fi
    __hal9000_undo="unset -f $1"$'\n'"$before"$'\n'"$__hal9000_undo"
    eval "function $1 { builtin command \"\$__hal9000_program\" $2 \"\$@\"; }"
}

__hal9000_register() {
    local before
    before=$(complete -p "$1" 2>/dev/null) || before="complete -r $1 2>/dev/null || :"
    complete -o nosort -F __hal9000_complete "$1" 2>/dev/null ||
        complete -F __hal9000_complete "$1"
    __hal9000_undo=$before$'\n'$__hal9000_undo
}

__hal9000_deactivate() {
    eval "$__hal9000_undo"
    unset -f __hal9000_complete __hal9000_define __hal9000_register __hal9000_deactivate
    unset -v __hal9000_program __hal9000_cmd __hal9000_claude __hal9000_docker __hal9000_undo
    unset -v HAL9000_SHELL
}

__hal9000_undo=
__hal9000_register hal-9000
__hal9000_register claudy
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
export HAL9000_SHELL="bash:$$"
