//! From the digits of a JSON number to a double, without the standard library's way, which would bring 20 KB into the
//! wasm module.

#![expect(clippy::inline_always, reason = "steps of few instructions, taken for every digit")]

/// The digits of a number as they are read: `significand` × 10^`exponent`. Digits beyond the nineteenth only count.
#[derive(Default)]
pub(super) struct Decimal {
    significand: u64,
    exponent: i32,
}

/// Beyond this, another digit may not fit.
const MOST: u64 = (u64::MAX - 9) / 10;

/// The least number of twenty digits that reaches infinity when a double of 309 digits starts with it.
const INFINITE: u64 = 17_976_931_348_623_158_079;

/// 10^1, 10^2, 10^4, …: the powers of ten that make up all up to 10^255.
const POWERS: [f64; 8] = [1e1, 1e2, 1e4, 1e8, 1e16, 1e32, 1e64, 1e128];

impl Decimal {
    /// Another digit before the point.
    #[inline(always)]
    pub(super) fn push(&mut self, digit: u8) {
        if !self.append(digit) {
            self.scale(1);
        }
    }

    /// Another digit behind the point.
    pub(super) fn push_fraction(&mut self, digit: u8) {
        if self.append(digit) {
            self.scale(-1);
        }
    }

    /// Multiplies by a power of ten.
    pub(super) fn scale(&mut self, exponent: i32) {
        self.exponent = self.exponent.saturating_add(exponent);
    }

    /// The double: exact for whole numbers up to 2^53 and for the decimals of a time, elsewhere the nearest or one beside
    /// it. Nothing if it is beyond the greatest.
    #[expect(clippy::cast_precision_loss, reason = "JavaScript reads every number as a double, and so do we")]
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
        // Rounded on the way, the greatest may end just above themselves.
        Some(value.min(f64::MAX))
    }

    #[inline(always)]
    fn append(&mut self, digit: u8) -> bool {
        let room = self.significand <= MOST;
        if room {
            // There is room, so that nothing wraps; to saturate would be a multiplication of 128 bits.
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
        // 2^64 is 1.8 × 10^19: what is greater than that behind its first digit's point stays at nineteen digits.
        let digits = if twenty < 10_000_000_000_000_000_000 { 19 } else { 20 };
        match exponent.saturating_add(digits).cmp(&309) {
            core::cmp::Ordering::Less => false,
            core::cmp::Ordering::Greater => true,
            core::cmp::Ordering::Equal => digits == 19 || INFINITE <= twenty,
        }
    }
}
