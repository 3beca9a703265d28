//! Which keys leave a session running.

use crate::model::{DetachKeys, Origin, Settings};

/// Terminals on which Claude speaks the kitty keyboard protocol (measured with Claude 2.1.330,
/// which decides by `TERM`). There, keys arrive as escape sequences, and docker, which compares
/// bytes, would never see a control character. tmux is not one of them: it sends plain bytes
/// unless told otherwise.
const KITTY: &[&str] = &[
    "alacritty",
    "foot",
    "foot-extra",
    "wezterm",
    "xterm-ghostty",
    "xterm-kitty",
];

/// The keys for a session that runs `kind` on a terminal called `term`.
///
/// Built in is Ctrl-6 (`Ctrl-^`) twice: Claude, bash, zsh and less do not use it, and a single one
/// still gets through, when the next key is pressed. Where Claude speaks the kitty protocol it is
/// the same key as that protocol spells it (`CSI 54 ; 5 u`); Esc is a sequence of its own there, so
/// that docker holds back none.
pub fn detach_keys(settings: &Settings, kind: &str, term: &str) -> DetachKeys {
    let keys = &settings.detach_keys;
    if keys.origin == Origin::BuiltIn && kind != "shell" && KITTY.contains(&term) {
        return DetachKeys::kitty();
    }
    keys.value.clone()
}
