//! What a caller may decide about passwords: how new hashes are made, which old ones are taken, what a check may cost.

mod pepper;
mod preset;
#[cfg(feature = "schemes")]
mod sound;

use core::str::FromStr;

use serde::{Deserialize, Deserializer, de};

pub use self::pepper::{PepperKey, PepperOption, PepperOptions};
pub use self::preset::Preset;
#[cfg(feature = "schemes")]
pub(super) use self::sound::sound;
use super::argon2;
use super::costs::OutOfRange;
use super::limits::Limits;
use super::normalize::Normalize;
use super::recipe::Recipe;
use super::scheme::Scheme;
#[cfg(feature = "schemes")]
use super::{bcrypt, pbkdf2, scrypt};
use crate::options::{Value, expected};
use crate::{Error, ErrorCode};

/// How passwords are hashed and checked. Every field left out keeps its default, and the defaults are sound.
///
/// Checked when a [`PasswordHasher`](super::PasswordHasher) is made, with the member's path in every message.
///
/// ```
/// use countersign::password::{LimitsOptions, ParamsOptions, PasswordHasher, Policy};
///
/// // What RFC 9106 §4 recommends where memory is not scarce, and room to check its hashes. Not in WebAssembly.
/// let params = ParamsOptions { memory_kib: Some(2_097_152), passes: Some(1), lanes: Some(4), ..Default::default() };
/// let limits = LimitsOptions { memory_kib: Some(2_097_152), ..Default::default() };
/// PasswordHasher::new(&Policy { params, limits, ..Default::default() })?;
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Policy {
    /// The schemes of stored hashes that are checked at all; every one that is known by default. Must hold the scheme of
    /// new hashes.
    pub accept: Option<Vec<Scheme>>,
    /// The most that is spent on one password.
    pub limits: LimitsOptions,
    /// The Unicode form in which passwords are hashed and checked: [`Normalize::Nfc`] by default.
    /// A password as it was typed is checked, too, if it is another, its normalized form did not match, and the hash has no
    /// pepper. Not to be changed where there are hashes made here, as [`Normalize`] says.
    pub normalize: Option<Normalize>,
    /// What a new hash costs.
    pub params: ParamsOptions,
    /// Keys that go into every new hash and are kept elsewhere. None by default.
    pub pepper: Option<PepperOptions>,
    /// Scheme and params by the name of a recommendation, in place of the two.
    pub preset: Option<Preset>,
    /// The scheme of new hashes: [`Scheme::Argon2id`] by default. The others that can be are [`Scheme::Scrypt`],
    /// [`Scheme::Bcrypt`], [`Scheme::Pbkdf2Sha256`] and [`Scheme::Pbkdf2Sha512`], with the feature `schemes`.
    pub scheme: Option<Scheme>,
}

/// What a new hash costs; each scheme has its own, and the others' are refused.
///
/// Nothing that RFC 9106 or RFC 7914 allows is refused as too weak: what is enough depends on what an attack is worth.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ParamsOptions {
    /// scrypt's r: 8 by default.
    pub block_size: Option<u64>,
    /// The binary logarithm of scrypt's N, 17 by default, within [`LimitsOptions::scrypt_memory_kib`], and, where pointers
    /// have 32 bits, with what is beside the table below 2 GiB; or of bcrypt's rounds, 12 by default, at least 10 (OWASP) and
    /// at most [`LimitsOptions::bcrypt_cost`].
    pub cost: Option<u64>,
    /// PBKDF2's iterations: 600,000 by default with SHA-256 and 220,000 with SHA-512 (OWASP). At least 1000 (RFC 8018
    /// §4.2), at most [`LimitsOptions::pbkdf2_iterations`].
    pub iterations: Option<u64>,
    /// Argon2's lanes, `p`: 1 by default, as one thread computes them all. At most [`LimitsOptions::lanes`].
    pub lanes: Option<u64>,
    /// Argon2's memory in KiB, `m`: 19456 by default, with 2 passes the least that OWASP's Password Storage Cheat Sheet
    /// recommends at the memory that a small server and a Worker can spare. At least 8 for each lane, at most
    /// [`LimitsOptions::memory_kib`].
    pub memory_kib: Option<u64>,
    /// scrypt's p: 1 by default. At most [`LimitsOptions::lanes`].
    pub parallelism: Option<u64>,
    /// Argon2's passes over the memory, `t`: 2 by default. At least 1, at most [`LimitsOptions::passes`].
    pub passes: Option<u64>,
}

