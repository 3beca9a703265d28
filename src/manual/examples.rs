//! An example for every command: in its help and on its page. A test has each of them parsed.

/// A line to type, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The line, for a shell.
    pub line: &'static str,
    /// What it does.
    pub says: &'static str,
}

/// The examples of the command at this path below `hal-9000`.
pub fn examples(path: &[&str]) -> Vec<Example> {
    let path = path.join(" ");
    let here = EXAMPLES.iter().filter(|(at, _, _)| *at == path);
    here.map(|(_, line, says)| Example { line, says }).collect()
}

const EXAMPLES: &[(&str, &str, &str)] = &[
    ("", "hal-9000", "Claude Code in this directory"),
    (
        "",
        "hal-9000 ~/shop --profile node",
        "in another one, with Node",
    ),
    (
        "",
        "hal-9000 -e DATABASE_URL --publish 3000",
        "with a variable of yours, and a port",
    ),
    (
        "",
        "hal-9000 --print",
        "the docker command, to read or to paste",
    ),
    (
        "claude",
        "hal-9000 claude -p 'why?' < log.txt",
        "Claude's own arguments, in a pipe",
    ),
    (
        "claude",
        "hal-9000 claude --continue",
        "the conversation that was last",
    ),
    ("shell", "hal-9000 shell", "bash in the same container"),
    (
        "shell",
        "hal-9000 shell make test",
        "a command, with its exit status",
    ),
    (
        "docker",
        "hal-9000 docker run --rm node:22 npm test",
        "in the project, as you, with the limits of a session",
    ),
    (
        "docker",
        "hal-9000 docker run -u '' -w '' postgres:17",
        "with the user and the directory of the image",
    ),
    (
        "docker",
        "hal-9000 --explain docker run debian",
        "what `run` gains, and why; nothing is run",
    ),
    (
        "docker",
        "hal-9000 docker ps --all",
        "anything else is docker's own",
    ),
    (
        "profiles",
        "hal-9000 profiles list",
        "toolchains, and which one is for here",
    ),
    (
        "profiles list",
        "hal-9000 profiles list --json",
        "for a script",
    ),
    (
        "profiles show",
        "hal-9000 profiles show node > Dockerfile",
        "to begin one of your own",
    ),
    (
        "profiles build",
        "hal-9000 profiles build",
        "the image of this project, before it is needed",
    ),
    (
        "claude-version",
        "hal-9000 claude-version",
        "the release that new sessions run",
    ),
    (
        "claude-version list",
        "hal-9000 claude-version list",
        "the releases that are here",
    ),
    (
        "claude-version use",
        "hal-9000 claude-version use 2.1.330",
        "this one, from now on",
    ),
    (
        "claude-version latest",
        "hal-9000 claude-version latest",
        "the newest one, from now on",
    ),
    (
        "sessions",
        "hal-9000 sessions",
        "what runs, and what has ended",
    ),
    (
        "sessions",
        "hal-9000 sessions --json | jq -r '.sessions[].name'",
        "their names, for a script",
    ),
    ("attach", "hal-9000 attach", "the session of this directory"),
    (
        "attach",
        "hal-9000 attach hal-9000-shop-6fec8fd0",
        "one by its name",
    ),
    (
        "kill",
        "hal-9000 kill hal-9000-shop-6fec8fd0",
        "one session",
    ),
    ("kill", "hal-9000 kill --all", "every session of yours"),
    (
        "logs",
        "hal-9000 logs -f hal-9000-shop-6fec8fd0",
        "what it wrote, and on as it writes",
    ),
    (
        "audit",
        "hal-9000 audit",
        "all sessions, the newest line last",
    ),
    (
        "audit",
        "hal-9000 audit -f shop",
        "one session, and on as it works",
    ),
    (
        "audit",
        "hal-9000 audit --json | jq 'select(.outcome == \"refused\")'",
        "only what was refused",
    ),
    (
        "audit",
        "hal-9000 audit --rules",
        "what each rule stops, and what to do instead",
    ),
    (
        "image",
        "hal-9000 image build",
        "what sessions are made from, if it is outdated",
    ),
    ("image", "hal-9000 image prune", "room on the disk"),
    (
        "image build",
        "hal-9000 image build",
        "the worker and the runtime",
    ),
    (
        "image build",
        "hal-9000 image build --no-cache python",
        "a profile, with the newest packages",
    ),
    (
        "image pull",
        "hal-9000 image pull",
        "the worker and the runtime, from the registry of `image.registry`",
    ),
    (
        "image list",
        "hal-9000 image list",
        "what there is, and what is outdated",
    ),
    (
        "image prune",
        "hal-9000 image prune",
        "remove what nothing uses",
    ),
    (
        "image prune",
        "hal-9000 image prune --all",
        "and what the next session would build again",
    ),
    (
        "daemon",
        "hal-9000 daemon start",
        "ChromaDB and a shared network, from now on",
    ),
    (
        "daemon",
        "hal-9000 daemon status",
        "whether it runs, and where ChromaDB answers",
    ),
    (
        "daemon start",
        "hal-9000 daemon start",
        "once; it is back with its engine",
    ),
    (
        "daemon stop",
        "hal-9000 daemon stop",
        "asks where sessions would lose their network",
    ),
    (
        "daemon restart",
        "hal-9000 daemon restart --workers",
        "and the sessions that have lost their network",
    ),
    (
        "daemon status",
        "hal-9000 daemon status --json | jq .running",
        "for a script",
    ),
    (
        "daemon logs",
        "hal-9000 daemon logs -f chroma",
        "what ChromaDB says, and on as it does",
    ),
    ("pool", "hal-9000 pool status", "what waits"),
    (
        "pool",
        "hal-9000 pool scale 3",
        "three sessions are always ready",
    ),
    (
        "pool start",
        "hal-9000 pool start --min 1 --max 3 --idle-timeout 10m",
        "one always, three at times",
    ),
    (
        "pool stop",
        "hal-9000 pool stop",
        "every start is an ordinary one",
    ),
    (
        "pool scale",
        "hal-9000 pool scale 0",
        "none is ready unless asked for",
    ),
    (
        "pool warm",
        "hal-9000 pool warm ~/shop",
        "the next start there is quick",
    ),
    (
        "pool cleanup",
        "hal-9000 pool cleanup",
        "and have new ones made",
    ),
    (
        "pool status",
        "hal-9000 pool status",
        "what waits, and what was taken",
    ),
    (
        "config",
        "hal-9000 config show",
        "every setting, and where it comes from",
    ),
    (
        "config",
        "hal-9000 config set limits.memory 8g",
        "from now on, in your own file",
    ),
    (
        "config show",
        "hal-9000 config show --json | jq .settings",
        "for a script",
    ),
    (
        "config path",
        "$EDITOR \"$(hal-9000 config path)\"",
        "change the file by hand",
    ),
    (
        "config get",
        "hal-9000 config get limits.memory",
        "one value, in this directory",
    ),
    (
        "config set",
        "hal-9000 config set docker.on_exit keep",
        "what sessions make stays",
    ),
    (
        "config unset",
        "hal-9000 config unset docker.on_exit",
        "as if it had not been set",
    ),
    (
        "doctor",
        "hal-9000 doctor",
        "each thing looked at, with its remedy",
    ),
    (
        "completions",
        "hal-9000 completions zsh > ~/.zfunc/_hal-9000",
        "where a shell looks for them",
    ),
    (
        "shell-init",
        "eval \"$(hal-9000 shell-init bash)\"",
        "in ~/.bashrc; zsh likewise, in ~/.zshrc",
    ),
    (
        "shell-init",
        "hal-9000 shell-init fish --alias-claude | source",
        "in config.fish; `claude` is the one in the container",
    ),
    (
        "shell-init",
        "eval (hal-9000 shell-init elvish --cmd h | slurp)",
        "in rc.elv; `h` is a short name",
    ),
    (
        "shell-init",
        "eval \"$(hal-9000 shell-init bash --deactivate)\"",
        "as if nothing had been",
    ),
    ("man", "hal-9000 man", "the page of hal-9000 itself"),
    ("man", "hal-9000 man pool start", "the page of one command"),
    ("man", "hal-9000 man 5 config", "the page of the settings"),
];

/// A configuration file with the settings that are changed most.
pub const SETTINGS: &str = "\
profile = \"node\"
ca_bundle = \"/etc/ssl/certs/ca-certificates.crt\"

[limits]
memory = \"8g\"
pids = 500

[docker]
mode = \"guard\"

[secrets]
ANTHROPIC_API_KEY = \"~/.config/hal-9000/anthropic-key\"";
