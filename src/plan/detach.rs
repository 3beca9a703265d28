//! Which keys leave a session running.

use super::terminal;
use crate::model::{DetachKeys, Origin, Settings};
use crate::terminal::Answers;
use std::collections::BTreeMap;

/// The keys for a session, in which Claude runs or not, on the terminal of this environment, which
/// has given these answers.
///
/// Built in is Ctrl-6 (`Ctrl-^`) twice: Claude, bash, zsh and less do not use it, and a single one
/// still gets through, when the next key is pressed. Where Claude speaks the kitty keyboard
/// protocol, keys arrive as escape sequences, and docker, which compares bytes, would never see a
/// control character: there it is the same key as that protocol spells it (`CSI 54 ; 5 u`). Esc is
/// a sequence of its own there, so that docker holds back none.
pub fn detach_keys(
    settings: &Settings,
    claude: bool,
    environment: &BTreeMap<String, String>,
    answers: Option<&Answers>,
) -> DetachKeys {
    let keys = &settings.detach_keys;
    let built_in = keys.origin == Origin::BuiltIn;
    let of_the_keyboard = (built_in && claude)
        .then(|| terminal::claudes_detach_keys(environment, answers))
        .flatten();
    of_the_keyboard.unwrap_or_else(|| keys.value.clone())
}
