//! Reads and writes key documents in DER: PKCS#1 (RFC 8017 appendix A.1), PKCS#8 (RFC 5958), SEC 1 (RFC 5915) and
//! SPKI (RFC 5280 §4.1.2.7).

mod error;
mod form;
mod identifiers;
mod read;
mod write;

pub(crate) use error::DocumentError;
pub use form::KeyForm;
#[cfg(feature = "jwe")]
pub(crate) use identifiers::X25519;
#[cfg(feature = "jwe")]
pub(crate) use read::Pkcs8;
pub(crate) use read::{Spki, read, read_any};
#[cfg(feature = "jwt")]
pub(crate) use read::{has_form, read_spki};
#[cfg(feature = "jwe")]
pub(crate) use write::{pkcs8_of, spki_of};
pub(crate) use write::{spki, write};
