//! The parent: hal-9000 as the first process, and the ChromaDB server that it supervises.

use super::download::fetching;
use super::{Arch, Content, ContextFile, Recipe, Role, VERSION};
use bytes::Bytes;
use std::collections::BTreeMap;

const CHROMA: &str = include_str!("../../docker/Dockerfile.chroma");
const PARENT: &str = include_str!("../../docker/Dockerfile.parent");

/// The release of ChromaDB in the parent.
pub const CHROMA_VERSION: &str = "1.5.9";

/// Where the wheel of that release is, and its SHA-256, which `pip download` also checks.
fn wheel(arch: Arch) -> (&'static str, &'static str) {
    match arch {
        Arch::Amd64 => (
            "https://files.pythonhosted.org/packages/e6/ec/0c42039e80b9acc534f67b73b7a42471948042859b3a64867b50a4a77fa3/chromadb-1.5.9-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "cc09b3df76e5a5cb386aed2715a2eea152e3949f9e1ba93c7119505377749929",
        ),
        Arch::Arm64 => (
            "https://files.pythonhosted.org/packages/38/4e/937bc4d2e6f8ab9664ec79931fbbd69efff47e513ec2924b071e4b0ff774/chromadb-1.5.9-cp39-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64.whl",
            "9192d111bd662241625867962333d99369a00769a50f8b2f58cb388731274d7e",
        ),
    }
}

/// One release of the ChromaDB server: `hal9000/chroma:<release>`. `ca_bundle` is as for Claude.
pub fn chroma(arch: Arch, ca_bundle: Option<Bytes>) -> Recipe {
    let reference = format!("hal9000/chroma:{CHROMA_VERSION}");
    let (url, sha256) = wheel(arch);
    let recipe = Recipe {
        role: Role::Chroma,
        profile: None,
        dockerfile: CHROMA.to_owned(),
        args: BTreeMap::from([
            ("HAL9000_REFERENCE".to_owned(), reference.clone()),
            ("CHROMA_SHA256".to_owned(), sha256.to_owned()),
        ]),
        reference,
        files: Vec::new(),
        parents: Vec::new(),
        arch: Some(arch),
        same_as: None,
    };
    fetching(
        &recipe,
        &[(url.to_owned(), "/fetch/chromadb.whl")],
        ca_bundle,
    )
}

/// The parent: `hal9000/parent:<version>`.
pub fn parent(arch: Arch, ca_bundle: Option<Bytes>) -> Recipe {
    let chroma = chroma(arch, ca_bundle);
    Recipe {
        reference: format!("hal9000/parent:{VERSION}"),
        role: Role::Parent,
        profile: None,
        dockerfile: PARENT.to_owned(),
        args: BTreeMap::from([("HAL9000_CHROMA".to_owned(), chroma.reference.clone())]),
        files: vec![ContextFile {
            name: "hal-9000".to_owned(),
            mode: 0o755,
            content: Content::ThisExecutable,
        }],
        parents: vec![chroma],
        arch: Some(arch),
        same_as: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_architecture_has_its_own_wheel_checked_by_its_own_sum() {
        for (arch, name) in [(Arch::Amd64, "x86_64.whl"), (Arch::Arm64, "aarch64.whl")] {
            let recipe = chroma(arch, None);
            let (_, rest) = recipe.dockerfile.split_once("\nADD ").unwrap();
            let (url, _) = rest.split_once(' ').unwrap();
            assert!(url.ends_with(name) && url.contains(CHROMA_VERSION), "{url}");
            assert_eq!(recipe.args["CHROMA_SHA256"].len(), 64);
        }
        let (a, b) = (chroma(Arch::Amd64, None), chroma(Arch::Arm64, None));
        assert_ne!(a.args["CHROMA_SHA256"], b.args["CHROMA_SHA256"]);
    }

    #[test]
    fn a_new_binary_downloads_no_chroma() {
        let parent = parent(Arch::Amd64, None);
        let binary: Vec<_> = parent.files.iter().map(|file| &file.content).collect();
        assert_eq!(binary, [&Content::ThisExecutable]);
        assert!(parent.parents[0].files.is_empty());
    }
}
