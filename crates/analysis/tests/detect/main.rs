//! The detector as its callers see it: faults are found, healthy series stay quiet, odd input has an answer.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod odd_input;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod quiet;
