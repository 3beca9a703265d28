//! The request that was typed.

use super::args::{Cli, Command};
use super::words;
use crate::host::Env;
use crate::model::{Invalid, UserVolume};
use crate::plan::{Request, Via, What};
use crate::ui::{Kind, Report};
use std::path::PathBuf;
use std::str::FromStr;

/// Each value of it read, nothing looked up.
pub(super) fn request(cli: &Cli, env: &Env) -> Result<Request, Report> {
    let session = &cli.session;
    let what = match &cli.command {
        Some(Command::Claude(claude)) => What::Claude(words::as_text(&claude.words)?),
        Some(Command::Shell(shell)) => What::Shell(words::as_text(&shell.words)?),
        _ if session.shell => What::Shell(Vec::new()),
        _ => What::Claude(Vec::new()),
    };
    if session.shell && cli.command.is_some() {
        return Err(Report::together("`--shell`", "a command"));
    }
    Ok(Request {
        what,
        name: session.name.as_deref().map(str::parse).transpose()?,
        new: session.new,
        detach: session.detach,
        no_limits: session.no_limits,
        read_only: session.read_only,
        env: parse_all(&session.env)?,
        volumes: parse_all(&session.volume)?
            .into_iter()
            .map(|volume| absolute(volume, env))
            .collect::<Result<_, Report>>()?,
        publish: parse_all(&session.publish)?,
        network: session.network.as_deref().map(str::parse).transpose()?,
        via: match (session.via_parent, session.direct) {
            (true, _) => Via::Parent,
            (_, true) => Via::Direct,
            _ => Via::Auto,
        },
    })
}

fn parse_all<T: FromStr<Err = Invalid>>(texts: &[String]) -> Result<Vec<T>, Invalid> {
    texts.iter().map(|text| text.parse()).collect()
}

/// A volume's source as the engine needs it: absolute, and there, since the engine would make an
/// empty directory owned by root in place of a misspelt one.
fn absolute(volume: UserVolume, env: &Env) -> Result<UserVolume, Report> {
    if !volume.is_path() {
        return Ok(volume);
    }
    let home_relative = match volume.source.as_str() {
        "~" => Some(""),
        source => source.strip_prefix("~/"),
    };
    let typed = match (home_relative, env.home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(&volume.source),
    };
    let here = env.directory.clone().unwrap_or_default();
    let failed = |why: String| {
        let message = format!("`--volume {}`: {why}", volume.text());
        Report::new(Kind::Usage, message).hint("name a file or directory that exists")
    };
    let found = here
        .join(&typed)
        .canonicalize()
        .map_err(|error| failed(error.to_string()))?;
    let source = found
        .to_str()
        .ok_or_else(|| failed("its path is not UTF-8".to_owned()))?;
    if source.contains(':') {
        return Err(failed(
            "docker cannot mount a path with a `:` in it this way".to_owned(),
        ));
    }
    Ok(UserVolume {
        source: source.to_owned(),
        ..volume
    })
}
