//! Background tasks: idempotent steps that look at what is stored and move it closer to what it should be.
//!
//! The cast: a [`BackgroundTask`] is one kind of step; an [`Activator`] wakes it from anywhere; the [`Driver`] owns
//! all of them and keeps the [`TaskStatus`](domain::system::TaskStatus) that the System page shows.
//!
//! Always true: a task takes no input; it never runs twice at once; an error or a panic is counted and the next tick
//! tries again; on shutdown the running activation ends before the driver does.

mod activator;
mod driver;
mod tasks;

pub use activator::Activator;
pub use driver::Driver;
pub(crate) use tasks::Tasks;

use std::future::Future;
use std::time::Duration;

use crate::error::Result;

/// One kind of background step.
pub trait BackgroundTask: Send + 'static {
    /// A short noun, stable, unique.
    const NAME: &'static str;
    /// What it is for, in words.
    const ABOUT: &'static str;

    /// Time between runs when nobody wakes it.
    fn period(&self) -> Duration;

    /// Does what is there to do and says what that was, in words.
    fn activate(&mut self) -> impl Future<Output = Result<String>> + Send;
}
