//! What does not hold for a message, and why. An entry that nothing needs fails.

/// Errors without a `hint:`, by a part of their text.
pub(crate) const NO_WAY_OUT: &[(&str, &str)] = &[
    (
        "is not a size: write",
        "a refused value says itself what is accepted",
    ),
    (
        "is not one of `guard`",
        "a refused value says itself what is accepted",
    ),
    (
        "is the whole machine: start in",
        "a refused value says itself what is accepted",
    ),
    (
        "docker's client did not attach",
        "nobody is told: the next key makes Claude draw",
    ),
    (
        "not in order here",
        "each has its way out in the answer above it",
    ),
];

/// What a message can be about that has one name only, or is named by the cause.
pub(crate) const THINGS: &[&str] = &[
    "the parent",
    "ChromaDB",
    "the coordinator",
    "the docker engine",
    "docker cannot be guarded",
    "docker's client",
    "the current directory",
    "release of Claude",
    "standard output",
    // The words behind it begin with its path.
    "an audit",
    // Each is named in the answer above it.
    "not in order here",
    // An option between backticks, or a directory.
    "is for starting a session",
];

/// Errors that are no reports: where they are seen.
pub(crate) const ELSEWHERE: &[(&str, &str)] = &[(
    "Damaged",
    "the guard's log; its text is in the list by its file",
)];

/// Texts that are alike and mean different things: a part of each, and the difference.
pub(crate) const ALIKE: &[(&str, &str, &str)] = &[
    (
        "logs chroma` shows",
        "logs coordinator` shows",
        "another service",
    ),
    (
        "is kept ready",
        "can be kept ready",
        "a remark of a step, and the failure of who asked for it",
    ),
    (
        "does not run, and the pool",
        "does not answer, and the pool",
        "no parent, and one that is not well",
    ),
    (
        "cannot end a worker",
        "worker whose client is gone is ended",
        "it was tried, and done",
    ),
    ("the ids are not", "the groups are not", "two proofs"),
    ("uid 0 can be", "gid 0 can be", "two proofs"),
    (
        "is given for a mount",
        "for a mount of type",
        "with its value, and where it has none",
    ),
    (
        "is not a list of caches",
        "is not a list of strings",
        "two forms",
    ),
    (
        "is not a filter of",
        "is not a parameter of",
        "two parts of a request",
    ),
    (
        "of the user {user} that listens",
        "a program that listens",
        "whose it is, where that is known",
    ),
    ("list the images", "list the volumes", "two objects"),
    (
        "`--docker=guard`, or",
        "`--docker=none`, or",
        "two ways out",
    ),
    (
        "images in common, {files}, and root's",
        "images in common, {files}:",
        "whose files they are",
    ),
    (
        "of the session {session} is left",
        "of the session {session}: {words}",
        "what is left, and a port",
    ),
];

/// Abbreviations that everybody knows who uses docker, and names that are spelt so.
pub(crate) const LETTERS: &[&str] = &[
    "API", "ASCII", "CVE", "ID", "JSON", "NUL", "PATH", "PEM", "SETPCAP", "SETUID", "TLS", "UTF",
    "WSL",
];
