use super::*;
use crate::guard::ownership::Owned;
use crate::guard::{Bounds, Policy};

fn with<T>(run: impl Fn(&Bounds<'_>) -> T) -> T {
    let mapping = Mapping::new("/home/me/project", &["/workspace"], "/run/hal/guard.sock").unwrap();
    let (policy, owned) = (Policy::default(), Owned::default());
    run(&Bounds {
        policy: &policy,
        owned: &owned,
        mapping: &mapping,
        host_networks: &[],
        itself: None,
    })
}

fn source(text: &str) -> Result<String, String> {
    with(|bounds| bind("Binds[0]", text, bounds))
        .map(|mount| {
            let mode = if mount.read_only { ",ro" } else { "" };
            let copy = if mount.no_copy { ",nocopy" } else { "" };
            let source = match mount.source {
                Source::Project => "project".to_owned(),
                Source::Beneath(path) => format!("beneath {path}"),
                Source::GuardSocket => "socket".to_owned(),
                Source::Volume { name, .. } => format!("volume {name}"),
                other => format!("{other:?}").to_lowercase(),
            };
            format!("{source} at {}{mode}{copy}", mount.target)
        })
        .map_err(|refusal| refusal.rule.id.trim_start_matches("HAL-G-").to_owned())
}

#[test]
fn binds_are_what_the_engine_would_make_of_them_inside_the_project() {
    for (text, expected) in [
        ("/workspace:/x", "project at /x"),
        ("/workspace/:/x:ro", "project at /x,ro"),
        ("/workspace/.:/x", "project at /x"),
        ("/home/me/project:/x", "project at /x"),
        ("/home/me/project/a/b:/x:rw,z", "beneath a/b at /x"),
        ("/workspace/a/../b//c/:/x/../y", "beneath b/c at /y"),
        ("/workspace/a:/x:cached", "beneath a at /x"),
        ("/workspace/a:/x:rprivate,ro", "beneath a at /x,ro"),
        ("/workspace/\u{e9} x:/x", "beneath \u{e9} x at /x"),
        (
            "/var/run/docker.sock:/var/run/docker.sock",
            "socket at /var/run/docker.sock",
        ),
        ("/run/docker.sock:/sock:ro", "socket at /sock,ro"),
        ("/home/me/.docker/run/docker.sock:/s", "socket at /s"),
        (
            "/run/user/1000/podman.sock:/var/run/docker.sock",
            "socket at /var/run/docker.sock",
        ),
        ("/var/run/docker.sock.raw:/s", "socket at /s"),
        ("/run/hal/guard.sock:/s", "socket at /s"),
        ("cache:/c:nocopy", "volume cache at /c,nocopy"),
        ("/data", "anonymous at /data"),
    ] {
        assert_eq!(source(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn binds_of_anything_else_are_refused() {
    for (text, id) in [
        ("/:/host", "MOUNT-OUTSIDE"),
        ("/etc:/x", "MOUNT-OUTSIDE"),
        ("/home/me:/x", "MOUNT-OUTSIDE"),
        ("/home/me/project2:/x", "MOUNT-OUTSIDE"),
        ("/workspaces:/x", "MOUNT-OUTSIDE"),
        ("/workspace/../etc:/x", "MOUNT-OUTSIDE"),
        ("/workspace/../../../etc/shadow:/x", "MOUNT-OUTSIDE"),
        ("//etc:/x", "MOUNT-OUTSIDE"),
        ("/tmp/x:/x", "MOUNT-OUTSIDE"),
        ("/var/run:/x", "MOUNT-OUTSIDE"),
        ("/proc/self/fd/3:/x", "MOUNT-OUTSIDE"),
        ("/workspace\\..\\etc:/x", "MOUNT-PATH"),
        ("/workspace/\t:/x", "MOUNT-PATH"),
        ("\t/tmp:/x", "MOUNT-PATH"),
        ("./a:/x", "MOUNT-PATH"),
        ("../a:/x", "MOUNT-PATH"),
        ("~/a:/x", "MOUNT-PATH"),
        ("a/b:/x", "MOUNT-PATH"),
        ("cache:x", "MOUNT-PATH"),
        ("cache:/", "MOUNT-PATH"),
        ("cache:/a/..", "MOUNT-PATH"),
        ("C:\\x:/x", "MOUNT-PATH"),
        (":/x", "MOUNT-FORMAT"),
        ("", "MOUNT-PATH"),
        ("a:/b:", "MOUNT-FORMAT"),
        ("a:/b:ro:x", "MOUNT-FORMAT"),
        ("/workspace:/x:Z", "MOUNT-MODE"),
        ("/workspace:/x:U", "MOUNT-MODE"),
        ("/workspace:/x:ro,rw", "MOUNT-MODE"),
        ("/workspace:/x:,", "MOUNT-MODE"),
        ("/workspace:/x:RO", "MOUNT-MODE"),
        ("/workspace:/x:shared", "MOUNT-PROPAGATION"),
        ("/workspace:/x:ro,rslave", "MOUNT-PROPAGATION"),
    ] {
        assert_eq!(source(text), Err(id.to_owned()), "{text}");
    }
}

fn entry_of(text: &str) -> Result<MountRequest, crate::guard::Refusal> {
    with(|bounds| {
        let body = crate::guard::json::read(text.as_bytes()).unwrap();
        let model = MOUNT.read(body, bounds)?;
        entry(
            "Mounts[0]",
            &crate::guard::json::Value::Map(model.body),
            bounds,
        )
    })
}

#[test]
fn mounts_are_held_to_the_same_rules() {
    for (text, id) in [
        (
            r#"{"Type":"bind","Source":"/etc","Target":"/x"}"#,
            "MOUNT-OUTSIDE",
        ),
        (r#"{"Type":"bind","Source":"","Target":"/x"}"#, "MOUNT-PATH"),
        (
            r#"{"Type":"bind","Source":"vol","Target":"/x"}"#,
            "MOUNT-PATH",
        ),
        (
            r#"{"Type":"bind","Source":"/workspace","Target":"x"}"#,
            "MOUNT-PATH",
        ),
        (
            r#"{"Type":"bind","Source":"/workspace","Target":"/x","BindOptions":{"Propagation":"rshared"}}"#,
            "MOUNT-PROPAGATION",
        ),
        (
            r#"{"Type":"volume","Source":"v","Target":"/x","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind","device":"/"}}}}"#,
            "MOUNT-DRIVER",
        ),
        (
            r#"{"Type":"volume","Source":"v","Target":"/x","VolumeOptions":{"DriverConfig":{"Name":"rclone"}}}"#,
            "MOUNT-DRIVER",
        ),
        (
            r#"{"Type":"volume","Source":"/etc","Target":"/x"}"#,
            "MOUNT-PATH",
        ),
        (
            r#"{"Type":"volume","Source":"v","Target":"/x","VolumeOptions":{"Subpath":"../x"}}"#,
            "MOUNT-SUBPATH",
        ),
        (
            r#"{"Type":"volume","Source":"v","Target":"/x","VolumeOptions":{"Subpath":"/etc"}}"#,
            "MOUNT-SUBPATH",
        ),
        (
            r#"{"Type":"tmpfs","Source":"/etc","Target":"/x"}"#,
            "MOUNT-FORMAT",
        ),
        (
            r#"{"Type":"tmpfs","Target":"/x","BindOptions":{"NonRecursive":true}}"#,
            "MOUNT-FORMAT",
        ),
        (
            r#"{"Type":"tmpfs","Target":"/x","TmpfsOptions":{"Options":[["bind"]]}}"#,
            "MOUNT-TMPFS",
        ),
        (
            r#"{"Type":"tmpfs","Target":"/x","TmpfsOptions":{"Options":[["size","1","2"]]}}"#,
            "MOUNT-TMPFS",
        ),
        (
            r#"{"Type":"image","Source":"","Target":"/x"}"#,
            "MOUNT-FORMAT",
        ),
        (
            r#"{"Type":"cluster","Source":"x","Target":"/x"}"#,
            "MOUNT-TYPE",
        ),
        (
            r#"{"Type":"npipe","Source":"x","Target":"/x"}"#,
            "MOUNT-TYPE",
        ),
        (
            r#"{"Type":"Bind","Source":"/","Target":"/x"}"#,
            "MOUNT-TYPE",
        ),
        (r#"{"Source":"/","Target":"/x"}"#, "MOUNT-TYPE"),
        (
            r#"{"Type":"volume","Source":"v","Target":"/x","ClusterOptions":{"a":1}}"#,
            "MOUNT-TYPE",
        ),
        (r#"{"type":"bind","Source":"/","Target":"/x"}"#, "JSON-CASE"),
    ] {
        let refusal = entry_of(text).expect_err(text);
        assert_eq!(refusal.rule.id, format!("HAL-G-{id}"), "{text}: {refusal}");
    }
}

#[test]
fn mounts_are_written_as_what_was_found() {
    let project = r#"{"Type":"bind","Source":"/workspace/a","Target":"/x","ReadOnly":true,"BindOptions":{"CreateMountpoint":true,"NonRecursive":true}}"#;
    let mount = entry_of(project).unwrap();
    assert!(mount.create && mount.needs_place());
    assert_eq!(mount.render(None).unwrap_err().rule.id, "HAL-G-MOUNT-PATH");
    let volume = Place::Volume {
        name: "hal9000-p".to_owned(),
        subpath: Some("a".to_owned()),
    };
    assert_eq!(
        mount.render(Some(&volume)).unwrap().to_json(),
        r#"{"ReadOnly":true,"Source":"hal9000-p","Target":"/x","Type":"volume","VolumeOptions":{"NoCopy":true,"Subpath":"a"}}"#
    );
    assert_eq!(
        mount
            .render(Some(&Place::Host("/h".to_owned())))
            .unwrap()
            .to_json(),
        r#"{"BindOptions":{"NonRecursive":true},"ReadOnly":true,"Source":"/h","Target":"/x","Type":"bind"}"#
    );
    let image =
        r#"{"Type":"image","Source":"alpine","Target":"/x","ImageOptions":{"Subpath":"etc"}}"#;
    assert_eq!(
        entry_of(image).unwrap().render(None).unwrap().to_json(),
        r#"{"ImageOptions":{"Subpath":"etc"},"Source":"alpine","Target":"/x","Type":"image"}"#
    );
}

#[test]
fn paths_of_the_host_are_shown_as_the_session_knows_them() {
    let mapping = Mapping::new("/home/me/project", &["/workspace"], "/s").unwrap();
    assert_eq!(
        mapping.shown("/home/me/project/a").as_deref(),
        Some("/workspace/a")
    );
    assert_eq!(
        mapping.shown("/home/me/project").as_deref(),
        Some("/workspace")
    );
    assert_eq!(mapping.shown("/home/me/projects"), None);
    let same = Mapping::new("/home/me/project", &[], "/s").unwrap();
    assert_eq!(
        same.shown("/home/me/project/a").as_deref(),
        Some("/home/me/project/a")
    );
    for (project, seen) in [
        ("/", "/w"),
        ("relative", "/w"),
        ("/p", "w"),
        ("/p/..", "/w"),
    ] {
        assert!(Mapping::new(project, &[seen], "/s").is_none());
    }
}
