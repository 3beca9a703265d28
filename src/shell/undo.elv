# Undo what `hal-9000 shell-init elvish` has done to this shell.
use str
if (str:has-prefix $E:HAL9000_SHELL elvish:$pid':') {
  var names = [(str:split , [(str:split : $E:HAL9000_SHELL)][2])]
  for name $names {
    if (not-eq $name '') {
      edit:del-var $name'~'
    }
  }
  for name [hal-9000 claudy $@names] {
    if (has-key $edit:completion:arg-completer $name) {
      del edit:completion:arg-completer[$name]
    }
  }
  unset-env HAL9000_SHELL
}
