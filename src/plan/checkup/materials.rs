//! What sessions are made from, and what is ready for them.

use super::{Engine, Filled, Finding, Materials, Parent, ParentState};
use crate::model::Settings;
use crate::pool::{State, Summary};

/// The way to have what is missing before a session needs it.
const BUILD: &str = "`hal-9000 image build` makes it now; the first session does otherwise";

pub(super) fn materials(engine: &Engine, settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &engine.materials {
        Ok(materials) => {
            findings.push(image(materials));
            findings.push(runtime(materials, settings));
        }
        Err(trouble) => findings.push(Finding::trouble("images", trouble)),
    }
    match &engine.parent {
        Ok(found) => {
            findings.push(parent(found));
            let pool = found.state.as_ref().and_then(|state| state.pool.as_ref());
            findings.extend(pool.map(self::pool));
        }
        Err(trouble) => findings.push(Finding::trouble("parent", trouble)),
    }
    findings
}

fn image(materials: &Materials) -> Finding {
    let Materials { image, .. } = materials;
    match (materials.image_here, materials.image_made) {
        (true, _) => Finding::well("images", format!("{image} is here")),
        (false, true) => Finding::warning(
            "images",
            format!("{image} is not here, or another version made it"),
            BUILD,
        ),
        (false, false) => Finding::warning(
            "images",
            format!("your own image {image} is not here: a session pulls it"),
            format!("`docker pull {image}`"),
        ),
    }
}

fn runtime(materials: &Materials, settings: &Settings) -> Finding {
    let about = "runtime";
    let volume = &materials.runtime;
    let claude = &settings.claude_version;
    let claude = format!("Claude {} ({})", claude.value, claude.origin);
    match &materials.filled {
        Filled::Whole => Finding::well(about, format!("{claude} is in the volume {volume}")),
        Filled::Absent => Finding::warning(
            about,
            format!("{claude} is not here: there is no volume {volume}"),
            BUILD,
        ),
        Filled::Partly => Finding::warning(
            about,
            format!(
                "the volume {volume} for {claude} is not full: it is being filled, or that was interrupted"
            ),
            "`hal-9000 image build` waits for it, or fills it anew; so does the next session",
        ),
        Filled::Hindered(trouble) => Finding::trouble(about, trouble),
    }
}

fn parent(parent: &Parent) -> Finding {
    let about = "parent";
    let Parent {
        name,
        state,
        stranded,
    } = parent;
    let finding = match state {
        None => Finding::well(
            about,
            "does not run: sessions start without it, and none waits (`hal-9000 daemon start`)",
        ),
        Some(state) => there(name, state),
    };
    if stranded.is_empty() {
        return finding;
    }
    let says = format!(
        "{}; these sessions have lost their network: {}",
        finding.says,
        stranded.join(", ")
    );
    let remedy = match state {
        Some(state) if state.running => "`hal-9000 daemon restart --workers` starts them again",
        _ => "`hal-9000 daemon start`, then `hal-9000 daemon restart --workers` starts them again",
    };
    let mut all = Finding::warning(about, says, remedy);
    all.remedies.extend(finding.remedies);
    all
}

fn there(name: &str, state: &ParentState) -> Finding {
    let about = "parent";
    if !state.running {
        return Finding::warning(
            about,
            format!("{name} is {}", state.state),
            "`hal-9000 daemon start` starts it; `hal-9000 daemon logs` shows why it ended",
        );
    }
    if let Err(problem) = &state.services {
        return Finding::warning(
            about,
            format!("{name} runs, and is not ready: {problem}"),
            "`hal-9000 daemon restart`; `hal-9000 daemon logs` shows why",
        );
    }
    let port = state.port.map_or(String::new(), |port| {
        format!(", ChromaDB at http://127.0.0.1:{port}")
    });
    let says = format!("{name} runs{port}");
    if state.outdated {
        let says = format!("{says}, made by another version or other settings");
        return Finding::warning(about, says, "`hal-9000 daemon restart`");
    }
    Finding::well(about, says)
}

fn pool(pool: &Summary) -> Finding {
    let about = "pool";
    if !pool.terms.on {
        return Finding::well(about, "off (`hal-9000 pool start`)");
    }
    let ready = |spare: &&crate::pool::Spare| spare.state == State::Ready;
    let ready = pool.spares.iter().filter(ready).count();
    match &pool.last_failure {
        Some(event) if ready == 0 && pool.spares.is_empty() => Finding::warning(
            about,
            format!(
                "none waits: the last for {} could not be made, {}",
                event.project, event.why
            ),
            "`hal-9000 pool status` says more, `hal-9000 daemon logs coordinator` all",
        ),
        _ => Finding::well(about, format!("{ready} ready, {} in use", pool.busy.len())),
    }
}
