// Published examples of the formats that people bring, with their software's default costs. Beside each, a wrong password.

import { accepts, dismisses } from "./make-check-password.mjs";

const CORRECT = "correct horse battery staple";
/** [name, source, scheme, stored, needsRehash, policy] */
const EXAMPLES = [
  [
    "argon2id_by_npm_argon2_45",
    "npm argon2 0.45.1, defaults",
    "argon2id",
    "$argon2id$v=19$m=65536,p=4,t=3$NUhvHZcXT6ut8Kc93W4y2w$JrwiKhTeB2Bocp6LpQfJMcSTQ6yqCWj7/egOteypAgc",
    false,
  ],
  [
    "argon2id_version_16_by_npm_argon2_45",
    "npm argon2 0.45.1, version 0x10",
    "argon2id",
    "$argon2id$v=16$m=4096,p=4,t=3$77mObZ1RRIJNvyr2ZE5M1A$yqhRbD82E4zEwS5zZ23D7HvXWoxSYxNRmZRglCRkAhY",
    true,
  ],
  [
    "argon2id_of_50_bytes_by_npm_argon2_45",
    "npm argon2 0.45.1, hashLength 50",
    "argon2id",
    "$argon2id$v=19$m=65536,p=4,t=3$fciURFIaM+ikw+F62CabOQ$4YCSAJAz5WXlWPmRKGqTfkmdmTqTeObO4BzygFe+2nb7xRlopiYp+nkdxxcDWXfM7/8",
    false,
  ],
  [
    "nodes_scrypt_salt_and_key",
    "node:crypto",
    "scrypt",
    "07dbc680db1cda5a991665d570901225:77b56ece140aa234a368096fd0fcd80590448c53c2a72905653882ecb5064c6f93a105926383e86af4d08f4110676a1358dc7d4a81839f91e15e5f18ace7cbd5",
    true,
  ],
  [
    "nodes_scrypt_key_and_salt",
    "node:crypto",
    "scrypt",
    "77b56ece140aa234a368096fd0fcd80590448c53c2a72905653882ecb5064c6f93a105926383e86af4d08f4110676a1358dc7d4a81839f91e15e5f18ace7cbd5.07dbc680db1cda5a991665d570901225",
    true,
  ],
  [
    "nodes_scrypt_with_its_name",
    "node:crypto",
    "scrypt",
    "scrypt$07dbc680db1cda5a991665d570901225$77b56ece140aa234a368096fd0fcd80590448c53c2a72905653882ecb5064c6f93a105926383e86af4d08f4110676a1358dc7d4a81839f91e15e5f18ace7cbd5",
    true,
  ],
  [
    "keycloak_23",
    "node:crypto, by Keycloak's documentation",
    "pbkdf2-sha256",
    "$pbkdf2-sha256$27500$3Ral.YRkIz/em3C0bbBguQ$t1DQ/cWKmYRXKnuY6QfAtq.5ajNEBV3oo5lHQOu/3QmyY4aXNUvdixkqDhPSYZ8ppBdnjjqy7a5YYBnL8jVfkg",
    true,
  ],
  [
    "keycloak_23_as_a_phc_string",
    "node:crypto, by Keycloak's documentation",
    "pbkdf2-sha256",
    "$pbkdf2-sha256$i=27500,l=64$3Ral+YRkIz/em3C0bbBguQ$t1DQ/cWKmYRXKnuY6QfAtq+5ajNEBV3oo5lHQOu/3QmyY4aXNUvdixkqDhPSYZ8ppBdnjjqy7a5YYBnL8jVfkg",
    true,
  ],
  [
    "keycloak_23_cut_to_one_block",
    "node:crypto, by Keycloak's documentation",
    "pbkdf2-sha256",
    "$pbkdf2-sha256$27500$3Ral.YRkIz/em3C0bbBguQ$t1DQ/cWKmYRXKnuY6QfAtq.5ajNEBV3oo5lHQOu/3Qk",
    true,
  ],
  [
    "adonisjs_scrypt",
    "@adonisjs/hash 10.1.1",
    "scrypt",
    "$scrypt$n=16384,r=8,p=1$6OC2fJdW/ZqZi4Nrjy502A$MMfxIRLcOY2ADk2VX8hybNtzHCudz1bVrDZ2CjIqd8xeCxtNzR6uB66k0bZwLwxuUYsfInZlsS9u6vHpCiUIQg",
    true,
  ],
  [
    "phc_pbkdf2_without_l",
    "@phc/pbkdf2 1.1.14",
    "pbkdf2-sha512",
    "$pbkdf2-sha512$i=25000$3aAFJP+cJDYfMS+M0K7YRA$NQxaEtQIR2Oi0Yvk98jFYhPAa6m5MnXmsbcfyydwD8aT85WDQxkvjVCdVRR9l6Hof2XPAU3LKfh3aWhzyTLwmw",
    true,
  ],
  // bcrypt of the SHA-256 in hexadecimal, which nothing in the hash says.
  [
    "meteor",
    "bcrypt 6.0.0, by Meteor's source",
    "bcrypt",
    "$2b$04$gbLL7sQoFkmYnRLczZqKFOU/9zDxLe5ZAgVFaiMZoLrS7FbWL6LXK",
    true,
    { prehash: "sha256-hex" },
  ],
];

const SALT_AND_KEY = /^[0-9a-f]{32}:[0-9a-f]{128}$/;
const METEOR = EXAMPLES.find(([name]) => name === "meteor")[3];

export default {
  description: "Published examples of stored hashes that other software makes with its default costs.",
  cases: [
    ...EXAMPLES.flatMap(([name, source, scheme, stored, needsRehash, policy]) => [
      accepts(`accepts_the_published_${name}`, source, CORRECT, stored, { scheme, needsRehash, policy }),
      // A wrong password does not tell which software wrote this shape.
      dismisses(`dismisses_a_wrong_password_for_the_published_${name}`, source, `${CORRECT}.`, stored, {
        scheme: SALT_AND_KEY.test(stored) ? "better-auth" : scheme,
        policy,
      }),
    ]),
    dismisses("dismisses_a_hash_of_meteor_without_the_option", "bcrypt 6.0.0", CORRECT, METEOR, { scheme: "bcrypt" }),
  ],
};
