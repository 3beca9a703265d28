//! `--print` and `--explain`: what would be run, shown.

use super::args::PrintForm;
use super::{Next, answered};
use crate::dockercli::{self, Flag};
use crate::model::Field;
use crate::plan::{Plan, Reasons};
use crate::ui::{self, Kind, Report, Ui};

/// Show the start of a session.
pub(super) fn start(
    ui: Ui,
    form: Option<PrintForm>,
    program: &str,
    plan: &Plan,
) -> Result<Next, Report> {
    let flags = dockercli::run(&plan.run);
    let Some(form) = form else {
        return answered(ui.answer(&ui::explain(&flags, &plan.reasons, ui.columns())));
    };
    let request = dockercli::create_request(&plan.run.spec);
    let create = serde_json::json!({ "name": request.name, "body": request.body });
    show(ui, form, program, &flags, &create)
}

/// Show how a running session is joined.
pub(super) fn join(
    ui: Ui,
    form: Option<PrintForm>,
    program: &str,
    words: Vec<String>,
) -> Result<Next, Report> {
    let flags = [Flag {
        field: Field::Client,
        words,
    }];
    let Some(form) = form else {
        let line = dockercli::shell_lines(program, &flags);
        let why = "this session runs: it is joined; `--new` starts another";
        return answered(ui.answer(&format!("{line}\n    {why} [found: a running session]")));
    };
    show(ui, form, program, &flags, &serde_json::Value::Null)
}

/// Show a command line of docker's that the user has typed, and what it gains.
pub(super) fn typed(
    ui: Ui,
    form: Option<PrintForm>,
    program: &str,
    flags: &[Flag],
    reasons: &Reasons,
) -> Result<Next, Report> {
    match form {
        None => answered(ui.answer(&ui::explain(flags, reasons, ui.columns()))),
        Some(form) => show(ui, form, program, flags, &serde_json::Value::Null),
    }
}

fn show(
    ui: Ui,
    form: PrintForm,
    program: &str,
    flags: &[Flag],
    create: &serde_json::Value,
) -> Result<Next, Report> {
    let words = flags.iter().flat_map(|flag| flag.words.clone());
    let argv: Vec<String> = [program.to_owned()].into_iter().chain(words).collect();
    match form {
        PrintForm::Shell => answered(ui.answer(&dockercli::shell_lines(program, flags))),
        PrintForm::Json => answered(ui.json(serde_json::json!({ "argv": argv, "create": create }))),
        PrintForm::Argv => match argv.iter().find(|word| word.contains('\n')) {
            None => answered(ui.answer(&argv.join("\n"))),
            Some(word) => Err(Report::new(
                Kind::Usage,
                "`--print=argv` puts one word on a line, and one has a line break in it",
            )
            .cause(format!("`{}`", word.escape_debug()))
            .hint("`--print=json` and `--print` can write it")),
        },
    }
}
