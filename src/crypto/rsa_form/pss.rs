//! The parameters that restrict an id-RSASSA-PSS key (RFC 8017 appendix A.2.3, RFC 4055 §3.1).

use super::padding::Padding;
use crate::crypto::der::{AlgorithmIdentifier, Parsed, Reader, document};
use crate::crypto::digest::Digest;
use crate::{Error, ErrorCode};

/// The parameters of an id-RSASSA-PSS key.
#[derive(Clone)]
pub(crate) struct PssParameters {
    /// The only digest that the key may be used with. `None` allows any.
    digest: Option<Digest>,
    der: Option<Vec<u8>>,
}

impl PssParameters {
    /// Reads the parameters in a key's algorithm identifier.
    ///
    /// # Errors
    /// - [`ErrorCode::KeyInvalid`]: the parameters are malformed, or no algorithm here satisfies them: a digest other
    ///   than SHA-256, SHA-384 or SHA-512, different digests for message and mask, or a salt longer than the digest.
    pub(crate) fn read(parameters: Option<&[u8]>) -> Result<Self, Error> {
        let Some(der) = parameters else { return Ok(Self { digest: None, der: None }) };
        let malformed = || invalid("the RSA-PSS parameters are malformed");
        let unusable = || invalid("the RSA-PSS key's parameters fit no supported algorithm");
        let (hash, mask, salt_length, trailer) = document(der, fields).map_err(|_| malformed())?;
        if trailer.is_some_and(|trailer| trailer != 1) {
            return Err(malformed());
        }
        // Absent fields mean SHA-1, which no algorithm here uses.
        let (Some(hash), Some(mask)) = (hash, mask) else { return Err(unusable()) };
        let digest = digest_of(hash.oid).ok_or_else(unusable)?;
        let mask_hash = mask.parameters.map(AlgorithmIdentifier::parse).transpose().map_err(|_| malformed())?;
        let same = mask.oid == MGF1 && mask_hash.is_some_and(|mask_hash| digest_of(mask_hash.oid) == Some(digest));
        // RFC 4055 §3.1: the salt length in a key is the minimum for its signatures.
        let long_enough = salt_length.unwrap_or(DEFAULT_SALT_LENGTH) as usize <= digest.len();
        if !same || !long_enough {
            return Err(unusable());
        }
        Ok(Self { digest: Some(digest), der: Some(der.to_vec()) })
    }

    /// The parameters in their original encoding.
    pub(crate) fn der(&self) -> Option<&[u8]> {
        self.der.as_deref()
    }

    /// Whether the key may be used with this padding and digest.
    pub(in crate::crypto) fn allow(&self, padding: Padding, digest: Digest) -> bool {
        padding == Padding::Pss && self.digest.is_none_or(|own| own == digest)
    }
}

type Fields<'d> = (Option<AlgorithmIdentifier<'d>>, Option<AlgorithmIdentifier<'d>>, Option<u32>, Option<u32>);

/// The fields of `RSASSA-PSS-params`: digest, mask generation function, salt length, trailer.
fn fields<'d>(fields: &mut Reader<'d>) -> Parsed<Fields<'d>> {
    Ok((
        fields.explicit(0, AlgorithmIdentifier::read)?,
        fields.explicit(1, AlgorithmIdentifier::read)?,
        fields.explicit(2, Reader::small_integer)?,
        fields.explicit(3, Reader::small_integer)?,
    ))
}

/// The default salt length in bytes (RFC 8017 appendix A.2.3).
const DEFAULT_SALT_LENGTH: u32 = 20;

/// id-mgf1, 1.2.840.113549.1.1.8 (RFC 8017 appendix A.2.1).
const MGF1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";

/// id-sha256, id-sha384 and id-sha512, 2.16.840.1.101.3.4.2.1 to .3 (RFC 8017 appendix B.1).
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
