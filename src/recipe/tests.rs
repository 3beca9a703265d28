//! Tables: what each recipe says, and when its hash changes.

use super::*;

fn name(text: &str) -> ProfileName {
    text.parse().unwrap()
}

fn pinned() -> Recipe {
    runtime(&ClaudeVersion::default(), Arch::Amd64, None)
}

#[test]
fn the_profile_comes_from_the_first_marker() {
    for (files, expected) in [
        (&["pom.xml", "package.json"][..], "java"),
        (&["build.gradle"], "java"),
        (&["build.gradle.kts", "Cargo.toml"], "java"),
        (&["package.json", "Cargo.toml", "go.mod"], "rust"),
        (&["go.mod", "requirements.txt"], "go"),
        (&["pyproject.toml", "package.json"], "python"),
        (&["Pipfile"], "python"),
        (&["requirements.txt"], "python"),
        (&["README.md", "package.json"], "node"),
        (&["README.md", "cargo.toml", "pom.xml.bak"], "base"),
        (&[], "base"),
    ] {
        assert_eq!(detect(files).as_str(), expected, "{files:?}");
        assert!(builtin(&detect(files)).is_some());
    }
}

#[test]
fn profile_names_are_repository_names() {
    for good in [
        "a",
        "python",
        "my-go_2",
        "0x",
        "a__b",
        "a--b",
        &"a".repeat(40),
    ] {
        assert!(good.parse::<ProfileName>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "-a",
        "_a",
        "a-",
        "a_",
        "A",
        "a.b",
        "a/b",
        "a_-b",
        "a___b",
        "ä",
        &"a".repeat(41),
    ] {
        assert!(bad.parse::<ProfileName>().is_err(), "{bad}");
    }
}

#[test]
fn claude_versions_are_versions() {
    for good in ["2.1.330", "0.0.1", "2.2.0-beta.1"] {
        assert!(good.parse::<ClaudeVersion>().is_ok(), "{good}");
    }
    for bad in [
        "",
        "latest",
        "2.1",
        "2.1.x",
        "2.1.3 ",
        "2.1.3/../x",
        "2.1.3-",
        "2.1.3-a b",
        "-1.2.3",
    ] {
        assert!(bad.parse::<ClaudeVersion>().is_err(), "{bad}");
    }
}

#[test]
fn every_image_has_its_contracted_name_and_labels() {
    assert_eq!(worker().reference, format!("hal9000/worker:{VERSION}"));
    assert_eq!(
        pinned().reference,
        format!("hal9000/runtime:{VERSION}-2.1.330")
    );
    for profile in builtin_profiles() {
        let recipe = builtin(&profile).unwrap();
        let labels = recipe.labels();
        let role = if profile.as_str() == BASE {
            "worker"
        } else {
            "profile"
        };
        assert_eq!(labels[keys::ROLE], role);
        assert_eq!(labels[keys::PROFILE], profile.as_str());
        assert_eq!(labels[keys::VERSION], VERSION);
        assert_eq!(labels[keys::INPUTS].len(), 64);
    }
    assert!(builtin(&name("cobol")).is_none());
}

#[test]
fn dockerfiles_keep_to_the_classic_builder() {
    let mut recipes: Vec<_> = builtin_profiles().iter().filter_map(builtin).collect();
    let ca = Some(Bytes::from_static(b"pem"));
    recipes.extend([
        pinned(),
        runtime(&"9.9.9".parse().unwrap(), Arch::Arm64, ca),
    ]);
    let parents: Vec<_> = recipes.iter().flat_map(|r| r.parents.clone()).collect();
    for recipe in recipes.iter().chain(&parents) {
        for word in [
            "<<",
            "--mount",
            "TARGETARCH",
            "TARGETPLATFORM",
            "syntax=",
            "--chmod",
            "#fetch",
        ] {
            let lines = recipe.dockerfile.lines().filter(|l| !l.starts_with("# "));
            let found: Vec<_> = lines.filter(|line| line.contains(word)).collect();
            assert!(found.is_empty(), "{}: {found:?}", recipe.reference);
        }
    }
}

#[test]
fn the_volume_is_named_after_version_claude_and_content() {
    let recipe = pinned();
    let expected = format!(
        "hal9000-runtime-{VERSION}-2.1.330-{}",
        &recipe.inputs()[..8]
    );
    assert_eq!(recipe.volume(), expected);
}

#[test]
fn the_pinned_claude_is_checked_against_its_pin_and_others_against_the_registry() {
    let [pin] = &pinned().parents[..] else {
        panic!()
    };
    assert!(pin.args["CLAUDE_INTEGRITY"].starts_with("sha512-9Gn+"));
    assert!(
        !pin.dockerfile
            .contains("ADD https://registry.npmjs.org/@anthropic-ai/claude-code-linux-x64/2.1.330")
    );
    assert_eq!(pin.dockerfile.matches("\nADD ").count(), 1);

    let other = claude(&"2.1.331".parse().unwrap(), Arch::Arm64, None);
    assert!(!other.args.contains_key("CLAUDE_INTEGRITY"));
    assert!(other.dockerfile.contains(
        "ADD https://registry.npmjs.org/@anthropic-ai/claude-code-linux-arm64/2.1.331 /fetch/claude.json\n"
    ));
}

#[test]
fn with_a_ca_bundle_curl_downloads_and_the_bundle_stays_in_its_stage() {
    let recipe = claude(
        &ClaudeVersion::default(),
        Arch::Amd64,
        Some(Bytes::from_static(b"pem")),
    );
    assert!(!recipe.dockerfile.contains("\nADD "));
    assert!(recipe.dockerfile.contains("COPY ca.pem"));
    assert_eq!(
        recipe.files[0].content,
        Content::Bytes(Bytes::from_static(b"pem"))
    );
    let (_, last) = recipe.dockerfile.rsplit_once("FROM ").unwrap();
    assert!(!last.contains("ca.pem"));
    let ca = Some(Bytes::from_static(b"pem"));
    let runtime = runtime(&ClaudeVersion::default(), Arch::Amd64, ca);
    assert_eq!(
        runtime.inputs(),
        pinned().inputs(),
        "nothing is downloaded again"
    );
}

#[test]
fn the_hash_changes_with_every_input_and_with_nothing_else() {
    let recipe = pinned();
    assert_eq!(recipe.inputs(), pinned().inputs());
    let changes: [fn(&mut Recipe); 8] = [
        |r| r.dockerfile.push('\n'),
        |r| r.reference.push('x'),
        |r| {
            r.args.insert("A".into(), "b".into());
        },
        |r| r.files[0].mode = 0o644,
        |r| r.files[0].name.push('x'),
        |r| r.files[0].content = Content::Bytes(Bytes::new()),
        |r| r.files.clear(),
        |r| r.parents[0].dockerfile.push('\n'),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = pinned();
        change(&mut changed);
        assert_ne!(changed.inputs(), recipe.inputs(), "change {number}");
    }
}

#[test]
fn the_executable_is_hashed_by_its_build() {
    let mut with_bytes = pinned();
    with_bytes.files[0].content = Content::Bytes(Bytes::from_static(BUILD.as_bytes()));
    assert_eq!(with_bytes.inputs(), pinned().inputs());
    assert_eq!(BUILD.len(), 16);
}

#[test]
fn a_users_profile_starts_from_ours_in_any_spelling() {
    let worker = worker();
    let tagged = format!("FROM hal9000/worker:{VERSION}\n");
    for dockerfile in [
        "ARG HAL9000_WORKER\nFROM ${HAL9000_WORKER}\nRUN true\n",
        "FROM hal9000/worker\nRUN true\n",
        "from --platform=linux/amd64 hal9000/worker AS x\n",
        tagged.as_str(),
    ] {
        let recipe = user_profile(&name("mine"), dockerfile, vec![]).unwrap();
        assert_eq!(
            recipe.parents,
            std::slice::from_ref(&worker),
            "{dockerfile}"
        );
        assert_eq!(recipe.reference, format!("hal9000/mine:{VERSION}"));
        let resolved = recipe.dockerfile.contains(&worker.reference)
            || recipe.args.get("HAL9000_WORKER") == Some(&worker.reference);
        assert!(resolved, "{}", recipe.dockerfile);
    }
    let on_python = user_profile(&name("ml"), "FROM hal9000/python\n", vec![]).unwrap();
    assert_eq!(on_python.parents, [builtin(&name("python")).unwrap()]);
    assert_eq!(on_python.parents[0].parents, [worker]);
}

#[test]
fn a_users_profile_may_start_from_anything_and_replace_ours() {
    for dockerfile in [
        "FROM debian:bookworm\n",
        "FROM hal9000/worker:0.0.1\n",
        "FROM hal9000/nosuch\n",
    ] {
        let recipe = user_profile(&name("mine"), dockerfile, vec![]).unwrap();
        assert_eq!(
            (recipe.parents.len(), recipe.dockerfile.as_str()),
            (0, dockerfile)
        );
    }
    let python = user_profile(&name("python"), "FROM hal9000/worker\n", vec![]).unwrap();
    assert_eq!(python.reference, format!("hal9000/python:{VERSION}"));
    let itself = user_profile(&name("python"), "FROM hal9000/python\n", vec![]).unwrap();
    assert!(itself.parents.is_empty());
}

#[test]
fn a_users_profile_is_refused_where_it_cannot_be_built() {
    let file = |name: &str| ContextFile {
        name: name.to_owned(),
        mode: 0o644,
        content: Content::Bytes(Bytes::new()),
    };
    for reserved in ["worker", "runtime", "claude", "parent"] {
        let result = user_profile(&name(reserved), "FROM x\n", vec![]);
        assert!(
            matches!(result, Err(RecipeError::Reserved(_))),
            "{reserved}"
        );
    }
    let empty = user_profile(&name("mine"), "# FROM nothing\n", vec![]);
    assert!(matches!(empty, Err(RecipeError::NoBase(_))));
    for bad in ["../x", "/etc/passwd", "a//b", "", "Dockerfile", "a/./b"] {
        let result = user_profile(&name("mine"), "FROM x\n", vec![file(bad)]);
        assert!(matches!(result, Err(RecipeError::File { .. })), "{bad}");
    }
    let twice = user_profile(
        &name("mine"),
        "FROM x\n",
        vec![file("a"), file("b"), file("a")],
    );
    assert!(matches!(twice, Err(RecipeError::File { .. })));
    let ab = user_profile(&name("mine"), "FROM x\n", vec![file("a"), file("b")]).unwrap();
    let ba = user_profile(&name("mine"), "FROM x\n", vec![file("b"), file("a")]).unwrap();
    assert_eq!(ab.inputs(), ba.inputs());
}
