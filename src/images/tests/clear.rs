//! Listing, pruning, removing.

use super::*;
use crate::engine::Images as _;

/// An engine with everything that pruning looks at, and the recipes that are current.
async fn cluttered() -> (Fake, Vec<Recipe>) {
    let engine = Fake::new();
    let recipes = vec![runtime_recipe(), profile("python")];
    for recipe in &recipes {
        ensure(&workshop(&engine), recipe, &mut ()).await.unwrap();
    }
    runtime::ensure(&workshop(&engine), &recipes[0], &mut ())
        .await
        .unwrap();
    let labels = |role: &str, version: &str| {
        let pairs = [
            (keys::ROLE, role),
            (keys::VERSION, version),
            (keys::INPUTS, "0ld"),
        ];
        pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    };
    engine.add_image(Some("hal9000/worker:0.0.1"), &labels("worker", "0.0.1"));
    engine.add_image(
        Some("hal9000/runtime:0.0.1-2.0.0"),
        &labels("runtime", "0.0.1"),
    );
    engine.add_image(Some("hal9000/theirs:x"), &labels("profile", VERSION));
    // Made from one of ours, and somebody's own.
    engine.add_image(Some("shop:1"), &labels("worker", "0.0.1"));
    engine.add_image(None, &labels("stage", ""));
    engine.add_image(Some("debian:trixie-slim"), &Labels::new());
    engine.add_volume("hal9000-runtime-0.0.1-a", &RUNTIME_LABELS, 5);
    engine.add_volume("other", &[], 5);
    engine.log();
    (engine, recipes)
}

#[tokio::test]
async fn prune_removes_what_is_ours_and_not_current() {
    let (engine, recipes) = cluttered().await;
    let report = prune(&engine, &recipes, keys::ROLE).await.unwrap();
    let mut names: Vec<_> = report.removed.iter().map(|r| r.name.as_str()).collect();
    names.retain(|name| !name.starts_with("sha256:"));
    let expected = [
        "hal9000-runtime-0.0.1-a",
        "hal9000/runtime:0.0.1-2.0.0",
        "hal9000/worker:0.0.1",
    ];
    assert_eq!(names, expected);
    assert_eq!(report.bytes(), 77 + 3 * 100);
    assert!(report.kept.is_empty());
    assert!(runtime::ready(&engine, &recipes[0].volume()).await.unwrap());

    let again = prune(&engine, &recipes, keys::ROLE).await.unwrap();
    assert_eq!(again, PruneReport::default());
}

#[tokio::test]
async fn prune_keeps_what_is_in_use_and_says_why() {
    let (engine, recipes) = cluttered().await;
    engine.add_user("hal9000-runtime-0.0.1-a", "session-of-b");
    engine
        .state
        .borrow_mut()
        .busy
        .push("hal9000/worker:0.0.1".to_owned());
    let report = prune(&engine, &recipes, keys::ROLE).await.unwrap();
    let kept: Vec<_> = report.kept.iter().map(|k| k.name.as_str()).collect();
    assert_eq!(kept, ["hal9000-runtime-0.0.1-a", "hal9000/worker:0.0.1"]);
    assert!(report.kept[0].reason.contains("session-of-b"));
}

#[tokio::test]
async fn prune_all_leaves_nothing_of_ours_but_what_is_in_use() {
    let (engine, recipes) = cluttered().await;
    engine.add_user(&recipes[0].volume(), "session-of-b");
    engine
        .state
        .borrow_mut()
        .busy
        .push(recipes[0].reference.clone());
    let report = prune_all(&engine, keys::ROLE).await.unwrap();
    let kept: Vec<_> = report.kept.iter().map(|k| k.name.clone()).collect();
    assert_eq!(kept, [recipes[0].volume(), recipes[0].reference.clone()]);
    let there = engine.images(keys::ROLE).await.unwrap();
    let tags: Vec<_> = there.iter().flat_map(|image| &image.tags).collect();
    assert_eq!(tags, [&recipes[0].reference, "shop:1"]);
    assert!(engine.image("debian:trixie-slim").await.unwrap().is_some());
}

#[tokio::test]
async fn removing_a_runtime_removes_its_volume_and_its_filler() {
    let (engine, recipes) = cluttered().await;
    let report = remove(&engine, &recipes[0].reference).await.unwrap();
    let names: Vec<_> = report.removed.iter().map(|r| r.name.clone()).collect();
    assert_eq!(names, [recipes[0].volume(), recipes[0].reference.clone()]);
    assert!(!runtime::ready(&engine, &recipes[0].volume()).await.unwrap());
    assert!(remove(&engine, "hal9000/nosuch:1").await.is_err());
}

#[tokio::test]
async fn the_list_says_what_is_current_missing_outdated_and_unknown() {
    let (engine, mut recipes) = cluttered().await;
    recipes.push(profile("go"));
    recipes[1].dockerfile.push('\n');
    let rows = list(&engine, &recipes).await.unwrap();
    let state = |name: &str| {
        rows.iter()
            .find(|row| row.reference == name)
            .map(|row| row.state)
    };
    assert_eq!(state(&recipes[0].reference), Some(State::Current));
    assert_eq!(state("hal9000/claude:2.1.330"), Some(State::Current));
    assert_eq!(state(&recipes[1].reference), Some(State::Outdated));
    assert_eq!(state(&recipes[2].reference), Some(State::Missing));
    assert_eq!(state("hal9000/worker:0.0.1"), Some(State::Outdated));
    assert_eq!(state("hal9000/theirs:x"), Some(State::Unknown));
    assert_eq!(state("debian:trixie-slim"), None);
    assert_eq!(state("shop:1"), None);
    assert!(rows.iter().any(|row| row.state == State::Leftover));
}
