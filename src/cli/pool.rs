//! `hal-9000 pool …`: the warm pool, from the command line.

use super::args::Cli;
use super::parent::Place;
use super::pool_args::{PoolCommand, PoolStart, PoolWarm};
use super::{Next, answered, context, warm};
use crate::daemon::{self, DaemonError};
use crate::engine::{Look, Parents as _};
use crate::host::{self, Dirs, Env};
use crate::ipc::Order;
use crate::pool::{State, Summary};
use crate::ui::{Kind, Report, Ui, pool_text};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Seconds that `warm` waits: Claude takes one.
const TO_WARM: u32 = 60;

/// Run one of them.
pub(super) fn run(command: &PoolCommand, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    if let PoolCommand::Start(start) = command
        && let (Some(min), Some(max)) = (start.min, start.max)
        && min > max
    {
        let message = format!("`--min {min}` is more than `--max {max}`");
        return Err(Report::new(Kind::Usage, message)
            .hint("the maximum counts all that wait: make it as large as the minimum, or larger"));
    }
    let settings = context::settings(cli, env, ui, None)?;
    let connection = context::connect(&cli.engine(), env)?;
    let place = context::block_on(Place::find(&connection, &settings, env))?;
    match command {
        PoolCommand::Start(start) => self::start(start, &place, cli, env, ui),
        PoolCommand::Stop(_) => context::block_on(async {
            if runs(&place).await? {
                daemon::pool(&place.link(), Some(Order::Stop)).await?;
                ui.say("the pool is off: sessions start as without it");
            } else {
                swept(&place, ui).await?;
            }
            Ok(Next::Done)
        }),
        PoolCommand::Cleanup(_) => context::block_on(async {
            if runs(&place).await? {
                daemon::pool(&place.link(), Some(Order::Cleanup)).await?;
                ui.say("those that waited are given up; new ones are made");
            } else {
                swept(&place, ui).await?;
            }
            Ok(Next::Done)
        }),
        PoolCommand::Scale(scale) => context::block_on(async {
            let order = Order::Start {
                min: Some(scale.count.into()),
                max: None,
                idle_timeout: None,
            };
            let summary = daemon::pool(&place.link(), Some(order)).await;
            told(&summary.map_err(|error| absent(error, &place))?, ui);
            Ok(Next::Done)
        }),
        PoolCommand::Warm(warm) => self::warm(warm, &place, cli, env, ui),
        PoolCommand::Status(_) => context::block_on(status(&place, ui)),
    }
}

fn start(
    start: &PoolStart,
    place: &Place<'_>,
    cli: &Cli,
    env: &Env,
    ui: Ui,
) -> Result<Next, Report> {
    let summary = context::block_on(async {
        place.start(env, ui).await?;
        let order = Order::Start {
            min: start.min.map(usize::from),
            max: start.max.map(usize::from),
            idle_timeout: start.idle_timeout,
        };
        Ok(daemon::pool(&place.link(), Some(order)).await?)
    })?;
    told(&summary, ui);
    warm_recent(place, cli, env, ui);
    Ok(Next::Done)
}

/// Have spares of the projects that were used last. What stands in the way of one is no failure:
/// nobody has asked for it now.
pub(super) fn warm_recent(place: &Place<'_>, cli: &Cli, env: &Env, ui: Ui) {
    let silent = Ui { quiet: true, ..ui };
    let instance = context::instance(env).unwrap_or_default();
    let recent = host::recent_projects(&Dirs::of(env), &instance);
    // The one used last is told last: so it is first again.
    for project in recent.iter().rev() {
        if let Err(report) = keep_ready(project, place, cli, env, silent) {
            ui.step(&not_ready(project, &report));
        }
    }
}

fn not_ready(project: &Path, report: &Report) -> String {
    let project = project.display();
    format!(
        "no session of `{project}` is kept ready: {}",
        report.in_a_line()
    )
}

/// A session has ended, and left its project as the next one will find it: that one is made ready.
pub(super) fn warm_again(cli: &Cli, env: &Env, ui: Ui) {
    let asked = cli.dir.as_deref().unwrap_or(Path::new("."));
    let silent = Ui { quiet: true, ..ui };
    let told = context::settings(cli, env, silent, None).and_then(|settings| {
        let connection = context::connect(&cli.engine(), env)?;
        let place = context::block_on(Place::find(&connection, &settings, env))?;
        keep_ready(asked, &place, cli, env, silent)
    });
    if let Err(report) = told {
        ui.step(&not_ready(asked, &report));
    }
}

