//! Building: what is built, in which order, and what a failure says.

use super::*;

#[tokio::test]
async fn parents_are_built_first_and_nothing_twice() {
    let engine = Fake::new();
    let python = profile("python");
    let mut told = Told::default();
    let outcome = ensure(&workshop(&engine), &python, &mut told)
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::Built);
    let worker = format!("build hal9000/worker:{VERSION}");
    let child = format!("build hal9000/python:{VERSION}");
    assert_eq!(engine.log(), [worker, child]);
    assert_eq!(told.0.len(), 4, "{:?}", told.0);

    let outcome = ensure(&workshop(&engine), &python, &mut ()).await.unwrap();
    assert_eq!((outcome, engine.log().len()), (Outcome::Present, 0));

    // A parent that is gone matters only when the child has to be built.
    let worker = &python.parents[0].reference;
    engine
        .state
        .borrow_mut()
        .images
        .retain(|image| !image.tags.contains(worker));
    ensure(&workshop(&engine), &python, &mut ()).await.unwrap();
    assert!(engine.log().is_empty());
}

#[tokio::test]
async fn a_changed_recipe_is_built_again_without_its_parents() {
    let engine = Fake::new();
    let mut python = profile("python");
    ensure(&workshop(&engine), &python, &mut ()).await.unwrap();
    engine.log();
    python.dockerfile.push_str("RUN true\n");
    ensure(&workshop(&engine), &python, &mut ()).await.unwrap();
    assert_eq!(engine.log(), [format!("build {}", python.reference)]);
    let request = engine.state.borrow().requests.last().cloned().unwrap();
    assert_eq!(request.labels[keys::INPUTS], python.inputs());
    assert!(!request.no_cache);

    rebuild(&workshop(&engine), &python, &mut ()).await.unwrap();
    assert!(engine.state.borrow().requests.last().unwrap().no_cache);
}

#[tokio::test]
async fn a_parent_of_two_is_built_once() {
    let engine = Fake::new();
    let dockerfile = "FROM hal9000/python AS a\nFROM hal9000/worker\n";
    let recipe = recipe::user_profile(&"ml".parse().unwrap(), dockerfile, vec![]).unwrap();
    ensure(&workshop(&engine), &recipe, &mut ()).await.unwrap();
    let names = ["worker", "python", "ml"].map(|name| format!("build hal9000/{name}:{VERSION}"));
    assert_eq!(engine.log(), names);
}

#[tokio::test]
async fn proxies_reach_the_build_and_not_the_hash_or_debug() {
    let engine = Fake::new();
    let mut workshop = workshop(&engine);
    let proxy = ("HTTPS_PROXY".to_owned(), "http://u:canary@p:1".to_owned());
    workshop.proxies = BTreeMap::from([proxy]);
    // Before the fake has seen them: it remembers requests.
    assert!(!format!("{workshop:?}").contains("canary"));
    let worker = recipe::worker();
    ensure(&workshop, &worker, &mut ()).await.unwrap();
    let request = engine.state.borrow().requests[0].clone();
    assert!(request.args.contains_key("HTTPS_PROXY"));
    assert_eq!(request.labels[keys::INPUTS], worker.inputs());
}

#[tokio::test]
async fn the_executable_is_read_only_for_a_build() {
    let engine = Fake::new();
    let reads = Cell::new(0);
    let executable = || {
        reads.set(reads.get() + 1);
        Ok(Bytes::from_static(b"ELF"))
    };
    let workshop = Workshop {
        executable: &executable,
        ..workshop(&engine)
    };
    ensure(&workshop, &runtime_recipe(), &mut ()).await.unwrap();
    ensure(&workshop, &runtime_recipe(), &mut ()).await.unwrap();
    assert_eq!(reads.get(), 1);

    let engine = Fake::new();
    let workshop = Workshop {
        executable: &|| Err(io::Error::other("gone")),
        ..super::workshop(&engine)
    };
    let error = ensure(&workshop, &runtime_recipe(), &mut ())
        .await
        .unwrap_err();
    assert!(matches!(error, ImageError::Executable { .. }));
    assert!(error.causes()[0].contains("gone"));
}

#[tokio::test]
async fn another_architecture_is_refused_before_anything_is_downloaded() {
    let mut engine = Fake::new();
    engine.arch = "s390x";
    let result = ensure(&workshop(&engine), &runtime_recipe(), &mut ()).await;
    assert!(matches!(result, Err(ImageError::Architecture { .. })));
    assert!(engine.log().is_empty());
    ensure(&workshop(&engine), &recipe::worker(), &mut ())
        .await
        .unwrap();
}

#[tokio::test]
async fn two_builders_at_once_both_end_well() {
    let engine = Fake::new();
    let recipe = recipe::worker();
    let workshop = workshop(&engine);
    let mut nobody = ((), ());
    let (a, b) = tokio::join!(
        ensure(&workshop, &recipe, &mut nobody.0),
        ensure(&workshop, &recipe, &mut nobody.1)
    );
    assert_eq!((a.unwrap(), b.unwrap()), (Outcome::Built, Outcome::Built));
}

