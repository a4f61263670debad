//! Compares a password with a stored hash, in each form in which the hash may have been made.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::budget::Budget;
use crate::Error;
use crate::password::kdf::Kdf;
use crate::password::pepper::{Applied, Pepper};
use crate::password::prehash::PreHash;
use crate::password::scheme::Scheme;
use crate::password::schemes::EVERY;
use crate::password::stored_hash::Reading;

/// The form in which a password matched.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Match {
    /// As the policy normalizes it.
    Normal,
    /// In another form, so that the hash should be renewed.
    Other,
    /// In a form that other passwords share, so that a new hash would refuse what logged in before.
    Shared,
}

/// A password that is checked.
pub(super) struct Attempt<'a> {
    /// In the policy's form.
    pub(super) normal: &'a str,
    /// As typed, if that differs.
    pub(super) typed: Option<&'a str>,
    pub(super) pepper: Option<&'a Pepper>,
    /// The account that the hash is bound to, if it is.
    pub(super) account: Option<&'a str>,
    /// The secret of an Argon2 hash without a pepper; empty if there is none.
    pub(super) argon2_secret: &'a [u8],
    pub(super) budget: Budget<'a>,
}

impl Attempt<'_> {
    /// The first reading that the password matches, and in which form. Each form is tried with all readings before the next
    /// form. With a pepper only the policy's form is tried.
    pub(super) fn find<'a>(
        &mut self,
        readings: &'a [(Scheme, Reading)],
    ) -> Result<Option<(Match, Scheme, &'a Reading)>, Error> {
        for (scheme, reading) in readings {
            if self.is_of(reading, self.normal)? {
                let is_whole = self.pepper.is_some() || reading.is_whole(self.normal)?;
                return Ok(Some((if is_whole { Match::Normal } else { Match::Shared }, *scheme, reading)));
            }
        }
        if self.pepper.is_some() {
            return Ok(None);
        }
        if let Some(typed) = self.typed {
            // A pre-hash that normalizes makes the same of both.
            for (scheme, reading) in readings.iter().filter(|(_, reading)| !reading.prehash.normalizes()) {
                if self.is_of(reading, typed)? {
                    let is_whole = reading.is_whole(typed)?;
                    return Ok(Some((if is_whole { Match::Other } else { Match::Shared }, *scheme, reading)));
                }
            }
        }
        if !EVERY {
            // Argon2 is given the password itself, and nothing is trimmed or escaped.
            return Ok(None);
        }
        for (scheme, reading) in readings {
            for text in [Some(self.normal), self.typed].into_iter().flatten() {
                for (variant, is_shared) in reading.prehash.variants(text)?.into_iter().flatten() {
                    if self.is_of(reading, &variant)? {
                        return Ok(Some((if is_shared { Match::Shared } else { Match::Other }, *scheme, reading)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Whether a stored tag is that of a password, compared in constant time. It is not computed if the budget does not allow
    /// it.
    fn is_of(&mut self, reading: &Reading, password: &str) -> Result<bool, Error> {
        let Reading { prehash, kdf, tag: stored } = reading;
        if !self.budget.spend(&**kdf, password.len(), stored.len()) {
            return Ok(false);
        }
        let key = self.pepper.map_or(Key::Argon2(self.argon2_secret), |pepper| Key::Pepper(pepper, self.account));
        let computed = tag(&**kdf, prehash, password, key, stored.len())?;
        let is_same: bool = computed.ct_eq(stored).into();
        let is_one = self.pepper.is_some() || prehash.is_digest() || !kdf.is_ambiguous(password);
        Ok(is_same & is_one)
    }
}

impl Reading {
    /// Whether no other password that somebody may have set has the same tag: nothing was trimmed, changed or escaped.
    fn is_whole(&self, password: &str) -> Result<bool, Error> {
        Ok(self.prehash.keeps(password)? && !self.prehash.may_be_escaped(password))
    }
}

/// The secret key of a hash.
#[derive(Clone, Copy)]
pub(super) enum Key<'a> {
    /// The secret input of Argon2, in hashes that do not name it. Empty if there is none. Other functions have no such input.
    Argon2(&'a [u8]),
    /// A pepper, and the account that the hash is bound to, if it is.
    Pepper(&'a Pepper, Option<&'a str>),
}

/// The tag of a password: the key is applied first, then the pre-hash, then the function.
pub(super) fn tag<K: Kdf + ?Sized>(
    kdf: &K,
    prehash: &PreHash,
    password: &str,
    key: Key<'_>,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let applied = match key {
        Key::Argon2(secret) => Applied::from_secret(if kdf.takes_secret() { secret } else { &[] }),
        Key::Pepper(pepper, account) => pepper.applied(kdf.takes_secret(), account, password)?,
    };
    let password = applied.password.as_ref().map_or(password, |text| text.as_str());
    let prehashed = prehash.apply(password)?;
    kdf.tag(prehashed.as_ref().map_or(password, |text| text.as_str()), applied.secret(), length)
}
