//! Verifies ECDSA signatures (FIPS 186-5 §6.4.2). After a few signatures, a key gets a table of multiples, which makes
//! further checks faster.

use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::OnceLock;

use ecdsa::elliptic_curve::array::ArraySize;
use ecdsa::elliptic_curve::ops::{Invert, Reduce};
use ecdsa::elliptic_curve::point::AffineCoordinates;
use ecdsa::elliptic_curve::{FieldBytes, PublicKey, Scalar};
use ecdsa::signature::hazmat::PrehashVerifier;
use ecdsa::{DigestAlgorithm, EcdsaCurve, Signature, SignatureSize, VerifyingKey};
use p256::NistP256;
use p384::NistP384;
use p521::NistP521;
use primeorder::{PrimeCurveParams, ProjectivePoint};
use sha2::Digest;
use signature::{Error, Verifier};

use super::multiples::{Multiples, sum_of_products};
use super::table_permits::{Permit, TablePermits};

/// How many valid signatures a key needs before it gets a table. Building the table costs as much as two checks, so a
/// key that is used once pays nothing. Invalid signatures do not count, so attackers cannot fill the memory with
/// tables.
const CHECKS_BEFORE_TABLE: u32 = 4;

/// At most 64 keys may have a table at a time, which limits the memory to 4 MB. Other keys are used without one.
static PERMITS: TablePermits = TablePermits::new(64);

/// A curve of RFC 7518 §3.4 with the hash that belongs to it.
pub(super) trait NistCurve: DigestAlgorithm + EcdsaCurve + PrimeCurveParams {
    /// The multiples of the curve's base point. Built on first use and shared by all keys.
    fn base() -> &'static Multiples<Self>;
}

macro_rules! nist_curves {
    ($($curve:ty)*) => {$(
        impl NistCurve for $curve {
            fn base() -> &'static Multiples<Self> {
                static BASE: OnceLock<Multiples<$curve>> = OnceLock::new();
                BASE.get_or_init(|| Multiples::of(&ProjectivePoint::<Self>::GENERATOR))
            }
        }
    )*};
}

nist_curves!(NistP256 NistP384 NistP521);

/// A public key and, after a few valid signatures, its table.
pub(super) struct EcVerifier<C: NistCurve> {
    key: VerifyingKey<C>,
    checks: AtomicU32,
    table: OnceLock<Table<C>>,
    permits: &'static TablePermits,
}

impl<C: NistCurve> EcVerifier<C> {
    pub(super) fn new(key: &PublicKey<C>) -> Self {
        Self { key: key.into(), checks: AtomicU32::new(0), table: OnceLock::new(), permits: &PERMITS }
    }

    /// Called after each valid signature. Builds the table when there have been enough.
    fn count_check(&self) {
        if self.checks.fetch_add(1, Ordering::Relaxed) < CHECKS_BEFORE_TABLE - 1 {
            return;
        }
        if let Some(permit) = self.permits.take() {
            self.table
                .get_or_init(|| Table { multiples: Multiples::of(&(*self.key.as_affine()).into()), _permit: permit });
        }
    }
}

impl<C: NistCurve> Verifier<Vec<u8>> for EcVerifier<C>
where
    SignatureSize<C>: ArraySize,
{
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        // Refuses wrong lengths, and r or s outside [1, n-1]. Accepts both s and n-s: RFC 7518 does not choose.
        let signature = Signature::<C>::from_slice(signature).map_err(|_| Error::new())?;
        let digest = C::Digest::digest(message);
        if let Some(table) = self.table.get() {
            return table.verify(&digest, &signature);
        }
        self.key.verify_prehash(&digest, &signature).map_err(|_| Error::new())?;
        self.count_check();
        Ok(())
    }
}

struct Table<C: NistCurve> {
    multiples: Multiples<C>,
    _permit: Permit,
}

impl<C: NistCurve> Table<C> {
    /// Gives the same verdicts as the crate's `verify_prehash`. Tests compare the two.
    fn verify(&self, digest: &[u8], signature: &Signature<C>) -> Result<(), Error>
    where
        SignatureSize<C>: ArraySize,
    {
        let (r, s) = signature.split_scalars();
        let inverse = *s.invert_vartime();
        let (of_base, of_key) = (number::<C>(digest) * inverse, *r * inverse);
        let point = sum_of_products([(C::base(), &of_base), (&self.multiples, &of_key)]);
        // The crate gives x = 0 for the point at infinity, which has no x. r is never 0.
        if number::<C>(&point.to_affine().x()) == *r { Ok(()) } else { Err(Error::new()) }
    }
}

/// Bytes as a number modulo the curve's order. No digest here is longer than a field element, so none is truncated.
fn number<C: NistCurve>(bytes: &[u8]) -> Scalar<C> {
    let mut field_bytes = FieldBytes::<C>::default();
    for (to, from) in field_bytes.iter_mut().rev().zip(bytes.iter().rev()) {
        *to = *from;
    }
    <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&field_bytes)
}

