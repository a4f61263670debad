//! bcrypt (Provos and Mazières, 1999), on the Blowfish of crate `blowfish`.

use core::cell::RefCell;

use blowfish::Blowfish;
use zeroize::Zeroizing;

use crate::password::costs::{Bound, Cost, OutOfRange};
use crate::password::kdf::{Family, Kdf, thousandths};
use crate::password::limits::Limits;
use crate::password::params::ParamsOptions;
use crate::{Error, ErrorCode};

/// All that bcrypt reads of a password.
const PASSWORD_BYTES: usize = 72;
pub(in crate::password) const SALT_BYTES: usize = 16;
/// bcrypt computes 24 bytes; the last was never stored.
pub(in crate::password) const TAG_BYTES: usize = 23;

const COST: Cost = Cost { name: "cost", symbol: "cost", limit: "bcryptCost" };

/// A quarter of a second, which is what OWASP's minimum of 10 took when it was set. Most libraries' default today.
const DEFAULT_COST: u64 = 12;

/// The binary logarithm of the number of rounds, within bcrypt's range and within limits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::password) struct Params {
    cost: u32,
}

impl Params {
    pub(in crate::password) fn new(cost: u64, limits: &Limits) -> Result<Self, OutOfRange> {
        let cost = COST.at_most(cost, limits.bcrypt_cost.min(31))?;
        if cost < 4 { Err(COST.beyond(Bound::Minimum("4"))) } else { Ok(Self { cost }) }
    }

    /// For new hashes, for which OWASP's minimum is 10.
    fn of_policy(cost: Option<u64>, limits: &Limits) -> Result<Self, OutOfRange> {
        let params = Self::new(cost.unwrap_or(DEFAULT_COST), limits)?;
        if params.cost < 10 { Err(COST.beyond(Bound::Minimum("10"))) } else { Ok(params) }
    }

    pub(in crate::password) const fn cost(self) -> u32 {
        self.cost
    }
}

thread_local! {
    /// The cipher's tables during a hash. In WebAssembly a static has an address that is known at compile time and goes into
    /// the load instructions, which saves a tenth of the time. Nothing is called back while it is borrowed.
    static STATE: RefCell<Option<Blowfish>> = const { RefCell::new(None) };
}

/// bcrypt with everything but the password.
#[derive(Clone, Debug)]
pub(in crate::password) struct Bcrypt {
    pub(in crate::password) params: Params,
    pub(in crate::password) salt: [u8; SALT_BYTES],
}

impl Bcrypt {
    /// For new hashes, without a salt.
    pub(in crate::password) fn of_policy(options: &ParamsOptions, limits: &Limits) -> Result<Self, OutOfRange> {
        Ok(Self { params: Params::of_policy(options.cost, limits)?, salt: [0; SALT_BYTES] })
    }
}

impl Kdf for Bcrypt {
    fn family(&self) -> Family {
        Family::Bcrypt
    }

    fn strength(&self) -> [u64; 3] {
        [self.params.cost.into(), 0, 0]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        vec![(COST.name, self.params.cost)]
    }

    fn salt(&self) -> &[u8] {
        &self.salt
    }

    fn tag_bytes(&self) -> usize {
        TAG_BYTES
    }

    fn work(&self, limits: &Limits, _: usize, _: usize) -> u64 {
        thousandths(1 << self.params.cost.min(31), 1 << limits.bcrypt_cost.min(31))
    }

    fn check_reads_whole(&self, password: &str) -> Result<(), Error> {
        if PASSWORD_BYTES < password.len() {
            let message = "password is longer than the 72 bytes that bcrypt reads";
            return Err(Error::new(ErrorCode::PasswordTooLong, message));
        }
        if self.is_ambiguous(password) {
            let message = "password contains a NUL character, which bcrypt treats as its end";
            return Err(Error::new(ErrorCode::PasswordInvalid, message));
        }
        Ok(())
    }

    /// bcrypt repeats a password with a NUL after it, so that `ab` and `ab\0ab` have the same tag.
    ///
    /// A password of more than 72 bytes is not counted as ambiguous, although bcrypt ignores its end: a program types it, or
    /// it ends with Devise's pepper.
    fn is_ambiguous(&self, password: &str) -> bool {
        password.contains('\0')
    }

    /// Of a password longer than 72 bytes, the first 72 are hashed: that is how such hashes were made.
    #[expect(clippy::cast_possible_truncation, reason = "halves of a number")]
    fn tag(&self, password: &str, _: &[u8], _: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        // With the NUL that ended the string in C, so that "ab" and "abab" differ.
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
            // Dropping it wipes it.
            *place = None;
        });
        tag.truncate(TAG_BYTES);
        Ok(tag)
    }
}
