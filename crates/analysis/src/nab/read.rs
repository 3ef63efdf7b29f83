//! NAB's text formats: `timestamp,value` rows and the label file's times.

use std::fmt;

/// A series as read: times in ms since 1970 and values, in file order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    pub times_ms: Vec<i64>,
    pub values: Vec<f64>,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Counted from 1.
    pub line: usize,
    pub text: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is not \"YYYY-MM-DD HH:MM:SS,number\": {}", self.line, self.text)
    }
}

impl std::error::Error for Unreadable {}

impl Rows {
    /// Reads a data file with its heading line.
    ///
    /// # Errors
    /// The first line that is not a time and a number.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut rows = Self::default();
        for (index, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let read = line.split_once(',').and_then(|(time, value)| {
                Some((parse_time_ms(time)?, value.split(',').next()?.trim().parse::<f64>().ok()?))
            });
            let Some((time, value)) = read else {
                return Err(Unreadable { line: index + 1, text: line.chars().take(80).collect() });
            };
            rows.times_ms.push(time);
            rows.values.push(value);
        }
        Ok(rows)
    }

    /// First and last row of a window given by its times; `None` when either is not a row's time.
    #[must_use]
    pub fn window(&self, first_ms: i64, last_ms: i64) -> Option<(usize, usize)> {
        let row = |time: i64| self.times_ms.iter().position(|t| *t == time);
        Some((row(first_ms)?, row(last_ms)?))
    }
}

/// `YYYY-MM-DD HH:MM:SS[.ffffff]`, taken as UTC, in ms since 1970; a plain number is taken as seconds.
#[must_use]
pub fn parse_time_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return seconds.checked_mul(1000);
    }
    let (date, clock) = text.split_once([' ', 'T'])?;
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let mut parts = clock.splitn(3, ':');
    let hour = parts.next()?.parse::<i64>().ok()?;
    let minute = parts.next()?.parse::<i64>().ok()?;
    let second = parts.next()?.parse::<f64>().ok()?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60;
    Some(seconds * 1000 + (second * 1000.0).round() as i64)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: years begin in March, so that the leap day is the
/// last of its year, and 400 years are a cycle of 146,097 days.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let cycle = year.div_euclid(400);
    let year_of_cycle = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    cycle * 146_097 + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(parse_time_ms("1970-01-01 00:00:00"), Some(0));
        assert_eq!(parse_time_ms("2014-02-14 14:30:00"), Some(1_392_388_200_000));
        assert_eq!(parse_time_ms("2000-02-29 23:59:59.500000"), Some(951_868_799_500));
        assert_eq!(parse_time_ms("300"), Some(300_000));
        assert_eq!(parse_time_ms("2014-13-01 00:00:00"), None);
        assert_eq!(parse_time_ms("yesterday"), None);
    }

    #[test]
    fn a_bad_line_is_named() {
        let rows = Rows::parse("timestamp,value\n2014-02-14 14:30:00,0.5\n").unwrap();
        assert_eq!(rows.values, [0.5]);
        let error = Rows::parse("timestamp,value\n2014-02-14 14:30:00,0.5\nnonsense\n").unwrap_err();
        assert_eq!(error.line, 3);
    }
}
