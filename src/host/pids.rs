//! How often a container's processes were refused for their number, as the kernel counts it.
#![expect(clippy::disallowed_methods, reason = "reads /proc and /sys")]

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _};
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};

/// How often the count is looked at where the kernel does not tell of its changes, in milliseconds.
const EVERY: u16 = 200;

/// The count of one container, whose processes are this machine's. It goes with the container.
#[derive(Debug)]
pub struct PidsEvents {
    file: File,
    /// Whether the kernel tells of changes: in version 2 of control groups. In version 1 it does not
    /// (measured with Linux 6.18).
    told: bool,
}

impl PidsEvents {
    /// The count of the container in which this process is; an error where another machine has it.
    pub fn of(process: i64) -> io::Result<Self> {
        let groups = fs::read_to_string(format!("/proc/{process}/cgroup"))?;
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        let (directory, told) = directory(&groups).ok_or_else(missing)?;
        let file = directory.join("pids.events");
        // A process of this number that is in no container is somebody else's.
        if directory.parent() == Some(Path::new("/sys/fs/cgroup")) {
            return Err(missing());
        }
        let file = File::open(file)?;
        Ok(Self { file, told })
    }

    /// The count as it is now; an error once the container is gone.
    pub fn count(&mut self) -> io::Result<u64> {
        let mut text = String::new();
        self.file.rewind()?;
        self.file.read_to_string(&mut text)?;
        Ok(refused(&text))
    }

    /// Wait until it has changed, or may have.
    pub fn changes(&self) -> io::Result<()> {
        let mut asked = [PollFd::new(self.file.as_fd(), PollFlags::POLLPRI)];
        let patience = if self.told {
            PollTimeout::NONE
        } else {
            EVERY.into()
        };
        poll(&mut asked, patience)?;
        Ok(())
    }
}

/// The directory of the pids controller, from /proc/PID/cgroup (cgroups(7)): of version 1 where that
/// controller is its own, else of version 2; and whether it is that.
fn directory(groups: &str) -> Option<(PathBuf, bool)> {
    let lines = groups.lines().filter_map(|line| {
        let (_, rest) = line.split_once(':')?;
        rest.split_once(':')
    });
    let lines: Vec<_> = lines.collect();
    let own = |wanted: &str| {
        let mut lines = lines.iter();
        lines.find(|(names, _)| names.split(',').any(|name| name == wanted))
    };
    let (mount, path, second) = match own("pids") {
        Some((names, path)) => (format!("/sys/fs/cgroup/{names}"), path, false),
        None => ("/sys/fs/cgroup".to_owned(), &own("")?.1, true),
    };
    Some((PathBuf::from(format!("{mount}{path}")), second))
}

/// `max 3`
fn refused(text: &str) -> u64 {
    let count = text.lines().find_map(|line| line.strip_prefix("max "));
    count
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_controller_is_where_the_kernel_has_it() {
        for (groups, found) in [
            (
                "9:name=systemd:/docker/ab\n8:pids:/docker/ab\n0::/docker/ab\n",
                Some("/sys/fs/cgroup/pids/docker/ab"),
            ),
            (
                "0::/system.slice/docker-ab.scope\n",
                Some("/sys/fs/cgroup/system.slice/docker-ab.scope"),
            ),
            ("4:cpu,pids:/x:y\n", Some("/sys/fs/cgroup/cpu,pids/x:y")),
            ("4:cpu:/x\n", None),
            ("", None),
            ("zzz", None),
        ] {
            let second = groups.starts_with('0');
            let found = found.map(|path| (PathBuf::from(path), second));
            assert_eq!(directory(groups), found, "{groups}");
        }
    }

    #[test]
    fn refusals_are_counted() {
        for (text, count) in [
            ("max 3\n", 3),
            ("max 0\n", 0),
            ("", 0),
            ("max x", 0),
            ("a 1\nmax 2\n", 2),
        ] {
            assert_eq!(refused(text), count, "{text}");
        }
    }
}
