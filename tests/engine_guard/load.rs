//! `docker load`: what is in the archive is what was judged.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use crate::guarded::{BASE, Guarded};

/// A member of an archive: its name, and its content or where it links to.
type Member<'a> = (&'a str, Result<&'a [u8], &'a str>);

fn archive(members: &[Member<'_>]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        // Past `append_data`, which refuses the names that are of interest here.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        let bytes = content.unwrap_or_default();
        if let Err(target) = content {
            header.set_entry_type(tar::EntryType::Symlink);
            header.set_link_name_literal(target).unwrap();
        }
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        builder.append(&header, bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn load(guarded: &Guarded, through: bool, archive: &[u8]) -> Output {
    let mut load = Command::new(guarded.docker.client());
    load.args(["--host", &guarded.address(through), "load"]);
    load.stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut load = load.spawn().unwrap();
    // It may be refused before its end.
    let _ = load.stdin.take().unwrap().write_all(archive);
    load.wait_with_output().unwrap()
}

/// The layer that has nothing in it, and what it is called.
const LAYER: Member<'_> = ("l.tar", Ok(&[0; 1024]));
const EMPTY: &str = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/// An image of that layer.
fn config(guarded: &Guarded, mark: &str) -> Vec<u8> {
    let label = format!(
        r#""hal9000.test":"{}","mark":"{mark}""#,
        guarded.instance.name()
    );
    format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{"Labels":{{{label}}}}},"rootfs":{{"type":"layers","diff_ids":["sha256:{EMPTY}"]}}}}"#
    )
    .into_bytes()
}

fn manifest(name: &str) -> Vec<u8> {
    format!(r#"[{{"Config":"c.json","RepoTags":["{name}:latest"],"Layers":["l.tar"]}}]"#)
        .into_bytes()
}

/// The image that has a name now.
fn mark(guarded: &Guarded, name: &str) -> String {
    let format = "--format={{.Config.Labels.mark}}";
    let output = guarded.docker.run(&["image", "inspect", format, name]);
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn an_archive_does_not_write_what_is_somebody_elses() {
    let Some(guarded) = Guarded::new("an_archive_does_not_write_what_is_somebody_elses") else {
        return;
    };
    let (own, foreign) = (guarded.name("own"), guarded.name("foreign"));
    let (users, sessions) = (config(&guarded, "users"), config(&guarded, "sessions"));
    let (theirs, ours) = (manifest(&foreign), manifest(&own));
    let repositories = format!(r#"{{"{foreign}":{{"latest":"x"}}}}"#);
    let index = format!(
        r#"{{"manifests":[{{"annotations":{{"io.containerd.image.name":"docker.io/library/{foreign}:latest"}}}}]}}"#
    );
    let folded = format!(
        r#"[{{"Config":"c.json","repoTag\u017f":["{foreign}:latest"],"Layers":["l.tar"]}}]"#
    );
    let first = |rest: &[Member<'_>]| {
        let c: Member<'_> = ("c.json", Ok(&sessions));
        archive(&[&[c, LAYER], rest].concat())
    };
    // What the raw engine would do with it: write the user's name, or not.
    let rows: [(&str, Vec<u8>, bool, &str); 9] = [
        (
            "plain",
            first(&[("manifest.json", Ok(&theirs))]),
            true,
            "IMAGE-OVERWRITE",
        ),
        (
            "folded",
            first(&[("manifest.json", Ok(folded.as_bytes()))]),
            true,
            "IMAGE-OVERWRITE",
        ),
        (
            "twice",
            first(&[("manifest.json", Ok(&ours)), ("manifest.json", Ok(&theirs))]),
            true,
            "IMAGE-LOAD",
        ),
        (
            "dotted",
            first(&[
                ("manifest.json", Ok(&ours)),
                ("./x/.././manifest.json", Ok(&theirs)),
            ]),
            true,
            "IMAGE-LOAD",
        ),
        (
            "through a link",
            first(&[
                ("manifest.json", Ok(&ours)),
                ("x", Err(".")),
                ("x/manifest.json", Ok(&theirs)),
            ]),
            true,
            "IMAGE-LOAD",
        ),
        (
            "as a link",
            first(&[("other", Ok(&theirs)), ("manifest.json", Err("other"))]),
            true,
            "IMAGE-LOAD",
        ),
        (
            "out of it",
            first(&[("manifest.json", Ok(&ours)), ("l", Err("/etc/passwd"))]),
            false,
            "IMAGE-LOAD",
        ),
        (
            "old",
            first(&[("repositories", Ok(repositories.as_bytes()))]),
            false,
            "IMAGE-OVERWRITE",
        ),
        (
            "containerd's",
            first(&[
                ("manifest.json", Ok(&ours)),
                ("index.json", Ok(index.as_bytes())),
            ]),
            false,
            "IMAGE-OVERWRITE",
        ),
    ];
    let users = archive(&[
        LAYER,
        ("c.json", Ok(&users)),
        ("manifest.json", Ok(&theirs)),
    ]);
    for (what, archive, writes, rule) in rows {
        let output = load(&guarded, false, &users);
        assert!(output.status.success(), "{output:?}");
        let output = load(&guarded, true, &archive);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(rule), "{what}: {said}");
        assert_eq!(mark(&guarded, &foreign), "users", "{what}");
        assert_eq!(mark(&guarded, &own), "", "{what}");
        load(&guarded, false, &archive);
        assert_eq!(
            mark(&guarded, &foreign) == "sessions",
            writes,
            "{what} is no attempt"
        );
        guarded.docker.run(&["rmi", "--force", &own]);
    }
    guarded.docker.ok(&["rmi", "--force", &foreign]);
}

#[test]
fn what_was_loaded_is_the_sessions() {
    let Some(guarded) = Guarded::new("what_was_loaded_is_the_sessions") else {
        return;
    };
    let own = guarded.name("own");
    for mark_ in ["first", "second"] {
        let config = config(&guarded, mark_);
        let manifest = manifest(&own);
        let archive = archive(&[
            LAYER,
            ("c.json", Ok(&config)),
            ("manifest.json", Ok(&manifest)),
        ]);
        let output = load(&guarded, true, &archive);
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).lines().last(),
            Some(&*format!("Loaded image: {own}:latest")),
            "{output:?}"
        );
        // The second takes the name of the first, which is the session's.
        assert_eq!(mark(&guarded, &own), mark_);
    }
    // One without a name, too.
    let unnamed = config(&guarded, "unnamed");
    let manifest = br#"[{"Config":"c.json","RepoTags":null,"Layers":["l.tar"]}]"#;
    let unnamed = archive(&[
        LAYER,
        ("c.json", Ok(&unnamed)),
        ("manifest.json", Ok(manifest)),
    ]);
    let output = load(&guarded, true, &unnamed);
    let said = String::from_utf8_lossy(&output.stdout);
    let id = said.trim().strip_prefix("Loaded image ID: ").unwrap();
    for name in [&own, id] {
        let output = guarded.script(true, "own", &format!("docker rmi {name}"));
        assert!(output.status.success(), "{output:?}");
    }
    guarded.script(true, "own", "docker image prune --force");
    let label = format!("--filter=label=hal9000.test={}", guarded.instance.name());
    assert_eq!(
        guarded.docker.ok(&["images", "--all", "--quiet", &label]),
        ""
    );
}

