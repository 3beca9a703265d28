//! A build's definition (buildkit `solver/pb/ops.proto`): every step of it is looked at. Its bytes are
//! passed on as they are, as steps name each other by their digests.

use super::shape::{At, Entry, Field, Given, Shape, bytes, map, message, number, text};
use crate::guard::Refusal;
use crate::guard::rule;

/// `Definition`
pub(super) static DEFINITION: Shape = Shape {
    name: "Definition",
    fields: &[
        message(1, "def", &OP).many(),
        map(2, "metadata", Entry::Message(&OP_METADATA)),
        message(3, "source", &SOURCE),
    ],
};

pub(super) static OP: Shape = Shape {
    name: "Op",
    fields: &[
        message(1, "inputs", &INPUT).many(),
        message(2, "exec", &EXEC),
        message(3, "source", &SOURCE_OP),
        message(4, "file", &FILE),
        message(5, "build", &BUILD),
        message(6, "merge", &MERGE),
        message(7, "diff", &DIFF),
        message(10, "platform", &PLATFORM),
        message(11, "constraints", &CONSTRAINTS),
    ],
};

pub(super) static PLATFORM: Shape = Shape {
    name: "Platform",
    fields: &[
        text(1, "architecture"),
        text(2, "os"),
        text(3, "variant"),
        text(4, "os_version"),
        text(5, "os_features").many(),
    ],
};

static INPUT: Shape = Shape {
    name: "Input",
    fields: &[text(1, "digest"), number(2, "index")],
};

pub(super) static EXEC: Shape = Shape {
    name: "ExecOp",
    fields: &[
        message(1, "meta", &META),
        message(2, "mounts", &MOUNT).many(),
        number(3, "network").check(network),
        number(4, "security").refuse(rule::BUILD_ENTITLEMENT),
        message(5, "secretenv", &SECRET_ENV).many(),
        message(6, "cdi_devices", &CDI_DEVICE)
            .many()
            .refuse(rule::BUILD_ENTITLEMENT),
    ],
};

/// `UNSET` is a network of the step's own, `NONE` is none.
fn network(given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    match given {
        Given::Number(0 | 2) => Ok(()),
        _ => Err(at.forbidden(rule::BUILD_NETWORK, "is the host's")),
    }
}

pub(super) static META: Shape = Shape {
    name: "Meta",
    fields: &[
        text(1, "args").many(),
        text(2, "env").many(),
        text(3, "cwd"),
        text(4, "user"),
        message(5, "proxy_env", &PROXY_ENV),
        message(6, "extra_hosts", &HOST_IP).many(),
        text(7, "hostname"),
        message(9, "ulimit", &ULIMIT).many(),
        text(10, "cgroup_parent").refuse(rule::BUILD_CGROUP),
        number(11, "remove_mount_stubs_recursive"),
        number(12, "valid_exit_codes").many(),
    ],
};

static PROXY_ENV: Shape = Shape {
    name: "ProxyEnv",
    fields: &[
        text(1, "http_proxy"),
        text(2, "https_proxy"),
        text(3, "ftp_proxy"),
        text(4, "no_proxy"),
        text(5, "all_proxy"),
    ],
};

static HOST_IP: Shape = Shape {
    name: "HostIp",
    fields: &[text(1, "host"), text(2, "ip")],
};

static ULIMIT: Shape = Shape {
    name: "Ulimit",
    fields: &[text(1, "name"), number(2, "soft"), number(3, "hard")],
};

static SECRET_ENV: Shape = Shape {
    name: "SecretEnv",
    fields: &[text(1, "id"), text(2, "name"), number(3, "optional")],
};

static CDI_DEVICE: Shape = Shape {
    name: "CdiDevice",
    fields: &[text(1, "name"), number(2, "optional")],
};

