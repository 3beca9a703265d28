//! Building on a real engine.

use crate::support::{Counts, TestRecipe, docker, engine, executable, size, workshop};
use hal9000::engine::{EngineError, Images as _};
use hal9000::images::{ImageError, Outcome, ensure, list, newest_claude, prune, rebuild, remove};
use hal9000::recipe::{self, Arch, ClaudeVersion, Content, Role, keys};

#[tokio::test]
async fn the_worker_has_its_tools_its_labels_and_its_size() {
    let Some(engine) = engine("the_worker_has_its_tools_its_labels_and_its_size").await else {
        return;
    };
    let recipe = recipe::worker();
    ensure(&workshop(&engine), &recipe, &mut ()).await.unwrap();
    let image = engine.image(&recipe.reference).await.unwrap().unwrap();
    for (key, value) in recipe.labels() {
        assert_eq!(image.labels.get(&key), Some(&value), "{key}");
    }
    assert!(image.size <= 250_000_000, "{} bytes", image.size);
    assert!(image.created > 1_700_000_000);

    // Neither Claude nor docker: those come with the runtime volume.
    let tools = "for t in git ssh curl jq rg ps less bash; do command -v $t || exit 1; done; \
                 ! command -v docker && ! command -v claude && ! ls /var/lib/apt/lists/*";
    let run = [
        "run",
        "--rm",
        "--network=none",
        &recipe.reference,
        "bash",
        "-c",
        tools,
    ];
    docker(&run).unwrap();

    // Nothing changed, nothing is built.
    let mut counts = Counts::default();
    let outcome = ensure(&workshop(&engine), &recipe, &mut counts).await;
    assert_eq!((outcome.unwrap(), counts.steps), (Outcome::Present, 0));
    let again = engine.image(&recipe.reference).await.unwrap().unwrap();
    assert_eq!(again.id, image.id);
}

#[tokio::test]
async fn context_files_arrive_with_their_content_and_mode() {
    let Some(engine) = engine("context_files_arrive_with_their_content_and_mode").await else {
        return;
    };
    let dockerfile = "FROM debian:trixie-slim\nLABEL hal9000.test=context\n\
                      COPY sub/note /note\nCOPY hal-9000 /hal-9000\n\
                      RUN cat /note && stat -c %a:%s /hal-9000 /note && /hal-9000 --version\n";
    let recipe = TestRecipe::new("context", Role::Profile, dockerfile)
        .with_file("sub/note", 0o640, Content::Bytes("hello\n".into()))
        .with_file("hal-9000", 0o755, Content::ThisExecutable);
    let mut counts = Counts::default();
    ensure(&workshop(&engine), &recipe.0, &mut counts)
        .await
        .unwrap();
    let size = executable().unwrap().len();
    for line in ["hello", &format!("755:{size}"), "640:6"] {
        assert!(
            counts.output.iter().any(|out| out == line),
            "{line}: {:?}",
            counts.output
        );
    }

    // Again with the same inputs: every step is found in the cache. Without it: none is.
    remove(&engine, &recipe.0.reference).await.unwrap();
    ensure(&workshop(&engine), &recipe.0, &mut ())
        .await
        .unwrap();
    let mut counts = Counts::default();
    rebuild(&workshop(&engine), &recipe.0, &mut counts)
        .await
        .unwrap();
    assert_eq!(counts.cached, 0);
    let known = std::slice::from_ref(&recipe.0);
    let report = prune(&engine, known, "hal9000.test=context").await.unwrap();
    assert_eq!(report.removed.len(), 1, "the one before: {report:?}");
}

