//! What can go wrong with images, and the way out of each.

use crate::engine::EngineError;
use crate::recipe::BASE_IMAGE;
use std::io;

/// Why an image or a runtime volume could not be had, listed or removed.
///
/// The text names the object; [`ImageError::causes`] says why, [`ImageError::hints`] what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The build failed.
    #[error("cannot build the image `{image}`")]
    Build {
        /// The image's reference.
        image: String,
        /// The instruction of the Dockerfile that failed.
        step: Option<String>,
        /// The end of its output.
        output: Vec<String>,
        /// What the engine said.
        source: EngineError,
    },
    /// The image contains programs of another architecture than the engine's.
    #[error("cannot build the image `{image}` on an engine of architecture `{engine}`")]
    Architecture {
        /// The image's reference.
        image: String,
        /// The architecture that it is for.
        wanted: &'static str,
        /// The engine's.
        engine: String,
    },
    /// This executable, which is part of the image, could not be read.
    #[error("cannot build the image `{image}`")]
    Executable {
        /// The image's reference.
        image: String,
        /// Why not.
        source: io::Error,
    },
    /// Another process fills the volume, and did not end in time.
    #[error("the runtime volume `{volume}` is not complete after {seconds} s")]
    StillFilling {
        /// The volume.
        volume: String,
        /// How long this process waited.
        seconds: u64,
    },
    /// The container's name is that of a filler, and the container is none.
    #[error("cannot fill the runtime volume `{name}`")]
    NotOurFiller {
        /// The name of the container, and of the volume.
        name: String,
    },
    /// The volume is in use, and was not made by a filler: nobody knows what is in it.
    #[error("cannot fill the runtime volume `{volume}`")]
    NotOurVolume {
        /// The volume.
        volume: String,
        /// The containers that use it.
        users: Vec<String>,
    },
    /// The registry was asked for the newest release of Claude, and named none.
    #[error("cannot tell which release of Claude is the newest")]
    NoNewest {
        /// What it said.
        heard: String,
    },
    /// The registry does not give the image.
    #[error("cannot pull the image `{image}`")]
    NotThere {
        /// What the registry calls it.
        image: String,
        /// Why not.
        why: String,
    },
    /// The registry has something else under the image's name.
    #[error("the image `{image}` is not what this hal-9000 would build")]
    Other {
        /// What the registry calls it.
        image: String,
        /// What it was to be.
        here: String,
    },
    /// The engine failed a request.
    #[error("cannot {action} `{object}`")]
    Engine {
        /// What was tried.
        action: &'static str,
        /// On what.
        object: String,
        /// What the engine said.
        source: EngineError,
    },
}

impl ImageError {
    /// For `map_err`: the engine failed to `action` this object.
    pub(super) fn engine(action: &'static str, object: &str) -> impl FnOnce(EngineError) -> Self {
        let object = object.to_owned();
        move |source| Self::Engine {
            action,
            object,
            source,
        }
    }

    /// Why, one line each, the most telling last.
    pub fn causes(&self) -> Vec<String> {
        match self {
            Self::Build {
                step,
                output,
                source,
                ..
            } => {
                let step = step.iter().map(|step| format!("in the step `{step}`"));
                step.chain(output.iter().cloned())
                    .chain([source.to_string()])
                    .collect()
            }
            Self::Architecture { wanted, .. } => {
                vec![format!(
                    "this hal-9000, which goes into it, is for `{wanted}`"
                )]
            }
            Self::Executable { source, .. } => {
                vec![format!(
                    "this executable, which goes into it, cannot be read: {source}"
                )]
            }
            Self::StillFilling { volume, .. } => vec![format!(
                "another process is creating the container `{volume}`, which fills it"
            )],
            Self::NotOurFiller { name } => vec![format!(
                "a container that is not hal-9000's has the name `{name}`"
            )],
            Self::NotOurVolume { users, .. } => vec![format!(
                "it was not filled by hal-9000, and is in use by: {}",
                users.join(", ")
            )],
            Self::NoNewest { heard } => vec![format!(
                "the registry's answer has `{heard}` where a version should be"
            )],
            Self::NotThere { why, .. } => vec![why.clone()],
            Self::Other { here, .. } => vec![format!(
                "it was not made from the files and certificates that `{here}` is made from here"
            )],
            Self::Engine { source, .. } => vec![source.to_string()],
        }
    }

