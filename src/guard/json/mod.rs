//! Reading a JSON body as strictly as no client minds: what Go's decoder would merge, fold or repair
//! is refused (guard-policy §2.1), so that what is checked is what the engine will read.

mod read;
mod value;

pub use read::{MAX_BODY, MAX_DEPTH, read};
pub use value::{Path, Value};

/// Whether Go's decoder takes `key` for the field `name`: it folds ASCII case, and U+017F (`ſ`) and
/// U+212A (Kelvin) to `s` and `k`, as simple Unicode folding does (encoding/json `foldName`). No
/// other character folds into ASCII, and every field's name is ASCII.
pub fn folds_to(key: &str, name: &str) -> bool {
    key.chars().map(fold).eq(name.chars().map(fold))
}

fn fold(c: char) -> char {
    match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests;
