//! The policy: how new hashes are made, which stored ones are accepted, and what a check may cost.

use core::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::kdf::Kdf;
use super::limits::{Limits, LimitsOptions};
use super::new_scheme::{NOT_IN_TABLE, NewScheme, new_scheme};
use super::normalize::Normalize;
use super::params::ParamsOptions;
use super::pepper::options::{PepperKey, PepperOptions};
use super::prehash_option::Prehash;
use super::preset::Preset;
use super::scheme::Scheme;
use super::schemes::EVERY;
use super::target_hash::TargetHash;
use crate::options::{Value, expected};
use crate::{Error, ErrorCode};

/// How passwords are hashed and checked. Every field that is not set has a recommended default.
///
/// It is checked when a [`PasswordHasher`](super::PasswordHasher) is made; each message names the member at fault.
///
/// ```
/// use countersign::password::{LimitsOptions, ParamsOptions, PasswordHasher, Policy};
///
/// // The first recommendation of RFC 9106 §4, for servers with much memory, and limits that allow it. Not in WebAssembly.
/// let params = ParamsOptions { memory_kib: Some(2_097_152), passes: Some(1), lanes: Some(4), ..Default::default() };
/// let limits = LimitsOptions { memory_kib: Some(2_097_152), ..Default::default() };
/// PasswordHasher::new(&Policy { params, limits, ..Default::default() })?;
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Policy {
    /// The schemes of stored hashes that are accepted: by default all but [`Scheme::PlainDigest`]. It must contain the scheme
    /// of new hashes.
    pub accept: Option<Vec<Scheme>>,
    /// The secret that other software gave to Argon2 beside the password (K in RFC 9106 §3.1, the option `secret` of the npm packages
    /// `argon2` and `hash-wasm`): 1 to 1024 bytes. A hash does not say that it was made with one.
    ///
    /// Every stored Argon2 hash that names no pepper is checked with this secret, and not without it. New hashes get the pepper
    /// instead, which must be set: its id tells them apart. So a hash that was checked with the secret needs a rehash.
    pub argon2_secret: Option<PepperKey>,
    /// Limits on the cost of one password.
    pub limits: LimitsOptions,
    /// The Unicode form in which passwords are hashed and checked: [`Normalize::Nfc`] by default.
    ///
    /// If the normalized password does not match a hash without pepper, the password as typed is checked too. Do not change
    /// this once there are hashes: see [`Normalize`].
    pub normalize: Option<Normalize>,
    /// What a new hash costs.
    pub params: ParamsOptions,
    /// Secret keys for new hashes, stored elsewhere than the hashes. None by default.
    pub pepper: Option<PepperOptions>,
    /// What stored bcrypt hashes are of, if not of the password. It applies to those that do not say so themselves, and none of
    /// these is then checked against the password itself. New hashes are of the password; their scheme must not be bcrypt.
    pub prehash: Option<Prehash>,
    /// Scheme and params by the name of a recommendation, instead of `scheme` and `params`.
    pub preset: Option<Preset>,
    /// The scheme of new hashes: [`Scheme::Argon2id`] by default. With the feature `schemes` also [`Scheme::Scrypt`],
    /// [`Scheme::Bcrypt`], [`Scheme::Pbkdf2Sha256`] and [`Scheme::Pbkdf2Sha512`].
    pub scheme: Option<Scheme>,
}

impl Policy {
    pub(super) fn limits(&self) -> Result<Limits, Error> {
        let limits = Limits::new(&self.limits)?;
        if self.limits.scrypt_memory_kib.is_some() {
            return Ok(limits);
        }
        let row = self.scheme.and_then(new_scheme);
        Ok(row.map_or(limits, |row| (row.raised)(&self.params, limits)))
    }

