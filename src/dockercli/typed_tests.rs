use super::*;

fn words(text: &str) -> Vec<String> {
    shell_words::split(text).unwrap()
}

#[test]
fn only_what_makes_a_container_is_found() {
    for (typed, at) in [
        ("run debian", Some(1)),
        ("create debian", Some(1)),
        ("container run debian", Some(2)),
        ("container create -it debian", Some(2)),
        ("-D run debian", Some(2)),
        ("--context x run debian", Some(3)),
        ("--context=x -H y -l debug run", Some(6)),
        ("-Hunix:///x -cfoo run", Some(3)),
        ("--tlsverify --tlscacert ca run x", Some(4)),
        ("-- run x", Some(2)),
        ("", None),
        ("-v", None),
        ("--version", None),
        ("--help", None),
        ("ps run", None),
        ("container", None),
        ("container ls run", None),
        ("container --help run", None),
        ("--no-such run x", None),
        ("-z run x", None),
        ("--context", None),
        ("compose run web", None),
        ("buildx create", None),
        ("service create x", None),
        ("volume create x", None),
    ] {
        assert_eq!(making(&words(typed)).map(|it| it.at), at, "{typed}");
    }
    let found = making(&words("-c a --context b -H=c run x")).unwrap();
    assert_eq!(found.client.value("context"), Some("b"));
    assert_eq!(found.client.value("host"), Some("c"));
    assert_eq!(found.client.value("config"), None);
}

/// What was found, written down.
fn read(typed: &str) -> String {
    match given(&words(typed), &Flags::of_run()) {
        Ok(Given(all)) => {
            let all: Vec<String> = all.into_iter().map(|(a, b)| format!("{a}={b}")).collect();
            all.join(" ")
        }
        Err(Unread::Unknown(flag)) => format!("unknown {flag}"),
        Err(Unread::NoImage) => "no image".to_owned(),
    }
}

#[test]
fn options_are_read_as_docker_reads_them() {
    for (typed, expected) in [
        ("debian", ""),
        ("debian -v /a:/b --no-such", ""),
        ("-it debian", "interactive=true tty=true"),
        ("--rm=false debian", "rm=false"),
        ("-d=false debian", "detach=false"),
        ("-u 0 -w / debian ls", "user=0 workdir=/"),
        ("-u0 -w=/ debian ls", "user=0 workdir=/"),
        ("--user '' debian", "user="),
        ("--user= debian", "user="),
        (
            "-itv /a:/b debian",
            "interactive=true tty=true volume=/a:/b",
        ),
        (
            "-itv=/a:/b debian",
            "interactive=true tty=true volume=/a:/b",
        ),
        ("-iteA=b debian", "interactive=true tty=true env=A=b"),
        ("-e=A debian", "env=A"),
        ("-e= debian", "env=="),
        ("-p80:80 -p 81:81 x", "publish=80:80 publish=81:81"),
        ("--net host debian", "net=host"),
        ("--rm -- debian -v x", "rm=true"),
        ("--name -- debian", "name=--"),
        ("-h box debian", "hostname=box"),
        ("- debian", ""),
        ("--new-thing x debian", "unknown --new-thing"),
        ("--new-thing=x debian", "unknown --new-thing"),
        ("-izt debian", "unknown -z"),
        ("", "no image"),
        ("--rm", "no image"),
        ("--name", "no image"),
        ("-e", "no image"),
        ("--help", "no image"),
    ] {
        assert_eq!(read(typed), expected, "{typed}");
    }
}

#[test]
fn mounts_are_known_by_their_targets() {
    for (typed, target, there) in [
        ("-v /a:/workspace x", "/workspace", true),
        ("-v /a:/workspace/:ro x", "/workspace", true),
        ("-v /a://workspace/../workspace x", "/workspace", true),
        ("-v /workspace x", "/workspace", true),
        ("-v /workspace:/a x", "/workspace", false),
        ("-v a:/workspace/below x", "/workspace", false),
        ("--tmpfs /workspace:size=1m x", "/workspace", true),
        ("--tmpfs /tmp x", "/workspace", false),
        (
            "--mount type=bind,src=/a,dst=/workspace x",
            "/workspace",
            true,
        ),
        (
            "--mount type=tmpfs,Destination=/workspace x",
            "/workspace",
            true,
        ),
        (
            "--mount 'type=bind,\"src=/a,b\",\"target=/p/a,\"\"b\"' x",
            "/p/a,\"b",
            true,
        ),
        (
            "--mount type=bind,src=/workspace,target=/a x",
            "/workspace",
            false,
        ),
        ("--volumes-from /workspace x", "/workspace", false),
        ("x -v /a:/workspace", "/workspace", false),
        (
            "--mount type=tmpfs,dst=/a,dst=/workspace x",
            "/workspace",
            true,
        ),
        (
            "--mount type=tmpfs,dst=/workspace,dst=/a x",
            "/workspace",
            false,
        ),
    ] {
        let found = given(&words(typed), &Flags::of_run()).unwrap();
        assert_eq!(found.mounts_at(target), there, "{typed}");
    }
}

#[test]
fn a_mount_above_a_place_is_known() {
    for (typed, above) in [
        ("-v /a:/home x", true),
        ("-v /a:/home/ann/ x", true),
        ("--tmpfs /home:ro x", true),
        ("-v /a:/home/ann/shop x", false),
        ("-v /a:/home/ann/shop/src x", false),
        ("-v /a:/home/an x", false),
        ("x -v /a:/home", false),
    ] {
        let found = given(&words(typed), &Flags::of_run()).unwrap();
        assert_eq!(found.mounts_above("/home/ann/shop"), above, "{typed}");
    }
}

#[test]
fn what_docker_has_told_is_read_as_well() {
    let newer =
        Flags::of_help("      --new-thing string   Words\n  -z, --zap                Words\n");
    let flags = Flags::of_run().and(newer);
    let found = given(&words("--new-thing -v -zi -v /a:/workspace x"), &flags).unwrap();
    assert!(found.has("zap") && found.has("interactive") && found.mounts_at("/workspace"));
    assert_eq!(found.value("new-thing"), Some("-v"));
}