#[tokio::test]
async fn a_build_that_fails_because_another_was_faster_is_none() {
    let engine = Fake::new();
    let recipe = recipe::worker();
    let workshop = workshop(&engine);
    let cleared = || EngineError::NotFound("no such image: a stage".into());
    fail_build(&engine, &[], cleared());
    let faster = async {
        tokio::task::yield_now().await;
        engine.add_image(Some(&recipe.reference), &recipe.labels());
    };
    let mut nobody = ();
    let (result, ()) = tokio::join!(ensure(&workshop, &recipe, &mut nobody), faster);
    assert!(result.is_ok(), "{result:?}");

    engine.state.borrow_mut().images.clear();
    fail_build(&engine, &[], cleared());
    assert!(ensure(&workshop, &recipe, &mut nobody).await.is_err());
}

#[tokio::test]
async fn stages_that_no_build_can_use_are_dropped() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    let stage = |of: &str| Labels::from([(keys::STAGE.to_owned(), of.to_owned())]);
    engine.add_image(None, &stage(&recipe.parents[0].reference));
    engine.add_image(None, &stage("hal9000/runtime"));
    ensure(&workshop(&engine), &recipe, &mut ()).await.unwrap();
    let left = engine
        .state
        .borrow()
        .images
        .iter()
        .filter(|i| i.tags.is_empty())
        .count();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn each_failure_of_a_build_names_its_way_out() {
    let failed = || EngineError::Refused("returned a non-zero code: 60".into());
    for (output, error, way_out) in [
        (
            &[][..],
            EngineError::NoBase("no such host".into()),
            "scripts/base-image",
        ),
        (
            &[],
            EngineError::Untrusted("x509: unknown authority".into()),
            "ca_bundle",
        ),
        (
            &["curl: (60) SSL certificate problem"],
            failed(),
            "ca_bundle",
        ),
        (
            &[],
            EngineError::DiskFull("no space left".into()),
            "hal-9000 image prune",
        ),
        (
            &[],
            EngineError::DiskFull("no space left".into()),
            "docker system df",
        ),
        (
            &[],
            EngineError::Unreachable("refused".into()),
            "hal-9000 doctor",
        ),
        (
            &["Err:1 Temporary failure resolving 'deb.debian.org'"],
            EngineError::Refused("returned a non-zero code: 100".into()),
            "http_proxy",
        ),
        (
            &[],
            EngineError::Refused("lookup files.pythonhosted.org: no such host".into()),
            "http_proxy",
        ),
        (
            &["make: *** [all] Error 2"],
            EngineError::Refused("returned a non-zero code: 2".into()),
            "--verbose",
        ),
    ] {
        let engine = Fake::new();
        let said = error.to_string();
        fail_build(&engine, output, error);
        let mut recipe = recipe::worker();
        recipe.dockerfile = format!("FROM {}\n", recipe::BASE_IMAGE);
        let error = ensure(&workshop(&engine), &recipe, &mut ())
            .await
            .unwrap_err();
        assert!(error.to_string().contains(&recipe.reference));
        let causes = error.causes();
        assert_eq!(causes.last(), Some(&said));
        assert!(causes[0].contains("FROM debian"), "{causes:?}");
        for line in output {
            assert!(causes.iter().any(|cause| cause == line));
        }
        let hints = error.hints();
        assert!(hints.iter().any(|hint| hint.contains(way_out)), "{hints:?}");
    }
}

#[tokio::test]
async fn an_image_is_found_by_what_it_is_made_from_and_not_by_its_name() {
    let engine = Fake::new();
    let recipe = recipe::worker();
    assert_eq!(made(&engine, &recipe).await.unwrap(), None);
    ensure(&workshop(&engine), &recipe, &mut ()).await.unwrap();
    let own = made(&engine, &recipe).await.unwrap();
    assert!(own.is_some());
    // Another build takes the name over.
    let other = Labels::from([(keys::INPUTS.to_owned(), "other".to_owned())]);
    engine.add_image(Some(&recipe.reference), &other);
    assert!(current(&engine, &recipe).await.unwrap().is_none());
    assert_eq!(made(&engine, &recipe).await.unwrap(), own);
}

#[tokio::test]
async fn another_base_that_cannot_be_pulled_is_not_ours_to_make() {
    let engine = Fake::new();
    fail_build(
        &engine,
        &[],
        EngineError::NoBase("pull access denied".into()),
    );
    let recipe = recipe::user_profile(&"x".parse().unwrap(), "FROM foo/bar\n", vec![]).unwrap();
    let error = ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap_err();
    assert!(!error.hints().join("").contains("scripts/base-image"));
}

#[tokio::test]
async fn a_registry_that_names_no_release_is_an_error() {
    let engine = Fake::new();
    let arch = Arch::of_this_executable().unwrap();
    let recipe = recipe::newest_claude(arch, None);
    let asked = newest_claude(&workshop(&engine), &recipe, &mut ()).await;
    assert!(
        matches!(asked, Err(ImageError::NoNewest { .. })),
        "{asked:?}"
    );
    // Asked anew each time, and gone afterwards.
    assert!(engine.state.borrow().requests.last().unwrap().no_cache);
    assert!(engine.state.borrow().images.is_empty());
}