    /// What new hashes are to be.
    pub(super) fn target(&self, limits: &Limits) -> Result<TargetHash, Error> {
        let (scheme, params) = match self.preset {
            None => (self.scheme.unwrap_or(Scheme::Argon2id), self.params),
            Some(_) if self.scheme.is_some() || self.params != ParamsOptions::default() => {
                return Err(invalid("option \"preset\" cannot be combined with \"scheme\" or \"params\""));
            }
            Some(preset) => (Scheme::Argon2id, preset.params()),
        };
        let Some(row) = new_scheme(scheme) else {
            return Err(invalid(NOT_IN_TABLE));
        };
        if EVERY && self.prehash.is_some() && scheme == Scheme::Bcrypt {
            return Err(invalid("option \"prehash\" cannot be combined with the scheme \"bcrypt\""));
        }
        target(row, &params, limits)
    }

    /// The schemes of stored hashes that are accepted. `new` is always one of them, so that what is hashed can be checked.
    pub(super) fn accepted(&self, new: Scheme) -> Result<Vec<Scheme>, Error> {
        let accepted = self.accept.clone().unwrap_or_else(default_accept);
        if !accepted.contains(&new) {
            return Err(invalid("option \"accept\" does not contain the scheme of new hashes"));
        }
        Ok(accepted)
    }

    /// Reads a policy from the members of an object.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: an unknown name, or a value of the wrong type.
    pub(crate) fn read(members: Value) -> Result<Self, Error> {
        let mut policy = Self::default();
        members.members("", "an object", &mut |name, value, path| {
            match name {
                "accept" => policy.accept = Some(schemes_of(value, path)?),
                "argon2Secret" => policy.argon2_secret = Some(PepperKey::read(value, path)?),
                "limits" => policy.limits.read(value, path)?,
                "normalize" => policy.normalize = Some(named(&value, path, "\"NFC\", \"NFKC\" or \"none\"")?),
                "params" => policy.params.read(value, path)?,
                "pepper" => policy.pepper = Some(PepperOptions::read(value, path)?),
                "prehash" => {
                    policy.prehash = Some(named(&value, path, "\"sha256-hex\" or \"sha384-base64\"")?);
                }
                "preset" => policy.preset = Some(named(&value, path, "a known preset")?),
                "scheme" => policy.scheme = Some(named(&value, path, "a known scheme")?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(policy)
    }
}

fn default_accept() -> Vec<Scheme> {
    Scheme::ALL.iter().copied().filter(|scheme| *scheme != Scheme::PlainDigest).collect()
}

fn target(row: &NewScheme, params: &ParamsOptions, limits: &Limits) -> Result<TargetHash, Error> {
    let given = params.named();
    if let Some((name, _)) = given.iter().find(|(name, value)| value.is_some() && !row.params.contains(name)) {
        return Err(invalid(&["option \"params.", name, "\" does not apply to this scheme"].concat()));
    }
    let kdf = (row.kdf)(params, limits).map_err(|range| {
        let name = range.cost.name;
        let is_given = given.iter().any(|(own, value)| *own == name && value.is_some());
        range.of_option(if is_given { None } else { default_of(row, params, name) })
    })?;
    Ok(TargetHash { scheme: row.scheme, kdf })
}

/// The value of a cost parameter that is not given.
fn default_of(row: &NewScheme, params: &ParamsOptions, name: &str) -> Option<u32> {
    let kdf = (row.kdf)(params, &Limits::none()).ok()?;
    Kdf::costs(&*kdf).into_iter().find(|(own, _)| *own == name).map(|(_, cost)| cost)
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).and_then(|members| Self::read(members).map_err(de::Error::custom))
    }
}

#[inline(never)]
fn named<T: FromStr>(value: &Value, path: &str, what: &str) -> Result<T, Error> {
    value.text().and_then(|name| name.parse().ok()).ok_or_else(|| expected(path, what))
}

fn schemes_of(value: Value, path: &str) -> Result<Vec<Scheme>, Error> {
    let what = "an array of known schemes";
    let Value::List(elements) = value else { return Err(expected(path, what)) };
    elements.iter().map(|element| named(element, path, what)).collect()
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
