//! `hal-9000 docker run`: what a container that the user describes gains, unless the description
//! says otherwise. Flags are added and none is changed, so docker reads what was typed.

use super::{Reasons, paths, place};
use crate::dockercli::{self, Flag, Given};
use crate::model::{
    Field, Identity, Instance, Mount, Origin, ProjectDir, Settings, WorkdirMode, label_keys,
    user_hash,
};

/// What was found where the command was typed.
#[derive(Debug)]
pub struct DropIn<'a> {
    /// The options that were typed.
    pub given: &'a Given,
    /// The settings in force.
    pub settings: &'a Settings,
    /// The project; none where the engine does not see it, or the directory cannot be one.
    pub project: Option<&'a ProjectDir>,
    /// Who the container's programs are; none where that is left to the image.
    pub user: Option<Identity>,
    /// The caller's name.
    pub caller: &'a str,
    /// The instance.
    pub instance: &'a Instance,
}

/// Who the programs of such a container are: the caller; for root the owner of the project, so that
/// files stay with who owns them; root of the container where the engine is rootless, since that is
/// the caller. Root in root's own project is no reason to make an image's user root.
pub fn drop_in_user(caller: Identity, owner: Identity, rootless: bool) -> Option<Identity> {
    let root = Identity { uid: 0, gid: 0 };
    if rootless {
        return Some(root);
    }
    let identity = if caller.uid == 0 { owner } else { caller };
    (identity.uid != 0).then_some(identity)
}

/// The flags, each with its reason.
pub fn drop_in(found: &DropIn<'_>) -> (Vec<Flag>, Reasons) {
    let mut gain = Gain {
        given: found.given,
        flags: Vec::new(),
        reasons: Reasons::default(),
    };
    for (key, value) in labels(found) {
        let why = "by which it can be found";
        let words = ["--label".to_owned(), format!("{key}={value}")];
        gain.add(Field::Label(key.to_owned()), words, &Origin::BuiltIn, why);
    }
    limits(found, &mut gain);
    if let Some(project) = found.project {
        workspace(project, found.settings, &mut gain);
    }
    if let Some(user) = found.user.filter(|_| !found.given.has("user")) {
        let words = ["--user".to_owned(), format!("{}:{}", user.uid, user.gid)];
        let why = "what it writes in the project is yours; `--user ''` leaves the image's own";
        let origin = Origin::Found("your user, or the project's owner".to_owned());
        gain.add(Field::User, words, &origin, why);
    }
    (gain.flags, gain.reasons)
}

struct Gain<'a> {
    given: &'a Given,
    flags: Vec<Flag>,
    reasons: Reasons,
}

impl Gain<'_> {
    fn add(&mut self, field: Field, words: impl Into<Vec<String>>, origin: &Origin, why: &str) {
        self.reasons.add(field.clone(), origin, why);
        self.flags.push(Flag {
            field,
            words: words.into(),
        });
    }
}

fn labels(found: &DropIn<'_>) -> Vec<(&'static str, String)> {
    let project = found.project.map(|project| project.as_str().to_owned());
    // Neither that of sessions nor that of all that is ours: it is the user's, and nothing of ours
    // ends it or clears it away.
    let mut labels = vec![
        (label_keys::USER, user_hash(found.caller)),
        (label_keys::INSTANCE, found.instance.label().to_owned()),
    ];
    labels.extend(project.map(|project| (label_keys::PROJECT, project)));
    labels
}

/// The limits of a session, but for those that would contradict an option that was typed: docker
/// refuses `--cpus` beside a quota, and more memory in reserve, or less with swap, than there is.
fn limits(found: &DropIn<'_>, gain: &mut Gain<'_>) {
    let settings = found.settings;
    let (memory, cpus, pids) = (&settings.memory, &settings.cpus, &settings.pids);
    let table = [
        (
            Field::Memory,
            "--memory",
            memory.value.to_string(),
            &memory.origin,
            &["memory", "memory-swap", "memory-reservation"][..],
        ),
        (
            Field::Cpus,
            "--cpus",
            cpus.value.to_string(),
            &cpus.origin,
            &[
                "cpus",
                "cpu-quota",
                "cpu-period",
                "cpu-count",
                "cpu-percent",
            ],
        ),
        (
            Field::Pids,
            "--pids-limit",
            pids.value.to_string(),
            &pids.origin,
            &["pids-limit"],
        ),
    ];
    for (field, flag, value, origin, instead) in table {
        if !instead.iter().any(|name| gain.given.has(name)) {
            let why = "it cannot starve the machine";
            gain.add(field, [flag.to_owned(), value], origin, why);
        }
    }
}

fn workspace(project: &ProjectDir, settings: &Settings, gain: &mut Gain<'_>) {
    let path = project.as_str();
    let own = settings.workdir.value == WorkdirMode::Host
        && place::host_path_usable(path, &[paths::WORKSPACE])
        && !gain.given.mounts_above(path);
    let found = Origin::Found(format!("project directory {path}"));
    let own_path = own.then_some((path, "the project at its own path"));
    for (target, why) in [(paths::WORKSPACE, "the project")]
        .into_iter()
        .chain(own_path)
    {
        if !gain.given.mounts_at(target) {
            let words = dockercli::mount_words(&Mount::bind(path, target));
            gain.add(Field::Mount(target.to_owned()), words, &found, why);
        }
    }
    if !gain.given.has("workdir") {
        let directory = if own { path } else { paths::WORKSPACE };
        let words = ["--workdir".to_owned(), directory.to_owned()];
        let why = "in the project; `--workdir ''` leaves the image's own";
        gain.add(Field::Workdir, words, &settings.workdir.origin, why);
    }
}

#[cfg(test)]
#[path = "drop_in_tests.rs"]
mod tests;
