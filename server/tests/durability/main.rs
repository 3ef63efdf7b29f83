//! What was acknowledged is there: the real process killed, starved of disk, locked out, fed garbage.
//!
//! Always true: the process is the built binary, each test has a folder, a database and a port of its own, and ends only
//! what it started; nothing sleeps: tests wait for what they want to see, with a deadline.

#[cfg(test)]
mod disk;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod process;
#[cfg(test)]
mod prometheus;
#[cfg(test)]
mod send;
#[cfg(test)]
mod targets;
