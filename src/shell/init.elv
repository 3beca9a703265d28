# hal-9000 in elvish. `hal-9000 shell-init elvish` writes these in front:
#   hal-program  what to run          hal-cmd      a further name, or nothing
#   hal-claude   1: name it claude    hal-docker   1: name it docker
use str

# Candidates: asked of hal-9000 at the key, never before.
fn hal-complete {|@words|
  try {
    (external $hal-program) __complete elvish $@words 2>/dev/null | from-lines | each {|line|
      if (or (eq $line :dirs) (eq $line :files)) {
        edit:complete-filename $words[-1]
      } elif (and (not-eq $line '') (not (str:has-prefix $line :))) {
        var value about = (str:split &max=2 "\t" $line"\t")
        var shown = $value
        set about = (str:trim-space $about)
        if (not-eq $about '') {
          set shown = $value' ('$about')'
        }
        edit:complex-candidate $value &display=$shown &code-suffix=' '
      }
    }
  } catch _ {
    nop
  }
}

var hal-names = []
fn hal-define {|name @before|
  edit:add-var $name'~' {|@words| (external $hal-program) $@before $@words }
  set hal-names = [$@hal-names $name]
}

set edit:completion:arg-completer[hal-9000] = $hal-complete~
set edit:completion:arg-completer[claudy] = $hal-complete~
if (not-eq $hal-cmd '') {
  hal-define $hal-cmd
  set edit:completion:arg-completer[$hal-cmd] = $hal-complete~
}
if (not-eq $hal-claude '') {
  hal-define claude claude
}
if (not-eq $hal-docker '') {
  hal-define docker docker
  set edit:completion:arg-completer[docker] = $hal-complete~
}
# The names are what has to be undone.
set-env HAL9000_SHELL 'elvish:'$pid':'(str:join , $hal-names)
