//! The properties that cargo-fuzz looks for exceptions to (`scripts/fuzz`), for every input that was
//! kept; and that a guard which let something through would be noticed.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests read files, and fail by panicking; the properties are another crate's"
)]

#[path = "../fuzz/src/lib.rs"]
mod properties;

use std::collections::BTreeSet;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};

/// More than this is a burden for whoever clones.
const MOST: u64 = 200_000;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory);
    let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_kept_input_holds() {
    let mut size = 0;
    for (target, property) in properties::TARGETS {
        let inputs = files(&fuzz().join("corpus").join(target));
        assert!(inputs.len() > 5, "fuzz/corpus/{target} is nearly empty");
        for input in inputs {
            let data = fs::read(&input).unwrap();
            size += data.len() as u64;
            let held = panic::catch_unwind(|| property(&data));
            assert!(
                held.is_ok(),
                "{target} does not hold for {}",
                input.display()
            );
        }
    }
    properties::forget();
    assert!(size <= MOST, "fuzz/corpus has {size} bytes");
}

#[test]
fn every_target_has_its_property() {
    let known: BTreeSet<&str> = properties::TARGETS.iter().map(|(name, _)| *name).collect();
    for directory in ["fuzz_targets", "corpus"] {
        let found = files(&fuzz().join(directory));
        let names = found
            .iter()
            .map(|path| path.file_stem().unwrap().to_str().unwrap());
        assert_eq!(names.collect::<BTreeSet<_>>(), known, "fuzz/{directory}");
    }
}

#[test]
fn the_dictionary_has_the_words_of_the_tables() {
    let expected = properties::dictionary();
    let kept = fs::read_to_string(fuzz().join("dictionary")).unwrap_or_default();
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dictionary");
    fs::write(&fresh, &expected).unwrap();
    let hint = format!("cp {} fuzz/dictionary", fresh.display());
    assert!(kept == expected, "fuzz/dictionary is outdated: {hint}");
}

/// Bodies as no guard may send them: the property is not silent on any.
#[test]
fn what_escapes_would_be_noticed() {
    let plain =
        r#"{"Image":"a","Labels":{"hal9000.guard":"s1"},"HostConfig":{"CapDrop":["MKNOD"]}}"#;
    let session = &properties::SESSIONS[0];
    properties::created(plain, session);
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let mut silent = Vec::new();
    for fields in [
        r#""Privileged":true"#,
        r#""privileged":true"#,
        "\"P\u{17f}ivileged\":true",
        r#""Binds":["/:/host"]"#,
        r#""CapAdd":["SYS_ADMIN"]"#,
        r#""CapAdd":["cap_sys_admin"]"#,
        r#""Devices":[{"PathOnHost":"/dev/sda"}]"#,
        r#""DeviceRequests":[{"Driver":"cdi"}]"#,
        r#""PidMode":"host""#,
        r#""PidMode":"container:ff""#,
        r#""NetworkMode":"host""#,
        r#""NetworkMode":"foreign""#,
        "\"Networ\u{212a}Mode\":\"host\"",
        r#""IpcMode":"host""#,
        r#""UsernsMode":"host""#,
        r#""CgroupnsMode":"host""#,
        r#""CgroupParent":"/system.slice""#,
        r#""SecurityOpt":["seccomp=unconfined"]"#,
        r#""MaskedPaths":[]"#,
        r#""Sysctls":{"kernel.core_pattern":"|/x"}"#,
        r#""Runtime":"other""#,
        r#""Annotations":{"a":"b"}"#,
        r#""VolumesFrom":["ff"]"#,
        r#""LogConfig":{"Type":"syslog"}"#,
        r#""RestartPolicy":{"Name":"always"}"#,
        r#""OomScoreAdj":-1000"#,
        r#""Ulimits":[{"Name":"rtprio"}]"#,
        r#""StorageOpt":{"x":"y"}"#,
        r#""Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]"#,
        r#""Mounts":[{"Type":"bind","Source":"/home/me/project/../..","Target":"/h"}]"#,
        r#""Mounts":[{"Type":"bind","Source":"/home/me/project2","Target":"/h"}]"#,
        r#""Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Options":{"device":"/"}}}}]"#,
        r#""Mounts":[{"Type":"bind","Source":"/home/me/project","Target":"/h","BindOptions":{"Propagation":"rshared"}}]"#,
        r#""Mounts":[{"Type":"cluster","Source":"x","Target":"/h"}]"#,
        r#""Unheard":1"#,
    ] {
        let body = plain.replace("\"HostConfig\":{", &format!("\"HostConfig\":{{{fields},"));
        if panic::catch_unwind(|| properties::created(&body, session)).is_ok() {
            silent.push(fields);
        }
    }
    let undropped = plain.replace("MKNOD", "KILL");
    let unlabelled = plain.replace("s1", "s2");
    for body in [&undropped, &unlabelled] {
        if panic::catch_unwind(|| properties::created(body, session)).is_ok() {
            silent.push(body);
        }
    }
    panic::set_hook(hook);
    assert!(silent.is_empty(), "not noticed: {silent:#?}");
}
