//! Certificates and proxies: what this machine uses, and whether sessions do.

use super::certificates::{Bundle, read};
use super::{Certificates, Finding, Proxies, word};
use crate::model::{Machine, Settings};

const ABOUT: &str = "certificates";

pub(super) fn certificates(seen: &Certificates, settings: &Settings) -> Finding {
    match (&seen.bundle, &settings.ca_bundle) {
        (Some(Err(trouble)), _) => Finding::trouble(ABOUT, trouble),
        (Some(Ok(bytes)), Some(setting)) => {
            let path = setting.value.display().to_string();
            bundle(&path, &setting.origin.to_string(), &read(bytes, seen.now))
        }
        _ => without(seen),
    }
}

fn bundle(path: &str, origin: &str, bundle: &Bundle) -> Finding {
    let named = format!("`ca_bundle` is {path} ({origin})");
    match bundle {
        Bundle::Binary => Finding::failure(
            ABOUT,
            format!("{named}, which is a binary certificate: programs read PEM"),
            format!(
                "`openssl x509 -inform der -in {path} -out {path}.pem && hal-9000 config set ca_bundle {path}.pem`",
                path = word(path)
            ),
        ),
        Bundle::None => Finding::failure(
            ABOUT,
            format!("{named}, which has no certificate in it"),
            "`hal-9000 config set ca_bundle /path/to/bundle.pem`: a file with `-----BEGIN CERTIFICATE-----`",
        ),
        Bundle::Damaged { number } => Finding::failure(
            ABOUT,
            format!(
                "{named}, whose certificate number {number} cannot be read: it is cut off or damaged"
            ),
            "write the file anew: programs refuse all of it",
        ),
        Bundle::Read { count, expired } if expired == count => Finding::failure(
            ABOUT,
            format!("{named}, and all in it ({count}) have expired"),
            "ask whoever runs the proxy for the new one, and write it there",
        ),
        Bundle::Read { count, expired } => {
            let expired = match expired {
                0 => String::new(),
                number => format!(", {number} of them expired"),
            };
            Finding::well(
                ABOUT,
                format!(
                    "{named}: {count} in it{expired}; sessions and image builds trust these, and no others"
                ),
            )
        }
    }
}

/// No bundle is named: what this machine trusts beside the usual ones, a session does not.
fn without(seen: &Certificates) -> Finding {
    let named = seen.variables.first();
    let (why, extra) = match (named, &seen.added) {
        (Some((name, path)), _) => (format!("`{name}` names {path}"), Some(path)),
        (None, Some((directory, count))) => (format!("{count} in {directory}"), None),
        (None, None) => {
            return Finding::well(
                ABOUT,
                "those of each image: this machine has none of its own (else `ca_bundle`)",
            );
        }
    };
    let says = format!("this machine trusts more than the usual ones ({why}), and sessions do not");
    let system = seen.system.as_ref();
    let remedy = match (extra, system) {
        // What is added to the system's is in the system's bundle.
        (None, Some(system)) => format!("`hal-9000 config set ca_bundle {}`", word(system)),
        (Some(extra), Some(system)) if extra != system => format!(
            "`cat {} {} > ~/.hal-9000-ca.pem && hal-9000 config set ca_bundle ~/.hal-9000-ca.pem`",
            word(system),
            word(extra)
        ),
        (Some(extra), _) => format!("`hal-9000 config set ca_bundle {}`", word(extra)),
        (None, None) => "`hal-9000 config set ca_bundle /path/to/bundle.pem`".to_owned(),
    };
    Finding::warning(ABOUT, says, format!("where a proxy opens TLS: {remedy}"))
}

pub(super) fn proxies(seen: &Proxies, machine: Option<&Machine>) -> Finding {
    let about = "proxy";
    let Proxies {
        variables,
        file,
        handed,
        local,
    } = seen;
    let pulls = match machine.map(|machine| machine.proxy) {
        Some(true) => "; the engine pulls through one of its own",
        Some(false) => "; the engine pulls through none",
        None => "",
    };
    if *local {
        return Finding::warning(
            about,
            format!(
                "{} name an address of this machine alone, which in a container is the container",
                names(variables, handed)
            ),
            "name it by an address that containers reach, e.g. the one of `docker0` (`ip -4 addr show docker0`)",
        );
    }
    // Exceptions alone lead nowhere.
    let leads = |name: &String| !name.eq_ignore_ascii_case("NO_PROXY");
    match (!variables.iter().any(leads), handed.is_empty()) {
        (true, true) => Finding::well(about, "none is named here"),
        (_, false) => Finding::well(
            about,
            format!(
                "docker's client hands {} of {file} to sessions{pulls}",
                handed.join(", ")
            ),
        ),
        (false, true) => Finding::warning(
            about,
            format!(
                "{}: image builds use it, and sessions do not: nothing of your environment is theirs{pulls}",
                variables.join(", ")
            ),
            format!("for all sessions: `proxies` in {file} (`\"proxies\": {{\"default\": {{\"httpsProxy\": \"http://proxy:3128\"}}}}`)"),
        )
        .or(format!(
            "for one: `hal-9000 {}`",
            variables
                .iter()
                .map(|name| format!("-e {name}"))
                .collect::<Vec<_>>()
                .join(" ")
        )),
    }
}

fn names(variables: &[String], handed: &[String]) -> String {
    let all = if handed.is_empty() { variables } else { handed };
    all.join(", ")
}
