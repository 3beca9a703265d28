//! The images that a session needs.

use super::args::PullWhen;
use super::context;
use super::recipes::runtime;
use crate::engine::{Docker, Images};
use crate::host::{self, Dirs, Env};
use crate::images::{self, ImageError, Source, State, Workshop};
use crate::model::{Origin, Registry, Setting, Settings};
use crate::plan;
use crate::recipe::{self, BASE, Content, ContextFile, ProfileName, Recipe};
use crate::ui::{Kind, Progress, Report, Ui};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::path::Path;

/// What one session is made from.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The session's image.
    pub(super) image: plan::Image,
    /// How it is made; `None` for the user's own image.
    recipe: Option<Recipe>,
    /// What fills the runtime volume.
    runtime: Recipe,
    /// Where both are looked for before they are built.
    registry: Option<Setting<Registry>>,
}

/// The image and the runtime of a session in a project whose root has these names.
pub(super) fn of_session(
    settings: &Settings,
    names: &[String],
    env: &Env,
) -> Result<Wanted, Report> {
    let runtime = runtime(settings)?;
    if let Some(image) = &settings.image {
        return Ok(Wanted {
            image: plan::Image {
                reference: image.value.clone(),
                profile: None,
                origin: image.origin.clone(),
            },
            recipe: None,
            runtime,
            registry: settings.registry.clone(),
        });
    }
    let (name, origin) = if let Some(profile) = &settings.profile {
        (profile.value.clone(), profile.origin.clone())
    } else {
        let found = recipe::detect(names);
        let what = if found.as_str() == BASE {
            "no toolchain's files in the project".to_owned()
        } else {
            format!("the project's files ask for {found}")
        };
        (found.as_str().to_owned(), Origin::Found(what))
    };
    let recipe = profile(&name, env)?;
    Ok(Wanted {
        image: plan::Image {
            reference: recipe.reference.clone(),
            profile: Some(name),
            origin,
        },
        recipe: Some(recipe),
        runtime,
        registry: settings.registry.clone(),
    })
}

impl Wanted {
    /// The volume with Claude, docker and hal-9000.
    pub(super) fn runtime_volume(&self) -> String {
        self.runtime.volume()
    }

    /// Whether hal-9000 makes the image, and not the user.
    pub(super) fn is_made(&self) -> bool {
        self.recipe.is_some()
    }

    /// The image's id, where it is there as it would be made now.
    pub(super) async fn image_id(&self, engine: &Docker) -> Result<Option<String>, Report> {
        if let Some(recipe) = &self.recipe {
            return Ok(images::current(engine, recipe).await?);
        }
        let image = engine.image(&self.image.reference).await?;
        Ok(image.map(|image| image.id))
    }

    /// The image's id, where everything is there as it would be made now: two looks at the engine.
    pub(super) async fn ready(&self, engine: &Docker) -> Result<Option<String>, Report> {
        let volume = self.runtime_volume();
        let runtime = images::runtime::ready(engine, &volume);
        let (image, runtime) = tokio::join!(self.image_id(engine), runtime);
        let runtime = runtime?;
        Ok(image?.filter(|_| runtime))
    }

    /// Make what is missing.
    pub(super) async fn prepare(
        &self,
        connection: &context::Connection,
        pull: PullWhen,
        env: &Env,
        ui: Ui,
    ) -> Result<(), Report> {
        let engine = &connection.engine;
        let mut progress = Progress::new(ui);
        let registry = self.registry.as_ref().filter(|_| pull != PullWhen::Never);
        let workshop = workshop(connection, registry, env, ui);
        match &self.recipe {
            Some(recipe) => {
                images::ensure(&workshop, recipe, &mut progress).await?;
            }
            None if engine.image(&self.image.reference).await?.is_none() => {
                if pull == PullWhen::Never {
                    let reference = &self.image.reference;
                    let message = format!("the image `{reference}` is not here");
                    return Err(Report::new(Kind::Failed, message)
                        .cause("`--pull never`")
                        .hint(format!("`docker pull {reference}`, or leave `--pull` out")));
                }
                self.pull(connection, &host::find_docker(env)?, ui)?;
            }
            None => {}
        }
        images::runtime::ensure(&workshop, &self.runtime, &mut progress).await?;
        drop(progress);
        let known: Vec<Recipe> = self.recipe.iter().chain([&self.runtime]).cloned().collect();
        let all = images::list(engine, &known).await?;
        if all
            .iter()
            .any(|image| matches!(image.state, State::Outdated | State::Leftover))
        {
            ui.say(
                "older images are still there: `hal-9000 image prune` removes what nothing uses",
            );
        }
        Ok(())
    }

