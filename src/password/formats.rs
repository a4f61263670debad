//! The formats of stored hashes: a file for each, and the table in which they are looked up.
//!
//! # How to add a format
//!
//! 1. Write `formats/<name>.rs` with a `const FORMAT: Format`: its name for descriptions, a function that recognizes it,
//!    and a parser. The parser returns [`Parts`](super::stored_hash::Parts), or the errors of `format.rs`. Pass the costs
//!    to the scheme's `Params::new`, which checks the limits, and its error to `OutOfRange::of_stored`, which writes the
//!    message. `fields.rs` and `encodings.rs` have the functions that formats share.
//! 2. Add its module, and its row in [`FORMATS`]. Rows are tried in order, and the first that recognizes a text parses it.
//!    A format that few programs write goes into `rare/` and `rare.rs` instead, for the module that reads every format.
//! 3. If the software hashes something else than the password, add a variant to
//!    [`PreHash`](super::prehash::PreHash). If it uses a new function, implement [`Kdf`](super::kdf::Kdf) in `schemes/`.
//!    If no scheme computes the same, add one to `scheme.rs`, `pkg/src/password-types.ts` and `docs/migrating-users.md`.
//! 4. Add its prefix to `needs_schemes.rs`, or to `needs_formats.rs` if it is rare. Smaller modules need it to say which
//!    module reads such a hash.
//! 5. Add hashes that the software made to `tests/interop/passwords`, and vectors of them (`tests/vectors/README.md`).

mod argon2_phc;
#[cfg(feature = "schemes")]
mod aspnet_identity;
#[cfg(feature = "schemes")]
mod bcrypt_mcf;
#[cfg(feature = "schemes")]
mod bcrypt_phc;
#[cfg(feature = "schemes")]
mod bcrypt_sha256_passlib;
#[cfg(feature = "schemes")]
mod better_auth;
pub(super) mod bound;
#[cfg(feature = "schemes")]
mod django;
mod django_argon2;
#[cfg(feature = "schemes")]
mod encodings;
mod fields;
mod format;
#[cfg(all(feature = "schemes", not(feature = "formats")))]
mod needs_formats;
#[cfg(not(feature = "schemes"))]
mod needs_schemes;
#[cfg(feature = "schemes")]
mod node_scrypt;
#[cfg(feature = "schemes")]
mod pbkdf2_passlib;
pub(super) mod pepper_prefix;
#[cfg(feature = "schemes")]
mod phpass;
#[cfg(feature = "formats")]
mod rare;
#[cfg(feature = "schemes")]
mod scrypt_crypt;
#[cfg(feature = "schemes")]
mod scrypt_phc;
#[cfg(feature = "schemes")]
mod sha_crypt;
mod unmarked;
#[cfg(feature = "schemes")]
mod unsupported_schemes;
pub(super) mod unusable;
#[cfg(feature = "schemes")]
mod werkzeug;
#[cfg(feature = "schemes")]
mod wordpress;

use self::fields::CUT_SHORT;
use self::format::{Format, MAX_STORED_BYTES, malformed, unsupported};
use super::kdf::Kdf;
use super::limits::Limits;
use super::scheme::Scheme;
use super::schemes::EVERY;
use super::stored_hash::{NOT_ACCEPTED, StoredHash};
use crate::Error;

/// The rare formats, which are asked before the others.
#[cfg(feature = "formats")]
const RARE: &[Format] = rare::FORMATS;
#[cfg(all(feature = "schemes", not(feature = "formats")))]
const RARE: &[Format] = &[needs_formats::FORMAT];
#[cfg(not(feature = "schemes"))]
const RARE: &[Format] = &[];

/// All other formats, in the order in which they are asked.
#[cfg(feature = "schemes")]
const FORMATS: &[Format] = &[
    argon2_phc::FORMAT,
    django_argon2::FORMAT,
    bcrypt_mcf::FORMAT,
    bcrypt_phc::FORMAT,
    scrypt_phc::FORMAT,
    scrypt_crypt::FORMAT,
    pbkdf2_passlib::FORMAT,
    bcrypt_sha256_passlib::FORMAT,
    better_auth::FORMAT,
    node_scrypt::FORMAT,
    django::FORMAT,
    werkzeug::FORMAT,
    wordpress::FORMAT,
    phpass::FORMAT,
    sha_crypt::FORMAT,
    aspnet_identity::FORMAT,
];
#[cfg(not(feature = "schemes"))]
const FORMATS: &[Format] = &[argon2_phc::FORMAT, django_argon2::FORMAT, needs_schemes::FORMAT];

/// The widths of columns that were made for other hashes, and cut Argon2's.
const COLUMN_WIDTHS: [usize; 10] = [64, 70, 72, 75, 80, 90, 95, 96, 100, 128];

