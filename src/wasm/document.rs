//! Imports and exports PEM and DER for both kinds of keys. No copy of a private key stays in memory.

use js_sys::{JsString, Uint8Array};
use wasm_bindgen::JsValue;
use zeroize::Zeroizing;

use super::error::throwing;
use super::options::fields;
use crate::Error;
use crate::jwt::KeyForm;

/// A PEM or DER document and its passphrase, if it has one. Both are wiped on drop.
pub(super) struct Document {
    bytes: Zeroizing<Vec<u8>>,
    passphrase: Option<Zeroizing<Vec<u8>>>,
}

#[expect(clippy::inline_always, reason = "a call takes more space in the module than the body")]
impl Document {
    #[inline(always)]
    pub(super) fn new(bytes: Vec<u8>, passphrase: Option<Vec<u8>>) -> Self {
        Self { bytes: Zeroizing::new(bytes), passphrase: passphrase.map(Zeroizing::new) }
    }

    #[inline(always)]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The document as text. Bytes that are not UTF-8 give an empty text, which is refused as PEM.
    #[inline(always)]
    pub(super) fn text(&self) -> &str {
        core::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    #[inline(always)]
    pub(super) fn passphrase(&self) -> Option<&[u8]> {
        self.passphrase.as_ref().map(|passphrase| passphrase.as_slice())
    }
}

/// The format to write, from the options `format` and `private`.
pub(super) fn form(options: &JsValue) -> Result<KeyForm, Error> {
    let [format, private, _] = fields(options, ["format", "private", "passphrase"])?;
    let private = private.boolean()? == Some(true);
    let format = format.text()?;
    KeyForm::named(format.as_deref(), private)
}

/// PEM as a JavaScript string. A returned `String` would be freed by the glue without being wiped.
pub(super) fn write_pem(pem: Result<String, Error>) -> Result<JsString, JsValue> {
    Ok(JsString::from(throwing(pem.map(Zeroizing::new))?.as_str()))
}

/// DER as a `Uint8Array`. A returned `Vec` would be freed by the glue without being wiped.
pub(super) fn write_der(der: Result<Zeroizing<Vec<u8>>, Error>) -> Result<Uint8Array, JsValue> {
    Ok(Uint8Array::from(throwing(der)?.as_slice()))
}
