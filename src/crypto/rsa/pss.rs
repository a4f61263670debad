//! What a key of the kind id-RSASSA-PSS is bound to (RFC 8017 appendix A.2.3, RFC 4055 §3.1).

use super::padding::Padding;
use crate::crypto::der::{AlgorithmIdentifier, Parsed, Reader, document};
use crate::crypto::digest::Digest;
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
    pub(crate) fn read(parameters: Option<&[u8]>) -> Result<Self, Error> {
        let Some(der) = parameters else { return Ok(Self { digest: None, der: None }) };
        let ill_formed = || invalid("the RSA-PSS parameters are ill-formed");
        let unusable = || invalid("the RSA-PSS key is bound to parameters that no algorithm here has");
        let (hash, mask, salt_length, trailer) = document(der, fields).map_err(|_| ill_formed())?;
        if trailer.is_some_and(|trailer| trailer != 1) {
            return Err(ill_formed());
        }
        // What is absent is SHA-1, with a salt of its length, which no algorithm here has.
        let (Some(hash), Some(mask)) = (hash, mask) else { return Err(unusable()) };
        let digest = digest_of(hash.oid).ok_or_else(unusable)?;
        let mask_hash = mask.parameters.map(AlgorithmIdentifier::parse).transpose().map_err(|_| ill_formed())?;
        let same = mask.oid == MGF1 && mask_hash.is_some_and(|mask_hash| digest_of(mask_hash.oid) == Some(digest));
        // RFC 4055 §3.1: the salt length of a key is the least that its signatures may have.
        let long_enough = salt_length.unwrap_or(SALT_LENGTH) as usize <= digest.len();
        if !same || !long_enough {
            return Err(unusable());
        }
        Ok(Self { digest: Some(digest), der: Some(der.to_vec()) })
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

type Fields<'d> = (Option<AlgorithmIdentifier<'d>>, Option<AlgorithmIdentifier<'d>>, Option<u32>, Option<u32>);

/// `RSASSA-PSS-params`: digest, mask generation, length of the salt, trailer.
fn fields<'d>(fields: &mut Reader<'d>) -> Parsed<Fields<'d>> {
    Ok((
        fields.explicit(0, AlgorithmIdentifier::read)?,
        fields.explicit(1, AlgorithmIdentifier::read)?,
        fields.explicit(2, Reader::small_integer)?,
        fields.explicit(3, Reader::small_integer)?,
    ))
}

/// RFC 8017 appendix A.2.3.
const SALT_LENGTH: u32 = 20;

/// id-mgf1, 1.2.840.113549.1.1.8 (RFC 8017 appendix A.2.1).
const MGF1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";

/// RFC 8017 appendix B.1: 2.16.840.1.101.3.4.2.1 to .3.
fn digest_of(oid: &[u8]) -> Option<Digest> {
    match oid {
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x01" => Some(Digest::Sha256),
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x02" => Some(Digest::Sha384),
        b"\x60\x86\x48\x01\x65\x03\x04\x02\x03" => Some(Digest::Sha512),
        _ => None,
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::KeyInvalid, message)
}
