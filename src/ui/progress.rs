//! Builds and copies while they go on: a line that changes on a terminal, a line a step elsewhere.

use super::Ui;
use crate::engine::BuildEvent;
use crate::images::{Event, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// Shows what images and volumes are being made.
#[derive(Debug)]
pub struct Progress {
    ui: Ui,
    line: Option<ProgressBar>,
    started: bool,
    step: String,
}

impl Progress {
    /// Nothing is shown until something happens.
    pub fn new(ui: Ui) -> Self {
        Self {
            ui,
            line: None,
            started: false,
            step: String::new(),
        }
    }

    fn show(&mut self, text: &str) {
        if !self.started {
            self.started = true;
            self.ui
                .say("first use: making what sessions are made from (some minutes, once)");
        }
        if !self.ui.terminal {
            self.ui.say(text);
        } else if !self.ui.quiet {
            let line = self.line.get_or_insert_with(spinner);
            line.set_style(words_style());
            line.set_message(text.to_owned());
        }
    }

    fn transfer(&mut self, action: &str, current: u64, total: Option<u64>) {
        let Some(line) = self.line.as_ref().filter(|_| self.ui.terminal) else {
            return;
        };
        line.set_style(bytes_style(total.is_some()));
        line.set_length(total.unwrap_or(current));
        line.set_position(current);
        line.set_message(format!("{} · {action}", self.step));
    }

    fn finish(&mut self) {
        if let Some(line) = self.line.take() {
            line.finish_and_clear();
        }
    }
}

impl Observer for Progress {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Building { image } => self.show(&format!("building {image}")),
            Event::Build { image, event } => match event {
                BuildEvent::Step { n, total, text } => {
                    let text: String = text.chars().take(60).collect();
                    self.step = format!("{image} {n}/{total} {text}");
                    self.show(&self.step.clone());
                }
                BuildEvent::Transfer {
                    action,
                    current,
                    total,
                    ..
                } => self.transfer(action, *current, *total),
                BuildEvent::Output(line) => self.ui.step(line),
                BuildEvent::Cached => {}
            },
            Event::Built { image } => {
                self.finish();
                self.ui.say(&format!("built {image}"));
            }
            Event::Pulling { image } => {
                // docker shows how it goes on.
                self.finish();
                self.ui.say(&format!("pulling {image}"));
            }
            Event::Pulled { image } => self.ui.say(&format!("{image} is here")),
            Event::NotPulled { error } => {
                let why = error.causes().join("; ");
                self.ui.say(&format!("{error}: {why}: it is built"));
            }
            Event::Filling { volume } => self.show(&format!("filling the volume {volume}")),
            Event::Waiting { volume } => {
                self.show(&format!("waiting for another start, which fills {volume}"));
            }
            Event::Discarded { volume } => {
                self.show(&format!("removing {volume}, which was left half-filled"));
            }
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

fn spinner() -> ProgressBar {
    let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    line.enable_steady_tick(Duration::from_millis(120));
    line
}

fn words_style() -> ProgressStyle {
    style("{spinner} {wide_msg} {elapsed}")
}

fn bytes_style(known: bool) -> ProgressStyle {
    if known {
        style("{spinner} {wide_msg} {bytes}/{total_bytes} {bar:20} {elapsed}")
    } else {
        style("{spinner} {wide_msg} {bytes} {elapsed}")
    }
}

fn style(template: &str) -> ProgressStyle {
    // A template that indicatif cannot read only costs its looks.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
