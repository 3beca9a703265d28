//! What is around a session: settings, docker's client, the shell, the terminal.

use super::{Finding, LoginShell, Terminal, Trouble};

pub(super) fn settings(file: &Result<Option<String>, Trouble>) -> Finding {
    match file {
        Ok(Some(path)) => Finding::well("settings", format!("{path} is understood")),
        Ok(None) => Finding::well("settings", "those that are built in: there is no file"),
        Err(trouble) => Finding::trouble("settings", trouble),
    }
}

pub(super) fn client(client: &Result<String, Trouble>) -> Finding {
    match client {
        Ok(path) => Finding::well("docker client", path.clone()),
        Err(trouble) => Finding::trouble("docker client", trouble),
    }
}

pub(super) fn shell(shell: &LoginShell) -> Finding {
    let name = &shell.name;
    match &shell.lacks {
        None => Finding::well("shell", format!("{name} completes hal-9000's words")),
        Some((file, line)) => Finding::warning(
            "shell",
            format!("{name} does not complete hal-9000's words"),
            format!("add to {file}: `{line}`"),
        ),
    }
}

pub(super) fn terminal(terminal: &Terminal) -> Finding {
    let about = "terminal";
    let Terminal {
        here,
        term,
        size,
        colors,
        keys,
    } = terminal;
    if !here {
        return Finding::well(
            about,
            "none here: input or output is a pipe or a file, and a session started so has none",
        );
    }
    let name = term.as_deref().filter(|term| *term != "dumb");
    let Some(name) = name else {
        return Finding::warning(
            about,
            match term {
                Some(_) => "`TERM` is `dumb`: Claude cannot draw on such a terminal",
                None => "`TERM` is not set: sessions take it for xterm-256color",
            },
            "`export TERM=xterm-256color`, if it is one of the usual",
        );
    };
    let size = match size {
        (0, _) | (_, 0) => "of unknown size".to_owned(),
        (columns, rows) => format!("{columns} columns, {rows} rows"),
    };
    Finding::well(
        about,
        format!("{name}, {size}, {colors}; {keys} leaves a session running"),
    )
}
