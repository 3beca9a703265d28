//! Where the engine is looked for, and whether it may be used.

use super::{Access, Address, Finding, Trouble};
use crate::model::Product;

/// The ways to an engine for a distribution in Windows.
const IN_WINDOWS: &str =
    "with Docker Desktop: Settings → Resources → WSL integration, and switch this distribution on";

/// Where an engine that answers with a failure says why.
const LOG: &str = "the engine's log says why: `sudo journalctl -u docker -n 50` where systemd runs it; `docker info` asks it again";

pub(super) fn address(address: &Result<Address, Trouble>, in_windows: bool) -> Vec<Finding> {
    let address = match address {
        Ok(address) => address,
        Err(trouble) => return vec![silent(trouble, in_windows)],
    };
    let Address {
        socket,
        said_by,
        product,
        ..
    } = address;
    let product = product.filter(|product| *product != Product::Machine);
    let product = product.map_or(String::new(), |it| format!(", where {} is", it.name()));
    let mut findings = vec![
        Finding::well("socket", format!("{socket} ({said_by}){product}")),
        context(address),
    ];
    findings.extend(permission(address));
    findings
}

/// docker's own client goes by the same rules, and so says a script's `docker` beside us.
fn context(address: &Address) -> Finding {
    let by_context = address.said_by.strip_prefix("context ");
    let says = match (by_context, &address.context) {
        (Some(named), Some(current)) if !named.starts_with(&format!("`{current}`")) => {
            format!("{named}; docker's current one is `{current}`")
        }
        (Some(named), _) => named.to_owned(),
        (None, Some(current)) => format!(
            "none: {} goes before docker's current context `{current}`",
            address.said_by
        ),
        (None, None) if address.product == Some(Product::Machine) => "docker's default".to_owned(),
        (None, None) => format!("none: {} names the address", address.said_by),
    };
    Finding::well("context", says)
}

fn permission(address: &Address) -> Option<Finding> {
    let about = "permission";
    let socket = &address.socket;
    Some(match &address.access {
        Access::Root => Finding::well(about, "you are root"),
        Access::Owner => Finding::well(about, "the socket is yours"),
        Access::Group(group) => Finding::well(about, format!("you are in group {group}")),
        Access::Everybody => Finding::warning(
            about,
            "everybody on this machine may use the socket, and who uses it is root",
            format!("`sudo chmod 660 {}`", super::word(socket)),
        ),
        Access::Refused(trouble) => Finding::trouble(about, trouble),
        Access::Unknown => return None,
    })
}

/// An engine that does not answer.
pub(super) fn silent(trouble: &Trouble, in_windows: bool) -> Finding {
    let mut trouble = trouble.clone();
    // Whoever reads this has asked doctor.
    trouble
        .remedies
        .retain(|remedy| !remedy.contains("`hal-9000 doctor`"));
    if trouble.remedies.is_empty() {
        trouble.remedies.push(LOG.to_owned());
    }
    let finding = Finding::trouble("engine", &trouble);
    if in_windows {
        finding.or(IN_WINDOWS)
    } else {
        finding
    }
}
