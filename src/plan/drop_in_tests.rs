use super::*;
use crate::dockercli::{Flags, given};
use std::path::Path;

fn gained(typed: &str, project: Option<&str>) -> String {
    let words = shell_words::split(typed).unwrap();
    let given = given(&words, &Flags::of_run()).unwrap();
    let settings = super::super::session::tests::settings(&[]);
    let project = project.map(|path| ProjectDir::new(Path::new(path)).unwrap());
    let (flags, reasons) = drop_in(&DropIn {
        given: &given,
        settings: &settings,
        project: project.as_ref(),
        user: Some(Identity { uid: 7, gid: 8 }),
        caller: "ann",
        instance: &Instance::default(),
    });
    for flag in &flags {
        assert!(reasons.get(&flag.field).is_some(), "{flag:?}");
    }
    let all = flags.into_iter().flat_map(|flag| flag.words);
    let all: Vec<String> = all.filter(|word| !word.starts_with("hal9000.")).collect();
    let all = all
        .iter()
        .filter(|word| *word != "--label")
        .map(String::as_str);
    all.collect::<Vec<_>>().join(" ")
}

const LIMITS: &str = "--memory 4g --cpus 2 --pids-limit 100";
const MOUNTS: &str = "--mount type=bind,source=/home/ann/shop,target=/workspace \
                      --mount type=bind,source=/home/ann/shop,target=/home/ann/shop";

#[test]
fn a_container_gains_what_it_does_not_say_itself() {
    let shop = "/home/ann/shop";
    let workdir = format!("--workdir {shop}");
    let all = format!("{LIMITS} {MOUNTS} {workdir} --user 7:8");
    for (typed, gains) in [
        ("debian", all.clone()),
        ("debian -w / -u 0 -m 1g -v /a:/workspace", all.clone()),
        ("-u 0 debian", all.replace(" --user 7:8", "")),
        ("--user= debian", all.replace(" --user 7:8", "")),
        ("-w / debian", all.replace(&format!(" {workdir}"), "")),
        ("-m 1g debian", all.replace("--memory 4g ", "")),
        ("--memory-swap 9g debian", all.replace("--memory 4g ", "")),
        ("--memory-reservation 9g x", all.replace("--memory 4g ", "")),
        ("--cpus 1 debian", all.replace("--cpus 2 ", "")),
        ("--cpu-quota 1000 debian", all.replace("--cpus 2 ", "")),
        ("--cpu-shares 4 debian", all.clone()),
        (
            "--pids-limit -1 debian",
            all.replace("--pids-limit 100 ", ""),
        ),
        (
            "-v a:/workspace debian",
            all.replace(
                "--mount type=bind,source=/home/ann/shop,target=/workspace ",
                "",
            ),
        ),
        (
            "--tmpfs /home/ann/shop x",
            all.replace(
                " --mount type=bind,source=/home/ann/shop,target=/home/ann/shop",
                "",
            ),
        ),
        ("-v /home/ann/shop:/app x", all.clone()),
    ] {
        assert_eq!(gained(typed, Some(shop)), gains, "{typed}");
    }
}

#[test]
fn where_the_project_cannot_be_it_is_at_the_workspace_only() {
    let root = "--mount type=bind,source=/root/p,target=/workspace --workdir /workspace";
    assert_eq!(
        gained("x", Some("/root/p")),
        format!("{LIMITS} {root} --user 7:8")
    );
    let shop = "--mount type=bind,source=/home/ann/shop,target=/workspace --workdir /workspace";
    let above = gained("-v /a:/home:ro x", Some("/home/ann/shop"));
    assert_eq!(above, format!("{LIMITS} {shop} --user 7:8"));
    assert_eq!(gained("x", None), format!("{LIMITS} --user 7:8"));
}

#[test]
fn nobody_becomes_root_but_where_root_is_the_caller() {
    let id = |uid| Identity { uid, gid: uid };
    for (caller, owner, rootless, user) in [
        (1, 2, false, Some(1)),
        (1, 0, false, Some(1)),
        (0, 2, false, Some(2)),
        (0, 0, false, None),
        (1, 1, true, Some(0)),
    ] {
        assert_eq!(drop_in_user(id(caller), id(owner), rootless), user.map(id));
    }
}
