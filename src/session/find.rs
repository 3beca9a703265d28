//! Sessions, found by their labels.

use crate::engine::{Containers, EngineError, Listed, Which};
use crate::model::{Instance, Labels, ProjectDir, is_spare, label_keys, owned_sessions, user_hash};
use crate::plan::Existing;
use serde::Serialize;

/// Whose sessions: one user's, in one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    user: String,
    instance: String,
}

impl Owner {
    /// The sessions of this user in this instance.
    pub fn new(user_name: &str, instance: &Instance) -> Self {
        Self {
            user: user_hash(user_name),
            instance: instance.label().to_owned(),
        }
    }

    fn labels(&self) -> Labels {
        owned_sessions(&self.user, &self.instance)
    }

    fn owns(&self, container: &Listed) -> bool {
        self.labels()
            .iter()
            .all(|(key, value)| container.labels.get(key) == Some(value))
    }
}

/// A session, as `sessions` shows it; its fields are the JSON's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Its name.
    pub name: String,
    /// The project's path on the host.
    pub project: String,
    /// Whether it runs.
    pub running: bool,
    /// The engine's words for its state.
    pub status: String,
    /// `claude`, `shell` or `command`.
    pub command: String,
    /// The toolchain profile; empty for an image of the user's own.
    pub profile: String,
    /// The image.
    pub image: String,
    /// When it was started, in seconds since 1970.
    pub created: i64,
    /// The container's id.
    pub id: String,
    /// Its `HAL9000_SESSION`.
    pub inside: String,
}

/// Why there is no one session to work on.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// None has this name.
    #[error("no session `{name}`")]
    NoSuch {
        /// What was asked for.
        name: String,
        /// The names there are.
        names: Vec<String>,
    },
}

/// All sessions of an owner, the newest first.
pub async fn list(engine: &impl Containers, owner: &Owner) -> Result<Vec<Session>, EngineError> {
    let found = engine.containers(&Which::Labelled(owner.labels())).await?;
    let sessions = found.into_iter().filter(|c| !is_spare(&c.labels, &c.name));
    let mut sessions: Vec<Session> = sessions.map(session).collect();
    sessions.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| a.name.cmp(&b.name)));
    Ok(sessions)
}

/// The session of this name, or of this `HAL9000_SESSION`, which is another one in a session that
/// came from the pool; or the only one whose name without `hal-9000-`, or whose project, is that.
pub async fn find(
    engine: &impl Containers,
    owner: &Owner,
    name: &str,
) -> Result<Session, FindError> {
    let sessions = list(engine, owner).await?;
    let exact = |session: &&Session| session.name == name || session.inside == name;
    let loose = |session: &&Session| {
        session.name.strip_prefix("hal-9000-") == Some(name) || session.project == name
    };
    let mut alike = sessions.iter().filter(loose);
    let only = match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    match sessions.iter().find(exact).or(only) {
        Some(session) => Ok(session.clone()),
        None => Err(FindError::NoSuch {
            name: name.to_owned(),
            names: sessions.into_iter().map(|session| session.name).collect(),
        }),
    }
}

/// What matters for a start in `project`: its sessions, and containers of a name like theirs.
pub async fn existing(
    engine: &impl Containers,
    owner: &Owner,
    project: &ProjectDir,
    base: &str,
) -> Result<Vec<Existing>, EngineError> {
    let mut labels = owner.labels();
    labels.insert(label_keys::PROJECT.to_owned(), project.as_str().to_owned());
    let labelled = Which::Labelled(labels);
    let named = Which::Named(base.to_owned());
    let (sessions, named) = tokio::join!(engine.containers(&labelled), engine.containers(&named));
    let (mut sessions, named) = (sessions?, named?);
    let new = named
        .into_iter()
        .filter(|c| sessions.iter().all(|s| s.id != c.id));
    let new: Vec<Listed> = new.collect();
    sessions.extend(new);
    let same = |container: &Listed| {
        container
            .labels
            .get(label_keys::PROJECT)
            .map(String::as_str)
            == Some(project.as_str())
    };
    sessions.retain(|container| !is_spare(&container.labels, &container.name));
    let kind = |container: &Listed| container.labels.get(label_keys::COMMAND).cloned();
    Ok(sessions
        .into_iter()
        .map(|container| Existing {
            ours: owner.owns(&container) && same(&container),
            running: container.running,
            command: kind(&container).unwrap_or_default(),
            name: container.name,
        })
        .collect())
}

fn session(container: Listed) -> Session {
    let label = |key: &str| container.labels.get(key).cloned().unwrap_or_default();
    let inside = container.labels.get(label_keys::SPARE);
    Session {
        inside: inside.unwrap_or(&container.name).clone(),
        project: label(label_keys::PROJECT),
        command: label(label_keys::COMMAND),
        profile: label(label_keys::PROFILE),
        name: container.name,
        running: container.running,
        status: container.status,
        image: container.image,
        created: container.created,
        id: container.id,
    }
}
