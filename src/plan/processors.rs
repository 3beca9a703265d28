//! How many processors a container can have.

use crate::model::{Cpus, Origin, Setting};

/// The limit that holds on a machine with so many processors: docker refuses a container that could
/// have more (moby `daemon_unix.go`, "Range of CPUs"). What somebody has chosen is left to be refused.
pub fn cpus_here(chosen: Setting<Cpus>, processors: Option<u32>) -> Setting<Cpus> {
    let built_in = chosen.origin == Origin::BuiltIn;
    let there = processors.filter(|count| *count > 0 && built_in);
    let there = there.and_then(|count| Some((count, count.to_string().parse::<Cpus>().ok()?)));
    match there {
        Some((count, value)) if value < chosen.value => Setting {
            value,
            origin: Origin::Found(format!("all processors here: {count}")),
        },
        _ => chosen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_machine_gives_what_it_has() {
        let built_in = Setting::built_in("2".parse::<Cpus>().unwrap());
        let asked = Setting {
            origin: Origin::Flag("--cpus".to_owned()),
            ..built_in.clone()
        };
        for (chosen, processors, expected) in [
            (&built_in, Some(1), "1"),
            (&built_in, Some(2), "2"),
            (&built_in, Some(8), "2"),
            (&built_in, Some(0), "2"),
            (&built_in, None, "2"),
            (&asked, Some(1), "2"),
        ] {
            let found = cpus_here(chosen.clone(), processors);
            assert_eq!(found.value.to_string(), expected, "{processors:?}");
        }
    }
}
