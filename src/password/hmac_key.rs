//! Checks passwords that become HMAC keys: those of PBKDF2, and of scrypt, which uses PBKDF2.

use crate::{Error, ErrorCode};

/// Checks that HMAC can tell the password from every other. It pads a short key with zeros (RFC 2104 §2), so that `ab` and
/// `ab\0` are the same key.
///
/// # Errors
/// - [`ErrorCode::PasswordInvalid`]: it ends with a NUL.
pub(super) fn check_no_padding(password: &str) -> Result<(), Error> {
    if password.ends_with('\0') {
        let message = "password ends with a NUL character, which HMAC cannot tell from padding";
        return Err(Error::new(ErrorCode::PasswordInvalid, message));
    }
    Ok(())
}
