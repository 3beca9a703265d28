//! Files that a build downloads: by the engine, or by curl with certificates of the user's.

use super::{Content, ContextFile, Recipe};
use bytes::Bytes;

/// The line of a Dockerfile that becomes the downloads.
const FETCH: &str = "#fetch\n";

/// A URL, and where its content is put.
pub(super) type Download = (String, &'static str);

/// The recipe with its downloads in place of [`FETCH`].
///
/// `ca_bundle` is the content of a PEM file with the certificates that the way to the registry
/// needs; without it, the engine downloads and its own trust store decides. Either way the checksum
/// decides what it is, so that a bundle set later costs no second download.
pub(super) fn fetching(
    recipe: &Recipe,
    downloads: &[Download],
    ca_bundle: Option<Bytes>,
) -> Recipe {
    let with = |fetch: &str| Recipe {
        dockerfile: recipe.dockerfile.replace(FETCH, fetch),
        ..(*recipe).clone()
    };
    let plain = with(&by_engine(downloads));
    let Some(pem) = ca_bundle else {
        return plain;
    };
    Recipe {
        files: vec![ContextFile {
            name: "ca.pem".to_owned(),
            mode: 0o644,
            content: Content::Bytes(pem),
        }],
        same_as: Some(Box::new(plain)),
        ..with(&by_curl(downloads))
    }
}

/// One `ADD` per file.
fn by_engine(downloads: &[Download]) -> String {
    let add = |(url, to): &Download| format!("ADD {url} {to}\n");
    downloads.iter().map(add).collect()
}

/// curl with the given certificates beside Debian's: the bundle may hold just the company's own.
fn by_curl(downloads: &[Download]) -> String {
    let curl = |(url, to): &Download| {
        format!(" \\\n && curl --cacert /tmp/ca.pem -fsSL --create-dirs -o {to} {url}")
    };
    let downloads: String = downloads.iter().map(curl).collect();
    format!(
        "RUN apt-get update \\\n \
         && apt-get install --yes --no-install-recommends ca-certificates curl\n\
         COPY ca.pem /tmp/own.pem\n\
         RUN cat /etc/ssl/certs/ca-certificates.crt /tmp/own.pem > /tmp/ca.pem{downloads}\n"
    )
}
