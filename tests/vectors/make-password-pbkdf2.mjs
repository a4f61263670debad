// Hashes of PBKDF2: made by node:crypto, and read or refused.

import { pbkdf2Sync } from "node:crypto";
import {
  accepts,
  altered,
  dismisses,
  invalid,
  judges,
  malformed,
  PASSWORD,
  refuses,
  SALT,
  tooHigh,
  unsupported,
} from "./make-check-password.mjs";
import { paddings, pbkdf2, pbkdf2Phc, QUICK_PBKDF2 } from "./make-schemes.mjs";

const NODE = "node:crypto, which is OpenSSL's PBKDF2";
const PASSLIB = "the form that passlib writes";
const PHC = "the form that the crate pbkdf2 writes";
const policy = QUICK_PBKDF2;
const policy512 = { scheme: "pbkdf2-sha512", params: { iterations: 1000 } };

function pair(what, source, text, { password = PASSWORD, ...expected } = {}) {
  const given = { policy, scheme: "pbkdf2-sha256", ...expected };
  return [
    accepts(`accepts_a_pbkdf2_hash_${what}`, source, password, text, given),
    dismisses(`dismisses_a_wrong_password_for_a_pbkdf2_hash_${what}`, source, `${password}.`, text, given),
  ];
}

const good = pbkdf2();
const phc = pbkdf2Phc();
const looseSha1 = pbkdf2(PASSWORD, { digest: "sha1" }).replace(/.$/, (last) =>
  String.fromCharCode(last.charCodeAt(0) + 1),
);
const sha1 = { scheme: "pbkdf2-sha1", needsRehash: true };
const sha512 = { scheme: "pbkdf2-sha512", policy: policy512 };
const long = "x".repeat(200);
// The salts of Clerk are in base64, those of Django are text. A text may be both.
const clerk = (salt, bytes = Buffer.from(salt, "base64"), digest = "sha256") => {
  const key = pbkdf2Sync(PASSWORD, bytes, 1000, digest === "sha1" ? 20 : 32, digest);
  return `pbkdf2_${digest}$1000$${salt}$${key.toString("base64")}`;
};
const CLERK = "Clerk's pbkdf2_sha256 is Django's with the salt in base64";
// Its base64 has characters that the two alphabets write differently.
const difficult = Buffer.from("fbefbefbefbefbefbefbefbefbefbefb", "hex");