    /// Pull the user's own image with the docker client, which has the user's logins.
    pub(super) fn pull(
        &self,
        connection: &context::Connection,
        program: &Path,
        ui: Ui,
    ) -> Result<(), Report> {
        if self.recipe.is_some() {
            return Ok(());
        }
        let reference = &self.image.reference;
        ui.say(&format!("pulling {reference}"));
        fetch(connection, program, reference, ui).map_err(|why| {
            Report::new(Kind::Failed, format!("cannot get the image `{reference}`"))
                .cause(why)
                .hint("`docker images` lists what is here; `--profile` uses an image of hal-9000's")
        })
    }
}

/// The recipe of a profile: the user's own before a built-in one.
pub(super) fn profile(name: &str, env: &Env) -> Result<Recipe, Report> {
    let dirs = Dirs::of(env);
    let parsed: ProfileName = name.parse().map_err(|error| unknown(&error, name, &dirs))?;
    let own = host::user_profile(&dirs, name).map_err(|error| Report::unreadable(&error))?;
    if let Some(own) = own {
        let files = own.files.into_iter().map(|file| ContextFile {
            name: file.name,
            mode: file.mode,
            content: Content::Bytes(Bytes::from(file.bytes)),
        });
        return Ok(recipe::user_profile(
            &parsed,
            &own.dockerfile,
            files.collect(),
        )?);
    }
    let missing = format!("no profile `{name}`");
    recipe::builtin(&parsed).ok_or_else(|| unknown(&missing, name, &dirs))
}

/// The names of all profiles: those that come with hal-9000, and the user's own.
pub(super) fn profile_names(dirs: &Dirs) -> Vec<String> {
    let builtin = recipe::builtin_profiles();
    let mut names: Vec<String> = builtin.iter().map(ToString::to_string).collect();
    let own = host::user_profiles(dirs);
    names.extend(
        own.into_iter()
            .filter(|own| builtin.iter().all(|it| it.as_str() != own)),
    );
    names
}

fn unknown(problem: &dyn std::fmt::Display, name: &str, dirs: &Dirs) -> Report {
    let names = profile_names(dirs);
    let own = dirs.config.join("profiles/NAME/Dockerfile");
    Report::new(Kind::Usage, problem.to_string())
        .similar(name, &names)
        .there_are(&names)
        .hint(format!("one of your own is a file `{}`", own.display()))
}

/// The variables that name proxies (curl's names, in either case).
pub(super) fn proxies(env: &Env) -> BTreeMap<String, String> {
    let names = [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "FTP_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
    ];
    let proxy = |name: &str| names.contains(&&*name.to_ascii_uppercase());
    let all = env.variables.iter().filter(|(name, _)| proxy(name));
    all.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// What images are made with, and where they are looked for before.
pub(super) fn workshop<'a>(
    connection: &'a context::Connection,
    registry: Option<&Setting<Registry>>,
    env: &'a Env,
    ui: Ui,
) -> Workshop<'a, Docker> {
    let source = registry.map(|registry| Source {
        registry: registry.value.clone(),
        fetch: Box::new(move |image: &str| {
            let program = host::find_docker(env).map_err(|error| error.to_string())?;
            fetch(connection, &program, image, ui)
        }),
    });
    Workshop {
        engine: &connection.engine,
        executable: &|| host::read_own_executable().map(Bytes::from),
        proxies: proxies(env),
        source,
    }
}

/// Pull with the docker client, which has the user's logins; else says why not.
fn fetch(
    connection: &context::Connection,
    program: &Path,
    image: &str,
    ui: Ui,
) -> Result<(), String> {
    let mut words = connection.client_options.clone();
    words.extend(["pull".to_owned(), "--".to_owned(), image.to_owned()]);
    match host::run(program, &words, !ui.quiet) {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("docker's words are above".to_owned()),
        Err(error) => Err(format!("cannot run {}: {error}", program.display())),
    }
}

impl From<ImageError> for Report {
    fn from(error: ImageError) -> Self {
        Self {
            kind: Kind::Failed,
            message: error.to_string(),
            causes: error.causes(),
            hints: error.hints(),
        }
    }
}