/// The most that is spent on one password. A stored hash that asks for more is refused before any memory is asked for
/// and any round is run; a policy whose own params ask for more is refused when it is read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LimitsOptions {
    /// bcrypt's cost: 14 by default, from 4 to 31. One more doubles the time.
    pub bcrypt_cost: Option<u64>,
    /// The most lanes of Argon2, and the most parallelism of scrypt: 16 by default, from 1 to 16777215.
    pub lanes: Option<u64>,
    /// The most memory of Argon2 in KiB: 65536 (64 MiB) by default, which leaves half of a Worker's 128 MB; from 8 to
    /// 4194304, or, where pointers have 32 bits, as in WebAssembly, to 2097151, which is all that can be had in one piece.
    pub memory_kib: Option<u64>,
    /// The most passes of Argon2: 16 by default, from 1 to 4294967295.
    pub passes: Option<u64>,
    /// The longest password, in bytes of UTF-8 before normalization: 4096 by default, from 1 to 65536. It bounds work and
    /// memory; it holds for checks as well as for new hashes, so that what was hashed can be checked.
    pub password_bytes: Option<u64>,
    /// PBKDF2's iterations: 3,000,000 by default, from 1 to 4294967295.
    pub pbkdf2_iterations: Option<u64>,
    /// The most memory of scrypt in KiB: 65536 by default, or what new hashes take where that is more; from 1 to 4194304,
    /// or, where pointers have 32 bits, to 2097151. It bounds the table of N entries; what is beside it may take an eighth more.
    /// And it bounds N * r * p, to four times the N * r that fits in it.
    pub scrypt_memory_kib: Option<u64>,
    /// The rounds of SHA-crypt (`$5$`, `$6$`): 1,000,000 by default, from 1000 to 999999999. A password counts
    /// once more for each 128 bytes, and a long one may take four times as much in all.
    pub sha_crypt_rounds: Option<u64>,
}

/// OWASP Password Storage Cheat Sheet: m = 19456 (19 MiB), t = 2, p = 1.
const MEMORY_KIB: u64 = 19_456;
const PASSES: u64 = 2;
const LANES: u64 = 1;

impl Policy {
    pub(super) fn limits(&self) -> Result<Limits, Error> {
        let limits = Limits::new(&self.limits)?;
        #[cfg(feature = "schemes")]
        if self.scheme == Some(Scheme::Scrypt) && self.limits.scrypt_memory_kib.is_none() {
            let own =
                scrypt::Params::or_default(self.params.of_scrypt(), &Limits { lanes: u32::MAX, ..Limits::none() });
            let own = own.map_or(0, scrypt::Params::memory_kib);
            return Ok(Limits { scrypt_memory_kib: limits.scrypt_memory_kib.max(own), ..limits });
        }
        Ok(limits)
    }

    /// The scheme of new hashes, and their recipe, without a salt.
    pub(super) fn recipe(&self, limits: &Limits) -> Result<(Scheme, Recipe), Error> {
        let (scheme, params) = match self.preset {
            None => (self.scheme.unwrap_or(Scheme::Argon2id), self.params),
            Some(_) if self.scheme.is_some() || self.params != ParamsOptions::default() => {
                return Err(invalid("option \"preset\" excludes \"scheme\" and \"params\""));
            }
            Some(preset) => (Scheme::Argon2id, preset.params()),
        };
        let recipe = params.recipe(scheme, limits)?;
        Ok((scheme, recipe))
    }

    /// The schemes of stored hashes that are checked. Never without that of new hashes: what is hashed can be checked.
    pub(super) fn accepted(&self, new: Scheme) -> Result<Vec<Scheme>, Error> {
        let accepted = self.accept.clone().unwrap_or_else(|| Scheme::ALL.to_vec());
        if !accepted.contains(&new) {
            return Err(invalid("option \"accept\" does not hold the scheme of new hashes"));
        }
        Ok(accepted)
    }
}

impl ParamsOptions {
    /// The recipe of new hashes at these costs, or at the defaults of `scheme`.
    pub(super) fn recipe(&self, scheme: Scheme, limits: &Limits) -> Result<Recipe, Error> {
        let (recipe, names) = self.recipe_and_names(scheme, limits)?;
        let Self { block_size, cost, iterations, lanes, memory_kib, parallelism, passes } = *self;
        let given = [
            ("blockSize", block_size),
            ("cost", cost),
            ("iterations", iterations),
            ("lanes", lanes),
            ("memoryKib", memory_kib),
            ("parallelism", parallelism),
            ("passes", passes),
        ];
        if let Some((name, _)) = given.iter().find(|(name, value)| value.is_some() && !names.contains(name)) {
            return Err(invalid(&["option \"params.", name, "\" is not one of the scheme's"].concat()));
        }
        recipe.map_err(|range| {
            let name = range.cost.name;
            let is_given = given.iter().any(|(own, value)| *own == name && value.is_some());
            range.of_option(if is_given { None } else { self.usual(scheme, name) })
        })
    }

    /// What a cost that is not given is.
    fn usual(&self, scheme: Scheme, name: &str) -> Option<u32> {
        let recipe = self.recipe_and_names(scheme, &Limits::none()).ok()?.0.ok()?;
        recipe.costs().into_iter().find(|(own, _)| *own == name).map(|(_, cost)| cost)
    }

