//! Documents of both kinds of keys, PEM and DER, on their way in and out. No copy of one stays behind.

use js_sys::{JsString, Uint8Array};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use super::error::throwing;
use super::options::fields;
use crate::jwt::KeyForm;
use crate::{Error, ErrorCode};

/// A document and the passphrase over it, if there is one: wiped when it is dropped.
pub(super) struct Document {
    bytes: Zeroizing<Vec<u8>>,
    passphrase: Option<Zeroizing<Vec<u8>>>,
}

#[expect(clippy::inline_always, reason = "left to itself, each costs more than what is in it")]
impl Document {
    #[inline(always)]
    pub(super) fn new(bytes: Vec<u8>, passphrase: Option<Vec<u8>>) -> Self {
        Self { bytes: Zeroizing::new(bytes), passphrase: passphrase.map(Zeroizing::new) }
    }

    #[inline(always)]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is no text is no PEM, and neither is the empty one.
    #[inline(always)]
    pub(super) fn text(&self) -> &str {
        core::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn passphrase(&self) -> Option<&[u8]> {
        self.passphrase.as_ref().map(|passphrase| passphrase.as_slice())
    }
}

/// Options of an import that must name the algorithm, as no document does.
pub(super) fn with_alg<A, O>((algorithm, options): (Option<A>, O)) -> Result<(A, O), Error> {
    let missing = || Error::new(ErrorCode::OptionInvalid, "missing option \"alg\"");
    Ok((algorithm.ok_or_else(missing)?, options))
}

/// The form of a document, of those that the half of the key has.
pub(super) fn form(options: &JsValue) -> Result<KeyForm, Error> {
    let [format, private, _] = fields(options, ["format", "private", "passphrase"])?;
    let private = private.truth()? == Some(true);
    let format = format.text()?;
    KeyForm::named(format.as_deref(), private)
}

/// The glue would free a `String` as it is, with the private key in it.
pub(super) fn write_pem(pem: Result<String, Error>) -> Result<JsString, JsValue> {
    Ok(JsString::from(throwing(pem.map(Zeroizing::new))?.as_str()))
}

/// Likewise, of a `Vec`.
pub(super) fn write_der(der: Result<Zeroizing<Vec<u8>>, Error>) -> Result<Uint8Array, JsValue> {
    Ok(Uint8Array::from(throwing(der)?.as_slice()))
}
