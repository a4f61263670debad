//! Durations in options: a number of seconds, or a text with a unit such as `"15m"`.

use core::str::FromStr;

use serde::de::{Deserialize, Deserializer};

use crate::options::{FromValue, Value, deserialize_value};
use crate::{Error, ErrorCode};

/// A duration in seconds: finite, not negative, at most 2^53 - 1.
///
/// As an option, it is a number of seconds or a text. A number must be less than 1000000000, which is 31 years: a larger
/// one is a time since 1970 by mistake, and the token would be valid for decades. The text has up to 15 digits with an
/// optional decimal point, then one of the units `s`, `m`, `h`, `d` or `w`, without spaces. A text without a unit is
/// refused, because libraries disagree whether it means seconds or milliseconds.
///
/// ```
/// use countersign::jwt::Duration;
///
/// assert_eq!("15m".parse::<Duration>()?.seconds(), 900.0);
/// assert_eq!("1.5h".parse::<Duration>()?, Duration::from_seconds(5400.0)?);
/// assert!("90".parse::<Duration>().is_err());
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Duration(f64);

const MAX_SECONDS: f64 = 9_007_199_254_740_991.0;

/// Numbers from here on are times: this one is in September 2001.
const FIRST_TIME: f64 = 1_000_000_000.0;

const EXPECTED: &str = "a number of seconds or a duration like \"15m\"";
const EXPECTED_NO_TIME: &str = "a duration in seconds, but a time: subtract now";

impl Duration {
    /// Zero seconds.
    pub const ZERO: Self = Self(0.0);

    /// Makes a duration from a number of seconds.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the number is negative, NaN, or 1000000000 or more, which is a time.
    pub fn from_seconds(seconds: f64) -> Result<Self, Error> {
        Self::of_number(seconds).map_err(invalid)
    }

    fn of_number(seconds: f64) -> Result<Self, &'static str> {
        if !(0.0..=MAX_SECONDS).contains(&seconds) {
            return Err(EXPECTED);
        }
        if seconds < FIRST_TIME { Ok(Self(seconds)) } else { Err(EXPECTED_NO_TIME) }
    }

    /// The duration in seconds.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        self.0
    }

    /// Makes a duration in constants. Every `u32` is in range.
    pub(crate) const fn constant(seconds: u32) -> Self {
        Self(seconds as f64)
    }
}

impl FromStr for Duration {
    type Err = Error;

    /// Parses a number with a unit.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: the text is not a number followed by a unit.
    fn from_str(text: &str) -> Result<Self, Error> {
        let unit = match text.as_bytes().last() {
            Some(b's') => 1.0,
            Some(b'm') => 60.0,
            Some(b'h') => 3_600.0,
            Some(b'd') => 86_400.0,
            Some(b'w') => 604_800.0,
            _ => return Err(invalid(EXPECTED)),
        };
        let number = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(invalid(EXPECTED));
        }
        let seconds = decimal(whole, fraction).ok_or_else(|| invalid(EXPECTED))? * unit;
        if seconds <= MAX_SECONDS { Ok(Self(seconds)) } else { Err(invalid(EXPECTED)) }
    }
}

/// The number `whole.fraction`, rounded to the nearest double. Numerator and denominator are exact, because they have
/// at most 15 digits. The standard library's parser would add 16 KB of tables and code to the wasm module.
#[expect(clippy::cast_precision_loss, reason = "below 10^15")]
fn decimal(whole: &str, fraction: &str) -> Option<f64> {
    const DIGITS: usize = 15;
    if DIGITS < whole.len().checked_add(fraction.len())? {
        return None;
    }
    let power = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let whole: u64 = whole.parse().ok()?;
    let fraction: u64 = fraction.parse().ok()?;
    Some(whole.checked_mul(power)?.checked_add(fraction)? as f64 / power as f64)
}

fn invalid(expected: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, ["not ", expected].concat())
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_value(deserializer)
    }
}

impl FromValue for Duration {
    fn from_value(value: Value) -> Result<Self, &'static str> {
        match value {
            Value::Number(seconds) => Self::of_number(seconds),
            Value::Text(text) => text.parse().map_err(|_| EXPECTED),
            _ => Err(EXPECTED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    #[test]
    fn reads_every_unit_and_refuses_the_rest() {
        for (text, seconds) in [("0s", 0.0), ("90s", 90.0), ("15m", 900.0), ("2h", 7200.0), ("1d", 86400.0)] {
            assert_eq!(text.parse::<Duration>().unwrap(), Duration::from_seconds(seconds).unwrap());
        }
        for text in ["", "s", "15", "15 m", " 15m", "-1s", "+1s", "1e3s", "1.s", ".5s", "15M", "15min", "1h30m", "NaNs"]
        {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
        for seconds in [-1.0, f64::NAN, f64::INFINITY, 1e16] {
            let error = Duration::from_seconds(seconds).unwrap_err();
            assert_eq!(error.to_string(), "not a number of seconds or a duration like \"15m\"");
        }
    }

    #[test]
    fn takes_no_time_for_a_duration() {
        for seconds in [1e9, 1_800_000_000.0, 1_800_000_000_000.0, 9_007_199_254_740_991.0] {
            let error = Duration::from_seconds(seconds).unwrap_err();
            assert_eq!(error.to_string(), "not a duration in seconds, but a time: subtract now");
        }
        let longest = Duration::from_seconds(999_999_999.0).unwrap();
        assert_eq!(longest, "999999999s".parse().unwrap());
        assert!(longest < "1000000000s".parse().unwrap());
    }
}
