//! A page for man(1), and as plain text.

use super::facts::Section;
use super::{DATE, Page};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

/// roff's preamble is written with every piece; the page has it once.
const PREAMBLES: [&str; 2] = [".ie \\n(.g", ".el .ds Aq"];

/// What roff takes for an end of a sentence, and fills as one.
const PROGRAM: &str = concat!("hal-9000 ", env!("CARGO_PKG_VERSION"));

impl Page {
    /// The name of its file.
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.name, self.section)
    }

    /// For man(1).
    pub fn roff(&self) -> String {
        let mut text = Roff::new()
            .control("TH", self.title().iter().map(String::as_str))
            .render();
        if let Some(command) = &self.grammar {
            let man = Man::new(command.clone());
            let mut out = Vec::new();
            // Writing to memory does not fail.
            let _ = man.render_name_section(&mut out);
            let _ = man.render_synopsis_section(&mut out);
            let _ = man.render_description_section(&mut out);
            if command.get_arguments().any(|arg| !arg.is_hide_set()) {
                let _ = man.render_options_section(&mut out);
            }
            if command.has_subcommands() {
                let _ = man.render_subcommands_section(&mut out);
            }
            text.push_str(&String::from_utf8_lossy(&out));
        }
        for section in &self.facts {
            text.push_str(&roff(section).render());
        }
        let mut lines: Vec<&str> = Vec::new();
        for line in text.lines().map(str::trim_end) {
            let preamble = PREAMBLES.iter().any(|it| line.starts_with(it));
            let again = preamble && lines.contains(&line);
            let break_after_break = line == ".br" && lines.last() == Some(&line);
            if !line.is_empty() && !again && !break_after_break {
                lines.push(line);
            }
        }
        lines.join("\n") + "\n"
    }

    fn title(&self) -> [String; 5] {
        let name = self.name.to_uppercase();
        let manual = "hal-9000 manual";
        [
            name,
            self.section.to_string(),
            DATE.to_owned(),
            PROGRAM.to_owned(),
            manual.to_owned(),
        ]
    }

    /// For a terminal or a file of this many columns.
    pub fn text(&self, columns: usize) -> String {
        let mut text = String::new();
        if let Some(command) = &self.grammar {
            let mut command = command.clone().term_width(columns);
            // Its examples are among the facts.
            command = command.after_help("");
            text.push_str(command.render_long_help().to_string().trim_end());
            text.push('\n');
        }
        for section in &self.facts {
            text.push_str(&plain(section, columns));
        }
        text.trim_start().to_owned()
    }
}

fn roff(section: &Section) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [section.title]);
    if !section.lead.is_empty() {
        roff.text([roman(section.lead.as_str())]);
    }
    for (word, says) in &section.items {
        roff.control("TP", []);
        roff.text([bold(word.as_str())]);
        roff.text([roman(says.as_str())]);
    }
    for (index, example) in section.examples.iter().enumerate() {
        if index > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(example.says)]);
        roff.control("PP", []);
        roff.control("RS", ["4"]);
        roff.control("nf", []);
        for line in example.line.lines() {
            if line.is_empty() {
                roff.control("sp", []);
            } else {
                roff.text([bold(line)]);
            }
        }
        roff.control("fi", []);
        roff.control("RE", []);
    }
    roff
}

fn plain(section: &Section, columns: usize) -> String {
    let mut text = format!("\n{}:\n", heading(section.title));
    if !section.lead.is_empty() {
        text.push_str(&filled(&section.lead, 2, columns));
    }
    for (word, says) in &section.items {
        text.push_str(&format!("  {word}\n{}", filled(says, 6, columns)));
    }
    for example in &section.examples {
        for line in example.line.lines() {
            text.push_str(&format!("  {line}\n"));
        }
        text.push_str(&filled(example.says, 6, columns));
    }
    text
}

/// `EXIT STATUS` as clap writes its headings: `Exit status`.
fn heading(title: &str) -> String {
    let (first, rest) = title.split_at(1);
    first.to_owned() + &rest.to_lowercase()
}

/// Words in lines of this many columns; a word that is longer than a line has one of its own.
fn filled(text: &str, indent: usize, columns: usize) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let width = indent + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && width > columns {
            lines.push_str(&format!("{:indent$}{line}\n", ""));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines + &format!("{:indent$}{line}\n", "")
}