#[test]
fn what_breaks_off_loads_nothing() {
    let Some(guarded) = Guarded::new("what_breaks_off_loads_nothing") else {
        return;
    };
    let (own, config) = (guarded.name("own"), config(&guarded, "x"));
    let manifest = manifest(&own);
    let whole = archive(&[
        ("manifest.json", Ok(&manifest)),
        ("c.json", Ok(&config)),
        LAYER,
        ("z", Ok(&[7; 3000])),
    ]);
    // In a header, in a member; an archive without an end is one that older tools write.
    for length in [300, 600, 1300, 2600, 4000] {
        let output = load(&guarded, true, &whole[..length]);
        assert!(!output.status.success(), "{length}: {output:?}");
        assert_eq!(mark(&guarded, &own), "", "{length}");
    }
    let garbage = load(&guarded, true, b"\x1f\x8bgarbage");
    let said = String::from_utf8_lossy(&garbage.stderr).into_owned();
    assert!(said.contains("HAL-G-IMAGE-LOAD"), "{said}");
    // docker's own archives, one of all that was said, compressed in each way
    for pack in ["cat", "gzip -1", "zstd -q"] {
        let program = pack.split(' ').next().unwrap();
        if which::which(program).is_err() {
            crate::support::engine::skipped("compressed", &format!("no {program}"));
            continue;
        }
        let script = format!(
            "docker tag {BASE} $N:a && docker save $N:a | {pack} > f && docker rmi $N:a >/dev/null && docker load -q -i f && docker rmi $N:a"
        );
        let output = guarded.script(true, "packed", &script);
        assert!(output.status.success(), "{pack}: {output:?}");
    }
}
