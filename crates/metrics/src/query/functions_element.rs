//! Functions of one value at a time: arithmetic, trigonometry, bounds, rounding, and the parts of a date.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::column::{Column, map_values, merge_equal};
use super::error::QueryError;
use super::eval::{Evaluator, nameless};
use super::node::ElementCall;
use super::time::Steps;

/// A function from a value and up to two scalars to a value, if there is one.
#[derive(Debug, Clone, Copy)]
pub(super) enum ElementFunction {
    Plain(fn(f64) -> f64),
    /// Arguments are lower and upper bound.
    Clamp,
    ClampMin,
    ClampMax,
    /// Argument is the multiple to round to, 1 by default.
    Round,
    /// Of a value in seconds since the epoch, in UTC.
    Date(fn(DateTime<Utc>) -> u32),
}

impl ElementFunction {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "abs" => Self::Plain(f64::abs),
            "ceil" => Self::Plain(f64::ceil),
            "floor" => Self::Plain(f64::floor),
            "exp" => Self::Plain(f64::exp),
            "sqrt" => Self::Plain(f64::sqrt),
            "ln" => Self::Plain(f64::ln),
            "log2" => Self::Plain(f64::log2),
            "log10" => Self::Plain(f64::log10),
            "sgn" => Self::Plain(sign),
            "sin" => Self::Plain(f64::sin),
            "cos" => Self::Plain(f64::cos),
            "tan" => Self::Plain(f64::tan),
            "asin" => Self::Plain(f64::asin),
            "acos" => Self::Plain(f64::acos),
            "atan" => Self::Plain(f64::atan),
            "sinh" => Self::Plain(f64::sinh),
            "cosh" => Self::Plain(f64::cosh),
            "tanh" => Self::Plain(f64::tanh),
            "asinh" => Self::Plain(f64::asinh),
            "acosh" => Self::Plain(f64::acosh),
            "atanh" => Self::Plain(f64::atanh),
            "deg" => Self::Plain(f64::to_degrees),
            "rad" => Self::Plain(f64::to_radians),
            "clamp" => Self::Clamp,
            "clamp_min" => Self::ClampMin,
            "clamp_max" => Self::ClampMax,
            "round" => Self::Round,
            "minute" => Self::Date(|date| date.minute()),
            "hour" => Self::Date(|date| date.hour()),
            "day_of_week" => Self::Date(|date| date.weekday().num_days_from_sunday()),
            "day_of_month" => Self::Date(|date| date.day()),
            "day_of_year" => Self::Date(|date| date.ordinal()),
            "days_in_month" => Self::Date(days_in_month),
            "month" => Self::Date(|date| date.month()),
            "year" => Self::Date(|date| u32::try_from(date.year()).unwrap_or(0)),
            _ => return None,
        })
    }

    fn apply(self, value: f64, first: Option<f64>, second: Option<f64>) -> Option<f64> {
        match self {
            Self::Plain(function) => Some(function(value)),
            Self::Clamp => {
                let (low, high) = (first?, second?);
                (low <= high || low.is_nan() || high.is_nan()).then(|| larger(low, smaller(high, value)))
            }
            Self::ClampMin => Some(larger(first?, value)),
            Self::ClampMax => Some(smaller(first?, value)),
            Self::Round => {
                // Dividing by the inverse keeps decimal multiples exact where multiplying would not.
                let inverse = 1.0 / first.unwrap_or(1.0);
                Some((value * inverse + 0.5).floor() / inverse)
            }
            Self::Date(part) => Some(date(value).map_or(f64::NAN, |date| f64::from(part(date)))),
        }
    }
}

pub(super) fn eval(evaluator: &mut Evaluator<'_>, call: &ElementCall, steps: Steps) -> Result<Vec<Column>, QueryError> {
    let mut columns = evaluator.vector(&call.vector, steps)?;
    let parameters =
        call.parameters.iter().map(|scalar| evaluator.scalar(scalar, steps)).collect::<Result<Vec<_>, _>>()?;
    evaluator.spend(columns.len(), steps)?;
    let parameter = |i: usize, step: usize| parameters.get(i).and_then(|values| values.get(step)).copied();
    map_values(&mut columns, |step, value| call.function.apply(value, parameter(0, step), parameter(1, step)));
    merge_equal(nameless(columns))
}

fn sign(value: f64) -> f64 {
    if value < 0.0 {
        -1.0
    } else if value > 0.0 {
        1.0
    } else {
        value
    }
}

/// Unlike with `f64::max`, NaN wins against everything but infinity.
fn larger(a: f64, b: f64) -> f64 {
    if a != f64::INFINITY && b != f64::INFINITY && (a.is_nan() || b.is_nan()) { f64::NAN } else { a.max(b) }
}

/// Unlike with `f64::min`, NaN wins against everything but minus infinity.
fn smaller(a: f64, b: f64) -> f64 {
    -larger(-a, -b)
}

fn date(seconds: f64) -> Option<DateTime<Utc>> {
    // Beyond these chrono has no dates, and the conversion below would saturate.
    if seconds.abs() > 8e12 || seconds.is_nan() { None } else { DateTime::from_timestamp(seconds as i64, 0) }
}

fn days_in_month(date: DateTime<Utc>) -> u32 {
    let (year, month) = if date.month() == 12 { (date.year() + 1, 1) } else { (date.year(), date.month() + 1) };
    let next = NaiveDate::from_ymd_opt(year, month, 1);
    next.and_then(|next| next.pred_opt()).map_or(31, |last| last.day())
}
