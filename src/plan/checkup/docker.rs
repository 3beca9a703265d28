//! The engine, the docker that a session gets of it, and what a guard leaves.

use super::Finding;
use crate::model::{DockerMode, EngineKind, Machine, Setting};

/// The API from which the engine mounts a path beneath a volume by itself, without following links.
const SUBPATHS: u16 = 45;

/// The releases of runc in which mounts cannot be led astray while they are made (CVE-2025-31133,
/// -52565, -52881).
const MENDED: [(u32, u32, u32); 2] = [(1, 2, 8), (1, 3, 3)];

/// What is to be said of the engine, and of the docker that a session gets.
pub(super) fn docker(machine: &Machine, docker: &Setting<DockerMode>) -> Vec<Finding> {
    let engine = described(machine);
    let engine = match machine.kind {
        EngineKind::Docker if machine.root.starts_with(OF_A_SNAP) => Finding::warning(
            "engine",
            format!(
                "{engine}, from a snap: it sees nothing outside /home, and no hidden directory there"
            ),
            "take your distribution's instead: `sudo snap remove docker && sudo apt-get install docker.io`",
        ),
        EngineKind::Docker => Finding::well("engine", engine),
        EngineKind::Podman { .. } => Finding::warning(
            "engine",
            format!(
                "{engine}: sessions, the parent and the pool work; a guarded docker and BuildKit do not"
            ),
            "docs/ENGINES.md has the table; Docker has all of it",
        ),
    };
    let mut findings = vec![engine, level(machine, docker)];
    if machine.has("selinux") {
        findings.push(Finding::warning(
            "SELinux",
            "the engine keeps containers from files without their label, and hal-9000 labels none: a session may not read its project",
            "`sudo chcon -Rt container_file_t .` labels this project's (`ls -Z` shows what they have)",
        ));
    }
    let guarded = docker.value == DockerMode::Guard && machine.kind.can_be_guarded();
    if guarded && !machine.virtual_machine {
        findings.extend(beneath_the_guard(machine));
    }
    findings
}

/// Version, API, where it runs, how it stores and how it limits.
fn described(machine: &Machine) -> String {
    let Machine {
        version,
        api,
        storage,
        system,
        cgroup,
        ..
    } = machine;
    let mut text = format!("{version}, API 1.{api}");
    if !system.is_empty() {
        text.push_str(&format!(", {system}"));
    }
    text.push_str(&format!(", storage {storage}"));
    if !cgroup.version.is_empty() {
        text.push_str(&format!(", cgroup {} ({})", cgroup.version, cgroup.driver));
    }
    for (option, words) in [("rootless", ", rootless"), ("userns", ", user namespaces")] {
        if machine.has(option) {
            text.push_str(words);
        }
    }
    text
}

/// Where the engine of Ubuntu's snap keeps its files.
const OF_A_SNAP: &str = "/var/snap/";

/// The ways out where there can be no guard.
const WITHOUT_A_GUARD: &str =
    "`--docker=none` goes without docker; `--docker=host` hands the engine's own socket over";

fn level(machine: &Machine, docker: &Setting<DockerMode>) -> Finding {
    let origin = &docker.origin;
    match docker.value {
        DockerMode::Guard if !machine.kind.can_be_guarded() => Finding::failure(
            "docker inside",
            format!(
                "guard ({origin}), which is not shown to hold on {}",
                machine.kind.name()
            ),
            WITHOUT_A_GUARD,
        ),
        DockerMode::Guard if machine.virtual_machine => Finding::failure(
            "docker inside",
            format!(
                "guard ({origin}), which an engine in a virtual machine cannot have: no socket of this machine can be had in its containers"
            ),
            WITHOUT_A_GUARD,
        ),
        DockerMode::Guard if machine.is_desktop() => Finding::warning(
            "docker inside",
            format!("guarded ({origin}), which was not tried with Docker Desktop"),
            "`hal-9000 shell docker version` tries it; `--docker=none` goes without docker",
        ),
        DockerMode::Guard => Finding::well(
            "docker inside",
            format!(
                "guarded ({origin}): the known ways of docker's API to this machine are refused"
            ),
        ),
        DockerMode::Host => Finding::warning(
            "docker inside",
            format!("the engine's own socket ({origin}): whoever uses it is root on this machine"),
            if machine.kind.can_be_guarded() {
                "`--docker=guard`, or `docker.mode = \"guard\"` in your configuration"
            } else {
                "`--docker=none`, or `docker.mode = \"none\"` in your configuration"
            },
        ),
        DockerMode::None => Finding::well("docker inside", format!("none ({origin})")),
    }
}

