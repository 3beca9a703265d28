//! The usual ways to have an engine, told by where its socket is.

use std::path::Path;

/// Who brought the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// The machine's own, at docker's default socket.
    Machine,
    /// One that runs as its user.
    Rootless,
    /// Podman.
    Podman,
    /// Docker Desktop.
    Desktop,
    /// Colima.
    Colima,
    /// `OrbStack`.
    OrbStack,
    /// Rancher Desktop.
    Rancher,
    /// Lima.
    Lima,
}

/// Parts of the paths at which they put their sockets; the first that fits counts.
const PLACES: [(&str, Product); 6] = [
    ("/.docker/", Product::Desktop),
    ("/.colima/", Product::Colima),
    ("/.orbstack/", Product::OrbStack),
    ("/.rd/", Product::Rancher),
    ("/.lima/", Product::Lima),
    ("/podman/podman.sock", Product::Podman),
];

impl Product {
    /// By the path of its socket.
    pub fn at(socket: &Path) -> Option<Self> {
        if socket == Path::new("/var/run/docker.sock") || socket == Path::new("/run/docker.sock") {
            return Some(Self::Machine);
        }
        let text = socket.to_string_lossy();
        if text.starts_with("/run/user/") && text.ends_with("/docker.sock") {
            return Some(Self::Rootless);
        }
        let found = PLACES.iter().find(|(part, _)| text.contains(part));
        found.map(|(_, product)| *product)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Machine => "Docker",
            Self::Rootless => "rootless Docker",
            Self::Podman => "Podman",
            Self::Desktop => "Docker Desktop",
            Self::Colima => "Colima",
            Self::OrbStack => "OrbStack",
            Self::Rancher => "Rancher Desktop",
            Self::Lima => "Lima",
        }
    }

    /// Whether it runs the engine in a virtual machine.
    pub fn in_virtual_machine(self) -> bool {
        !matches!(self, Self::Machine | Self::Rootless | Self::Podman)
    }

    /// What starts it.
    pub fn start(self) -> &'static str {
        match self {
            Self::Machine => "`sudo systemctl start docker`",
            Self::Rootless => "`systemctl --user start docker`",
            Self::Podman => {
                "`systemctl --user start podman.socket` (root's: `sudo systemctl start podman.socket`)"
            }
            Self::Desktop => "`systemctl --user start docker-desktop`, or its icon",
            Self::Colima => "`colima start`",
            Self::OrbStack => "`orb start`",
            Self::Rancher => "`rdctl start`",
            Self::Lima => "`limactl start`",
        }
    }

    /// Where its virtual machine gets more memory and processors.
    pub fn grow(self) -> Option<&'static str> {
        match self {
            Self::Machine | Self::Rootless | Self::Podman => None,
            Self::Desktop => Some("Docker Desktop's Settings → Resources gives it more"),
            Self::Colima => Some("`colima stop && colima start --cpu 4 --memory 8` gives it more"),
            Self::OrbStack => Some("`orb config set memory_mib 8192` gives it more"),
            Self::Rancher => Some("Rancher Desktop's Preferences → Virtual Machine gives it more"),
            Self::Lima => Some("`limactl edit --cpus 4 --memory 8` gives it more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_by_its_socket() {
        for (socket, product) in [
            ("/var/run/docker.sock", Some(Product::Machine)),
            ("/run/docker.sock", Some(Product::Machine)),
            ("/run/user/1000/docker.sock", Some(Product::Rootless)),
            ("/run/user/1000/podman/podman.sock", Some(Product::Podman)),
            ("/run/podman/podman.sock", Some(Product::Podman)),
            (
                "/home/a/.docker/desktop/docker.sock",
                Some(Product::Desktop),
            ),
            (
                "/Users/a/.colima/default/docker.sock",
                Some(Product::Colima),
            ),
            (
                "/Users/a/.orbstack/run/docker.sock",
                Some(Product::OrbStack),
            ),
            ("/Users/a/.rd/docker.sock", Some(Product::Rancher)),
            (
                "/Users/a/.lima/docker/sock/docker.sock",
                Some(Product::Lima),
            ),
            ("/tmp/engine.sock", None),
        ] {
            assert_eq!(Product::at(Path::new(socket)), product, "{socket}");
        }
    }
}
