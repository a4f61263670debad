//! What a key of the kind id-RSASSA-PSS is bound to (RFC 8017 appendix A.2.3, RFC 4055 §3.1).

use pkcs1::RsaPssParamsOwned;
use pkcs8::ObjectIdentifier;
use pkcs8::der::{AnyRef, Decode, Encode};

use crate::jwt::algorithm::{Digest, Padding};
use crate::{Error, ErrorCode};

/// The parameters that a key came with.
#[derive(Clone)]
pub(crate) struct PssParameters {
    /// The digest it is bound to; with none given, any.
    digest: Option<Digest>,
    der: Option<Vec<u8>>,
}

impl PssParameters {
    /// From a key's algorithm identifier.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: parameters that are ill-formed, or that no algorithm of ours satisfies: another digest
    ///   than SHA-2, two digests, or a salt longer than the digest.
    pub(crate) fn read(parameters: Option<AnyRef<'_>>) -> Result<Self, Error> {
        let Some(any) = parameters else { return Ok(Self { digest: None, der: None }) };
        let ill_formed = || invalid("the RSA-PSS parameters are ill-formed");
        let unusable = || invalid("the RSA-PSS key is bound to parameters that no algorithm here has");
        let der = any.to_der().map_err(|_| ill_formed())?;
        let parameters = RsaPssParamsOwned::from_der(&der).map_err(|_| ill_formed())?;
        let digest = digest_of(parameters.hash.oid).ok_or_else(unusable)?;
        let mask_digest = parameters.mask_gen.parameters.and_then(|identifier| digest_of(identifier.oid));
        // RFC 4055 §3.1: the salt length of a key is the least that its signatures may have.
        let long_enough = usize::from(parameters.salt_len) <= digest.len();
        if parameters.mask_gen.oid != MGF1 || mask_digest != Some(digest) || !long_enough {
            return Err(unusable());
        }
        Ok(Self { digest: Some(digest), der: Some(der) })
    }

    /// The parameters as they came.
    pub(crate) fn der(&self) -> Option<&[u8]> {
        self.der.as_deref()
    }

    /// Whether the key may be used in this way.
    pub(super) fn allow(&self, padding: Padding, digest: Digest) -> bool {
        padding == Padding::Pss && self.digest.is_none_or(|own| own == digest)
    }
}

/// id-mgf1 (RFC 8017 appendix A.2.1).
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// RFC 8017 appendix B.1.
fn digest_of(oid: ObjectIdentifier) -> Option<Digest> {
    const DIGESTS: [(ObjectIdentifier, Digest); 3] = [
        (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), Digest::Sha256),
        (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), Digest::Sha384),
        (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), Digest::Sha512),
    ];
    DIGESTS.into_iter().find(|(known, _)| *known == oid).map(|(_, digest)| digest)
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
