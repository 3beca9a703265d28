//! The newest release of Claude, as the registry tells it: asked by the engine, which is the one
//! that downloads it, in a build that makes nothing else.

use super::ensure::rebuild;
use super::{Event, ImageError, Observer, Workshop};
use crate::engine::{BuildEvent, Images};
use crate::recipe::{ClaudeVersion, NEWEST, Recipe};

/// Ask.
pub async fn newest_claude<E: Images>(
    workshop: &Workshop<'_, E>,
    recipe: &Recipe,
    observer: &mut dyn Observer,
) -> Result<ClaudeVersion, ImageError> {
    let mut listener = Listener {
        observer,
        heard: None,
    };
    // Without the cache: what was said once is not what is asked.
    rebuild(workshop, recipe, &mut listener).await?;
    let heard = listener.heard.unwrap_or_default();
    // Nobody starts from it; what cannot be removed is listed and pruned as an image.
    let _ = workshop.engine.remove_image(&recipe.reference).await;
    heard.parse().map_err(|_| ImageError::NoNewest { heard })
}

struct Listener<'a> {
    observer: &'a mut dyn Observer,
    heard: Option<String>,
}

impl Observer for Listener<'_> {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Build {
            event: BuildEvent::Output(line),
            ..
        } = &event
            && let Some(version) = line.trim().strip_prefix(NEWEST)
        {
            self.heard = Some(version.trim().to_owned());
        }
        self.observer.event(event);
    }
}
