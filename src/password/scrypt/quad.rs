//! Four words at a time: the vectors of WebAssembly where the module is compiled for them, and an array elsewhere, of
//! which the compiler makes the processor's.

pub(super) use self::form::Quad;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod form {
    use core::arch::wasm32::{
        i32x4_add, i32x4_shuffle, u32x4, u32x4_extract_lane, u32x4_shl, u32x4_shr, v128, v128_or, v128_xor,
    };

    #[derive(Clone, Copy)]
    pub(in crate::password::scrypt) struct Quad(v128);

    impl Quad {
        pub(in crate::password::scrypt) const ZERO: Self = Self::new([0; 4]);

        pub(in crate::password::scrypt) const fn new([a, b, c, d]: [u32; 4]) -> Self {
            Self(u32x4(a, b, c, d))
        }

        pub(in crate::password::scrypt) fn words(self) -> [u32; 4] {
            [
                u32x4_extract_lane::<0>(self.0),
                u32x4_extract_lane::<1>(self.0),
                u32x4_extract_lane::<2>(self.0),
                u32x4_extract_lane::<3>(self.0),
            ]
        }

        pub(in crate::password::scrypt) fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        pub(in crate::password::scrypt) fn plus(self, other: Self) -> Self {
            Self(i32x4_add(self.0, other.0))
        }

        /// Each word, its bits moved up in a circle.
        pub(in crate::password::scrypt) fn rotated<const BITS: u32>(self) -> Self {
            Self(v128_or(u32x4_shl(self.0, BITS), u32x4_shr(self.0, 32_u32.wrapping_sub(BITS))))
        }

        /// The words, moved up in a circle.
        pub(in crate::password::scrypt) fn turned<const PLACES: usize>(self) -> Self {
            let Self(own) = self;
            Self(match PLACES {
                1 => i32x4_shuffle::<3, 0, 1, 2>(own, own),
                2 => i32x4_shuffle::<2, 3, 0, 1>(own, own),
                3 => i32x4_shuffle::<1, 2, 3, 0>(own, own),
                _ => own,
            })
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod form {
    #[derive(Clone, Copy)]
    pub(in crate::password::scrypt) struct Quad([u32; 4]);

    impl Quad {
        pub(in crate::password::scrypt) const ZERO: Self = Self::new([0; 4]);

        pub(in crate::password::scrypt) const fn new(words: [u32; 4]) -> Self {
            Self(words)
        }

        pub(in crate::password::scrypt) fn words(self) -> [u32; 4] {
            self.0
        }

        pub(in crate::password::scrypt) fn xor(mut self, other: Self) -> Self {
            self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own ^= other);
            self
        }

        pub(in crate::password::scrypt) fn plus(mut self, other: Self) -> Self {
            self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own = own.wrapping_add(other));
            self
        }

        /// Each word, its bits moved up in a circle.
        pub(in crate::password::scrypt) fn rotated<const BITS: u32>(self) -> Self {
            Self(self.0.map(|word| word.rotate_left(BITS)))
        }

        /// The words, moved up in a circle.
        pub(in crate::password::scrypt) fn turned<const PLACES: usize>(mut self) -> Self {
            self.0.rotate_right(PLACES);
            self
        }
    }
}
