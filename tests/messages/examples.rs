//! An example of every kind of error, as it is shown.
//!
//! A new variant does not compile without a line here; a new error that becomes a `Report` fails
//! `every_error_has_examples` until it is in `shown`.

use crate::asides::mistyped;
use hal9000::config::{FileError, SettingError};
use hal9000::daemon::DaemonError;
use hal9000::engine::EngineError;
use hal9000::host::{DockerMissing, EndpointError, Preflight, ProjectError};
use hal9000::images::ImageError;
use hal9000::ipc::CallError;
use hal9000::model::{Invalid, Origin};
use hal9000::plan::PlanError;
use hal9000::recipe::{BASE_IMAGE, InvalidVersion, ProfileName, RecipeError};
use hal9000::session::{EndError, FindError};
use hal9000::ui::Report;
use std::io;
use std::path::{Path, PathBuf};

/// A message with its name.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) hints: Vec<String>,
}

pub(crate) fn s(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn io_error() -> io::Error {
    io::Error::from_raw_os_error(13)
}

fn full() -> EngineError {
    EngineError::DiskFull(s("write /var/lib/docker/x: no space left on device"))
}

fn of<E: Into<Report>>(all: Vec<(String, E)>) -> Vec<Shown> {
    let shown = |(name, error): (String, E)| {
        let report: Report = error.into();
        Shown {
            name,
            message: report.message,
            causes: report.causes,
            hints: report.hints,
        }
    };
    all.into_iter().map(shown).collect()
}

/// Errors of the command on the host.
pub(crate) fn shown() -> Vec<Shown> {
    [
        of(vec![
            (
                s("Invalid"),
                Invalid::new(
                    "memory limit",
                    "4x",
                    "is not a size: write a number and a unit, as in `4g` or `512m`",
                ),
            ),
            (
                s("Invalid"),
                Invalid::choice("docker mode", "gaurd", &["guard", "host", "none"]),
            ),
            (
                s("Invalid"),
                Invalid::choice("docker mode", "all", &["guard", "host", "none"]),
            ),
        ]),
        of(every!(SettingError {
            Value: [SettingError::Value {
                problem: Invalid::choice("workdir", "hosst", &["host", "workspace"]),
                origin: Origin::Flag(s("--workdir")),
            }],
            NotForProjects: [SettingError::NotForProjects {
                key: s("docker.mode"),
                origin: Origin::ProjectFile(s("/home/ann/shop/.hal-9000.toml:1")),
            }],
            Raised: [SettingError::Raised {
                key: s("limits.memory"),
                limit: s("4g"),
                origin: Origin::ProjectFile(s("/home/ann/shop/.hal-9000.toml:2")),
            }],
        })),
        files(),
        projects(),
        engines(),
        sessions(),
        images(),
        parents(),
        mistyped(),
    ]
    .concat()
}

fn files() -> Vec<Shown> {
    let file = |problem: &str, suggestion: Option<&str>| {
        let error = FileError {
            line: 2,
            problem: s(problem),
            suggestion: suggestion.map(s),
        };
        (
            s("FileError"),
            Report::file(Path::new("/home/ann/.config/hal-9000/config.toml"), error),
        )
    };
    let unreadable = io::Error::other(
        "cannot read `/home/ann/.config/hal-9000/config.toml`: it is not a regular file",
    );
    of(vec![
        file("unknown setting `limits.memroy`", Some("limits.memory")),
        file("unclosed table, expected `]`", None),
        (s("Report::unreadable"), Report::unreadable(&unreadable)),
        (
            s("Report::cannot_run"),
            Report::cannot_run(Path::new("/usr/bin/docker"), &io_error()),
        ),
        (
            s("Report::together"),
            Report::together("`--shell`", "a command"),
        ),
    ])
}

fn projects() -> Vec<Shown> {
    let project = every!(ProjectError {
        NoCurrent: [ProjectError::NoCurrent(s(
            "No such file or directory (os error 2)"
        ))],
        Missing: [
            ProjectError::Missing(PathBuf::from("sesions")),
            ProjectError::Missing(PathBuf::from("help")),
            ProjectError::Missing(PathBuf::from("shop")),
        ],
        NotADirectory: [ProjectError::NotADirectory(PathBuf::from("README.md"))],
        Unreadable: [ProjectError::Unreadable {
            path: PathBuf::from("/home/bob/shop"),
            source: io_error(),
        }],
        Invalid: [ProjectError::Invalid(Invalid::new(
            "project directory",
            "/",
            "is the whole machine: start in the directory of one project",
        ))],
    });
    let plan = every!(PlanError {
        NothingToPublishOn: [PlanError::NothingToPublishOn(s("none"))],
        ParentsPorts: [PlanError::ParentsPorts],
        NoGuard: [PlanError::NoGuard],
        NotGuarded: [PlanError::NotGuarded("Podman")],
        TargetTaken: [PlanError::TargetTaken(s("/workspace"))],
    });
    [of(project), of(plan)].concat()
}

fn engines() -> Vec<Shown> {
    let socket = || PathBuf::from("/var/run/docker.sock");
    let endpoint = every!(EndpointError {
        Conflict: [EndpointError::Conflict],
        NoContext: [EndpointError::NoContext {
            name: s("work"),
            path: s("/home/ann/.docker/contexts/meta/1b2f/meta.json"),
            said_by: s("DOCKER_CONTEXT"),
        }],
        BadContext: [EndpointError::BadContext {
            name: s("work"),
            path: s("/home/ann/.docker/contexts/meta/1b2f/meta.json"),
            problem: s("no docker endpoint in it"),
        }],
        Remote: [EndpointError::Remote {
            address: s("ssh://build.example"),
            said_by: s("DOCKER_HOST"),
        }],
    });
    let refused = |group: &str, member| Preflight::NoPermission {
        socket: socket(),
        owner: format!("owned by uid 0, group {group}, mode 0660"),
        caller: s("ann, uid 1000, groups 1000"),
        group: s(group),
        member,
    };
    let preflight = every!(Preflight {
        NoSocket: [
            Preflight::NoSocket {
                socket: socket(),
                said_by: s("docker's default"),
                others: vec![]
            },
            Preflight::NoSocket {
                socket: socket(),
                said_by: s("DOCKER_HOST"),
                others: vec![PathBuf::from("/run/user/1000/docker.sock")],
            },
        ],
        NotASocket: [
            Preflight::NotASocket {
                socket: socket(),
                directory: true
            },
            Preflight::NotASocket {
                socket: socket(),
                directory: false
            },
        ],
        NotRunning: [Preflight::NotRunning {
            socket: socket(),
            said_by: s("docker's default")
        }],
        NoPermission: [
            refused("docker", true),
            refused("docker", false),
            refused("root", false)
        ],
        Strange: [Preflight::Strange {
            socket: socket(),
            problem: s("it does not answer as a docker engine does"),
        }],
        TooOld: [Preflight::TooOld { api: 40 }],
    });
    let engine = every!(EngineError {
        NotFound: [EngineError::NotFound(s("No such container: shop"))],
        Conflict: [EngineError::Conflict(s(
            "You cannot remove a running container"
        ))],
        Shared: [EngineError::Shared(s(
            "container 1f2e has dependent containers which must be removed before it"
        ))],
        DiskFull: [full()],
        NoBase: [EngineError::NoBase(s("pull access denied for debian"))],
        Untrusted: [EngineError::Untrusted(s(
            "x509: certificate signed by unknown authority"
        ))],
        Refused: [EngineError::Refused(s("invalid mount config"))],
        Unreachable: [EngineError::Unreachable(s("connection refused"))],
    });
    let missing = (s("DockerMissing"), DockerMissing(s("/usr/bin:/bin")));
    [of(endpoint), of(preflight), of(vec![missing]), of(engine)].concat()
}

fn sessions() -> Vec<Shown> {
    let names = vec![s("hal-9000-shop-6fec8fd0"), s("hal-9000-blog-01ab23cd")];
    let find = every!(FindError {
        Engine: [FindError::Engine(EngineError::Unreachable(s(
            "connection refused"
        )))],
        NoSuch: [
            FindError::NoSuch {
                name: s("shpo"),
                names
            },
            FindError::NoSuch {
                name: s("shop"),
                names: vec![]
            },
        ],
    });
    let end = EndError {
        name: s("hal-9000-shop-6fec8fd0"),
        source: EngineError::Refused(s("cannot stop container")),
    };
    [of(find), of(vec![(s("EndError"), end)])].concat()
}

fn images() -> Vec<Shown> {
    let build = |step: &str, output: &[&str], source| ImageError::Build {
        image: s("hal9000/worker:0.1.0"),
        step: Some(s(step)),
        output: output.iter().copied().map(s).collect(),
        source,
    };
    let get = "RUN apt-get update";
    let errors = every!(ImageError {
        Build: [
            build(
                &format!("FROM {BASE_IMAGE}"),
                &[],
                EngineError::NoBase(s("pull access denied for debian")),
            ),
            build(
                "FROM team/tools",
                &[],
                EngineError::NoBase(s("pull access denied for team/tools"))
            ),
            build(
                "ADD https://example",
                &[],
                EngineError::Untrusted(s("x509: unknown authority"))
            ),
            build(
                get,
                &["Could not resolve 'deb.debian.org'"],
                EngineError::Refused(s("returned a non-zero code: 100"))
            ),
            build(
                get,
                &["E: Unable to locate package x"],
                EngineError::Refused(s("returned a non-zero code: 100"))
            ),
            build(get, &[], full()),
        ],
        Architecture: [ImageError::Architecture {
            image: s("hal9000/worker:0.1.0"),
            wanted: "amd64",
            engine: s("arm64"),
        }],
        Executable: [ImageError::Executable {
            image: s("hal9000/runtime:0.1.0"),
            source: io_error()
        }],
        StillFilling: [ImageError::StillFilling {
            volume: s("hal9000-runtime-1a2b"),
            seconds: 600
        }],
        NotThere: [ImageError::NotThere {
            image: s("ghcr.io/acme/hal9000-worker:0.1.0"),
            why: s("docker's words are above"),
        }],
        Other: [ImageError::Other {
            image: s("ghcr.io/acme/hal9000-worker:0.1.0"),
            here: s("hal9000/worker:0.1.0"),
        }],
        NoNewest: [ImageError::NoNewest { heard: s("<html>") }],
        NotOurFiller: [ImageError::NotOurFiller {
            name: s("hal9000-runtime-1a2b")
        }],
        NotOurVolume: [ImageError::NotOurVolume {
            volume: s("hal9000-runtime-1a2b"),
            users: vec![s("db"), s("web")],
        }],
        Engine: [
            ImageError::Engine {
                action: "list the images with the label",
                object: s("hal9000.role"),
                source: EngineError::Refused(s("database is locked"))
            },
            ImageError::Engine {
                action: "remove the image",
                object: s("hal9000/worker:0.0.9"),
                source: EngineError::Conflict(s("image is being used"))
            },
            ImageError::Engine {
                action: "fill the runtime volume",
                object: s("hal9000-runtime-1a2b"),
                source: full()
            },
        ],
    });
    let profile: ProfileName = "php".parse().unwrap();
    let recipe = every!(RecipeError {
        Reserved: [RecipeError::Reserved("runtime".parse().unwrap())],
        NoBase: [RecipeError::NoBase(profile.clone())],
        File: [RecipeError::File {
            profile,
            file: s("a\\b")
        }],
    });
    let version = (s("InvalidVersion"), InvalidVersion { given: s("newest") });
    [of(errors), of(recipe), of(vec![version])].concat()
}

fn parents() -> Vec<Shown> {
    of(every!(DaemonError {
        Engine: [DaemonError::Engine(EngineError::Unreachable(s(
            "connection refused"
        )))],
        NotRunning: [DaemonError::NotRunning],
        Foreign: [DaemonError::Foreign(s("hal9000-parent"))],
        Died: [DaemonError::Died {
            name: s("hal9000-parent"),
            status: 1
        }],
        Chroma: [DaemonError::Chroma {
            problem: s("exit status 1")
        }],
        Stale: [DaemonError::Stale {
            version: s("0.0.9")
        }],
        Late: [DaemonError::Late(60)],
        NoPort: [DaemonError::NoPort {
            first: 8000,
            last: 8050
        }],
        Workers: [DaemonError::Workers(vec![s("hal-9000-shop-6fec8fd0")])],
        Refused: [DaemonError::Refused(s("too many sessions are held"))],
        Call: [DaemonError::Call(CallError::Late)],
    }))
}
