//! A JWS that lacks its signatures.

use core::mem::take;

use crate::jose::base64url;
use crate::jose::key::Key;
use crate::{Error, ErrorCode};

/// A token or JWS whose header and payload have been checked and written, and which lacks its signatures. It becomes
/// text only with a signature of each of its keys.
///
/// ```
/// use countersign::jwt::{Algorithm, Key, KeyOptions, SignOptions, Signer, provider};
/// use signature::Signer as _;
///
/// let hsm = Key::generate(Algorithm::Es256, &KeyOptions::default())?;
/// let key = Key::elsewhere(Algorithm::Es256, Some("hsm-1".into()), Some(&hsm.public_key()?))?;
/// let mut unsigned = Signer::new(&key, &SignOptions::default())?.prepare(r#"{"sub":"alice"}"#, 1_800_000_000.0)?;
/// let signature = provider::signer(&hsm)?.sign(unsigned.input(0).unwrap_or_default());
/// unsigned.add(0, &signature)?;
/// assert_eq!(unsigned.finish()?.split('.').count(), 3);
/// # Ok::<(), countersign::Error>(())
/// ```
pub struct Unsigned {
    signatures: Vec<Missing>,
    /// The text after the last signature.
    end: &'static str,
}

/// A signature that is missing, or was added.
pub(crate) struct Missing {
    pub(crate) key: Key,
    /// What the key signs.
    pub(crate) input: Vec<u8>,
    /// The text between the signature before this one and this one.
    pub(crate) before: String,
    added: Option<Vec<u8>>,
}

impl Missing {
    pub(crate) fn new(key: &Key, input: Vec<u8>, before: String) -> Self {
        Self { key: key.clone(), input, before, added: None }
    }
}

impl Unsigned {
    pub(crate) fn new(signatures: Vec<Missing>, end: &'static str) -> Self {
        Self { signatures, end }
    }

    /// What the key at a position signs. A compact JWS has one key, at position 0.
    #[must_use]
    pub fn input(&self, index: usize) -> Option<&[u8]> {
        self.signatures.get(index).map(|missing| missing.input.as_slice())
    }

    /// Adds the signature of the key at a position. ECDSA signatures may be r followed by s, or in DER.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUnavailable`]: it is not a signature of that algorithm; or the public half of the key is known
    ///   and did not verify it.
    pub fn add(&mut self, index: usize, signature: &[u8]) -> Result<(), Error> {
        if let Some(missing) = self.signatures.get_mut(index) {
            missing.added = Some(missing.key.read_signature(&missing.input, signature)?);
        }
        Ok(())
    }

    /// Adds the signature of the key at a position, which the platform's own cryptography has made with that key. Only the
    /// form is checked, as with a signature that the platform makes during the call.
    #[cfg(all(target_arch = "wasm32", feature = "npm-lite"))]
    pub(crate) fn add_computed(&mut self, index: usize, signature: &[u8]) -> Result<(), Error> {
        match self.signatures.get_mut(index) {
            Some(missing) if !missing.key.is_elsewhere() => {
                missing.added = Some(missing.key.read_unverified_signature(signature)?);
                Ok(())
            }
            _ => self.add(index, signature),
        }
    }

    /// The JWS. Keys of this process sign now.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyUsage`]: a signature of a key that is kept elsewhere was not added.
    /// - [`ErrorCode::Internal`]: signing failed.
    pub fn finish(mut self) -> Result<String, Error> {
        let mut text = String::new();
        for missing in &mut self.signatures {
            let signature = match take(&mut missing.added) {
                Some(signature) => signature,
                None => sign(&missing.key, &missing.input)?,
            };
            text.push_str(&missing.before);
            base64url::encode_onto(&signature, &mut text);
        }
        text.push_str(self.end);
        Ok(text)
    }
}

/// Signs with a key of this process.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key is public or kept elsewhere, or its JWK forbids signing.
/// - [`ErrorCode::Internal`]: the platform has no random source, which RSA signatures need.
pub(crate) fn sign(key: &Key, input: &[u8]) -> Result<Vec<u8>, Error> {
    key.signer()?.try_sign(input).map_err(|_| Error::new(ErrorCode::Internal, "signing failed"))
}