    /// What to do about it.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Build {
                step,
                output,
                source,
                ..
            } => build_hints(step.as_deref(), output, source),
            Self::Engine { source, .. } => engine_hints(source),
            Self::Architecture { engine, .. } => {
                vec![format!("install the hal-9000 that is built for `{engine}`")]
            }
            Self::NoNewest { .. } => {
                vec!["`hal-9000 claude-version use VERSION` uses one that you name".to_owned()]
            }
            Self::NotThere { .. } => vec![
                "`docker login` where the registry asks who you are".to_owned(),
                "`hal-9000 image build` builds it here".to_owned(),
            ],
            Self::Other { .. } => vec![
                "push it from a machine that has the same hal-9000 and the same `ca_bundle`"
                    .to_owned(),
                "`hal-9000 image build` builds it here".to_owned(),
            ],
            Self::Executable { .. } => {
                vec![
                    "start hal-9000 again: its file may have been replaced while it ran".to_owned(),
                ]
            }
            Self::StillFilling { volume, .. } => vec![
                "start again: what is complete by then is used".to_owned(),
                format!("if nothing else runs, restart the engine and `docker volume rm {volume}`"),
            ],
            Self::NotOurFiller { name } => vec![format!("rename or remove it: `docker rm {name}`")],
            Self::NotOurVolume { users, .. } => vec![format!(
                "remove these containers, then start again: `docker rm -f {}`",
                users.join(" ")
            )],
        }
    }
}

fn build_hints(step: Option<&str>, output: &[String], source: &EngineError) -> Vec<String> {
    let certificate = |line: &String| {
        let line = line.to_lowercase();
        line.contains("certificate") || line.contains("x509")
    };
    match source {
        EngineError::NoBase(_) if step.is_some_and(|step| step.contains(BASE_IMAGE)) => {
            vec![format!(
                "make `{BASE_IMAGE}` here, from Debian's packages: `scripts/base-image`"
            )]
        }
        EngineError::NoBase(_) => {
            vec!["check the image's name, and that `docker pull` can reach it".to_owned()]
        }
        EngineError::Untrusted(_) => vec![ca_bundle()],
        EngineError::Refused(_) if output.iter().any(certificate) => vec![ca_bundle()],
        EngineError::Refused(why) if output.iter().any(|line| nameless(line)) || nameless(why) => {
            vec![
                "containers of this engine find no other machine: check that the engine is online, and its `dns`"
                    .to_owned(),
                "where only a proxy leads out, name it: `http_proxy`, `https_proxy`".to_owned(),
            ]
        }
        EngineError::Refused(_) => {
            vec!["`--verbose` shows all that the build says; what is done of it is kept".to_owned()]
        }
        other => engine_hints(other),
    }
}

/// Whether a program says here that it cannot find a machine by its name: apt, curl, the engine.
fn nameless(line: &str) -> bool {
    let words = [
        "Temporary failure resolving",
        "Could not resolve",
        "no such host",
    ];
    words.iter().any(|word| line.contains(word))
}

fn ca_bundle() -> String {
    "the download goes through a proxy with its own certificates: name the PEM file with them as `ca_bundle` in the configuration".to_owned()
}

fn engine_hints(source: &EngineError) -> Vec<String> {
    let hint = match source {
        EngineError::Conflict(_) => "remove the containers that use it, or leave it",
        source => source
            .way_out()
            .unwrap_or("these are the engine's words; `hal-9000 doctor` looks at the engine"),
    };
    vec![hint.to_owned()]
}
