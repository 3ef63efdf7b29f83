//! The events that the model is asked about: mostly ordinary, some threats, and what drift does to them.
//!
//! Always true: with a shift of 0 the distribution is that of the training set.

use super::pick_user;
use crate::fleet::dice::Dice;

/// The features that an event brings along, in standard deviations of ordinary events.
pub(in crate::fleet) type Event = [f64; 5];

/// Where threats are, in every feature; ordinary events are at 0.
pub(super) const THREAT: f64 = 2.0;

/// The share of threats.
const SHARE: f64 = 0.1;

/// How much of the spread is left at full shift: everything looks alike, near the border of the two classes.
const SPREAD_LEFT: f64 = 0.3;

/// A source of events.
#[derive(Debug)]
pub(in crate::fleet) struct EventSource(Dice);

impl EventSource {
    pub(in crate::fleet) const fn new(dice: Dice) -> Self {
        Self(dice)
    }

    /// An event and the user it comes from. `shift`, 0 to 1, moves events towards the border between the classes.
    pub(in crate::fleet) fn draw(&self, shift: f64) -> (Event, u32) {
        let centre = if self.0.chance(SHARE) { THREAT } else { 0.0 };
        let spread = 1.0 - shift * (1.0 - SPREAD_LEFT);
        let border = THREAT / 2.0;
        let event = std::array::from_fn(|_| centre + (border - centre) * shift + spread * self.0.normal());
        (event, pick_user(&self.0))
    }
}
