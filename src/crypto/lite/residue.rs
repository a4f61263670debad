//! Arithmetic modulo an odd number of up to 521 bits, for checking public keys. Its time depends on the numbers.

#![expect(clippy::arithmetic_side_effects, reason = "no sum or product exceeds its type, as each comment says")]

/// Limbs of 32 bits, the lowest first: as many as the largest modulus needs.
const LIMBS: usize = 17;

/// A number below the modulus, times 2^544 (P. Montgomery, "Modular Multiplication Without Trial Division", 1985).
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) struct Residue([u32; LIMBS]);

impl Residue {
    pub(super) const ZERO: Self = Self([0; LIMBS]);
}

/// An odd modulus.
pub(super) struct Modulus {
    limbs: [u32; LIMBS],
    /// -1 divided by the modulus, modulo 2^32.
    inverse: u32,
    /// 2^1088 modulo the modulus, which brings numbers into the form of [`Residue`].
    square: Residue,
}

impl Modulus {
    /// The modulus with these bytes, big-endian, of at most 521 bits.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let limbs = limbs_of(bytes);
        let lowest = limbs[0];
        // Newton's method: each step doubles the number of correct bits, of which an odd number has three (x² is 1 mod 8).
        let inverse =
            (0..4).fold(lowest, |inverse, _| inverse.wrapping_mul(2_u32.wrapping_sub(lowest.wrapping_mul(inverse))));
        let mut modulus = Self { limbs, inverse: inverse.wrapping_neg(), square: Residue::ZERO };
        let mut one = [0; LIMBS];
        one[0] = 1;
        modulus.square = (0..2 * 32 * LIMBS).fold(Residue(one), |power, _| modulus.sum(&power, &power));
        modulus
    }

    /// The number with these bytes, big-endian. `None` if it is not below the modulus.
    pub(super) fn read(&self, bytes: &[u8]) -> Option<Residue> {
        let limbs = limbs_of(bytes);
        limbs.iter().rev().lt(self.limbs.iter().rev()).then(|| self.product(&Residue(limbs), &self.square))
    }

    pub(super) fn sum(&self, left: &Residue, right: &Residue) -> Residue {
        let mut sum = left.0;
        let mut carry = 0;
        for (limb, other) in sum.iter_mut().zip(right.0) {
            // Below 2^33.
            let wide = u64::from(*limb) + u64::from(other) + carry;
            (*limb, carry) = (low(wide), wide >> 32);
        }
        // The sum has at most 522 bits, so nothing is carried out of it.
        self.below(sum)
    }

    pub(super) fn difference(&self, left: &Residue, right: &Residue) -> Residue {
        let negative = subtract(&self.limbs, &right.0).0;
        self.sum(left, &self.below(negative))
    }

    pub(super) fn product(&self, left: &Residue, right: &Residue) -> Residue {
        let mut total = [0; LIMBS + 1];
        for limb in left.0 {
            add_product(&mut total, limb, &right.0);
            // Makes the lowest limb zero.
            let multiple = total[0].wrapping_mul(self.inverse);
            add_product(&mut total, multiple, &self.limbs);
            total.rotate_left(1);
        }
        // Less than twice the modulus. The highest limb is zero.
        let mut product = [0; LIMBS];
        product.copy_from_slice(&total[..LIMBS]);
        self.below(product)
    }

    /// `base` to the power of a number, big-endian.
    pub(super) fn power(&self, base: &Residue, exponent: &[u8]) -> Residue {
        let mut power = self.one();
        for bit in exponent.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1)) {
            power = self.product(&power, &power);
            if bit == 1 {
                power = self.product(&power, base);
            }
        }
        power
    }

    pub(super) fn one(&self) -> Residue {
        let mut one = [0; LIMBS];
        one[0] = 1;
        self.product(&Residue(one), &self.square)
    }

    /// A number below twice the modulus, reduced.
    fn below(&self, number: [u32; LIMBS]) -> Residue {
        let (reduced, is_less) = subtract(&number, &self.limbs);
        Residue(if is_less { number } else { reduced })
    }
}

/// The difference, and whether it is negative.
fn subtract(from: &[u32; LIMBS], other: &[u32; LIMBS]) -> ([u32; LIMBS], bool) {
    let mut difference = *from;
    let mut borrow = false;
    for (limb, other) in difference.iter_mut().zip(other) {
        let (once, first) = limb.overflowing_sub(*other);
        let (twice, second) = once.overflowing_sub(u32::from(borrow));
        (*limb, borrow) = (twice, first | second);
    }
    (difference, borrow)
}

/// Adds a limb times a number.
fn add_product(total: &mut [u32; LIMBS + 1], limb: u32, number: &[u32; LIMBS]) {
    let mut carry = 0;
    for (place, other) in total.iter_mut().zip(number.iter().chain(&[0])) {
        // At most (2^32 - 1)² + 2 (2^32 - 1), which is 2^64 - 1.
        let wide = u64::from(limb) * u64::from(*other) + u64::from(*place) + carry;
        (*place, carry) = (low(wide), wide >> 32);
    }
}

fn limbs_of(bytes: &[u8]) -> [u32; LIMBS] {
    let mut limbs = [0; LIMBS];
    for (limb, chunk) in limbs.iter_mut().zip(bytes.rchunks(4)) {
        *limb = chunk.iter().fold(0, |limb, byte| limb << 8 | u32::from(*byte));
    }
    limbs
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
fn low(wide: u64) -> u32 {
    wide as u32
}
