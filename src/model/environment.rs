//! Environment variables of a container.

use super::Invalid;
use std::str::FromStr;

/// Where the value of a variable comes from when the container is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvValue {
    /// Written out in the command.
    Given(String),
    /// Taken from the caller's environment by name (`--env NAME`), so that it is not in argv.
    Inherited(String),
}

/// One variable of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: EnvValue,
}

impl EnvVar {
    /// A variable whose value is written out.
    pub fn given(name: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: EnvValue::Given(value.into()),
        }
    }

    /// The value, wherever it comes from.
    pub fn text(&self) -> &str {
        match &self.value {
            EnvValue::Given(text) | EnvValue::Inherited(text) => text,
        }
    }
}

/// `--env` as typed: `NAME=value`, or `NAME` to hand the caller's own value on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvRequest {
    /// Its name.
    pub name: String,
    /// Its value, where one was typed.
    pub value: Option<String>,
}

impl FromStr for EnvRequest {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        if !is_variable_name(name) {
            return Err(Invalid::new(
                "environment variable",
                text,
                "has no usable name: write `NAME=value`, or `NAME` for the value it has here",
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

/// Whether a shell could set a variable of this name.
pub fn is_variable_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_named_as_shells_name_them() {
        let parse = |text: &str| text.parse::<EnvRequest>();
        assert_eq!(parse("A=b=c").unwrap().value.as_deref(), Some("b=c"));
        assert_eq!(parse("A=").unwrap().value.as_deref(), Some(""));
        assert_eq!(parse("A").unwrap().value, None);
        for bad in ["", "=x", "1A=x", "A B=x", "A-B"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