const read = [
  pair("of_sha_256", NODE, good),
  pair("of_sha_512", NODE, pbkdf2(PASSWORD, { digest: "sha512" }), sha512),
  pair("of_sha_1", NODE, pbkdf2(PASSWORD, { digest: "sha1" }), sha1),
  pair("of_one_iteration", NODE, pbkdf2(PASSWORD, { iterations: 1 }), { needsRehash: true }),
  pair("that_passlib_makes_by_default", PASSLIB, pbkdf2(PASSWORD, { iterations: 29000 })),
  pair(
    "that_passlib_makes_of_sha_1_by_default",
    PASSLIB,
    pbkdf2(PASSWORD, { digest: "sha1", iterations: 131000 }),
    sha1,
  ),
  pair("with_dots_in_its_base64", PASSLIB, pbkdf2(PASSWORD, { salt: difficult })),
  pair(
    "with_plus_signs_in_its_base64",
    "passlib reads both",
    pbkdf2(PASSWORD, { salt: difficult }).replaceAll(".", "+"),
  ),
  pair("in_the_phc_form", PHC, phc),
  pair("of_sha_512_in_the_phc_form", PHC, pbkdf2Phc(PASSWORD, { digest: "sha512", length: 64 }), sha512),
  pair("of_sha_512_with_a_tag_of_32_bytes", PHC, pbkdf2Phc(PASSWORD, { digest: "sha512" }), sha512),
  pair("in_the_phc_form_without_a_length", "@phc/pbkdf2 writes none", altered(phc, "i=1000,l=32", "i=1000")),
  pair("in_the_phc_form_with_its_length_first", "any order is read", altered(phc, "i=1000,l=32", "l=32,i=1000")),
  pair("with_padding", "other software pads base64", `${good}=`),
  pair("of_sha_256_with_a_tag_of_64_bytes", "Keycloak before 24", pbkdf2(PASSWORD, { length: 64 })),
  pair("of_sha_256_with_a_tag_of_50_bytes", "Gitea and Grafana", pbkdf2(PASSWORD, { length: 50 })),
  pair("of_sha_256_with_a_tag_of_512_bytes", "passport-local-mongoose", pbkdf2(PASSWORD, { length: 512 })),
  pair("of_sha_1_with_a_tag_of_64_bytes", "Keycloak", pbkdf2(PASSWORD, { digest: "sha1", length: 64 }), sha1),
  pair("in_the_phc_form_with_a_tag_of_33_bytes", "any length up to 512", pbkdf2Phc(PASSWORD, { length: 33 })),
  pair("with_a_tag_of_16_bytes", "the shortest that is read", pbkdf2Phc(PASSWORD, { length: 16 })),
  ...[1, 7, 8].map((bytes) =>
    pair(
      `with_a_salt_of_${bytes}_bytes`,
      "tables with a column for salts",
      pbkdf2(PASSWORD, { salt: SALT.subarray(-bytes) }),
      {
        needsRehash: true,
      },
    ),
  ),
  pair("with_a_salt_of_128_bytes", "the longest that is read", pbkdf2(PASSWORD, { salt: Buffer.alloc(128, SALT) })),
  pair("of_clerk_with_a_salt_of_letters", CLERK, clerk("chauCFY6WYzghmgLchauCFY6WYzghmgL"), {}),
  pair("of_clerk_with_a_short_salt_of_letters", CLERK, clerk("chauCFY6WYzghmgL"), { needsRehash: true }),
  pair("of_clerk_with_a_salt_that_lost_its_padding", CLERK, clerk("chauCFY6WYzghmgLchauCA"), {}),
  pair("of_clerk_with_padding", CLERK, clerk("chauCFY6WYzghmgLchauCA=="), {}),
  pair(
    "of_django_with_a_salt_that_is_base64_too",
    "Django",
    clerk("chauCFY6WYzghmgL", Buffer.from("chauCFY6WYzghmgL")),
  ),
  pair("of_django_before_3_2", "12 characters", clerk("chauCFY6WYzg", Buffer.from("chauCFY6WYzg")), {
    needsRehash: true,
  }),
  pair(
    "of_django_of_sha_1_with_a_salt_that_is_base64_too",
    "Django",
    clerk("chauCFY6WYzghmgL", Buffer.from("chauCFY6WYzghmgL"), "sha1"),
    sha1,
  ),
  pair("of_the_empty_password", "which passwords are good enough is the caller's to say", pbkdf2(""), { password: "" }),
  pair("of_a_password_with_a_null_character", "C strings end there", pbkdf2("pass\0word"), { password: "pass\0word" }),
  pair("of_a_password_longer_than_a_block", "RFC 2104 §2: HMAC hashes it first", pbkdf2(long), { password: long }),
  pair("of_sha_512_of_a_long_password", "RFC 2104 §2", pbkdf2(long, { digest: "sha512" }), {
    ...sha512,
    password: long,
  }),
  [
    dismisses(
      "dismisses_a_pbkdf2_hash_whose_second_block_is_another",
      "all blocks of a tag are compared",
      PASSWORD,
      pbkdf2(PASSWORD, { length: 64 }).replace(/.$/, (last) => (last === "A" ? "Q" : "A")),
      { policy, scheme: "pbkdf2-sha256" },
    ),
    dismisses("dismisses_another_number_of_iterations", NODE, PASSWORD, altered(good, "$1000$", "$1001$"), {
      policy,
      scheme: "pbkdf2-sha256",
    }),
    // The password of 64 bytes and more stands for its digest in HMAC, and so for another password.
    accepts(
      "accepts_the_digest_of_a_long_password_as_hmac_has_it",
      "RFC 2104 §2: an HMAC key longer than a block and its digest are one; here the digest is no text",
      "x".repeat(64),
      pbkdf2("x".repeat(64)),
      { policy, scheme: "pbkdf2-sha256" },
    ),
  ],
].flat();