/// All of them are the build's own: other steps, the client's secrets and agent, caches.
pub(super) static MOUNT: Shape = Shape {
    name: "Mount",
    fields: &[
        number(1, "input"),
        text(2, "selector"),
        text(3, "dest"),
        number(4, "output"),
        number(5, "readonly"),
        number(6, "mount_type"),
        message(19, "tmpfs_opt", &TMPFS_OPT),
        message(20, "cache_opt", &CACHE_OPT),
        message(21, "secret_opt", &FILE_OPT),
        message(22, "ssh_opt", &FILE_OPT),
        text(23, "result_id"),
        number(24, "content_cache"),
    ],
};

static TMPFS_OPT: Shape = Shape {
    name: "TmpfsOpt",
    fields: &[number(1, "size")],
};

static CACHE_OPT: Shape = Shape {
    name: "CacheOpt",
    fields: &[text(1, "id"), number(2, "sharing")],
};

/// `SecretOpt` and `SSHOpt`
static FILE_OPT: Shape = Shape {
    name: "SecretOpt",
    fields: &[
        text(1, "id"),
        number(2, "uid"),
        number(3, "gid"),
        number(4, "mode"),
        number(5, "optional"),
    ],
};

pub(super) static SOURCE_OP: Shape = Shape {
    name: "SourceOp",
    fields: &[
        text(1, "identifier").check(source),
        map(2, "attrs", Entry::Text).check(source_option),
    ],
};

/// Images, and what the client itself serves. What else the engine could fetch is what `--build-context`
/// and a remote context are.
fn source(given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    let Given::Text(identifier) = given else {
        return Ok(());
    };
    match identifier.split_once("://") {
        Some(("docker-image" | "local" | "oci-layout" | "scratch", _)) => Ok(()),
        _ if identifier.starts_with(super::options::UPLOADED) => Ok(()),
        Some(("http" | "https" | "git", _)) => {
            Err(at.forbidden(rule::BUILD_REMOTE, format!("is `{identifier}`")))
        }
        _ => Err(at.forbidden(rule::BUILD_OPTION, format!("is `{identifier}`"))),
    }
}

fn source_option(given: Given<'_>, at: &At<'_>) -> Result<(), Refusal> {
    match given {
        Given::Entry("local.session" | "oci.session", session) => super::session::own(session, at),
        _ => Ok(()),
    }
}

static BUILD: Shape = Shape {
    name: "BuildOp",
    fields: &[
        number(1, "builder"),
        map(2, "inputs", Entry::Message(&BUILD_INPUT)),
        message(3, "def", &DEFINITION),
        map(4, "attrs", Entry::Text),
    ],
};

static BUILD_INPUT: Shape = Shape {
    name: "BuildInput",
    fields: &[number(1, "input")],
};

static MERGE: Shape = Shape {
    name: "MergeOp",
    fields: &[message(1, "inputs", &ONE_INPUT).many()],
};

static DIFF: Shape = Shape {
    name: "DiffOp",
    fields: &[
        message(1, "lower", &ONE_INPUT),
        message(2, "upper", &ONE_INPUT),
    ],
};

static ONE_INPUT: Shape = Shape {
    name: "MergeInput",
    fields: &[number(1, "input")],
};

pub(super) static OP_METADATA: Shape = Shape {
    name: "OpMetadata",
    fields: &[
        number(1, "ignore_cache"),
        map(2, "description", Entry::Text),
        message(4, "export_cache", &EXPORT_CACHE),
        map(5, "caps", Entry::Flag),
        message(6, "progress_group", &PROGRESS_GROUP),
    ],
};

static EXPORT_CACHE: Shape = Shape {
    name: "ExportCache",
    fields: &[number(1, "value")],
};

static PROGRESS_GROUP: Shape = Shape {
    name: "ProgressGroup",
    fields: &[text(1, "id"), text(2, "name"), number(3, "weak")],
};

pub(super) static CONSTRAINTS: Shape = Shape {
    name: "WorkerConstraints",
    fields: &[text(1, "filter").many()],
};

