//! Converts the digits of a JSON number to a double. The standard library's parser would add 20 KB to the wasm module.

#![expect(clippy::inline_always, reason = "a few instructions, executed for every digit")]

/// The number read so far: `significand` × 10^`exponent`. Digits after about the nineteenth only change the exponent.
#[derive(Default)]
pub(super) struct Decimal {
    significand: u64,
    exponent: i32,
}

/// The largest significand that has room for another digit.
const MAX_SIGNIFICAND: u64 = (u64::MAX - 9) / 10;

/// The smallest 20-digit prefix of a 309-digit number that rounds to infinity.
const INFINITE: u64 = 17_976_931_348_623_158_079;

/// 10^1, 10^2, 10^4, …: products of these give every power of ten up to 10^255.
const POWERS: [f64; 8] = [1e1, 1e2, 1e4, 1e8, 1e16, 1e32, 1e64, 1e128];

impl Decimal {
    /// Adds a digit before the decimal point.
    #[inline(always)]
    pub(super) fn push(&mut self, digit: u8) {
        if !self.append(digit) {
            self.scale(1);
        }
    }

    /// Adds a digit after the decimal point.
    pub(super) fn push_fraction(&mut self, digit: u8) {
        if self.append(digit) {
            self.scale(-1);
        }
    }

    /// Multiplies by a power of ten.
    pub(super) fn scale(&mut self, exponent: i32) {
        self.exponent = self.exponent.saturating_add(exponent);
    }

    /// The value as a double. Exact for integers up to 2^53, and correctly rounded for timestamps with decimals.
    /// Otherwise the nearest double or one next to it. `None` if the number is too large for a double.
    #[expect(clippy::cast_precision_loss, reason = "numbers are doubles, as in JavaScript")]
    pub(super) fn value(&self) -> Option<f64> {
        if self.exponent == 0 || self.significand == 0 {
            return Some(self.significand as f64);
        }
        if self.is_infinite() {
            return None;
        }
        let exponent = self.exponent.unsigned_abs().min(511);
        let powers = POWERS.iter().enumerate();
        let scale =
            powers.fold(1.0, |scale, (bit, power)| if exponent >> bit & 1 == 1 { scale * power } else { scale });
        let rest = if exponent < 256 { 1.0 } else { 1e256 };
        let value = self.significand as f64;
        let value = if self.exponent < 0 { value / scale / rest } else { value * scale * rest };
        // Intermediate rounding may push the largest doubles to infinity.
        Some(value.min(f64::MAX))
    }

    #[inline(always)]
    fn append(&mut self, digit: u8) -> bool {
        let room = self.significand <= MAX_SIGNIFICAND;
        if room {
            // Cannot wrap, because it fits. A saturating multiplication would take 128 bits and be slower.
            self.significand = self.significand.wrapping_mul(10).wrapping_add(u64::from(digit));
        }
        room
    }

    fn is_infinite(&self) -> bool {
        let mut twenty = self.significand;
        let mut exponent = self.exponent;
        while twenty <= u64::MAX / 10 {
            twenty = twenty.saturating_mul(10);
            exponent = exponent.saturating_sub(1);
        }
        // 2^64 is 1.8 × 10^19, so a number that starts with larger digits has only 19 digits here.
        let digits = if twenty < 10_000_000_000_000_000_000 { 19 } else { 20 };
        match exponent.saturating_add(digits).cmp(&309) {
            core::cmp::Ordering::Less => false,
            core::cmp::Ordering::Greater => true,
            core::cmp::Ordering::Equal => digits == 19 || INFINITE <= twenty,
        }
    }
}
