//! Pulling: what a registry has is taken where it is what would be built, and else built.

use super::*;
use std::collections::HashMap;

/// A workshop with a registry that has these images, by their names there, with these labels.
fn pulling<'a>(engine: &'a Fake, there: &'a HashMap<String, Labels>) -> Workshop<'a, Fake> {
    let fetch = move |image: &str| match there.get(image) {
        Some(labels) => {
            engine.add_image(Some(image), labels);
            Ok(())
        }
        None => Err("manifest unknown".to_owned()),
    };
    Workshop {
        source: Some(Source {
            registry: "ghcr.io/acme".parse().unwrap(),
            fetch: Box::new(fetch),
        }),
        ..workshop(engine)
    }
}

fn there(recipe: &Recipe) -> String {
    recipe
        .reference
        .replace("hal9000/", "ghcr.io/acme/hal9000-")
}

#[tokio::test]
async fn what_the_registry_has_is_not_built() {
    let engine = Fake::new();
    let python = profile("python");
    let image = there(&python);
    let has = HashMap::from([(image.clone(), python.labels())]);
    let mut told = Told::default();
    let workshop = pulling(&engine, &has);
    let outcome = ensure(&workshop, &python, &mut told).await.unwrap();
    assert_eq!(outcome, Outcome::Pulled);
    // Its parent is no matter, and the registry's name for it is gone.
    let here = &python.reference;
    let id = current(&engine, &python).await.unwrap().unwrap();
    let done = [format!("tag {id} {here}"), format!("remove image {image}")];
    assert_eq!(engine.log(), done);
    let said = [format!("pulling {image}"), format!("pulled {here}")];
    assert_eq!(told.0, said);

    // And then there is nothing to do.
    let outcome = ensure(&workshop, &python, &mut ()).await.unwrap();
    assert_eq!((outcome, engine.log().len()), (Outcome::Present, 0));
}

#[tokio::test]
async fn what_it_has_not_is_built_from_what_it_has() {
    let engine = Fake::new();
    let python = profile("python");
    let worker = recipe::worker();
    let has = HashMap::from([(there(&worker), worker.labels())]);
    let mut told = Told::default();
    let outcome = ensure(&pulling(&engine, &has), &python, &mut told).await;
    assert_eq!(outcome.unwrap(), Outcome::Built);
    let built: Vec<String> = engine
        .log()
        .into_iter()
        .filter(|it| it.starts_with("build"))
        .collect();
    assert_eq!(built, [format!("build {}", python.reference)]);
    let refused = format!("cannot pull the image `{}`", there(&python));
    assert!(told.0.contains(&refused), "{:?}", told.0);
}

#[tokio::test]
async fn something_else_of_that_name_is_not_taken() {
    let engine = Fake::new();
    let worker = recipe::worker();
    let mut other = worker.labels();
    other.insert(keys::INPUTS.to_owned(), "0".repeat(64));
    for labels in [other, Labels::new()] {
        let has = HashMap::from([(there(&worker), labels)]);
        let workshop = pulling(&engine, &has);
        let error = pull(&workshop, &worker, &mut ()).await.unwrap_err();
        assert!(matches!(error, ImageError::Other { .. }), "{error:?}");
        assert_eq!(engine.log(), [format!("remove image {}", there(&worker))]);
        assert!(engine.state.borrow().images.is_empty());
    }
}

#[tokio::test]
async fn without_a_registry_nothing_is_pulled() {
    let engine = Fake::new();
    let worker = recipe::worker();
    assert!(!pull(&workshop(&engine), &worker, &mut ()).await.unwrap());
}
