//! The detector as its callers see it: faults are found, healthy series stay quiet, odd input has an answer.

mod faults;
mod generate;
mod odd_input;
mod properties;
mod quiet;
