//! How many processors this machine has.
#![expect(clippy::disallowed_methods, reason = "asks the kernel")]

/// Those that are switched on, whatever this process may use of them: the engine may use all
/// (proc(5), `/proc/stat`).
pub fn processors() -> Option<u32> {
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let one = |line: &&str| {
        let number = line.strip_prefix("cpu").unwrap_or_default();
        number.starts_with(|c: char| c.is_ascii_digit())
    };
    u32::try_from(text.lines().filter(one).count()).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn there_is_one_at_least() {
        assert!(super::processors().unwrap() >= 1);
    }
}
