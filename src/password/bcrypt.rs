//! bcrypt (Provos and Mazières, 1999), on the Blowfish of the crate of that name.

use core::cell::RefCell;

use blowfish::Blowfish;
use zeroize::Zeroizing;

use super::costs::{Cost, OutOfRange};
use super::limits::Limits;
use crate::{Error, ErrorCode};

/// All that bcrypt reads of a password.
const PASSWORD_BYTES: usize = 72;
pub(super) const SALT_BYTES: usize = 16;
/// Of the 24 bytes that are computed, the last has never been stored.
pub(super) const TAG_BYTES: usize = 23;

const COST: Cost = Cost { name: "cost", symbol: "cost", limit: "bcryptCost" };

/// The binary logarithm of the number of rounds, within bcrypt's range and within limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Params {
    cost: u32,
}

impl Params {
    pub(super) fn new(cost: u64, limits: &Limits) -> Result<Self, OutOfRange> {
        let cost = COST.at_most(cost, limits.bcrypt_cost.min(31))?;
        if cost < 4 { Err(COST.too_low("4")) } else { Ok(Self { cost }) }
    }

    /// For new hashes, of which OWASP wants a cost of 10 at least.
    pub(super) fn of_policy(cost: Option<u64>, limits: &Limits) -> Result<Self, OutOfRange> {
        let params = Self::new(cost.unwrap_or(DEFAULT_COST), limits)?;
        if params.cost < 10 { Err(COST.too_low("10")) } else { Ok(params) }
    }

    pub(super) const fn cost(self) -> u32 {
        self.cost
    }
}

/// A quarter of a second, which is what OWASP's 10 took when it was set; the default of most libraries today.
const DEFAULT_COST: u64 = 12;

thread_local! {
    /// The tables of the cipher, during a hash. In WebAssembly a place of their own has an address that is known when the
    /// module is compiled, and goes into the instructions that load from them: no address is added up a billion times, which
    /// saves a tenth of the time. Nobody is called back while they are borrowed.
    static STATE: RefCell<Option<Blowfish>> = const { RefCell::new(None) };
}

/// Everything that goes into a hash beside the password.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) params: Params,
    pub(super) salt: [u8; SALT_BYTES],
}

/// Expects a password that bcrypt reads all of, and does not take for another: it repeats the password with a NUL after
/// it, so that `ab` and `ab\0ab` are one.
///
/// # Errors
/// - [`ErrorCode::PasswordInvalid`]: it has a NUL.
/// - [`ErrorCode::PasswordTooLong`]: longer than 72 bytes.
pub(super) fn check_reads_whole(password: &str) -> Result<(), Error> {
    if PASSWORD_BYTES < password.len() {
        let message = "password is longer than the 72 bytes that bcrypt reads";
        return Err(Error::new(ErrorCode::PasswordTooLong, message));
    }
    if password.contains('\0') {
        let message = "password has a NUL, which bcrypt takes for its end";
        return Err(Error::new(ErrorCode::PasswordInvalid, message));
    }
    Ok(())
}

impl Recipe {
    /// The tag of `password`. Of one longer than 72 bytes, as of the first 72: that is how such hashes were made.
    #[expect(clippy::cast_possible_truncation, reason = "halves of a number")]
    pub(super) fn tag(&self, password: &str) -> Zeroizing<Vec<u8>> {
        // With the zero that ended a string in C, so that "ab" and "abab" differ.
        let key: Zeroizing<Vec<u8>> = Zeroizing::new(password.bytes().chain([0]).take(PASSWORD_BYTES).collect());
        let mut tag = Zeroizing::new(Vec::with_capacity(24));
        STATE.with_borrow_mut(|place| {
            let state = place.insert(Blowfish::bc_init_state());
            state.salted_expand_key(&self.salt, &key);
            for _ in 0..1_u32.wrapping_shl(self.params.cost) {
                state.bc_expand_key(&key);
                state.bc_expand_key(&self.salt);
            }
            for pair in [*b"OrpheanB", *b"eholderS", *b"cryDoubt"].map(u64::from_be_bytes) {
                let mut words = [(pair >> 32) as u32, pair as u32];
                for _ in 0..64 {
                    words = state.bc_encrypt(words);
                }
                tag.extend(words.iter().flat_map(|word| word.to_be_bytes()));
            }
            // Which wipes it.
            *place = None;
        });
        tag.truncate(TAG_BYTES);
        tag
    }

    pub(super) fn costs(&self) -> Vec<(&'static str, u32)> {
        vec![(COST.name, self.params.cost)]
    }

    pub(super) const fn is_weaker_than(&self, other: &Self) -> bool {
        self.params.cost < other.params.cost
    }
}
