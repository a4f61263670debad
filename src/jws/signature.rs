//! Verifies the signature of every token and every JWS.

use crate::jose::base64url::DecodeBuffer;
use crate::jose::key::Key;
use crate::jose::segment::decode_in;
use crate::{Error, ErrorCode};

/// Buffers for decoding a token. Reusing them saves allocations. Their old contents do not matter.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(crate) decoded: DecodeBuffer,
    signature: Vec<u8>,
}

/// Checks that an encoded signature is the key's signature of the input.
///
/// # Errors
/// - [`ErrorCode::KeyUsage`]: the key's JWK forbids verifying.
/// - [`ErrorCode::TokenMalformed`]: the signature is not canonical base64url.
/// - [`ErrorCode::TokenSignatureInvalid`]: the key did not sign the input.
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