const tooMany = tooHigh('stored hash\'s "iterations" is more than the option "limits.pbkdf2Iterations" allows');
const notDecimal = malformed('stored hash\'s "iterations" is not a plain decimal number');
const iterations = (text) => altered(good, "$1000$", `$${text}$`);
const refused = [
  ["a_pbkdf2_hash_of_3000001_iterations", "the default limit", iterations("3000001"), tooMany],
  ["a_pbkdf2_hash_of_a_billion_iterations", "a stored hash must not run for ever", iterations("1000000000"), tooMany],
  ["a_pbkdf2_hash_of_4294967295_iterations", "a stored hash must not run for ever", iterations("4294967295"), tooMany],
  [
    "a_pbkdf2_hash_in_the_phc_form_of_a_billion_iterations",
    "a stored hash must not run for ever",
    altered(phc, "i=1000", "i=1000000000"),
    tooMany,
  ],
  ["a_pbkdf2_hash_above_a_limit_of_999", "the policy's limits", good, tooMany, { limits: { pbkdf2Iterations: 999 } }],
  [
    "a_pbkdf2_hash_of_no_iterations",
    "RFC 8018 §5.2: a positive number",
    iterations("0"),
    malformed('stored hash\'s "iterations" is less than 1'),
  ],
  ["a_pbkdf2_hash_of_more_iterations_than_a_word_holds", PASSLIB, iterations("4294967296"), notDecimal],
  ["a_pbkdf2_hash_with_a_sign", PASSLIB, iterations("+1000"), notDecimal],
  ["a_pbkdf2_hash_with_a_leading_zero", PASSLIB, iterations("01000"), notDecimal],
  ["a_pbkdf2_hash_without_iterations", PASSLIB, iterations(""), notDecimal],
  [
    "a_pbkdf2_hash_in_the_phc_form_without_iterations",
    PHC,
    altered(phc, "i=1000,l=32", "l=32"),
    malformed('stored hash lacks the parameter "i"'),
  ],
  [
    "a_pbkdf2_hash_in_the_phc_form_with_two_lengths",
    PHC,
    altered(phc, "l=32", "l=32,l=32"),
    malformed('stored hash has the parameter "l" twice'),
  ],
  [
    "a_pbkdf2_hash_in_the_phc_form_with_another_length",
    PHC,
    altered(phc, "l=32", "l=31"),
    malformed('stored hash\'s tag is not as long as its "l" says'),
  ],
  [
    "a_pbkdf2_hash_in_the_phc_form_whose_tag_lacks_a_byte",
    PHC,
    altered(phc, "l=32", "l=33"),
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "a_pbkdf2_hash_in_the_phc_form_with_an_unknown_parameter",
    PHC,
    altered(phc, "l=32", "l=32,x=1"),
    malformed("stored hash has an unknown parameter"),
  ],
  [
    "a_pbkdf2_hash_in_the_phc_form_with_a_tag_of_15_bytes",
    "a short tag is met by chance",
    pbkdf2Phc(PASSWORD, { length: 15 }),
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "a_pbkdf2_hash_of_sha1_with_loose_bits",
    "a shorter tag than most is more likely cut than of another alphabet",
    looseSha1,
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "a_pbkdf2_hash_with_a_tag_of_513_bytes",
    "no software writes so much",
    pbkdf2(PASSWORD, { length: 513 }),
    malformed("stored hash's tag is not 1 to 512 bytes long"),
  ],
  [
    "a_pbkdf2_hash_whose_blocks_have_too_many_iterations_in_all",
    "each block of the tag costs all iterations",
    pbkdf2(PASSWORD, { length: 64 }),
    tooMany,
    { limits: { pbkdf2Iterations: 1999 } },
  ],
  [
    "a_pbkdf2_hash_with_three_padding_signs",
    PASSLIB,
    `${good}===`,
    malformed("stored hash's tag is not canonical base64"),
  ],
  ...[
    ["sha1", 19],
    ["sha1", 32],
    ["sha256", 31],
    ["sha256", 33],
    ["sha256", 128],
    ["sha256", 256],
    ["sha256", 511],
    ["sha512", 32],
    ["sha512", 50],
    ["sha512", 511],
  ].map(([digest, length]) => [
    `a_pbkdf2_hash_of_${digest}_with_a_tag_of_${length}_bytes`,
    "no software writes so many bytes without saying so: a column may have cut them off",
    pbkdf2(PASSWORD, { digest, length }),
    malformed("stored hash is cut short within its tag"),
  ]),
  [
    "a_pbkdf2_hash_without_a_tag",
    PASSLIB,
    good.slice(0, good.lastIndexOf("$")),
    malformed("stored hash is cut short before its tag"),
  ],
  [
    "a_pbkdf2_hash_without_a_salt",
    PASSLIB,
    good.replace(/(\$1000\$)[^$]+/, "$1"),
    malformed("stored hash's salt is not 1 to 128 bytes long"),
  ],
  [
    "a_pbkdf2_hash_with_a_salt_of_129_bytes",
    "none is so long",
    pbkdf2(PASSWORD, { salt: Buffer.alloc(129, SALT) }),
    malformed("stored hash's salt is not 1 to 128 bytes long"),
  ],
  ["a_pbkdf2_hash_that_goes_on", PASSLIB, `${good}$`, malformed("stored hash has extra characters after its tag")],
  [
    "a_pbkdf2_hash_of_an_unknown_digest",
    PASSLIB,
    altered(good, "sha256", "sha384"),
    unsupported("stored hash uses an unknown scheme: let its user set a new password"),
  ],
].map(([what, source, text, error, given = policy]) => refuses(`refuses_${what}`, source, text, error, given));