#[tokio::test]
async fn two_builds_at_once_both_end_well() {
    let Some(engine) = engine("two_builds_at_once_both_end_well").await else {
        return;
    };
    let recipe = TestRecipe::runtime("two-builds", 1);
    let workshop = workshop(&engine);
    let (mut first, mut second) = (Counts::default(), Counts::default());
    let (a, b) = tokio::join!(
        ensure(&workshop, &recipe.0, &mut first),
        ensure(&workshop, &recipe.0, &mut second)
    );
    a.unwrap();
    b.unwrap();
    let outcome = ensure(&workshop, &recipe.0, &mut ()).await.unwrap();
    assert_eq!(outcome, Outcome::Present);
    // The one that lost its reference to the other goes with the next prune.
    let known = std::slice::from_ref(&recipe.0);
    let label = "hal9000.test=two-builds";
    prune(&engine, known, label).await.unwrap();
    let left = engine.images(label).await.unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn failures_are_sorted_and_keep_the_commands_last_words() {
    let Some(engine) = engine("failures_are_sorted_and_keep_the_commands_last_words").await else {
        return;
    };
    let build = async |name: &str, dockerfile: &str| {
        let recipe = TestRecipe::new(name, Role::Profile, dockerfile);
        ensure(&workshop(&engine), &recipe.0, &mut ())
            .await
            .unwrap_err()
    };
    let error = build(
        "fails",
        "FROM debian:trixie-slim\nRUN echo canary >&2; exit 3\n",
    )
    .await;
    let causes = error.causes();
    assert!(causes.iter().any(|cause| cause == "canary"), "{causes:?}");
    assert!(causes[0].contains("RUN echo canary"), "{causes:?}");
    assert!(causes.last().unwrap().contains("code: 3"), "{causes:?}");

    let error = build("no-base", "FROM hal9000-test.invalid/nosuch:1\nRUN true\n").await;
    let ImageError::Build { source, .. } = &error else {
        panic!("{error:?}");
    };
    assert!(matches!(source, EngineError::NoBase(_)), "{error:?}");

    let error = build("no-syntax", "FROM debian:trixie-slim\nNONSENSE\n").await;
    assert!(error.causes().join("\n").contains("NONSENSE"), "{error:?}");
}

#[tokio::test]
async fn an_outdated_image_is_listed_kept_while_used_and_pruned_with_its_bytes() {
    let name = "an_outdated_image_is_listed_kept_while_used_and_pruned_with_its_bytes";
    let Some(engine) = engine(name).await else {
        return;
    };
    let dockerfile = "FROM debian:trixie-slim\nLABEL hal9000.test=prune\n\
                      RUN head -c 5000000 /dev/urandom > /x\n";
    let recipe = TestRecipe::new("outdated", Role::Worker, dockerfile);
    ensure(&workshop(&engine), &recipe.0, &mut ())
        .await
        .unwrap();
    let mut changed = recipe.0.clone();
    changed.dockerfile.push_str("RUN true\n");
    let changed = [changed];

    let rows = list(&engine, &changed).await.unwrap();
    let row = rows.iter().find(|row| row.reference == recipe.0.reference);
    assert_eq!(row.unwrap().state, hal9000::images::State::Outdated);

    let label = "hal9000.test=prune";
    let container = docker(&["create", &recipe.0.reference]).unwrap();
    let report = prune(&engine, &changed, label).await;
    docker(&["rm", &container]).unwrap();
    let report = report.unwrap();
    assert!(report.removed.is_empty(), "{report:?}");
    assert_eq!(report.kept[0].name, recipe.0.reference);

    let report = prune(&engine, &changed, label).await.unwrap();
    assert_eq!(report.removed[0].name, recipe.0.reference);
    assert_eq!(report.bytes(), 5_000_000);
}

#[tokio::test]
async fn every_profile_builds() {
    let Some(engine) = engine("every_profile_builds").await else {
        return;
    };
    for name in recipe::builtin_profiles() {
        let recipe = recipe::builtin(&name).unwrap();
        let started = std::time::Instant::now();
        ensure(&workshop(&engine), &recipe, &mut ()).await.unwrap();
        let size = size(&engine, &recipe.reference).await.unwrap();
        eprintln!(
            "{name}: {} MB, {:.1} s",
            size / 1_000_000,
            started.elapsed().as_secs_f32()
        );
        let image = engine.image(&recipe.reference).await.unwrap().unwrap();
        assert_eq!(image.labels[keys::PROFILE], name.as_str());
    }
}

/// A build whose steps nobody else removes while it runs: a test beside this one may remove an image
/// that has some of them, too.
async fn undisturbed(
    mut build: impl AsyncFnMut() -> Result<Outcome, ImageError>,
) -> Result<Outcome, ImageError> {
    let lost = |error: &ImageError| {
        let causes = error.causes();
        causes
            .iter()
            .any(|cause| cause.contains("unable to find image"))
    };
    for _ in 0..2 {
        match build().await {
            Err(error) if lost(&error) => {}
            done => return done,
        }
    }
    build().await
}

#[tokio::test]
async fn the_registry_names_its_newest_release() {
    let Some(engine) = engine("the_registry_names_its_newest_release").await else {
        return;
    };
    let arch = Arch::of_this_executable().unwrap();
    let mut recipe = recipe::newest_claude(arch, None);
    // Not the one that a user may be asking with.
    recipe.reference = "hal9000-test/claude-newest:1".to_owned();
    let reference = recipe.reference.clone();
    recipe
        .args
        .insert("HAL9000_REFERENCE".to_owned(), reference.clone());
    let newest = newest_claude(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap();
    let number = |version: &str| -> Vec<u32> {
        let core = version.split('-').next().unwrap();
        core.split('.').map(|it| it.parse().unwrap()).collect()
    };
    assert!(number(newest.as_str()) >= number(recipe::PINNED_CLAUDE));
    assert_eq!(engine.image(&reference).await.unwrap(), None);
}

#[tokio::test]
async fn another_release_is_checked_against_the_registry_and_a_ca_bundle_is_used() {
    let name = "another_release_is_checked_against_the_registry_and_a_ca_bundle_is_used";
    let Some(engine) = engine(name).await else {
        return;
    };
    let version: ClaudeVersion = "2.1.329".parse().unwrap();
    let arch = Arch::of_this_executable().unwrap();
    // The machine's own bundle: the way to the registry may need it, and it is never wrong.
    let bundle = std::fs::read("/etc/ssl/certs/ca-certificates.crt").unwrap();
    for bundle in [None, Some(bundle.into())] {
        let mut recipe = recipe::claude(&version, arch, bundle);
        // Not the reference of a release that somebody may use.
        recipe.reference = "hal9000-test/claude:1".to_owned();
        recipe.same_as = None;
        let reference = recipe.reference.clone();
        recipe
            .args
            .insert("HAL9000_REFERENCE".to_owned(), reference);
        let mut counts = Counts::default();
        undisturbed(async || ensure(&workshop(&engine), &recipe, &mut counts).await)
            .await
            .unwrap();
        assert!(
            counts
                .output
                .iter()
                .any(|line| line == "/fetch/claude.tgz: OK")
        );

        // A file that is not what the registry describes does not get through.
        let mut wrong = recipe.clone();
        let pin = recipe::claude(&ClaudeVersion::default(), arch, None);
        let integrity = pin.args["CLAUDE_INTEGRITY"].clone();
        wrong.args.insert("CLAUDE_INTEGRITY".to_owned(), integrity);
        let error = undisturbed(async || ensure(&workshop(&engine), &wrong, &mut ()).await)
            .await
            .unwrap_err();
        assert!(
            error.causes().iter().any(|c| c.contains("FAILED")),
            "{error:?}"
        );
        remove(&engine, &recipe.reference).await.unwrap();
    }
    // What the failed builds left is labelled, and found by prune.
    prune(&engine, &[], "hal9000.stage=hal9000-test/claude:1")
        .await
        .unwrap();
}
