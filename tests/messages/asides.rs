//! What the grammar refuses, and examples of what is said in one line: remarks, causes, refusals inside.

use crate::examples::{Shown, io_error, s};
use hal9000::host::GuardFailed;
use hal9000::ipc::{CallError, CodecError};
use hal9000::model::Memory;
use hal9000::plan::privilege::Refusal;
use hal9000::plan::{Ending, Note};
use hal9000::recipe::InvalidProfile;
use hal9000::ui;
use std::path::PathBuf;
use std::process::Command;

fn said<E: ToString>(all: Vec<(String, E)>) -> Vec<(String, String)> {
    let said = |(name, it): (String, E)| (name, it.to_string());
    all.into_iter().map(said).collect()
}

/// What the grammar refuses, by the program itself.
pub(crate) fn mistyped() -> Vec<Shown> {
    const LINES: &[&str] = &[
        "pool scael",
        "--profil node",
        "--model opus",
        "sesions --all",
        "shop extra",
        "sessions extra",
        "kill",
        "kill --all x",
        "completions zhs",
        "--pull=alwys",
        "--memory",
        "--new=5",
        "pool scale many",
        "pool start --idle-timeout 5",
        "shell-init bash --cmd 5",
    ];
    let shown = |line: &&str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_hal-9000"));
        let done = program.args(line.split(' ')).env_clear().output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        let all = |prefix: &str| {
            let found = said.lines().filter_map(|it| it.strip_prefix(prefix));
            found.map(s).collect::<Vec<_>>()
        };
        Shown {
            name: format!("hal-9000 {line}"),
            message: all("hal-9000: error: ").concat(),
            causes: all("  cause: "),
            hints: all("  hint: "),
        }
    };
    LINES.iter().map(shown).collect()
}

/// What is said in a cause, in a session or in a remark: one line each, without more.
pub(crate) fn lines() -> Vec<(String, String)> {
    let notes = every!(Note {
        ApiKeyStaysHere: [Note::ApiKeyStaysHere],
        ProjectIsHome: [Note::ProjectIsHome],
        HostPathReserved: [Note::HostPathReserved(s("/usr/src/shop"))],
        NameTaken: [Note::NameTaken(s("hal-9000-shop-6fec8fd0"))],
        VariableNotSet: [Note::VariableNotSet(s("MY_TOKEN"))],
        RunsAsRoot: [Note::RunsAsRoot],
    });
    let notes = notes
        .into_iter()
        .map(|(name, note)| (name, ui::note(&note)));
    let had = Some(Memory::in_force(4 << 30).unwrap());
    let endings = every!(Ending {
        Memory: [
            Ending::Memory { had, command: true },
            Ending::Memory {
                had,
                command: false
            },
            Ending::Memory {
                had: None,
                command: false
            },
        ],
        Pids: [Ending::Pids { had: 100, times: 3 }],
        Network: [Ending::Network],
    });
    let endings = endings
        .into_iter()
        .map(|(name, it)| (name, ui::ending("hal-9000-shop-6fec8fd0", it)));
    let guard = said(every!(GuardFailed {
        Start: [GuardFailed::Start(io_error())],
        Ended: [GuardFailed::Ended(s(
            "hal-9000 guard: `--project=x` is not understood"
        ))],
        Late: [GuardFailed::Late(PathBuf::from(
            "/home/ann/.local/state/hal-9000/guard/x/log"
        ))],
    }));
    let call = said(every!(CallError {
        Unreachable: [CallError::Unreachable(s("connection refused"))],
        Strange: [
            CallError::Strange(s("expected value at line 1")),
            CallError::another()
        ],
        Late: [CallError::Late],
    }));
    let codec = said(every!(CodecError {
        TooLong: [CodecError::TooLong],
        Cut: [CodecError::Cut],
        Io: [CodecError::Io(io_error())],
    }));
    let socket = || PathBuf::from("/var/run/docker.sock");
    let entrypoint = said(every!(Refusal {
        Capability: [Refusal::Capability(
            "SETUID",
            "the session cannot become its user"
        )],
        Unmapped: [Refusal::Unmapped {
            user: s("claude"),
            kind: "uid",
            id: 1000
        }],
        Home: [Refusal::Home(PathBuf::from("/home/claude"))],
        SocketMissing: [Refusal::SocketMissing(socket())],
        SocketIsDirectory: [Refusal::SocketIsDirectory(socket())],
        NotASocket: [Refusal::NotASocket(socket())],
        SocketClosed: [Refusal::SocketClosed {
            path: socket(),
            uid: 0,
            gid: 0,
            mode: 0o600,
            user: 1000
        }],
    }));
    let names = said(vec![(
        s("InvalidProfile"),
        InvalidProfile { given: s("No") }.to_string(),
    )]);
    let rest = [guard, call, codec, entrypoint, names].concat();
    notes.chain(endings).chain(rest).collect()
}
