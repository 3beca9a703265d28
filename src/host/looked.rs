//! This machine, looked at for a check-up: memory, room, the project's file system, certificates and
//! proxies. Nothing is made, and nothing is asked of the network.
#![expect(
    clippy::disallowed_methods,
    reason = "reads /proc, and the files that settings and variables name"
)]

use super::{Dirs, Env};
use crate::plan::checkup::{Access, Certificates, Disk, Host, Project, Proxies};
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A bundle of certificates is some hundreds of kilobytes.
const LARGEST: u64 = 16 << 20;

/// Variables by which programs find further certificates.
const CERTIFICATES: [&str; 4] = [
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
];

/// Where administrators put further ones: Debian's, Fedora's, Arch's and SUSE's.
const ADDED: [&str; 4] = [
    "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust/source/anchors",
    "/etc/ca-certificates/trust-source/anchors",
    "/etc/pki/trust/anchors",
];

/// Where the bundle of all is: Debian's and Arch's, Fedora's, SUSE's.
const BUNDLES: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/var/lib/ca-certificates/ca-bundle.pem",
];

/// This machine, but for the engine's part of it.
pub fn look(env: &Env) -> Host {
    let text = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let number = |path: &str| text(path).trim().parse::<u64>().ok();
    let limits = ["pid_max", "threads-max"].map(|name| number(&format!("/proc/sys/kernel/{name}")));
    let release = text("/proc/sys/kernel/osrelease");
    let wsl = release.to_lowercase().contains("microsoft");
    Host {
        name: text("/proc/sys/kernel/hostname").trim().to_owned(),
        memory: memory(&text("/proc/meminfo")),
        pids: limits.into_iter().flatten().min(),
        wsl: wsl.then(|| env.get("WSL_DISTRO_NAME").unwrap_or("Linux").to_owned()),
        state: disk(&Dirs::of(env).state),
        engine: None,
    }
}

/// The total and the free bytes of `/proc/meminfo`.
fn memory(text: &str) -> Option<(u64, u64)> {
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    };
    Some((field("MemTotal:")?, field("MemAvailable:")?))
}

/// The room for files in a directory, which need not be there yet.
pub fn disk(path: &Path) -> Option<Disk> {
    let there = path.ancestors().find(|path| path.exists())?;
    let found = rustix::fs::statvfs(there).ok()?;
    Some(Disk {
        path: path.display().to_string(),
        free: found.f_bavail.saturating_mul(found.f_frsize),
        // Some file systems do not count files.
        files: (found.f_files > 0).then_some(found.f_favail),
    })
}

/// The project, with the file system that it is on.
pub fn look_at_project(path: &str, env: &Env) -> Project {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let home = env.home().unwrap_or_default();
    Project {
        path: path.to_owned(),
        home: home.display().to_string(),
        ..mounted(&mounts, Path::new(path))
    }
}

/// The mount that a path is on, by the text of `mountinfo` (proc(5)): the last one counts, since it
/// is over the others.
fn mounted(mounts: &str, path: &Path) -> Project {
    let mut found = Project::default();
    let mut longest = 0;
    for line in mounts.lines() {
        let Some((left, right)) = line.split_once(" - ") else {
            continue;
        };
        let Some(target) = left.split(' ').nth(4).map(unescaped) else {
            continue;
        };
        let depth = Path::new(&target).components().count();
        if depth < longest || !path.starts_with(&target) {
            continue;
        }
        longest = depth;
        let mut right = right.split(' ');
        let kind = right.next().unwrap_or_default();
        let options = right.nth(1).unwrap_or_default();
        let all = options.split(',').any(|option| option == "allow_other");
        kind.clone_into(&mut found.file_system);
        found.mounted_at = target;
        found.closed = kind.starts_with("fuse.") && !all;
    }
    found
}