/// Where in a Dockerfile a step is.
pub(super) static SOURCE: Shape = Shape {
    name: "Source",
    fields: &[
        map(1, "locations", Entry::Message(&LOCATIONS)),
        message(2, "infos", &SOURCE_INFO).many(),
    ],
};

static LOCATIONS: Shape = Shape {
    name: "Locations",
    fields: &[message(1, "locations", &LOCATION).many()],
};

static LOCATION: Shape = Shape {
    name: "Location",
    fields: &[
        number(1, "source_index"),
        message(2, "ranges", &RANGE).many(),
    ],
};

pub(super) static SOURCE_INFO: Shape = Shape {
    name: "SourceInfo",
    fields: &[
        text(1, "filename"),
        bytes(2, "data"),
        message(3, "definition", &DEFINITION),
        text(4, "language"),
    ],
};

pub(super) static RANGE: Shape = Shape {
    name: "Range",
    fields: &[message(1, "start", &POSITION), message(2, "end", &POSITION)],
};

static POSITION: Shape = Shape {
    name: "Position",
    fields: &[number(1, "line"), number(2, "character")],
};

static FILE: Shape = Shape {
    name: "FileOp",
    fields: &[message(2, "actions", &FILE_ACTION).many()],
};

static FILE_ACTION: Shape = Shape {
    name: "FileAction",
    fields: &[
        number(1, "input"),
        number(2, "secondary_input"),
        number(3, "output"),
        message(4, "copy", &COPY),
        message(5, "mkfile", &MKFILE),
        message(6, "mkdir", &MKDIR),
        message(7, "rm", &RM),
        message(8, "symlink", &SYMLINK),
    ],
};

const COPY_FIELDS: &[Field] = &[
    text(1, "src"),
    text(2, "dest"),
    message(3, "owner", &CHOWN),
    number(4, "mode"),
    number(5, "follow_symlink"),
    number(6, "dir_copy_contents"),
    number(7, "attempt_unpack_docker_compatibility"),
    number(8, "create_dest_path"),
    number(9, "allow_wildcard"),
    number(10, "allow_empty_wildcard"),
    number(11, "timestamp"),
    text(12, "include_patterns").many(),
    text(13, "exclude_patterns").many(),
    number(14, "always_replace_existing_dest_paths"),
    text(15, "mode_str"),
    text(16, "required_paths").many(),
];

static COPY: Shape = Shape {
    name: "FileActionCopy",
    fields: COPY_FIELDS,
};

static MKFILE: Shape = Shape {
    name: "FileActionMkFile",
    fields: &[
        text(1, "path"),
        number(2, "mode"),
        bytes(3, "data"),
        message(4, "owner", &CHOWN),
        number(5, "timestamp"),
    ],
};

static MKDIR: Shape = Shape {
    name: "FileActionMkDir",
    fields: &[
        text(1, "path"),
        number(2, "mode"),
        number(3, "make_parents"),
        message(4, "owner", &CHOWN),
        number(5, "timestamp"),
    ],
};

static RM: Shape = Shape {
    name: "FileActionRm",
    fields: &[
        text(1, "path"),
        number(2, "allow_not_found"),
        number(3, "allow_wildcard"),
    ],
};

static SYMLINK: Shape = Shape {
    name: "FileActionSymlink",
    fields: &[
        text(1, "oldpath"),
        text(2, "newpath"),
        message(3, "owner", &CHOWN),
        number(4, "timestamp"),
    ],
};

static CHOWN: Shape = Shape {
    name: "ChownOpt",
    fields: &[message(1, "user", &USER), message(2, "group", &USER)],
};

static USER: Shape = Shape {
    name: "UserOpt",
    fields: &[message(1, "by_name", &NAMED_USER), number(2, "by_id")],
};

static NAMED_USER: Shape = Shape {
    name: "NamedUserOpt",
    fields: &[text(1, "name"), number(2, "input")],
};
