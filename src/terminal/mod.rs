//! What is said between a program and its terminal, understood: the questions that Claude asks and
//! what terminals answer, the modes that it switches on, and when it waits at its prompt.
//!
//! Pure. Measured with Claude Code 2.1.330: it draws its prompt first, asks some 65 ms later, waits
//! two seconds for answers, and never asks again. So whoever starts it where no terminal is has to
//! answer for the one that will come.

mod answers;
mod modes;
mod sequence;
mod watch;

pub use answers::{Answers, Query, questions, questions_but, read};
pub use modes::Modes;
pub use watch::Watch;
