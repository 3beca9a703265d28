//! Layers of settings over one another, and the typed settings that come out.

use super::keys::{KEYS, SECRETS};
use super::{Entry, key};
use crate::model::{Invalid, Origin, Setting, Settings};
use crate::recipe::{ClaudeVersion, PINNED_CLAUDE};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// A value that its setting does not take.
    #[error("{problem} (from {origin})")]
    Value {
        /// What is wrong.
        problem: Invalid,
        /// Where it was set.
        origin: Origin,
    },
    /// A project file sets what it may not.
    #[error("`{key}` cannot be set by a project's file ({origin})")]
    NotForProjects {
        /// The setting.
        key: String,
        /// Where it was set.
        origin: Origin,
    },
    /// A project file raises a limit.
    #[error("`{key}` of a project's file can only lower the limit of `{limit}` ({origin})")]
    Raised {
        /// The setting.
        key: String,
        /// The limit in force without that file.
        limit: String,
        /// Where it was set.
        origin: Origin,
    },
}

/// The values of every layer, the last one in front.
#[derive(Debug, Clone)]
pub struct Layers {
    values: BTreeMap<String, Setting<String>>,
    home: Option<PathBuf>,
}

impl Layers {
    /// The built-in values. `home` is what `~` stands for.
    pub fn built_in(home: Option<PathBuf>) -> Self {
        let set = KEYS.iter().filter(|key| !key.built_in.is_empty());
        let values = set
            .map(|key| {
                (
                    key.name.to_owned(),
                    Setting::built_in(key.built_in.to_owned()),
                )
            })
            .collect();
        Self { values, home }
    }

    /// Lay the user's file over what is there.
    pub fn user_file(&mut self, path: &Path, entries: Vec<Entry>) {
        for entry in entries {
            let origin = Origin::UserFile(format!("{}:{}", path.display(), entry.line));
            self.set(&entry.key, entry.value, origin);
        }
    }

    /// Lay a trusted project's file over what is there: tools, and lower limits.
    pub fn project_file(&mut self, path: &Path, entries: Vec<Entry>) -> Result<(), SettingError> {
        let before = self.settings()?;
        for entry in entries {
            let origin = Origin::ProjectFile(format!("{}:{}", path.display(), entry.line));
            if !key(&entry.key).is_some_and(|key| key.project) {
                return Err(SettingError::NotForProjects {
                    key: entry.key,
                    origin,
                });
            }
            self.set(&entry.key, entry.value, origin);
        }
        let after = self.settings()?;
        lower(&after.memory, &before.memory, "limits.memory")?;
        lower(&after.cpus, &before.cpus, "limits.cpus")?;
        lower(&after.pids, &before.pids, "limits.pids")
    }

    /// Lay the variables over what is there.
    pub fn variables(&mut self, environment: &BTreeMap<String, String>) {
        for key in KEYS {
            if let Some(value) = environment
                .get(key.variable)
                .filter(|value| !value.is_empty())
            {
                let origin = Origin::Variable(key.variable.to_owned());
                self.set(key.name, value.clone(), origin);
            }
        }
    }

    /// Lay one flag over what is there.
    pub fn flag(&mut self, name: &str, value: Option<&str>) {
        let Some((value, key)) = value.zip(key(name)) else {
            return;
        };
        let origin = Origin::Flag(key.flag.unwrap_or(key.name).to_owned());
        self.set(name, value.to_owned(), origin);
    }

    /// One value, as it was written.
    pub fn value(&self, name: &str) -> Option<&Setting<String>> {
        self.values.get(name)
    }

    /// The files of secrets, by their settings' names.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &Setting<String>)> {
        let all = self.values.iter().map(|(name, file)| (name.as_str(), file));
        all.filter(|(name, _)| name.starts_with(SECRETS))
    }

    fn set(&mut self, name: &str, value: String, origin: Origin) {
        // Each says what the image is: the layer that speaks last decides.
        match name {
            "profile" => self.values.remove("image.name"),
            "image.name" => self.values.remove("profile"),
            _ => None,
        };
        self.values
            .insert(name.to_owned(), Setting { value, origin });
    }

    /// The typed settings.
    pub fn settings(&self) -> Result<Settings, SettingError> {
        let text = |name: &str| self.values.get(name).cloned();
        let path = |setting: Setting<String>| Setting {
            value: self.expand(&setting.value),
            origin: setting.origin,
        };
        let secrets = self.values.iter().filter_map(|(name, file)| {
            let name = name.strip_prefix(SECRETS)?;
            Some((name.to_owned(), path(file.clone())))
        });
        Ok(Settings {
            profile: text("profile"),
            image: text("image.name").map(image).transpose()?,
            registry: (text("image.registry").is_some())
                .then(|| self.typed("image.registry"))
                .transpose()?,
            memory: self.typed("limits.memory")?,
            cpus: self.typed("limits.cpus")?,
            pids: self.typed("limits.pids")?,
            docker: self.typed("docker.mode")?,
            docker_on_exit: self.typed("docker.on_exit")?,
            docker_builder: self.typed("docker.builder")?,
            workdir: self.typed("workdir")?,
            ca_bundle: text("ca_bundle").map(path),
            claude_version: self.claude_version()?,
            parent_port: self.typed("parent.port")?,
            detach_keys: self.typed("detach_keys")?,
            secrets: secrets.collect(),
        })
    }

    fn typed<T: FromStr<Err = Invalid>>(&self, name: &str) -> Result<Setting<T>, SettingError> {
        let missing = Setting::built_in(String::new());
        let setting = self.values.get(name).unwrap_or(&missing);
        let value = setting
            .value
            .parse()
            .map_err(|problem| SettingError::Value {
                problem,
                origin: setting.origin.clone(),
            })?;
        Ok(Setting {
            value,
            origin: setting.origin.clone(),
        })
    }

    fn claude_version(&self) -> Result<Setting<String>, SettingError> {
        let missing = Setting::built_in(PINNED_CLAUDE.to_owned());
        let setting = self
            .values
            .get("claude.version")
            .unwrap_or(&missing)
            .clone();
        match setting.value.parse::<ClaudeVersion>() {
            Ok(_) => Ok(setting),
            Err(_) => Err(SettingError::Value {
                problem: Invalid::new(
                    "Claude version",
                    setting.value,
                    format!("is not a release, as in `{PINNED_CLAUDE}`"),
                ),
                origin: setting.origin,
            }),
        }
    }

    fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(path),
        }
    }
}