    /// As `recipe`, and the names of the costs that the scheme has.
    fn recipe_and_names(
        &self,
        scheme: Scheme,
        limits: &Limits,
    ) -> Result<(Result<Recipe, OutOfRange>, &'static [&'static str]), Error> {
        #[cfg(feature = "schemes")]
        let pbkdf2 = |digest| {
            let params = pbkdf2::Params::of_policy(digest, self.iterations, limits);
            params.map(|params| Recipe::Pbkdf2(pbkdf2::Recipe { digest, params, salt: Vec::new() }))
        };
        Ok(match scheme {
            Scheme::Argon2id => {
                let (memory_kib, passes) = (self.memory_kib.unwrap_or(MEMORY_KIB), self.passes.unwrap_or(PASSES));
                let params = argon2::Params::new(memory_kib, passes, self.lanes.unwrap_or(LANES), limits);
                let recipe = params.map(|params| Recipe::Argon2(argon2::Recipe::new(params)));
                (recipe, &["lanes", "memoryKib", "passes"])
            }
            #[cfg(feature = "schemes")]
            Scheme::Bcrypt => {
                let params = bcrypt::Params::of_policy(self.cost, limits);
                let recipe = params.map(|params| Recipe::Bcrypt(bcrypt::Recipe { params, salt: [0; 16] }));
                (recipe, &["cost"])
            }
            #[cfg(feature = "schemes")]
            Scheme::Pbkdf2Sha256 => (pbkdf2(pbkdf2::Digest::Sha256), &["iterations"]),
            #[cfg(feature = "schemes")]
            Scheme::Pbkdf2Sha512 => (pbkdf2(pbkdf2::Digest::Sha512), &["iterations"]),
            #[cfg(feature = "schemes")]
            Scheme::Scrypt => {
                let params = scrypt::Params::of_policy(self.of_scrypt(), limits);
                let recipe = params.map(|params| Recipe::Scrypt(scrypt::Recipe { params, salt: Vec::new() }));
                (recipe, &["blockSize", "cost", "parallelism"])
            }
            #[cfg(feature = "schemes")]
            _ => return Err(invalid("option \"scheme\" is not one that new hashes are made with")),
            #[cfg(not(feature = "schemes"))]
            _ => return Err(invalid("option \"scheme\" is not \"argon2id\"")),
        })
    }

    #[cfg(feature = "schemes")]
    const fn of_scrypt(&self) -> [Option<u64>; 3] {
        [self.cost, self.block_size, self.parallelism]
    }
}

impl Policy {
    /// Reads a policy from the members of an object.
    ///
    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: a name that there is not, or a value of the wrong type.
    pub(crate) fn read(members: Value) -> Result<Self, Error> {
        let mut policy = Self::default();
        members.members("", "an object", &mut |name, value, path| {
            match name {
                "accept" => policy.accept = Some(schemes(value, path)?),
                "limits" => policy.limits.read(value, path)?,
                "normalize" => policy.normalize = Some(named(&value, path, "\"NFC\", \"NFKC\" or \"none\"")?),
                "params" => policy.params.read(value, path)?,
                "pepper" => policy.pepper = Some(PepperOptions::read(value, path)?),
                "preset" => policy.preset = Some(named(&value, path, "a known preset")?),
                "scheme" => policy.scheme = Some(named(&value, path, "a known scheme")?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(policy)
    }
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

fn schemes(value: Value, path: &str) -> Result<Vec<Scheme>, Error> {
    let what = "an array of known schemes";
    let Value::List(elements) = value else { return Err(expected(path, what)) };
    elements.iter().map(|element| named(element, path, what)).collect()
}

/// Reads an object of whole numbers.
fn numbers(value: Value, path: &str, fields: &mut [(&str, &mut Option<u64>)]) -> Result<(), Error> {
    value.members(path, "an object", &mut |name, value, path| {
        let Some((_, place)) = fields.iter_mut().find(|(own, _)| *own == name) else { return Ok(false) };
        **place = Some(value.whole(path)?);
        Ok(true)
    })
}

impl ParamsOptions {
    fn read(&mut self, value: Value, path: &str) -> Result<(), Error> {
        let fields = &mut [
            ("blockSize", &mut self.block_size),
            ("cost", &mut self.cost),
            ("iterations", &mut self.iterations),
            ("lanes", &mut self.lanes),
            ("memoryKib", &mut self.memory_kib),
            ("parallelism", &mut self.parallelism),
            ("passes", &mut self.passes),
        ];
        numbers(value, path, fields)
    }
}

impl LimitsOptions {
    fn read(&mut self, value: Value, path: &str) -> Result<(), Error> {
        let fields = &mut [
            ("bcryptCost", &mut self.bcrypt_cost),
            ("lanes", &mut self.lanes),
            ("memoryKib", &mut self.memory_kib),
            ("passes", &mut self.passes),
            ("passwordBytes", &mut self.password_bytes),
            ("pbkdf2Iterations", &mut self.pbkdf2_iterations),
            ("scryptMemoryKib", &mut self.scrypt_memory_kib),
            ("shaCryptRounds", &mut self.sha_crypt_rounds),
        ];
        numbers(value, path, fields)
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::OptionInvalid, message)
}
