//! The runtime volume on a real engine: the engine's promises, and what is built on them.

use crate::support::{Counts, TestRecipe, docker, engine, workshop};
use hal9000::engine::{Docker, EngineError, FillRequest, Images as _};
use hal9000::images::{ensure, remove, runtime};
use hal9000::recipe::{self, Arch, ClaudeVersion, Recipe};

/// Whether the volume has every file as the image made it.
fn complete(recipe: &Recipe) -> bool {
    let volume = format!("{}:/opt/hal9000:ro", recipe.volume());
    let check = "cd /opt/hal9000/bin && sha256sum --check --quiet ../sums";
    let image = recipe::BASE_IMAGE;
    docker(&[
        "run",
        "--rm",
        "--network=none",
        "-v",
        &volume,
        image,
        "sh",
        "-c",
        check,
    ])
    .is_ok()
}

fn request(recipe: &Recipe) -> FillRequest {
    FillRequest {
        name: recipe.volume(),
        image: recipe.reference.clone(),
        volume: recipe.volume(),
        target: runtime::TARGET.to_owned(),
        command: vec!["/x".to_owned()],
        labels: recipe.labels(),
        volume_labels: recipe.labels(),
    }
}

/// Looks until the engine has made the volume: the copy begins now.
async fn copy_begins(engine: &Docker, recipe: &Recipe) {
    while engine.volume(&recipe.volume()).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn two_fills_at_once_fill_once() {
    let Some(engine) = engine("two_fills_at_once_fill_once").await else {
        return;
    };
    let recipe = TestRecipe::runtime("race", 50);
    ensure(&workshop(&engine), &recipe.0, &mut ())
        .await
        .unwrap();
    let workshop = workshop(&engine);
    let one = async |counts: &mut Counts| {
        runtime::ensure(&workshop, &recipe.0, counts).await.unwrap();
        assert!(runtime::ready(&engine, &recipe.0.volume()).await.unwrap());
        assert!(complete(&recipe.0));
    };
    let (mut first, mut second) = (Counts::default(), Counts::default());
    tokio::join!(one(&mut first), one(&mut second));
    assert_eq!(first.discarded + second.discarded, 0);
    let mut third = Counts::default();
    runtime::ensure(&workshop, &recipe.0, &mut third)
        .await
        .unwrap();
    assert_eq!((third.filling, third.steps), (0, 0));
    let labels = engine
        .volume(&recipe.0.volume())
        .await
        .unwrap()
        .unwrap()
        .labels;
    assert!(labels["hal9000.size"].parse::<u64>().unwrap() > 50 << 20);
}

#[tokio::test]
async fn while_the_engine_copies_the_name_is_taken_and_the_volume_in_use() {
    let name = "while_the_engine_copies_the_name_is_taken_and_the_volume_in_use";
    let Some(engine) = engine(name).await else {
        return;
    };
    let recipe = TestRecipe::runtime("promises", 50);
    ensure(&workshop(&engine), &recipe.0, &mut ())
        .await
        .unwrap();
    let request = request(&recipe.0);
    let volume = recipe.0.volume();
    let meanwhile = async {
        copy_begins(&engine, &recipe.0).await;
        let removed = engine.remove_volume(&volume).await;
        let second = engine.create_filler(&request).await;
        // An inspectable filler, at whatever moment, is a complete volume.
        while engine.filler(&volume).await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        assert!(complete(&recipe.0));
        (removed, second)
    };
    let (first, (removed, second)) = tokio::join!(engine.create_filler(&request), meanwhile);
    first.unwrap();
    assert!(
        matches!(removed, Err(EngineError::Conflict(_))),
        "{removed:?}"
    );
    assert!(
        matches!(second, Err(EngineError::Conflict(_))),
        "{second:?}"
    );
}

#[tokio::test]
async fn a_client_that_dies_in_mid_copy_does_no_harm() {
    let Some(engine) = engine("a_client_that_dies_in_mid_copy_does_no_harm").await else {
        return;
    };
    let recipe = TestRecipe::runtime("killed", 50);
    ensure(&workshop(&engine), &recipe.0, &mut ())
        .await
        .unwrap();
    let request = request(&recipe.0);
    tokio::select! {
        biased;
        () = copy_begins(&engine, &recipe.0) => {}
        result = engine.create_filler(&request) => panic!("too fast to be killed: {result:?}"),
    }
    // The request is dropped, and with it its connection.
    runtime::ensure(&workshop(&engine), &recipe.0, &mut ())
        .await
        .unwrap();
    assert!(complete(&recipe.0));
}

#[tokio::test]
async fn a_lost_filler_is_made_again_and_a_broken_volume_filled_again() {
    let name = "a_lost_filler_is_made_again_and_a_broken_volume_filled_again";
    let Some(engine) = engine(name).await else {
        return;
    };
    let recipe = TestRecipe::runtime("lost", 5);
    let volume = recipe.0.volume();
    let workshop = workshop(&engine);
    runtime::ensure(&workshop, &recipe.0, &mut ())
        .await
        .unwrap();

    // Pruned by hand while a session uses the volume: only the filler comes back.
    let mount = format!("{volume}:/opt/hal9000:ro");
    let session = docker(&["create", "-v", &mount, recipe::BASE_IMAGE]).unwrap();
    docker(&["rm", &volume]).unwrap();
    let mut counts = Counts::default();
    let result = runtime::ensure(&workshop, &recipe.0, &mut counts).await;
    let kept = remove(&engine, &recipe.0.reference).await;
    docker(&["rm", &session]).unwrap();
    result.unwrap();
    assert_eq!((counts.discarded, complete(&recipe.0)), (0, true));
    assert!(kept.unwrap().kept.iter().any(|kept| kept.name == volume));

    // A crash in mid-copy: a volume with too little in it, and no filler.
    docker(&["rm", &volume]).unwrap();
    let mount = format!("{volume}:/opt/hal9000");
    let broken = "rm -r /opt/hal9000/bin";
    docker(&[
        "run",
        "--rm",
        "-v",
        &mount,
        recipe::BASE_IMAGE,
        "sh",
        "-c",
        broken,
    ])
    .unwrap();
    assert!(!complete(&recipe.0));
    let mut counts = Counts::default();
    runtime::ensure(&workshop, &recipe.0, &mut counts)
        .await
        .unwrap();
    assert_eq!((counts.discarded, complete(&recipe.0)), (1, true));

    // Removed by name: volume, filler and image.
    let report = remove(&engine, &recipe.0.reference).await.unwrap();
    assert_eq!(report.removed.len(), 2, "{report:?}");
    assert!(report.bytes() > 10 << 20);
    assert!(!runtime::ready(&engine, &volume).await.unwrap());
}

#[tokio::test]
async fn the_real_runtime_works_in_a_worker() {
    let Some(engine) = engine("the_real_runtime_works_in_a_worker").await else {
        return;
    };
    let Some(arch) = Arch::of_this_executable() else {
        eprintln!("SKIPPED: no Claude for this architecture");
        return;
    };
    // Under a name of its own: the machine's own runtime keeps its reference.
    let mut recipe = recipe::runtime(&ClaudeVersion::default(), arch, None);
    recipe.reference = "hal9000-test/runtime:1".to_owned();
    let workshop = workshop(&engine);
    runtime::ensure(&workshop, &recipe, &mut ()).await.unwrap();
    assert!(runtime::ready(&engine, &recipe.volume()).await.unwrap());

    let volume = format!("{}:/opt/hal9000:ro", recipe.volume());
    let check = "cd /opt/hal9000 && find . -type f -o -type l | sort && bin/claude --version \
                 && bin/docker --version && bin/docker-compose version && bin/hal-9000 --version";
    let image = recipe::BASE_IMAGE;
    let run = [
        "run",
        "--rm",
        "--network=none",
        "-v",
        &volume,
        image,
        "sh",
        "-c",
        check,
    ];
    let said = docker(&run).unwrap();
    let files = "./bin/claude\n./bin/docker\n./bin/docker-compose\n./bin/hal-9000\n\
                 ./lib/docker/cli-plugins/docker-buildx\n./lib/docker/cli-plugins/docker-compose\n";
    assert!(said.starts_with(files), "{said}");
    assert!(said.contains(recipe::PINNED_CLAUDE), "{said}");

    // A changed executable re-does its own copy, and downloads nothing.
    let mut changed = recipe.clone();
    changed.reference = "hal9000-test/changed:1".to_owned();
    let mut counts = Counts::default();
    let mut binary = crate::support::executable().unwrap().to_vec();
    binary.push(0);
    changed.files[0].content = recipe::Content::Bytes(binary.into());
    ensure(&workshop, &changed, &mut counts).await.unwrap();
    remove(&engine, &changed.reference).await.unwrap();
    assert_eq!((counts.transfers, counts.built.len()), (0, 1), "{counts:?}");
    assert!(counts.cached >= 5, "{counts:?}");

    // A debug build is another runtime with every change of the sources: it is not left behind.
    remove(&engine, &recipe.reference).await.unwrap();
}
