//! `shell-init`: what a shell runs at its start.

use super::shell_args::ShellInit;
use super::{Next, answered};
use crate::host::Env;
use crate::shell::{self, Wish};
use crate::ui::{Kind, Report, Ui};

/// Run it.
pub(super) fn run(asked: &ShellInit, env: &Env, ui: Ui) -> Result<Next, Report> {
    if asked.deactivate {
        return answered(ui.answer(shell::deactivate(asked.shell)));
    }
    let wish = Wish {
        program: program(env)?,
        cmd: asked.cmd.clone(),
        claude: asked.alias_claude,
        docker: asked.alias_docker,
    };
    answered(ui.answer(&shell::init(asked.shell, &wish)))
}

/// What the shell is to run: the name by which it has found us, or the path where it was given one.
fn program(env: &Env) -> Result<String, Report> {
    let called = env.args.first().map(|it| it.to_string_lossy().into_owned());
    let called = called.unwrap_or_else(|| "hal-9000".to_owned());
    if !called.contains('/') || called.starts_with('/') {
        return Ok(called);
    }
    let here = env.directory.clone().map_err(|error| {
        let message = format!("cannot tell where `{called}` is: {error}");
        Report::new(Kind::Failed, message).hint("call it by its name, or by its absolute path")
    })?;
    Ok(here.join(called).to_string_lossy().into_owned())
}