/// What a guard does not keep a session from (docs/SECURITY.md).
fn beneath_the_guard(machine: &Machine) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.push(if machine.api >= SUBPATHS {
        Finding::well(
            "project mounts",
            "directories and files of the project can be mounted, and no link leads out of it",
        )
    } else {
        Finding::well(
            "project mounts",
            "directories and files of the project can be mounted, and no link leads out of it; files only from the file system of the state directory, which Docker 26 would not need",
        )
    });
    if let Some(runc) = machine.runc.as_deref().filter(|runc| !mended(runc)) {
        findings.push(Finding::warning(
            "runc",
            format!("{runc} has holes that no guard closes (CVE-2025-31133, -52565, -52881), unless your distribution has mended them"),
            "update docker and runc (Debian: `sudo apt-get install --only-upgrade runc`; Docker's own packages: `containerd.io`)",
        ));
    }
    let own_root = !machine.has("userns") && !machine.has("rootless");
    let files = "files in the project that you run later";
    findings.push(Finding::well(
        "what remains",
        if own_root {
            format!("the kernel, the network, images in common, {files}, and root's files among them: docs/SECURITY.md")
        } else {
            format!("the kernel, the network, images in common, {files}: docs/SECURITY.md")
        },
    ));
    findings
}

/// Whether this release, or a later one of its line, is mended; what cannot be read is not named.
fn mended(version: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    let numbers = version.trim_start_matches('v').split(|c| !plain(c)).next();
    let numbers: Vec<u32> = numbers
        .unwrap_or_default()
        .split('.')
        .filter_map(|number| number.parse().ok())
        .collect();
    let [major, minor, patch] = numbers[..] else {
        return true;
    };
    let line = MENDED
        .iter()
        .find(|mended| (mended.0, mended.1) == (major, minor));
    match line {
        Some(mended) => patch >= mended.2,
        None => MENDED
            .iter()
            .all(|mended| (major, minor) > (mended.0, mended.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Health;
    use super::*;

    fn found(machine: &Machine, mode: DockerMode) -> Vec<(&'static str, Health)> {
        let findings = docker(machine, &Setting::built_in(mode));
        findings.iter().map(|it| (it.about, it.health)).collect()
    }

    #[test]
    fn each_level_is_named_with_what_it_leaves() {
        let old = Machine {
            api: 41,
            runc: Some("1.1.5+ds1".to_owned()),
            ..Machine::default()
        };
        let level = |mode| found(&old, mode)[1];
        assert_eq!(level(DockerMode::Guard), ("docker inside", Health::Well));
        assert_eq!(level(DockerMode::Host), ("docker inside", Health::Warning));
        assert_eq!(level(DockerMode::None), ("docker inside", Health::Well));
        assert!(found(&old, DockerMode::Guard).contains(&("runc", Health::Warning)));
        assert_eq!(found(&old, DockerMode::Host).len(), 2);
        let far = Machine {
            virtual_machine: true,
            ..old
        };
        let findings = docker(&far, &Setting::built_in(DockerMode::Guard));
        assert_eq!(findings[1].health, Health::Failure);
        assert!(
            findings[1]
                .remedies
                .iter()
                .any(|it| it.contains("--docker=none"))
        );
    }

    #[test]
    fn podman_is_named_with_what_it_does_not_do() {
        let podman = Machine {
            kind: EngineKind::Podman { major: 5 },
            version: "Podman 5.4.2".to_owned(),
            ..Machine::default()
        };
        for (mode, health) in [
            (DockerMode::Guard, Health::Failure),
            (DockerMode::Host, Health::Warning),
            (DockerMode::None, Health::Well),
        ] {
            let findings = docker(&podman, &Setting::built_in(mode));
            assert_eq!(findings[0].health, Health::Warning);
            assert!(
                findings[0].says.contains("Podman 5.4.2") && findings[0].says.contains("guard")
            );
            assert_eq!((findings[1].health, findings.len()), (health, 2));
        }
    }

    #[test]
    fn a_release_of_runc_is_mended_from_its_line_on() {
        for (version, good) in [
            ("1.1.15", false),
            ("1.2.7", false),
            ("1.2.8", true),
            ("1.3.0+ds1", false),
            ("v1.3.3", true),
            ("1.4.0-rc.1", true),
            ("2.0.0", true),
            ("unknown", true),
            ("", true),
        ] {
            assert_eq!(mended(version), good, "{version}");
        }
    }

    #[test]
    fn an_engine_that_isolates_users_is_told_from_one_that_does_not() {
        let with = |option: &str| Machine {
            security: vec!["name=seccomp,profile=default".to_owned(), option.to_owned()],
            ..Machine::default()
        };
        let says = |machine: &Machine| {
            let findings = docker(machine, &Setting::built_in(DockerMode::Guard));
            let all = findings.into_iter().map(|it| it.says);
            all.collect::<Vec<_>>().join("\n")
        };
        let userns = says(&with("name=userns"));
        assert!(userns.contains("user namespaces") && !userns.contains("root's files"));
        assert!(says(&with("name=apparmor")).contains("root's files"));
    }
}
