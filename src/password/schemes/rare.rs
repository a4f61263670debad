//! The schemes of the rare formats. No new hashes are made with them.

pub(in crate::password) mod digest;
pub(in crate::password) mod drupal;
pub(in crate::password) mod firebase;
pub(in crate::password) mod md5_crypt;
pub(in crate::password) mod sha1_crypt;
pub(in crate::password) mod yescrypt;