/// Have a spare of this project, if everything that it needs is there.
fn keep_ready(asked: &Path, place: &Place<'_>, cli: &Cli, env: &Env, ui: Ui) -> Result<(), Report> {
    let Some(want) = warm::want(asked, warm::Build::Never, cli, env, ui)? else {
        return Ok(());
    };
    context::block_on(async {
        daemon::warm(&place.link(), want, 0).await?;
        Ok(())
    })
}

fn warm(warm: &PoolWarm, place: &Place<'_>, cli: &Cli, env: &Env, ui: Ui) -> Result<Next, Report> {
    let asked: PathBuf = warm
        .dir
        .clone()
        .unwrap_or_else(|| Path::new(".").to_path_buf());
    let project = host::find_project(&asked, &env.directory)?;
    context::block_on(async {
        place.start(env, ui).await?;
        Ok(())
    })?;
    let want = warm::want(&asked, warm::Build::Missing, cli, env, ui)?;
    let name = project.directory.as_str().to_owned();
    let refused = || {
        let message = format!("no session of `{name}` can be kept ready");
        Report::new(Kind::Failed, message)
    };
    let want = want.ok_or_else(|| {
        refused()
            .cause("it would not be started through the parent, or has a SessionStart hook")
            .hint("`hal-9000 --explain` there says how it would be started")
    })?;
    let summary =
        context::block_on(async { Ok(daemon::warm(&place.link(), want, TO_WARM).await?) })?;
    let ready = |spare: &&crate::pool::Spare| spare.project == name && spare.state == State::Ready;
    if summary.spares.iter().any(|spare| ready(&spare)) {
        ui.say(&format!(
            "a session of {name} waits: `hal-9000` there takes it"
        ));
        return Ok(Next::Done);
    }
    let report = refused();
    let failure = summary.last_failure.filter(|event| event.project == name);
    Err(match (summary.terms.on && summary.terms.max > 0, failure) {
        (false, _) => report
            .cause("the pool is off")
            .hint("`hal-9000 pool start` switches it on"),
        (true, Some(event)) => report
            .cause(event.why)
            .hint("`hal-9000 daemon logs coordinator` shows what it said"),
        (true, None) => report
            .cause("others are in its place, or memory is short")
            .hint("`hal-9000 pool status` shows what waits; `pool scale` allows more"),
    })
}

async fn status(place: &Place<'_>, ui: Ui) -> Result<Next, Report> {
    if !runs(place).await? {
        if ui.json {
            return answered(ui.json(json!({ "running": false, "pool": null })));
        }
        ui.say("the parent does not run, and the pool is in it: `hal-9000 pool start`");
        return Ok(Next::Done);
    }
    let summary = daemon::pool(&place.link(), None).await?;
    if ui.json {
        return answered(ui.json(json!({ "running": true, "pool": summary })));
    }
    answered(ui.page(&pool_text(&summary, host::now(), ui.columns())))
}

async fn runs(place: &Place<'_>) -> Result<bool, Report> {
    let look = place.engine().look(place.name.as_str()).await?;
    Ok(look.as_ref().is_some_and(Look::running))
}

/// Remove what a parent that is gone has left.
async fn swept(place: &Place<'_>, ui: Ui) -> Result<(), Report> {
    let count = place
        .with(async |parent| Ok(daemon::sweep(parent).await.map_err(DaemonError::Engine)?))
        .await?;
    ui.say(&match count {
        0 => "the parent does not run, and nothing waits".to_owned(),
        count => format!("the parent does not run; {count} that it has left waiting are removed"),
    });
    Ok(())
}

fn told(summary: &Summary, ui: Ui) {
    let terms = &summary.terms;
    ui.say(&format!(
        "the pool keeps {} ready, {} at most",
        terms.min, terms.max
    ));
}

/// A coordinator that cannot be reached, where no parent runs.
fn absent(error: DaemonError, place: &Place<'_>) -> Report {
    match error {
        DaemonError::Call(_) => {
            let message = format!(
                "the parent `{}` does not answer, and the pool is in it",
                place.name
            );
            Report::new(Kind::Failed, message)
                .cause(error.to_string())
                .hint("`hal-9000 pool start` starts both")
        }
        error => error.into(),
    }
}
