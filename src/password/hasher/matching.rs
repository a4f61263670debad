//! Compares a password with a stored hash, in each form in which the hash may have been made.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::budget::Budget;
use crate::Error;
use crate::password::kdf::Kdf;
use crate::password::pepper::{Applied, Pepper};
use crate::password::prehash::PreHash;
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

impl Reading {
    /// The form in which the password matches, if it does. `normal` is the password in the policy's form. `typed` is the
    /// password as typed, if that differs. Without a pepper, it is tried next, and then both as the software that made the
    /// hash may have trimmed and escaped them.
    pub(super) fn matching(
        &self,
        normal: &str,
        typed: Option<&str>,
        pepper: Option<&Pepper>,
        budget: &mut Budget<'_>,
    ) -> Result<Option<Match>, Error> {
        if self.is_of(normal, pepper, budget)? {
            let is_whole = pepper.is_some() || self.is_whole(normal)?;
            return Ok(Some(if is_whole { Match::Normal } else { Match::Shared }));
        }
        if pepper.is_some() {
            return Ok(None);
        }
        if let Some(typed) = typed
            && self.is_of(typed, None, budget)?
        {
            return Ok(Some(if self.is_whole(typed)? { Match::Other } else { Match::Shared }));
        }
        if !EVERY {
            // Argon2 is given the password itself, and nothing is trimmed or escaped.
            return Ok(None);
        }
        for text in [Some(normal), typed].into_iter().flatten() {
            for (variant, is_shared) in self.prehash.variants(text)?.into_iter().flatten() {
                if self.is_of(&variant, None, budget)? {
                    return Ok(Some(if is_shared { Match::Shared } else { Match::Other }));
                }
            }
        }
        Ok(None)
    }

    /// Whether this is the tag of a password, compared in constant time. It is not computed if the budget does not allow it.
    fn is_of(&self, password: &str, pepper: Option<&Pepper>, budget: &mut Budget<'_>) -> Result<bool, Error> {
        if !budget.spend(&*self.kdf, password.len(), self.tag.len()) {
            return Ok(false);
        }
        let computed = tag(&*self.kdf, &self.prehash, password, pepper, self.tag.len())?;
        let is_same: bool = computed.ct_eq(&self.tag).into();
        let is_one = pepper.is_some() || self.prehash.is_digest() || !self.kdf.is_ambiguous(password);
        Ok(is_same & is_one)
    }

    /// Whether no other password that somebody may have set has the same tag: nothing was trimmed, changed or escaped.
    fn is_whole(&self, password: &str) -> Result<bool, Error> {
        Ok(self.prehash.keeps(password)? && !self.prehash.may_be_escaped(password))
    }
}

/// The tag of a password: the pepper is applied first, then the pre-hash, then the function.
pub(super) fn tag<K: Kdf + ?Sized>(
    kdf: &K,
    prehash: &PreHash,
    password: &str,
    pepper: Option<&Pepper>,
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let applied = pepper.map(|pepper| pepper.applied(kdf.takes_secret(), password)).transpose()?;
    let Applied { password: replacement, secret } = applied.unwrap_or_default();
    let password = replacement.as_ref().map_or(password, |text| text.as_str());
    let prehashed = prehash.apply(password)?;
    kdf.tag(prehashed.as_ref().map_or(password, |text| text.as_str()), secret, length)
}