#[cfg(test)]
mod tests {
    use ecdsa::elliptic_curve::point::DecompressPoint;
    use ecdsa::elliptic_curve::subtle::Choice;
    use ecdsa::elliptic_curve::{Field, NonZeroScalar, PrimeField};
    use ecdsa::hazmat::{sign_prehashed_rfc6979, verify_prehashed};
    use primeorder::AffinePoint;

    use super::*;

    /// A key with its table, for checking any digest, r and s.
    struct Both<C: NistCurve> {
        key: ProjectivePoint<C>,
        table: Table<C>,
    }

    impl<C: NistCurve> Both<C>
    where
        SignatureSize<C>: ArraySize,
    {
        fn of(key: ProjectivePoint<C>) -> Self {
            Self { key, table: Table { multiples: Multiples::of(&key), _permit: PERMITS.take().unwrap() } }
        }

        /// The verdict, after asserting that both ways of verifying agree.
        fn accept(&self, digest: Scalar<C>, r: Scalar<C>, s: Scalar<C>) -> bool {
            let signature = Signature::<C>::from_scalars(r, s).unwrap();
            let plain = verify_prehashed(&self.key, &digest.to_repr(), &signature).is_ok();
            assert_eq!(self.table.verify(&digest.to_repr(), &signature).is_ok(), plain);
            plain
        }

        /// Constructs a digest and signature for which a check computes base·`of_base` + key·`of_key`, and says whether
        /// they are accepted.
        fn accept_sum(&self, of_base: Scalar<C>, of_key: Scalar<C>) -> bool {
            let sum = ProjectivePoint::<C>::GENERATOR * of_base + self.key * of_key;
            let x = number::<C>(&sum.to_affine().x());
            // No signature leads to the point at infinity, so any r will do.
            let r = if bool::from(x.is_zero()) { Scalar::<C>::from(7) } else { x };
            let s = r * Invert::invert(&of_key).unwrap();
            self.accept(of_base * s, r, s)
        }
    }

