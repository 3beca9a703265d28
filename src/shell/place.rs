//! Where in the grammar the cursor is.

use clap::{Arg, ArgAction, Command};

/// What may stand at the cursor.
#[derive(Debug, Clone)]
pub enum Wanted<'a> {
    /// A value of this argument; `before` is what stands in front of it in the same word.
    Value {
        /// The argument.
        arg: &'a Arg,
        /// `--profile=`, or nothing.
        before: String,
    },
    /// One of the command's own words.
    Word {
        /// A command below.
        command: bool,
        /// An argument by its place.
        positional: Option<&'a Arg>,
        /// A flag.
        flag: bool,
    },
    /// A word that is handed on; it is the one of this number after the command.
    Handed(usize),
}

/// Where the cursor is.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The names of the commands that were typed, below the program.
    pub path: Vec<&'a str>,
    /// The last of them.
    pub command: &'a Command,
    /// The values that were typed, by their arguments.
    pub values: Vec<(&'a str, String)>,
    /// The flags that were typed.
    pub flags: Vec<&'a str>,
    /// What may stand at the cursor.
    pub wanted: Wanted<'a>,
}

/// Find it: `words` are those after the program's name, the last one up to the cursor. The tree is
/// a built one.
pub fn place<'a>(tree: &'a Command, words: &[String]) -> Place<'a> {
    let (last, before) = match words.split_last() {
        Some((last, before)) => (last.as_str(), before),
        None => ("", words),
    };
    let mut reader = Reader {
        place: Place {
            path: Vec::new(),
            command: tree,
            values: Vec::new(),
            flags: Vec::new(),
            wanted: Wanted::Handed(0),
        },
        pending: None,
        positionals: 0,
        only_positionals: false,
    };
    for (index, word) in before.iter().enumerate() {
        reader.word(word);
        if reader.pending.is_none() && hands_on(reader.place.command) {
            reader.place.wanted = Wanted::Handed(words.len() - 2 - index);
            return reader.place;
        }
    }
    reader.wanted(last)
}

/// Whether a command hands its words on.
fn hands_on(command: &Command) -> bool {
    let mut positionals = command.get_positionals();
    positionals.any(Arg::is_trailing_var_arg_set)
}

struct Reader<'a> {
    place: Place<'a>,
    /// The option whose value comes next.
    pending: Option<&'a Arg>,
    positionals: usize,
    only_positionals: bool,
}

impl<'a> Reader<'a> {
    fn word(&mut self, word: &str) {
        if let Some(arg) = self.pending.take() {
            self.value(arg, word);
        } else if self.only_positionals {
            self.positional(word);
        } else if word == "--" {
            self.only_positionals = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            self.option(self.long(name), value);
        } else if let Some(letters) = word.strip_prefix('-').filter(|it| !it.is_empty()) {
            let (arg, value) = self.cluster(letters);
            self.option(arg, value);
        } else if let Some(below) = self.below(word) {
            self.place.command = below;
            self.place.path.push(below.get_name());
            self.place.flags.clear();
            self.positionals = 0;
        } else {
            self.positional(word);
        }
    }

    fn wanted(mut self, last: &str) -> Place<'a> {
        let value = |arg, before: &str| Wanted::Value {
            arg,
            before: before.to_owned(),
        };
        let long = last.strip_prefix("--").and_then(|it| it.split_once('='));
        let letters = last.strip_prefix('-').filter(|it| !it.starts_with('-'));
        self.place.wanted = if let Some(arg) = self.pending {
            value(arg, "")
        } else if self.only_positionals {
            self.own_word(false)
        } else if let Some((arg, name)) = long.and_then(|(name, _)| Some((self.long(name)?, name)))
        {
            value(arg, &format!("--{name}="))
        } else if let (Some(arg), Some(typed)) = self.cluster(letters.unwrap_or_default()) {
            let before = last.len() - typed.len();
            value(arg, last.get(..before).unwrap_or_default())
        } else {
            self.own_word(true)
        };
        self.place
    }

    fn own_word(&self, flag: bool) -> Wanted<'a> {
        let command = self.place.command;
        let first = self.positionals == 0 && !self.only_positionals;
        let mut all = command.get_positionals();
        let last = command.get_positionals().last();
        // The last one may take several words.
        let several = last.filter(|arg| matches!(arg.get_action(), ArgAction::Append));
        Wanted::Word {
            command: first && command.has_subcommands(),
            positional: all.nth(self.positionals).or(several),
            flag,
        }
    }

    fn long(&self, name: &str) -> Option<&'a Arg> {
        let mut all = self.place.command.get_arguments();
        all.find(|arg| arg.get_long() == Some(name))
    }

    /// The last option of `-dqp`, and its value where that is in the same word.
    fn cluster<'w>(&self, letters: &'w str) -> (Option<&'a Arg>, Option<&'w str>) {
        let mut last = None;
        for (index, letter) in letters.char_indices() {
            let mut all = self.place.command.get_arguments();
            last = all.find(|arg| arg.get_short() == Some(letter));
            let rest = &letters[index + letter.len_utf8()..];
            if last.is_some_and(needs_value) && !rest.is_empty() {
                return (last, Some(rest));
            }
        }
        (last, None)
    }

    fn option(&mut self, arg: Option<&'a Arg>, value: Option<&str>) {
        let Some(arg) = arg else { return };
        self.place.flags.push(arg.get_id().as_str());
        match value {
            Some(value) => self.value(arg, value),
            None if needs_value(arg) => self.pending = Some(arg),
            None => {}
        }
    }

    fn positional(&mut self, word: &str) {
        let Wanted::Word { positional, .. } = self.own_word(false) else {
            return;
        };
        if let Some(arg) = positional {
            self.value(arg, word);
        }
        self.positionals += 1;
    }

    fn value(&mut self, arg: &'a Arg, value: &str) {
        let value = (arg.get_id().as_str(), value.to_owned());
        self.place.values.push(value);
    }

    fn below(&self, word: &str) -> Option<&'a Command> {
        let first = self.positionals == 0;
        let command = self.place.command;
        command.find_subcommand(word).filter(|_| first)
    }
}