/// Spaces, tabs, line breaks and backslashes are written as octal numbers there.
fn unescaped(text: &str) -> String {
    let names = [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ];
    let replace = |text: String, (code, plain): (&str, &str)| text.replace(code, plain);
    names.into_iter().fold(text.to_owned(), replace)
}

/// How this user may use a socket that is there.
pub fn access(socket: &Path, env: &Env) -> Access {
    let Ok(found) = fs::metadata(socket) else {
        return Access::Unknown;
    };
    let (gid, mode) = (found.gid(), found.mode());
    let member = env.groups.contains(&gid) || env.identity.gid == gid;
    if mode & 0o002 != 0 {
        Access::Everybody
    } else if env.identity.uid == 0 {
        Access::Root
    } else if found.uid() == env.identity.uid {
        Access::Owner
    } else if member && mode & 0o020 != 0 {
        Access::Group(super::preflight::group_name(gid))
    } else {
        Access::Unknown
    }
}

/// Certificates: of the file at `bundle`, and of this machine.
pub fn certificates(bundle: Option<&Path>, env: &Env) -> Certificates {
    let file = |name: &&str| {
        env.get(name)
            .map(|path| ((*name).to_owned(), path.to_owned()))
    };
    let added = ADDED.iter().find_map(|directory| {
        let count = count(Path::new(directory), 3);
        (count > 0).then(|| ((*directory).to_owned(), count))
    });
    let system = BUNDLES.iter().find(|path| Path::new(path).is_file());
    Certificates {
        bundle: bundle.map(|path| Ok(start_of(path))),
        variables: CERTIFICATES.iter().filter_map(file).collect(),
        added,
        system: system.map(|path| (*path).to_owned()),
        now: super::now(),
    }
}

/// The files below a directory, so deep.
fn count(directory: &Path, depth: usize) -> usize {
    let Some(depth) = depth.checked_sub(1) else {
        return 0;
    };
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let number = |entry: fs::DirEntry| match fs::metadata(entry.path()) {
        Ok(found) if found.is_dir() => count(&entry.path(), depth),
        Ok(found) => usize::from(found.is_file()),
        Err(_) => 0,
    };
    entries.map(number).sum()
}

fn start_of(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        // What cannot be read is missing, and is found to be.
        let _ = file.take(LARGEST).read_to_end(&mut bytes);
    }
    bytes
}

/// Proxies: of these variables, and of docker's configuration for the engine at `socket`.
pub fn proxies(variables: Vec<(String, String)>, socket: Option<&Path>, env: &Env) -> Proxies {
    let file: PathBuf = super::endpoint::config_directory(env).join("config.json");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let handed = handed(&text, socket);
    let asked: Vec<&str> = if handed.is_empty() {
        variables.iter().map(|(_, value)| value.as_str()).collect()
    } else {
        handed.iter().map(|(_, value)| value.as_str()).collect()
    };
    Proxies {
        local: asked.into_iter().any(of_this_machine),
        variables: variables.into_iter().map(|(name, _)| name).collect(),
        file: file.display().to_string(),
        handed: handed
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect(),
    }
}

/// The variables that docker's client hands to the containers that it makes: each in both cases.
pub fn handed_proxies(socket: &Path, env: &Env) -> Vec<(String, String)> {
    let file = super::endpoint::config_directory(env).join("config.json");
    let text = fs::read_to_string(file).unwrap_or_default();
    let both = |(name, value): (&str, String)| {
        [
            (name.to_owned(), value.clone()),
            (name.to_lowercase(), value),
        ]
    };
    handed(&text, Some(socket))
        .into_iter()
        .flat_map(both)
        .collect()
}

