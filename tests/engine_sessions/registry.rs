//! Images from a real registry: Debian's docker-registry, which `scripts/test` gets.

use hal9000::recipe::{VERSION, keys};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::engine;
use crate::support::session::Bench;

/// A registry on a port of its own.
struct Registry {
    child: Child,
    address: String,
}

impl Registry {
    /// `None`, said, where there is none to start.
    fn start(bench: &Bench, test: &str) -> Option<Self> {
        let root = bench.sandbox.make_dir("registry");
        let settings = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdir: {}}}}}\n\
             http: {{addr: '127.0.0.1:0'}}\n",
            root.display()
        );
        let settings = bench.sandbox.write("registry.yml", &settings);
        let words = bench.sandbox.root().join("registry.log");
        let program = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/target/registry/usr/bin/docker-registry"
        );
        let child = Command::new(program)
            .arg("serve")
            .arg(settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut child) = child else {
            engine::skipped(test, "there is no docker-registry (scripts/test gets it)");
            return None;
        };
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("listening on ")?;
            let end = address.find(|c: char| !(c.is_ascii_digit() || ".:".contains(c)));
            Some(address[..end.unwrap_or(address.len())].to_owned())
        });
        // It has to be heard to its end, or it waits for a listener.
        std::thread::spawn(move || {
            let mut kept = File::create(words).unwrap();
            for line in lines.map_while(Result::ok) {
                let _ = std::io::Write::write_all(&mut kept, line.as_bytes());
            }
        });
        Some(Self {
            child,
            address: address.expect("it says where it listens"),
        })
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn images_come_from_a_registry_where_it_has_them() {
    let test = "images_come_from_a_registry_where_it_has_them";
    let bench = bench!(test);
    let Some(registry) = Registry::start(&bench, test) else {
        return;
    };
    let bench = Bench {
        sandbox: bench
            .sandbox
            .env("HAL9000_REGISTRY", &format!("{}/team", registry.address)),
        ..bench
    };
    // One of the user's own, so that nobody else's image is touched.
    let name = format!("pulled-{}", bench.instance.name());
    let (here, there) = (
        format!("hal9000/{name}:{VERSION}"),
        format!("{}/team/hal9000-{name}:{VERSION}", registry.address),
    );
    let file = format!("home/.config/hal-9000/profiles/{name}/Dockerfile");
    let label = bench.instance.label().replace("--label=", "");
    let dockerfile = |word: &str| {
        let text = format!("FROM hal9000/worker\nLABEL {label}\nRUN echo {word} >/which\n");
        bench.sandbox.write(&file, &text);
    };
    let which = |words: &[&str]| {
        let mut all = vec!["--profile", &name];
        all.extend(words);
        all.extend(["shell", "cat", "/which"]);
        bench.run(&all).expect_code(0)
    };
    dockerfile("first");
    bench.ok(&["profiles", "build", &name]);
    for words in [
        &["tag", &here, &there][..],
        &["push", &there],
        &["rmi", &here, &there],
    ] {
        bench.docker.ok(words);
    }

    bench.ok(&["image", "pull", &name]);
    let label = format!("{{{{index .Config.Labels \"{}\"}}}}", keys::INPUTS);
    assert_eq!(bench.field(&here, &label).len(), 64);
    assert!(
        !bench
            .docker
            .run(&["image", "inspect", &there])
            .status
            .success()
    );
    let again = bench.run(&["image", "pull", &name]).expect_code(0);
    assert!(again.stderr.contains("is current"), "{again:?}");

    // A session pulls what it needs, and builds nothing.
    bench.docker.ok(&["rmi", &here]);
    let session = which(&[]);
    assert_eq!(session.stdout, "first\n");
    assert!(
        session.stderr.contains(&format!("pulling {there}")),
        "{session:?}"
    );
    assert!(!session.stderr.contains("building"), "{session:?}");

    // What the registry has is another one by now: said, and built.
    dockerfile("second");
    let failed = bench.run(&["image", "pull", &name]).expect_code(1);
    for words in [
        "is not what this hal-9000 would build",
        "`hal-9000 image build`",
    ] {
        assert!(failed.stderr.contains(words), "{failed:?}");
    }
    let session = which(&[]);
    assert_eq!(session.stdout, "second\n");
    assert!(session.stderr.contains("it is built"), "{session:?}");

    // Asked not to, it is not asked; and what it has not is told of by docker, too.
    dockerfile("third");
    let session = which(&["--pull", "never"]);
    assert!(!session.stderr.contains("pulling"), "{session:?}");
    drop(registry);
    dockerfile("fourth");
    let failed = bench.run(&["image", "pull", &name]).expect_code(1);
    assert!(
        failed
            .stderr
            .contains(&format!("cannot pull the image `{there}`")),
        "{failed:?}"
    );
    assert_eq!(which(&[]).stdout, "fourth\n");

    let _ = bench.docker.run(&["rmi", "--force", &here]);
    bench.end();
}

#[test]
fn no_session_writes_the_names_of_ours_in_a_registry() {
    let bench = bench!("no_session_writes_the_names_of_ours_in_a_registry");
    let team = format!("registry.example/{}", bench.instance.name());
    let bench = Bench {
        sandbox: bench.sandbox.env("HAL9000_REGISTRY", &team),
        ..bench
    };
    for (image, status) in [("hal9000-worker", 1), ("app", 0)] {
        let name = format!("{team}/{image}:1");
        let words = ["shell", "docker", "tag", "debian:trixie-slim", &name];
        let tagged = bench.run(&words).expect_code(status);
        let refused = tagged.stderr.contains("HAL-G-IMAGE-RESERVED");
        assert_eq!(refused, status == 1, "{tagged:?}");
        let _ = bench.docker.run(&["rmi", &name]);
    }
    bench.end();
}
