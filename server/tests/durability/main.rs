//! What was acknowledged is there: the real process killed, starved of disk, locked out, fed garbage.
//!
//! Always true: the process is the built binary, each test has a folder, a database and a port of its own, and ends only
//! what it started; nothing sleeps: tests wait for what they want to see, with a deadline.

mod disk;
mod kill;
mod outcomes;
mod postgres;
mod process;
mod prometheus;
mod send;
mod targets;
