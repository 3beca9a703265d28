//! Whether the machine is short of memory: then spares are the first to go.
#![expect(clippy::disallowed_methods, reason = "reads the kernel's counters")]

/// A gigabyte, in the kernel's kB.
const GIGABYTE: u64 = 1 << 20;

/// Whether it is; `was` is the last answer, since what is given up for it must not make it go away.
pub(super) fn is_short(was: bool) -> bool {
    // proc(5): the machine's, in every container.
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    judge(&text, was)
}

/// Less than a tenth, or than a gigabyte, is left; half as much again ends it.
fn judge(meminfo: &str, was: bool) -> bool {
    let field = |name: &str| {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.and_then(|number| number.parse::<u64>().ok())
    };
    let (Some(all), Some(left)) = (field("MemTotal:"), field("MemAvailable:")) else {
        return false;
    };
    let least = (all / 10).max(GIGABYTE.min(all / 4));
    left < if was { least + least / 2 } else { least }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_or_a_gigabyte_is_too_little() {
        let info = |all: u64, left: u64| {
            format!("MemTotal:  {all} kB\nMemFree: 1 kB\nMemAvailable:  {left} kB\n")
        };
        let gigabytes = |count: u64| count * GIGABYTE;
        for (all, left, was, short) in [
            (gigabytes(32), gigabytes(3), false, true),
            (gigabytes(32), gigabytes(4), false, false),
            (gigabytes(32), gigabytes(4), true, true),
            (gigabytes(32), gigabytes(5), true, false),
            (gigabytes(8), GIGABYTE - 1, false, true),
            (gigabytes(8), GIGABYTE + 1, false, false),
            (gigabytes(2), GIGABYTE / 2 + 1, false, false),
            (gigabytes(2), GIGABYTE / 2 - 1, false, true),
        ] {
            assert_eq!(judge(&info(all, left), was), short, "{all} {left} {was}");
        }
        assert!(!judge("", false));
    }
}
