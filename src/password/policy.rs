//! What a caller may decide about passwords: how new hashes are made, which old ones are taken, what a check may cost.

use serde::{Deserialize, Deserializer, de};

use super::limits::Limits;
use super::normalize::Normalize;
use super::params::{OutOfRange, Params};
use super::scheme::Scheme;
use crate::options::{numbers, some};
use crate::{Error, ErrorCode};

/// How passwords are hashed and checked. Every field left out keeps its default, and the defaults are sound.
///
/// Checked when a [`PasswordHasher`](super::PasswordHasher) is made, with the member's path in every message.
///
/// ```
/// use countersign::password::{LimitsOptions, ParamsOptions, PasswordHasher, Policy};
///
/// // What RFC 9106 §4 recommends where memory is not scarce, and room to check its hashes.
/// let policy = Policy {
///     params: ParamsOptions { memory_kib: Some(2_097_152), passes: Some(1), lanes: Some(4) },
///     limits: LimitsOptions { memory_kib: Some(2_097_152), ..Default::default() },
///     ..Default::default()
/// };
/// PasswordHasher::new(&policy)?;
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Policy {
    /// The schemes of stored hashes that are checked at all; every one that is known by default. Must hold the scheme of
    /// new hashes. A hash of another scheme than that is always one to replace.
    #[serde(deserialize_with = "some_schemes")]
    pub accept: Option<Vec<Scheme>>,
    /// The most that is spent on one password.
    pub limits: LimitsOptions,
    /// The Unicode form in which passwords are hashed and checked: [`Normalize::Nfc`] by default.
    #[serde(deserialize_with = "some")]
    pub normalize: Option<Normalize>,
    /// What a new hash costs.
    pub params: ParamsOptions,
    /// The scheme of new hashes: [`Scheme::Argon2id`], by default and as the only choice.
    #[serde(deserialize_with = "some")]
    pub scheme: Option<Scheme>,
}

/// What a new Argon2id hash costs. By default 19456 KiB, 2 passes and 1 lane: the least that OWASP's Password Storage
/// Cheat Sheet recommends, at the memory that a small server and a Worker can spare.
///
/// Nothing that RFC 9106 allows is refused as too weak: what is enough depends on what an attack is worth.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ParamsOptions {
    /// Lanes, `p`: 1 by default, as one thread computes them all. At most [`LimitsOptions::lanes`].
    pub lanes: Option<u64>,
    /// Memory in KiB, `m`: 19456 by default. At least 8 for each lane, at most [`LimitsOptions::memory_kib`].
    pub memory_kib: Option<u64>,
    /// Passes over the memory, `t`: 2 by default. At least 1, at most [`LimitsOptions::passes`].
    pub passes: Option<u64>,
}

/// The most that is spent on one password. A stored hash that asks for more is refused before any memory is asked for;
/// a policy whose own params ask for more is refused when it is read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LimitsOptions {
    /// The most lanes: 16 by default, from 1 to 16777215.
    pub lanes: Option<u64>,
    /// The most memory in KiB: 65536 (64 MiB) by default, which leaves half of a Worker's 128 MB; from 8 to 4194304.
    pub memory_kib: Option<u64>,
    /// The most passes: 16 by default, from 1 to 4294967295.
    pub passes: Option<u64>,
    /// The longest password, in bytes of UTF-8 before normalization: 4096 by default, from 1 to 65536. It bounds work and
    /// memory; it holds for checks as well as for new hashes, so that what was hashed can be checked.
    pub password_bytes: Option<u64>,
}

/// OWASP Password Storage Cheat Sheet: m = 19456 (19 MiB), t = 2, p = 1.
const MEMORY_KIB: u64 = 19_456;
const PASSES: u64 = 2;
const LANES: u64 = 1;

impl Policy {
    pub(super) fn limits(&self) -> Result<Limits, Error> {
        Limits::new(&self.limits)
    }

    pub(super) fn params(&self, limits: &Limits) -> Result<Params, Error> {
        let ParamsOptions { lanes, memory_kib, passes } = self.params;
        let (memory_kib, passes, lanes) =
            (memory_kib.unwrap_or(MEMORY_KIB), passes.unwrap_or(PASSES), lanes.unwrap_or(LANES));
        Params::new(memory_kib, passes, lanes, limits).map_err(|fault| {
            invalid(match fault {
                OutOfRange::LanesTooFew => "option \"params.lanes\" is less than 1",
                OutOfRange::LanesTooMany => "option \"params.lanes\" is more than \"limits.lanes\"",
                OutOfRange::MemoryTooLittle => "option \"params.memoryKib\" is less than 8 for each lane",
                OutOfRange::MemoryTooMuch => "option \"params.memoryKib\" is more than \"limits.memoryKib\"",
                OutOfRange::PassesTooFew => "option \"params.passes\" is less than 1",
                OutOfRange::PassesTooMany => "option \"params.passes\" is more than \"limits.passes\"",
            })
        })
    }

    /// The schemes of stored hashes that are checked. Never without that of new hashes: what is hashed can be checked.
    pub(super) fn accepted(&self) -> Result<Vec<Scheme>, Error> {
        if self.scheme.is_some_and(|scheme| scheme != Scheme::Argon2id) {
            return Err(invalid("option \"scheme\" is not \"argon2id\""));
        }
        let accepted = self.accept.clone().unwrap_or_else(|| Scheme::ALL.to_vec());
        if !accepted.contains(&Scheme::Argon2id) {
            return Err(invalid("option \"accept\" does not hold the scheme of new hashes"));
        }
        Ok(accepted)
    }
}

impl<'de> Deserialize<'de> for ParamsOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [lanes, memory_kib, passes] = numbers(deserializer, &["lanes", "memoryKib", "passes"])?;
        Ok(Self { lanes, memory_kib, passes })
    }
}

impl<'de> Deserialize<'de> for LimitsOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = &["lanes", "memoryKib", "passes", "passwordBytes"];
        let [lanes, memory_kib, passes, password_bytes] = numbers(deserializer, names)?;
        Ok(Self { lanes, memory_kib, passes, password_bytes })
    }
}

fn some_schemes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Scheme>>, D::Error> {
    some(deserializer).map_err(|_| de::Error::custom("expected an array of known schemes"))
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