function hashing(name, source, given, expect) {
  return { name, source, op: "hash", password: PASSWORD, policy: given, expect };
}

const form = (name, count, tag) => ({ ok: `\\$${name}\\$${count}\\$[A-Za-z0-9./]{22}\\$[A-Za-z0-9./]{${tag}}` });
const made = [
  hashing("hashes_with_pbkdf2_and_sha_256", "the policy's scheme", policy, form("pbkdf2-sha256", 1000, 43)),
  hashing("hashes_with_pbkdf2_and_sha_512", "the policy's scheme", policy512, form("pbkdf2-sha512", 1000, 86)),
  hashing(
    "hashes_with_pbkdf2_and_sha_256_as_owasp_recommends",
    "OWASP Password Storage Cheat Sheet",
    { scheme: "pbkdf2-sha256" },
    form("pbkdf2-sha256", 600000, 43),
  ),
  hashing(
    "hashes_with_pbkdf2_and_sha_512_as_owasp_recommends",
    "OWASP Password Storage Cheat Sheet",
    { scheme: "pbkdf2-sha512" },
    form("pbkdf2-sha512", 220000, 86),
  ),
  ...[
    ["fewer_iterations_than_1000", "RFC 8018 §4.2", { iterations: 999 }, "params.iterations", "less than 1000"],
    ["no_iterations", "RFC 8018 §5.2", { iterations: 0 }, "params.iterations", "less than 1"],
  ].map(([what, source, params, name, fault]) =>
    hashing(
      `refuses_to_hash_with_${what}`,
      source,
      { scheme: "pbkdf2-sha256", params },
      {
        error: invalid(`option "${name}" is ${fault}`),
      },
    ),
  ),
  hashing(
    "refuses_to_hash_with_more_iterations_than_it_checks",
    "what is hashed can be checked",
    { scheme: "pbkdf2-sha256", params: { iterations: 3000001 } },
    { error: invalid('option "params.iterations" is more than "limits.pbkdf2Iterations"') },
  ),
  hashing(
    "refuses_to_hash_with_pbkdf2_and_sha_1",
    "it is there to be checked, and replaced",
    { scheme: "pbkdf2-sha1" },
    {
      error: invalid(
        'option "scheme" cannot make new hashes: use argon2id, bcrypt, pbkdf2-sha256, pbkdf2-sha512 or scrypt',
      ),
    },
  ),
];

const judged = [
  ["keeps_a_pbkdf2_hash_with_more_iterations", iterations("1001"), false, policy],
  ["renews_a_pbkdf2_hash_with_fewer_iterations", iterations("999"), true, policy],
  ["renews_a_pbkdf2_hash_of_sha_256_under_sha_512", iterations("1000000"), true, policy512],
  [
    "keeps_a_pbkdf2_hash_of_sha_512_at_its_default_under_sha_256",
    pbkdf2(PASSWORD, { digest: "sha512", iterations: 1 }).replace("$1$", "$220000$"),
    false,
    policy,
  ],
  [
    "renews_a_pbkdf2_hash_of_sha_512_below_its_default_under_sha_256",
    pbkdf2(PASSWORD, { digest: "sha512", iterations: 1 }).replace("$1$", "$219999$"),
    true,
    policy,
  ],
  [
    "renews_a_pbkdf2_hash_of_sha_1",
    pbkdf2(PASSWORD, { digest: "sha1", iterations: 1 }).replace("$1$", "$1400000$"),
    true,
    policy,
  ],
].map(([name, text, weak, given]) => judges(name, text, weak, given));

export default {
  description: "PBKDF2: hashes made by other software, what is refused, and what new hashes look like.",
  cases: [
    ...read,
    ...paddings("pbkdf2", "pbkdf2-sha256", policy, form("pbkdf2-sha256", 1000, 43).ok, pbkdf2),
    ...paddings("pbkdf2_and_sha_512", "pbkdf2-sha512", policy512, form("pbkdf2-sha512", 1000, 86).ok, (password) =>
      pbkdf2(password, { digest: "sha512" }),
    ),
    ...refused,
    ...made,
    ...judged,
  ],
};