/// docker's letters for a reference (distribution/reference `grammar`); it is a word of a command
/// line, so that one with a `-` in front would be a flag.
fn image(setting: Setting<String>) -> Result<Setting<String>, SettingError> {
    let letter = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    let name = &setting.value;
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if first && name.chars().all(letter) {
        return Ok(setting);
    }
    Err(SettingError::Value {
        problem: Invalid::new(
            "image",
            setting.value,
            "is not an image's name, as in `debian:trixie-slim` or `registry.example/team/image:1`",
        ),
        origin: setting.origin,
    })
}

fn lower<T: PartialOrd + std::fmt::Display>(
    after: &Setting<T>,
    before: &Setting<T>,
    key: &str,
) -> Result<(), SettingError> {
    if after.value > before.value {
        return Err(SettingError::Raised {
            key: key.to_owned(),
            limit: before.value.to_string(),
            origin: after.origin.clone(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;

    fn layers() -> Layers {
        Layers::built_in(Some(PathBuf::from("/home/ann")))
    }

    #[test]
    fn built_in_values_are_the_contracts() {
        let settings = layers().settings().unwrap();
        assert_eq!(settings.memory.value.to_string(), "4g");
        assert_eq!(settings.cpus.value.to_string(), "2");
        assert_eq!(settings.pids.value.to_string(), "100");
        assert_eq!(settings.memory.origin, Origin::BuiltIn);
    }

    #[test]
    fn later_layers_win_and_say_so() {
        let mut layers = layers();
        layers.user_file(
            Path::new("/c"),
            parse("[limits]\nmemory = \"8g\"\ncpus = 3").unwrap(),
        );
        layers
            .project_file(Path::new("/p"), parse("[limits]\ncpus = 1").unwrap())
            .unwrap();
        layers.variables(&BTreeMap::from([(
            "HAL9000_PIDS_LIMIT".to_owned(),
            "300".to_owned(),
        )]));
        layers.flag("limits.memory", Some("2g"));
        let settings = layers.settings().unwrap();
        assert_eq!(settings.memory.origin, Origin::Flag("--memory".to_owned()));
        assert_eq!(settings.memory.value.to_string(), "2g");
        assert_eq!(settings.cpus.origin, Origin::ProjectFile("/p:2".to_owned()));
        assert_eq!(
            settings.pids.origin,
            Origin::Variable("HAL9000_PIDS_LIMIT".to_owned())
        );
    }

    #[test]
    fn a_project_cannot_widen_anything() {
        for text in [
            "[limits]\nmemory = \"8g\"",
            "[limits]\npids = 101",
            "[docker]\nmode = \"host\"",
            "ca_bundle = \"/x\"",
            "[image]\nregistry = \"evil.example\"",
            "[secrets]\nA = \"/etc/shadow\"",
            "[claude]\nversion = \"0.0.1\"",
        ] {
            let result = layers().project_file(Path::new("/p"), parse(text).unwrap());
            assert!(result.is_err(), "{text}");
        }
    }

    #[test]
    fn an_image_and_a_profile_replace_each_other() {
        let mut layers = layers();
        layers.user_file(Path::new("/c"), parse("profile = \"node\"").unwrap());
        layers.flag("image.name", Some("mine:1"));
        let settings = layers.settings().unwrap();
        assert_eq!(
            (settings.profile, settings.image.map(|i| i.value)),
            (None, Some("mine:1".to_owned()))
        );
    }

    #[test]
    fn bad_values_name_their_origin() {
        let mut layers = layers();
        layers.flag("limits.memory", Some("4x"));
        let text = layers.settings().unwrap_err().to_string();
        assert!(text.contains("4x") && text.contains("--memory"), "{text}");
        let mut layers = self::layers();
        layers.user_file(
            Path::new("/c"),
            parse("[claude]\nversion = \"../1\"").unwrap(),
        );
        assert!(layers.settings().is_err());
    }

    #[test]
    fn an_image_is_no_flag() {
        for (name, good) in [
            ("debian:trixie-slim", true),
            ("localhost:5000/a/b_c@sha256:00ff", true),
            ("0123abcd", true),
            ("", false),
            ("--privileged", false),
            ("a b", false),
            ("a\nb", false),
        ] {
            let mut layers = layers();
            layers.flag("image.name", Some(name));
            assert_eq!(layers.settings().is_ok(), good, "{name}");
        }
    }

    #[test]
    fn home_is_expanded() {
        let mut layers = layers();
        layers.user_file(
            Path::new("/c"),
            parse("[secrets]\nKEY = \"~/key\"").unwrap(),
        );
        let settings = layers.settings().unwrap();
        assert_eq!(settings.secrets["KEY"].value, Path::new("/home/ann/key"));
    }
}
