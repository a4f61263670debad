//! Where a signature is checked, of every token and every JWS.

use crate::jose::base64url::DecodeBuffer;
use crate::jose::key::Key;
use crate::jose::segment::decode_in;
use crate::{Error, ErrorCode};

/// Where a token is decoded, whatever was there: who keeps it from token to token saves allocations.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) decoded: DecodeBuffer,
    signature: Vec<u8>,
}

/// Whether the segment is the key's signature of the input.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key must not verify.
/// - [`ErrorCode::TokenMalformed`]: the segment is not canonical base64url.
/// - [`ErrorCode::TokenSignatureInvalid`]: it is not this key's signature of the input.
pub(crate) fn check_signature(
    key: &Key,
    signing_input: &[u8],
    signature: &str,
    scratch: &mut Scratch,
) -> Result<(), Error> {
    let verifier = key.verifier()?;
    let decoded = decode_in("signature", signature, &mut scratch.decoded)?;
    scratch.signature.clear();
    scratch.signature.extend_from_slice(decoded);
    verifier
        .verify(signing_input, &scratch.signature)
        .map_err(|_| Error::new(ErrorCode::TokenSignatureInvalid, "signature does not match"))
}
