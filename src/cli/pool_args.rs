//! What can be typed after `hal-9000 pool`. The comments are the help.

use super::args::EngineOptions;
use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

/// `pool`
#[derive(Debug, Args)]
pub(super) struct Pool {
    #[command(subcommand)]
    pub(super) command: PoolCommand,
}

/// What to do with the pool.
#[derive(Debug, Subcommand)]
pub(super) enum PoolCommand {
    /// Keep sessions ready for the projects used last; starts the parent if need be
    Start(PoolStart),
    /// Keep none
    Stop(PoolStop),
    /// Keep so many
    Scale(PoolScale),
    /// Have a session of a project ready, whether it was used or not
    Warm(PoolWarm),
    /// Give up those that wait, and those that nobody looks after
    Cleanup(PoolStop),
    /// Show what waits, and what was taken
    Status(PoolStatus),
}

/// `pool start`
#[derive(Debug, Args)]
pub(super) struct PoolStart {
    /// Sessions that are always ready [default: 2]
    #[arg(long, value_name = "COUNT", value_parser = count)]
    pub(super) min: Option<u16>,
    /// Sessions that may be ready when many are taken [default: 5]
    #[arg(long, value_name = "COUNT", value_parser = count)]
    pub(super) max: Option<u16>,
    /// How long those beyond the minimum wait unused: 90s, 30m, 2h [default: 30m]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) idle_timeout: Option<i64>,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `pool stop`, `pool cleanup`
#[derive(Debug, Args)]
pub(super) struct PoolStop {
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `pool scale`
#[derive(Debug, Args)]
pub(super) struct PoolScale {
    /// Sessions that are always ready
    #[arg(value_name = "COUNT", value_parser = count)]
    pub(super) count: u16,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `pool warm`
#[derive(Debug, Args)]
pub(super) struct PoolWarm {
    /// The project's directory [default: .]
    #[arg(value_hint = ValueHint::DirPath)]
    pub(super) dir: Option<PathBuf>,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

/// `pool status`
#[derive(Debug, Args)]
pub(super) struct PoolStatus {
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) engine: EngineOptions,
}

impl Pool {
    /// Which engine.
    pub(super) fn engine(&self) -> &EngineOptions {
        match &self.command {
            PoolCommand::Start(it) => &it.engine,
            PoolCommand::Stop(it) | PoolCommand::Cleanup(it) => &it.engine,
            PoolCommand::Scale(it) => &it.engine,
            PoolCommand::Warm(it) => &it.engine,
            PoolCommand::Status(it) => &it.engine,
        }
    }

    /// Whether the answer is JSON.
    pub(super) fn json(&self) -> bool {
        matches!(&self.command, PoolCommand::Status(status) if status.json)
    }
}

/// How many: more than a hundred is a slip.
fn count(text: &str) -> Result<u16, String> {
    let found = text.parse().ok().filter(|count| *count <= 100);
    found.ok_or_else(|| "write a number from 0 to 100".to_owned())
}

/// `90s`, `30m`, `2h`, `1d` as seconds.
fn duration(text: &str) -> Result<i64, String> {
    let units = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];
    let found = units.into_iter().find_map(|(unit, seconds)| {
        let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
        Some(i64::from(count) * seconds)
    });
    found.ok_or_else(|| "write a number and s, m, h or d, as in `30m`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        for (text, seconds) in [
            ("90s", 90),
            ("30m", 1800),
            ("2h", 7200),
            ("1d", 86_400),
            ("0s", 0),
        ] {
            assert_eq!(duration(text), Ok(seconds));
        }
        for text in ["", "30", "m", "-1m", "1.5h", "1w", "99999999999s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
