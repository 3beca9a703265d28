//! The runtime volume: one fill, two at once, and everything that may be left behind.

use super::*;
use runtime::Filled;

#[tokio::test(start_paused = true)]
async fn the_runtime_is_filled_once_and_then_found_with_one_request() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    let volume = recipe.volume();
    assert!(!runtime::ready(&engine, &volume).await.unwrap());
    let look = async || runtime::look(&engine, &volume).await.unwrap();
    assert_eq!(look().await, Filled::Absent);
    engine.add_volume(&volume, &RUNTIME_LABELS, 1);
    assert_eq!(look().await, Filled::Partly);
    engine.state.borrow_mut().volumes.remove(&volume);
    engine.log();
    runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap();
    assert!(engine.complete(&volume));
    assert_eq!(look().await, Filled::Whole);
    let log = engine.log();
    assert_eq!(log.last(), Some(&format!("fill {volume}")));
    let state = engine.state.borrow().volumes[&volume].clone();
    assert_eq!(state.labels[keys::ROLE], "runtime");
    assert_eq!(state.labels[keys::SCHEMA], "1");
    assert_eq!(state.labels[keys::SIZE], "100");

    // Even without the image, which is needed for filling alone.
    engine.state.borrow_mut().images.clear();
    engine.state.borrow_mut().inspections = 0;
    assert!(runtime::ready(&engine, &volume).await.unwrap());
    assert_eq!(engine.state.borrow().inspections, 1);
    runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap();
    assert!(engine.log().is_empty());
}

#[tokio::test(start_paused = true)]
async fn two_fillers_at_once_fill_once_and_both_end_with_a_complete_volume() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    ensure(&workshop(&engine), &recipe, &mut ()).await.unwrap();
    engine.log();
    let workshop = workshop(&engine);
    let (mut first, mut second) = (Told::default(), Told::default());
    let one = async |told: &mut Told| {
        runtime::ensure(&workshop, &recipe, told).await.unwrap();
        assert!(engine.complete(&recipe.volume()));
    };
    tokio::join!(one(&mut first), one(&mut second));
    assert_eq!(engine.log(), [format!("fill {}", recipe.volume())]);
    assert!(second.0.contains(&"waiting".to_owned()), "{:?}", second.0);
}

#[tokio::test(start_paused = true)]
async fn when_the_first_filler_fails_the_second_takes_over() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    ensure(&workshop(&engine), &recipe, &mut ()).await.unwrap();
    let lost = EngineError::Unreachable("connection reset".into());
    engine.state.borrow_mut().fill_faults.push_back(lost);
    let workshop = workshop(&engine);
    let mut nobody = ((), ());
    let (a, b) = tokio::join!(
        runtime::ensure(&workshop, &recipe, &mut nobody.0),
        runtime::ensure(&workshop, &recipe, &mut nobody.1)
    );
    assert!(a.is_err() && b.is_ok(), "{a:?} {b:?}");
    assert!(engine.complete(&recipe.volume()));
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_leaves_no_half_filled_volume() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    let full = EngineError::DiskFull("no space left on device".into());
    engine.state.borrow_mut().fill_faults.push_back(full);
    let error = runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap_err();
    assert!(error.hints().join("").contains("hal-9000 image prune"));
    assert!(error.to_string().contains(&recipe.volume()));
    assert!(engine.state.borrow().volumes.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_volume_without_its_filler_is_filled_again() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    let volume = recipe.volume();
    engine.add_volume(&volume, &RUNTIME_LABELS, 2);
    let mut told = Told::default();
    runtime::ensure(&workshop(&engine), &recipe, &mut told)
        .await
        .unwrap();
    assert!(engine.complete(&volume));
    assert!(told.0.contains(&"discarded".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_volume_that_sessions_use_only_gets_its_filler_back() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    let volume = recipe.volume();
    engine.add_volume(&volume, &RUNTIME_LABELS, 5);
    engine.add_user(&volume, "hal-9000-project-12345678");
    runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap();
    assert!(engine.complete(&volume));
    assert!(runtime::ready(&engine, &volume).await.unwrap());
    assert!(!engine.log().contains(&format!("remove volume {volume}")));
}

#[tokio::test(start_paused = true)]
async fn a_volume_of_unknown_content_in_use_is_refused_with_its_users() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    engine.add_volume(&recipe.volume(), &[], 0);
    engine.add_user(&recipe.volume(), "somebody");
    let error = runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap_err();
    assert!(matches!(error, ImageError::NotOurVolume { .. }));
    assert!(error.hints()[0].contains("somebody"));
}

#[tokio::test(start_paused = true)]
async fn a_foreign_or_dying_container_of_the_name_is_no_filler() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    let volume = recipe.volume();
    let filler = |role: &str, state: &str| crate::engine::Filler {
        labels: Labels::from([(keys::ROLE.to_owned(), role.to_owned())]),
        state: state.to_owned(),
    };
    let put = |filler| {
        engine
            .state
            .borrow_mut()
            .containers
            .insert(volume.clone(), filler)
    };
    put(filler("session", "created"));
    assert!(!runtime::ready(&engine, &volume).await.unwrap());
    let looked = runtime::look(&engine, &volume).await;
    assert!(matches!(looked, Err(ImageError::NotOurFiller { .. })));
    let error = runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap_err();
    assert!(matches!(error, ImageError::NotOurFiller { .. }));

    put(filler("runtime", "dead"));
    let looked = runtime::look(&engine, &volume).await.unwrap();
    assert_eq!(looked, Filled::Absent);
    assert!(!runtime::ready(&engine, &volume).await.unwrap());
    runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap();
    assert!(engine.complete(&volume));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_another_filler_has_an_end() {
    let engine = Fake::new();
    let recipe = runtime_recipe();
    let volume = recipe.volume();
    engine.add_volume(&volume, &RUNTIME_LABELS, 1);
    engine.add_user(&volume, &volume);
    engine.state.borrow_mut().reserved.push(volume.clone());
    let error = runtime::ensure(&workshop(&engine), &recipe, &mut ())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ImageError::StillFilling { seconds: 300.., .. }),
        "{error:?}"
    );
}