    fn random<C: NistCurve>(seed: u64) -> Scalar<C> {
        let (mut left, mut right) = (FieldBytes::<C>::default(), FieldBytes::<C>::default());
        for (bytes, name) in [(&mut left, b'l'), (&mut right, b'r')] {
            let hash = sha2::Sha512::new().chain_update([name]).chain_update(seed.to_be_bytes()).finalize();
            bytes.iter_mut().rev().zip(&hash).for_each(|(to, from)| *to = *from);
        }
        <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&left) * <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&right)
    }

    macro_rules! on_every_curve {
        ($($name:ident = $check:ident)*) => {$(
            #[test]
            fn $name() {
                $check::<NistP256>();
                $check::<NistP384>();
                $check::<NistP521>();
            }
        )*};
    }

    on_every_curve! {
        accepts_a_signature_before_and_after_the_table_is_made = verifies_before_and_after
        refuses_a_signature_with_any_bit_changed = refuses_changed_bits
        refuses_numbers_out_of_range_and_other_lengths = refuses_numbers
        agrees_with_the_crate_on_sums_of_equal_and_opposite_points = agrees_on_sums
        accepts_an_x_above_the_order = accepts_large_x
        accepts_both_forms_of_s = accepts_both_s
        makes_a_table_for_right_signatures_only = counts_right_signatures
        verifies_without_a_table_when_no_permit_is_left = verifies_without_permit
    }

    struct Signed<C: NistCurve> {
        verifier: EcVerifier<C>,
        message: Vec<u8>,
        signature: Vec<u8>,
    }

    fn signed<C: NistCurve>(seed: u64) -> Signed<C>
    where
        SignatureSize<C>: ArraySize,
    {
        let secret = NonZeroScalar::<C>::new(random::<C>(seed)).unwrap();
        let message = seed.to_be_bytes().repeat(20);
        let (signature, _) = sign_prehashed_rfc6979::<C, C::Digest>(&secret, &C::Digest::digest(&message), &[]);
        let verifier = EcVerifier::new(&PublicKey::from_secret_scalar(&secret));
        Signed { verifier, message, signature: signature.to_vec() }
    }

    impl<C: NistCurve> Signed<C>
    where
        SignatureSize<C>: ArraySize,
    {
        fn is_accepted(&self) -> bool {
            self.accepts(&self.signature)
        }

        fn accepts(&self, signature: &[u8]) -> bool {
            self.verifier.verify(&self.message, &signature.to_vec()).is_ok()
        }

        fn make_table(&self) {
            while self.verifier.table.get().is_none() {
                assert!(self.is_accepted());
            }
        }
    }

    fn verifies_before_and_after<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        for seed in 1..6 {
            let signed = signed::<C>(seed);
            for _ in 0..CHECKS_BEFORE_TABLE {
                assert!(signed.verifier.table.get().is_none());
                assert!(signed.is_accepted());
                assert!(signed.verifier.verify(b"another message", &signed.signature).is_err());
            }
            assert!(signed.verifier.table.get().is_some());
            assert!(signed.is_accepted());
            assert!(signed.verifier.verify(b"another message", &signed.signature).is_err());
        }
    }

    fn refuses_changed_bits<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        let signed = signed::<C>(1);
        signed.make_table();
        for bit in (0..signed.signature.len() * 8).step_by(5) {
            let mut changed = signed.signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!signed.accepts(&changed), "bit {bit}");
        }
        assert!(signed.is_accepted());
    }

    fn refuses_numbers<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        let signed = signed::<C>(2);
        let length = FieldBytes::<C>::default().len();
        let (r, s) = signed.signature.split_at(length);
        let zero = vec![0; length];
        let order = plus::<C>((-Scalar::<C>::ONE).to_repr(), 1).to_vec();
        let one_less = (-Scalar::<C>::ONE).to_repr().to_vec();
        let most = vec![255; length];
        let cut = |bytes: &[u8]| bytes[1..].to_vec();
        let longer = |bytes: &[u8]| [&[0], bytes].concat();
        for table in [false, true] {
            if table {
                signed.make_table();
            }
            assert_eq!(signed.verifier.table.get().is_some(), table);
            for number in [&zero, &order, &one_less, &most, &cut(r), &longer(r)] {
                assert!(!signed.accepts(&[number, s].concat()));
            }
            for number in [&zero, &order, &one_less, &most, &cut(s), &longer(s)] {
                assert!(!signed.accepts(&[r, number].concat()));
            }
            for signature in [vec![], r.to_vec(), [r, s, &[0]].concat(), vec![0; length * 2], cut(&signed.signature)] {
                assert!(!signed.accepts(&signature));
            }
            assert!(signed.is_accepted());
        }
    }

    fn agrees_on_sums<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        let one = Scalar::<C>::ONE;
        for secret in [one, -one, random::<C>(3)] {
            let both = Both::of(ProjectivePoint::<C>::GENERATOR * secret);
            for of_key in [one, Scalar::<C>::from(17), random::<C>(4)] {
                let same = of_key * secret;
                // Opposite points add up to infinity: no signature is valid.
                assert!(!both.accept_sum(-same, of_key));
                // Equal points, neighbors of equal and opposite points, no multiple of the base, and a random one.
                for of_base in [same, same + one, one - same, Scalar::<C>::ZERO, random::<C>(5)] {
                    assert_eq!(both.accept_sum(of_base, of_key), of_base != -same);
                }
            }
        }
    }

    /// Points whose x is above the order and wraps around. They do not occur by chance, so the key is built to fit.
    fn accepts_large_x<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        let mut found = 0;
        for small in 1..12 {
            let x = plus::<C>((-Scalar::<C>::ONE).to_repr(), small + 1);
            let Some(point) = Option::<AffinePoint<C>>::from(AffinePoint::<C>::decompress(&x, Choice::from(0))) else {
                continue;
            };
            found += 1;
            let (r, s, digest) = (Scalar::<C>::from(u64::from(small)), random::<C>(6), random::<C>(7));
            let key = (point * s - ProjectivePoint::<C>::GENERATOR * digest) * Invert::invert(&r).unwrap();
            let both = Both::of(key);
            assert!(both.accept(digest, r, s));
            assert!(!both.accept(digest, r + Scalar::<C>::ONE, s));
        }
        assert!(0 < found);
    }

    fn accepts_both_s<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        let signed = signed::<C>(8);
        let (r, s) = Signature::<C>::from_slice(&signed.signature).unwrap().split_scalars();
        let other = Signature::<C>::from_scalars(*r, -*s).unwrap().to_vec();
        assert!(signed.accepts(&other));
        signed.make_table();
        assert!(signed.accepts(&other));
    }

    fn counts_right_signatures<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        let signed = signed::<C>(9);
        let mut wrong = signed.signature.clone();
        wrong[3] ^= 1;
        for _ in 0..CHECKS_BEFORE_TABLE * 2 {
            assert!(!signed.accepts(&wrong));
        }
        assert!(signed.verifier.table.get().is_none());
    }

    fn verifies_without_permit<C: NistCurve>()
    where
        SignatureSize<C>: ArraySize,
    {
        static NONE_LEFT: TablePermits = TablePermits::new(0);
        let Signed { verifier, message, signature } = signed::<C>(10);
        let verifier = EcVerifier { permits: &NONE_LEFT, ..verifier };
        for _ in 0..CHECKS_BEFORE_TABLE * 2 {
            assert!(verifier.verify(&message, &signature).is_ok());
        }
        assert!(verifier.table.get().is_none());
        assert!(verifier.verify(b"another message", &signature).is_err());
    }

    /// Adds a small number to a big-endian one.
    fn plus<C: NistCurve>(mut bytes: FieldBytes<C>, more: u8) -> FieldBytes<C> {
        let mut carry = u16::from(more);
        for byte in bytes.iter_mut().rev() {
            carry += u16::from(*byte);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        bytes
    }
}
