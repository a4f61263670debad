//! What signed and encrypted tokens share (RFC 7515 to 7518): encoding, headers, algorithms, key documents and keys.

pub(crate) mod algorithm;
pub(crate) mod base64url;
pub(crate) mod byte_search;
pub(crate) mod certificate;
pub(crate) mod distinct_names;
pub(crate) mod document;
pub(crate) mod duration;
#[cfg(feature = "jwt")]
pub(crate) mod encrypted;
pub(crate) mod encrypted_document;
pub(crate) mod header;
pub(crate) mod json;
pub(crate) mod jwk;
pub(crate) mod key;
pub(crate) mod key_lookalike;
pub(crate) mod key_options;
pub(crate) mod key_set;
pub(crate) mod material;
pub(crate) mod name_index;
pub(crate) mod one_or_many;
pub(crate) mod pem;
pub(crate) mod pem_label;
pub(crate) mod segment;
pub(crate) mod select;
mod signing;
pub(crate) mod usage;
