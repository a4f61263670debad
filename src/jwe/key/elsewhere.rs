//! Keys for decrypting that are not in this process: in a key management service, a hardware module, or the platform's
//! own store.

use zeroize::Zeroizing;

use super::EncryptionKey;
use super::material::{Elsewhere, Material, wrong_kind};
use super::usage::Usage;
use crate::Error;
use crate::jwe::agreement::Curve;
use crate::jwe::algorithm::{Algorithm, Family};

impl EncryptionKey {
    /// A private key or a secret that is kept elsewhere, for decrypting with RSA-OAEP, AES key wrap or ECDH-ES.
    ///
    /// It decrypts in several steps. [`decrypt`](crate::jwe::decrypt()) judges the token and fails with
    /// [`KeyUsage`](crate::ErrorCode::KeyUsage) when it needs the key. [`EncryptionKey::question`] then says what to ask,
    /// and [`EncryptionKey::with_answer`] gives the key to try again with.
    ///
    /// `public` is its public half, for encrypting. Without it, a key for ECDH-ES needs its `curve`.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`](crate::ErrorCode::KeyInvalid): `public` is for another algorithm, the algorithm is not
    ///   one of these, or the curve is missing.
    /// - [`ErrorCode::KeyUsage`](crate::ErrorCode::KeyUsage): `public` is a secret.
    ///
    /// ```
    /// use countersign::jwe::{Algorithm, DecryptOptions, EncryptionKey, GenerateOptions, KeyOptions, decrypt, encrypt};
    ///
    /// let own = EncryptionKey::from_secret(&[7; 32], Algorithm::A256Kw, &KeyOptions::default())?;
    /// let token = encrypt(b"attack at dawn", &own, &Default::default())?;
    ///
    /// let key = EncryptionKey::elsewhere(Algorithm::A256Kw, None, None, None)?;
    /// assert!(decrypt(&token, &key, &DecryptOptions::default()).is_err());
    /// let wrapped = key.question().unwrap_or_default();
    /// let key = key.with_answer(&wrapped, None); // the service could not unwrap it
    /// let error = decrypt(&token, &key, &DecryptOptions::default()).unwrap_err();
    /// assert_eq!(error.code(), countersign::ErrorCode::DecryptionFailed);
    /// # Ok::<(), countersign::Error>(())
    /// ```
    pub fn elsewhere(
        algorithm: Algorithm,
        kid: Option<String>,
        public: Option<&Self>,
        curve: Option<Curve>,
    ) -> Result<Self, Error> {
        let public = public.map(|public| public.public_key()?.with_algorithm(algorithm)).transpose()?;
        let curve = match &public {
            Some(public) => public.curve().map(str::parse).transpose()?,
            None => curve,
        };
        let fits = match algorithm.family() {
            Family::RsaOaep(_) | Family::AesKw(_) => true,
            Family::EcdhEs(_) => curve.is_some(),
            _ => false,
        };
        if !fits {
            return Err(wrong_kind("a key that is kept elsewhere", algorithm));
        }
        let public = match public.map(|public| public.0.material.clone()) {
            Some(Material::Public(public)) => Some(public),
            _ => None,
        };
        let material = Elsewhere { public, curve, ..Elsewhere::default() };
        Ok(Self::new(algorithm, kid, Material::Elsewhere(Box::new(material)), Usage::ANY))
    }

    /// This private key as one that is kept elsewhere, for a platform that decrypts with a copy of it. `None` for a key of
    /// another kind than RSA, P-256 and P-384. No platform is faster on P-521, and some may have other rules on X25519.
    #[cfg(all(target_arch = "wasm32", feature = "npm-jwe"))]
    pub(crate) fn asked_elsewhere(&self) -> Option<Self> {
        let Material::Private(private) = &self.0.material else { return None };
        let curve: Option<Curve> = self.curve().map(str::parse).transpose().ok()?;
        if matches!(curve, Some(Curve::P521 | Curve::X25519)) {
            return None;
        }
        let public = Some(Box::new(private.public()));
        let material = Material::Elsewhere(Box::new(Elsewhere { public, curve, ..Elsewhere::default() }));
        Some(Self::new(self.0.algorithm, self.0.kid.clone(), material, self.0.usage))
    }

    /// The question that the last decryption is waiting for, if any: for RSA-OAEP and AES key wrap, the encrypted content
    /// key; for ECDH-ES, the sender's ephemeral public key, as an uncompressed point
    /// or as the 32 bytes of X25519. Taken out, so that the next call returns nothing.
    #[must_use]
    pub fn question(&self) -> Option<Vec<u8>> {
        match &self.0.material {
            Material::Elsewhere(key) => key.take_question(),
            _ => None,
        }
    }

    /// The same key with an answer: the content key, or the shared secret of ECDH-ES. `None` if the key does not fit; decryption then fails as for any altered token.
    #[must_use]
    pub fn with_answer(&self, question: &[u8], answer: Option<Vec<u8>>) -> Self {
        let mut material = self.0.material.clone();
        if let Material::Elsewhere(key) = &mut material {
            key.add(question, answer.map(Zeroizing::new));
        }
        Self::new(self.0.algorithm, self.0.kid.clone(), material, self.0.usage)
    }
}
