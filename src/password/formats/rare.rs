//! The formats that few programs write, for the module that reads every format. It is larger than the others, so that they
//! need not be.

mod aspnet_identity_v2;
mod drupal;
mod encoded;
mod firebase;
mod fshp;
mod grub;
mod label;
mod ldap;
mod ldap_pbkdf2;
mod md5_crypt;
mod mediawiki;
mod mosquitto;
mod mysql;
mod named_digest;
mod p5k2;
mod plain_digest;
mod scram;
mod seafile;
mod sha1_crypt;
mod spring;
mod spring_digest;
mod yescrypt;

use super::format::Format;

/// In the order in which they are asked.
pub(super) const FORMATS: &[Format] = &[
    mosquitto::FORMAT,
    md5_crypt::FORMAT,
    spring_digest::FORMAT,
    ldap::FORMAT,
    plain_digest::FORMAT,
    label::FORMAT,
    encoded::FORMAT,
    ldap_pbkdf2::FORMAT,
    spring::FORMAT,
    yescrypt::FORMAT,
    firebase::FORMAT,
    drupal::FORMAT,
    aspnet_identity_v2::FORMAT,
    named_digest::FORMAT,
    mediawiki::FORMAT,
    seafile::FORMAT,
    sha1_crypt::FORMAT,
    p5k2::FORMAT,
    grub::FORMAT,
    fshp::FORMAT,
    scram::FORMAT,
    mysql::FORMAT,
];