/// Parses a stored hash of an accepted scheme.
///
/// # Errors
/// - [`ErrorCode::HashMalformed`](crate::ErrorCode::HashMalformed): in no known format, or not as its format demands.
/// - [`ErrorCode::HashUnsupported`](crate::ErrorCode::HashUnsupported): of an unknown or unaccepted scheme, or an unknown
///   version.
/// - [`ErrorCode::HashCostTooHigh`](crate::ErrorCode::HashCostTooHigh): beyond the limits.
pub(super) fn read(text: &str, accepted: &[Scheme], limits: &Limits) -> Result<StoredHash, Error> {
    if MAX_STORED_BYTES < text.len() {
        return Err(malformed("stored hash is longer than 1024 bytes"));
    }
    let fills_column = COLUMN_WIDTHS.contains(&text.len());
    let (is_bound, text) = bound::take(text);
    let (prefix, text) = pepper_prefix::take(text)?;
    if let Some(b' ' | b'\t' | b'\r' | b'\n') = text.as_bytes().last() {
        return Err(malformed("stored hash ends with white space: trim it, as CHAR columns pad their values"));
    }
    if text.ends_with('\0') {
        return Err(malformed("stored hash ends with NUL characters: trim them, as BINARY columns pad their values"));
    }
    let (format, scheme) = recognize(text).ok_or_else(|| unrecognized(text))?;
    if !accepted.contains(&scheme) && !alternatives(scheme).iter().any(|other| accepted.contains(other)) {
        return Err(unsupported(NOT_ACCEPTED));
    }
    let mut parts = (format.read)(text, scheme, limits)?;
    // Before any password is looked at: whether a hash is refused must not depend on the password.
    if parts.may_be_cut && fills_column {
        return Err(malformed(CUT_SHORT));
    }
    if prefix.is_some() && Kdf::takes_secret(&*parts.first.kdf) {
        return Err(malformed(
            "stored hash has the prefix \"$pepper$\", but Argon2 hashes name their pepper as \"keyid\"",
        ));
    }
    let pepper = prefix.or(parts.pepper.take());
    if is_bound && pepper.is_none() {
        return Err(malformed("stored hash has the prefix \"$account\", but no pepper"));
    }
    Ok(StoredHash { format: format.name, readings: parts.readings(scheme, accepted)?, is_bound, pepper })
}

/// The schemes of other readings that a text of this scheme may have.
const fn alternatives(scheme: Scheme) -> &'static [Scheme] {
    match scheme {
        Scheme::BetterAuth => &[Scheme::Scrypt, Scheme::Pbkdf2Sha512],
        Scheme::LuciaLegacy => &[Scheme::Scrypt],
        _ => &[],
    }
}

/// The scheme of a stored hash; none if no format recognizes it.
pub(super) fn identify(text: &str) -> Option<Scheme> {
    let (_, text) = pepper_prefix::take(bound::take(text).1).ok()?;
    recognize(text).map(|(_, scheme)| scheme)
}

fn recognize(text: &str) -> Option<(&'static Format, Scheme)> {
    RARE.iter().chain(FORMATS).find_map(|format| (format.recognize)(text).map(|scheme| (format, scheme)))
}

/// Whether the text is `<salt>:<tag>` of better-auth, Lucia or Node.js with less than the 64 bytes of its tag, or the base64 of
/// ASP.NET Identity 2 with fewer than its 68 characters.
fn is_cut_short(text: &str) -> bool {
    if let [b'A', b'A'..=b'P', ..] = text.as_bytes()
        && (45..68).contains(&text.len())
    {
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        return text.strip_suffix('=').unwrap_or(text).bytes().all(is_base64);
    }
    let (salt, tag) = text.strip_prefix("scrypt:").unwrap_or(text).split_once(':').unwrap_or_default();
    let is_salt = matches!(salt.len(), 16 | 32) && salt.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_salt && (65..128).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What Linux, Solaris and FreeBSD write before a hash to lock its account.
const LOCKS: [&str; 4] = ["!", "!!", "*LK*", "*LOCKED*"];

/// The error for a text in no known format. It says so if the text looks like the hash of a scheme that is not supported.
fn unrecognized(text: &str) -> Error {
    if text.starts_with("$$") {
        return malformed("stored hash begins with \"$$\": undo the escaping of \"$\", as in a Compose file");
    }
    if recognize(&["$", text].concat()).is_some() {
        return malformed("stored hash lacks its first \"$\"");
    }
    if EVERY && is_cut_short(text) {
        return malformed(CUT_SHORT);
    }
    let locks = |mark: &&&str| text.strip_prefix(**mark).is_some_and(|rest| recognize(rest).is_some());
    if let Some(mark) = LOCKS.iter().find(locks).filter(|_| EVERY) {
        let first = if mark.starts_with('!') { "!" } else { "*" };
        let parts = ["stored hash begins with \"", first, "\", which locks the account: nobody can log in"];
        return unsupported(&parts.concat());
    }
    if EVERY && text.split_once(':').is_some_and(|(_, rest)| rest.starts_with(['$', '{']) && recognize(rest).is_some())
    {
        return malformed("stored hash has a name before it: keep what stands after the \":\"");
    }
    #[cfg(feature = "schemes")]
    if let Some(error) = unsupported_schemes::reason_for(text) {
        return error;
    }
    // `$name$…`, `{name}…` and `name$…`. The PHC string format's maximum length of names.
    let bytes = text.as_bytes();
    let (rest, end) = match bytes {
        [b'$', rest @ ..] => (rest, b'$'),
        [b'{', rest @ ..] => (rest, b'}'),
        _ => (bytes, b'$'),
    };
    let is_of_name = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || (end == b'}' && matches!(byte, b'.' | b'@'))
    };
    let length = rest.iter().take_while(|byte| is_of_name(**byte)).count();
    if (1..=32).contains(&length) && rest.get(length) == Some(&end) {
        // The Argon2 module has no room for the names of the rare formats.
        #[cfg(not(feature = "schemes"))]
        return unsupported(needs_schemes::NOT_ARGON2);
        #[cfg(feature = "schemes")]
        return unsupported_schemes::unknown(text);
    }
    malformed("stored hash is not in a known format")
}
