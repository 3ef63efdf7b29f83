//! The command line: the real binary, its exit codes and what it says.

mod admin;
mod config;
mod gate;
mod process;
mod serve;
mod watch;

use process::{Outcome, run};