/// What docker's client hands to containers (docker/cli `cli/config/configfile`, `ParseProxyConfig`):
/// what is configured for the address of the engine, else for all.
fn handed(config: &str, socket: Option<&Path>) -> Vec<(&'static str, String)> {
    const NAMES: [(&str, &str); 5] = [
        ("httpProxy", "HTTP_PROXY"),
        ("httpsProxy", "HTTPS_PROXY"),
        ("ftpProxy", "FTP_PROXY"),
        ("noProxy", "NO_PROXY"),
        ("allProxy", "ALL_PROXY"),
    ];
    let json: serde_json::Value = serde_json::from_str(config).unwrap_or_default();
    let address = socket.map(|socket| format!("unix://{}", socket.display()));
    let of = |name: &str| json.get("proxies").and_then(|proxies| proxies.get(name));
    let found = address.as_deref().and_then(of).or_else(|| of("default"));
    let value = |key: &str| found?.get(key)?.as_str().map(str::to_owned);
    let named = NAMES
        .iter()
        .filter_map(|(key, name)| Some((*name, value(key)?)));
    named.filter(|(_, value)| !value.is_empty()).collect()
}

/// Whether the address of a proxy is this machine's own, at which a container finds itself.
fn of_this_machine(value: &str) -> bool {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    // A list of exceptions names them, too, and is no proxy.
    !rest.contains(',')
        && ["localhost:", "127.0.0.1:", "[::1]:"]
            .iter()
            .any(|own| rest.starts_with(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_the_kernels() {
        let text = "MemTotal:       2048 kB\nMemFree: 1 kB\nMemAvailable:   1024 kB\n";
        assert_eq!(memory(text), Some((2 << 20, 1 << 20)));
        assert_eq!(memory("MemTotal: many"), None);
    }

    #[test]
    fn the_mount_of_a_path_is_the_deepest_and_the_last() {
        let mounts = "\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 0:30 / /mnt/c rw,noatime - 9p C: rw,aname=drvfs;path=C:
31 22 0:31 / /home/ann/far\\040away rw - fuse.sshfs ann@x:/ rw,user_id=1000
32 22 0:32 / /home/ann/shared rw - fuse.sshfs ann@x:/ rw,allow_other
33 22 0:33 / /home/ann/shared/in rw - tmpfs none rw
34 22 0:34 / /home/ann/shared/in rw - xfs /dev/sdb rw
";
        for (path, kind, at, closed) in [
            ("/home/ann/shop", "ext4", "/", false),
            ("/mnt/c/shop", "9p", "/mnt/c", false),
            ("/mnt/cc", "ext4", "/", false),
            (
                "/home/ann/far away/x",
                "fuse.sshfs",
                "/home/ann/far away",
                true,
            ),
            ("/home/ann/shared", "fuse.sshfs", "/home/ann/shared", false),
            ("/home/ann/shared/in/y", "xfs", "/home/ann/shared/in", false),
        ] {
            let found = mounted(mounts, Path::new(path));
            let found = (found.file_system, found.mounted_at, found.closed);
            assert_eq!(found, (kind.to_owned(), at.to_owned(), closed), "{path}");
        }
    }

    #[test]
    fn room_is_told_of_what_is_not_there_yet() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b");
        let found = disk(&path).unwrap();
        assert!(found.free > 0 && found.path.ends_with("a/b"), "{found:?}");
        assert!(!dir.path().join("a").exists());
    }

    #[test]
    fn dockers_configuration_says_what_containers_get() {
        let config = r#"{"proxies": {
            "default": {"httpProxy": "http://p:1", "noProxy": ""},
            "unix:///e.sock": {"httpsProxy": "http://q:2"}}}"#;
        let names = |socket: &str| {
            let all = handed(config, Some(Path::new(socket))).into_iter();
            all.map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names("/x"), ["HTTP_PROXY"]);
        assert_eq!(names("/e.sock"), ["HTTPS_PROXY"]);
        assert!(handed("broken", None).is_empty());
        for (value, own) in [
            ("http://127.0.0.1:3128", true),
            ("http://ann:x@localhost:3128/", true),
            ("localhost:3128", true),
            ("http://proxy:3128", false),
            ("localhost:1,127.0.0.1:2", false),
            ("localhost,127.0.0.1", false),
        ] {
            assert_eq!(of_this_machine(value), own, "{value}");
        }
    }
}
