//! A terminal that takes a Claude which has started without one is as if it had been there.

use crate::support::terminal::Terminal;