/// Whether an option takes the next word.
fn needs_value(arg: &Arg) -> bool {
    let count = arg.get_num_args().map_or(0, |count| count.min_values());
    arg.get_action().takes_values() && count > 0 && !arg.is_require_equals_set()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Command {
        let value = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Set);
        let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
        let handed = Arg::new("words").num_args(0..).trailing_var_arg(true);
        let mut tree = Command::new("h")
            .arg(value("profile").short('p'))
            .arg(flag("detach").short('d'))
            .arg(value("print").num_args(0..=1).require_equals(true))
            .arg(Arg::new("dir"))
            .subcommand(Command::new("run").arg(handed))
            .subcommand(
                Command::new("kill")
                    .visible_alias("end")
                    .arg(flag("all"))
                    .arg(Arg::new("name").action(ArgAction::Append)),
            );
        tree.build();
        tree
    }

    /// What is wanted, in words.
    fn said(words: &str) -> String {
        let tree = tree();
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let place = place(&tree, &words);
        let wanted = match &place.wanted {
            Wanted::Value { arg, before } => format!("{before}{}", arg.get_id()),
            Wanted::Handed(number) => format!("handed {number}"),
            Wanted::Word {
                command,
                positional,
                flag,
            } => {
                let name = positional.map(|arg| arg.get_id().to_string());
                let name = name.unwrap_or_default();
                format!("command={command} {name} flag={flag}")
            }
        };
        format!("[{}] {wanted}", place.path.join(" "))
    }

    #[test]
    fn the_cursor_is_found() {
        for (words, wanted) in [
            ("", "[] command=true dir flag=true"),
            ("ki", "[] command=true dir flag=true"),
            ("-p ", "[] profile"),
            ("-p x ", "[] command=true dir flag=true"),
            ("-px ", "[] command=true dir flag=true"),
            ("-px", "[] -pprofile"),
            ("-dp ", "[] profile"),
            ("-d", "[] command=true dir flag=true"),
            ("--profile ", "[] profile"),
            ("--profile=x", "[] --profile=profile"),
            ("--profile=x ", "[] command=true dir flag=true"),
            ("--print ", "[] command=true dir flag=true"),
            ("--print=", "[] --print=print"),
            ("--no-such ", "[] command=true dir flag=true"),
            (". ", "[] command=false  flag=true"),
            ("-- ", "[] command=false dir flag=false"),
            ("kill ", "[kill] command=false name flag=true"),
            ("end a b ", "[kill] command=false name flag=true"),
            ("-d kill --a", "[kill] command=false name flag=true"),
            ("run ", "[run] handed 0"),
            ("-p x run -p --x y", "[run] handed 2"),
        ] {
            assert_eq!(said(words), wanted, "{words:?}");
        }
    }

    #[test]
    fn what_was_typed_is_known() {
        let tree = tree();
        let words = ["-p", "x", "kill", "--all", "a", "b", ""].map(str::to_owned);
        let place = place(&tree, &words);
        let typed = [("profile", "x"), ("name", "a"), ("name", "b")];
        let typed = typed.map(|(name, value)| (name, value.to_owned()));
        assert_eq!(place.values, typed);
        assert_eq!(place.flags, ["all"]);
    }
}
