// What looks like the hash of some other software and is not, or costs too much to check; and beside it what it was made of.

import { createHash, pbkdf2Sync } from "node:crypto";
import {
  accepts,
  altered,
  dismisses,
  judges,
  malformed,
  PASSWORD,
  refuses,
  tooHigh,
  unsupported,
} from "./make-check-password.mjs";
import { made } from "./make-foreign.mjs";

const notDecimal = (name) => malformed(`stored hash's "${name}" is not a plain decimal number`);
const length = (name, least, most = least) =>
  malformed(`stored hash's ${name} is not ${least === most ? least : `${least} to ${most}`} bytes long`);
const notPadded = (name) => malformed(`stored hash's ${name} is not canonical base64`);
const notHexadecimal = malformed("stored hash's tag is not hexadecimal");
const notCrypt = malformed("stored hash's tag is not canonical crypt base64");
const notPrintable = malformed("stored hash's salt is not printable ASCII");
const unknown = unsupported("stored hash uses an unknown scheme: let its user set a new password");
const locked = unsupported('stored hash begins with "!", which locks the account: nobody can log in');
const otherPbkdf2 = unsupported(
  "stored hash seems to be PBKDF2 with another digest than SHA-1, SHA-256 and SHA-512, which no module reads: let its user set a new password",
);
const unknownLabel = unsupported(
  "stored hash has an unknown label: remove it before a known hash, or let its user set a new password",
);
const goesOn = malformed("stored hash has extra characters after its tag");
const twice = (name) => malformed(`stored hash has the parameter "${name}" twice`);
const unknownParameter = malformed("stored hash has an unknown parameter");
const begins = malformed("stored hash is not in a known format");
const above = (name, limit) => tooHigh(`stored hash's "${name}" is more than the option "limits.${limit}" allows`);

/** The fields between `$`, one of them another. */
function withField(text, place, field) {
  const fields = text.split("$");
  if (fields[place] === undefined || fields[place] === field) throw new Error(`${text} has no other field ${place}`);
  return fields.toSpliced(place, 1, field).join("$");
}
const field = (text, place) => text.split("$")[place];
// One bit that stands for nothing, in the last character of base64 before its padding.
const loose = (text) =>
  text.replace(/([A-Za-z])(=*)$/, (_, last, end) => String.fromCharCode(last.charCodeAt(0) + 1) + end);

const all = (software, table) =>
  table.map(([name, text, error, policy]) => refuses(name, `${software} writes no such thing`, text, error, policy));

const pbkdf2 = made("Django", "pbkdf2_sha256").stored;
const djangoScrypt = made("Django", "scrypt").stored;
const djangoBcryptAlone = made("Django", "bcrypt").stored;
const djangoBcrypt = made("Django", "bcrypt_sha256").stored;
const django = all("Django", [
  ["refuses_iterations_of_django_with_a_leading_zero", withField(pbkdf2, 1, "01000"), notDecimal("iterations")],
  [
    "refuses_no_iterations_of_django",
    withField(pbkdf2, 1, "0"),
    malformed('stored hash\'s "iterations" is less than 1'),
  ],
  ["refuses_negative_iterations_of_django", withField(pbkdf2, 1, "-1"), notDecimal("iterations")],
  ["refuses_iterations_of_django_beyond_32_bits", withField(pbkdf2, 1, "4294967296"), notDecimal("iterations")],
  [
    "refuses_1000000000_iterations_of_django",
    withField(pbkdf2, 1, "1000000000"),
    above("iterations", "pbkdf2Iterations"),
  ],
  ["refuses_a_hash_of_django_and_nothing_else", "pbkdf2_sha256$", notDecimal("iterations")],
  [
    "refuses_a_hash_of_django_without_a_salt",
    "pbkdf2_sha256$1000",
    malformed("stored hash is cut short before its salt"),
  ],
  ["refuses_an_empty_salt_of_django", withField(pbkdf2, 2, ""), length("salt", 1, 128)],
  ["refuses_a_salt_of_django_of_129_characters", withField(pbkdf2, 2, "a".repeat(129)), length("salt", 1, 128)],
  ["refuses_a_salt_of_django_with_a_space", withField(pbkdf2, 2, "some salt"), notPrintable],
  ["refuses_a_salt_of_django_that_is_not_ascii", withField(pbkdf2, 2, "sélsélsél"), notPrintable],
  [
    "refuses_a_hash_of_django_without_a_tag",
    pbkdf2.split("$").slice(0, 3).join("$"),
    malformed("stored hash is cut short before its tag"),
  ],
  ["refuses_an_empty_tag_of_django", withField(pbkdf2, 3, ""), malformed("stored hash is cut short within its tag")],
  ["refuses_a_tag_of_django_with_too_much_padding", `${pbkdf2}=`, notPadded("tag")],
  ["refuses_a_tag_of_django_with_loose_bits", withField(pbkdf2, 3, `${"A".repeat(42)}B=`), notPadded("tag")],
  [
    "refuses_a_tag_of_django_of_another_digest",
    withField(pbkdf2, 3, field(made("Django", "pbkdf2_sha1").stored, 3)),
    malformed("stored hash is cut short within its tag"),
  ],
  ["refuses_a_hash_of_django_that_goes_on", `${pbkdf2}$`, goesOn],
  ["refuses_a_digest_that_django_does_not_have", altered(pbkdf2, "pbkdf2_sha256", "pbkdf2_sha512"), unknown],
  [
    "refuses_an_n_of_django_that_is_no_power_of_two",
    withField(djangoScrypt, 1, "65"),
    malformed('stored hash\'s "N" is not a power of two'),
  ],
  [
    "refuses_an_n_of_django_of_0",
    withField(djangoScrypt, 1, "0"),
    malformed('stored hash\'s "N" is not a power of two'),
  ],
  ["refuses_an_n_of_django_of_1", withField(djangoScrypt, 1, "1"), malformed('stored hash\'s "ln" is less than 1')],
  ["refuses_2_gib_of_django", withField(djangoScrypt, 1, "2147483648"), above("ln", "scryptMemoryKib")],
  [
    "refuses_a_block_size_of_django_of_4294967295",
    withField(djangoScrypt, 3, "4294967295"),
    above("r", "scryptMemoryKib"),
  ],
  ["refuses_a_parallelism_of_django_of_17", withField(djangoScrypt, 4, "17"), above("p", "lanes")],
  ["refuses_an_empty_parallelism_of_django", withField(djangoScrypt, 4, ""), notDecimal("p")],
  [
    "refuses_a_tag_of_djangos_scrypt_of_32_bytes",
    withField(djangoScrypt, 5, field(pbkdf2, 3)),
    malformed("stored hash is cut short within its tag"),
  ],
  ["refuses_a_cost_of_djangos_bcrypt_of_31", withField(djangoBcrypt, 3, "31"), above("cost", "bcryptCost")],
  [
    "refuses_a_hash_of_django_without_its_bcrypt",
    "bcrypt_sha256$$",
    malformed("stored hash has no bcrypt hash after its prefix"),
  ],
  [
    "refuses_another_scheme_in_djangos_bcrypt",
    `bcrypt_sha256$${made("PHP", "sha512-crypt").stored}`,
    malformed("stored hash has no bcrypt hash after its prefix"),
  ],
  ["refuses_another_scheme_in_djangos_argon2", `argon2${made("PHP", "bcrypt").stored}`, unknown],
  [
    "refuses_the_costs_of_djangos_argon2",
    altered(made("Django", "argon2").stored, "m=64", "m=4194304"),
    above("m", "memoryKib"),
  ],
  ["refuses_a_mark_of_an_unusable_password_with_a_dollar_sign", "!$2b$04$", locked],
  ["refuses_a_mark_of_an_unusable_password_of_66_characters", `!${"a".repeat(65)}`, begins],
]);

const scrypt = made("Werkzeug", "scrypt").stored;
const sha256 = made("Werkzeug", "pbkdf2", "pbkdf2:sha256").stored;
const werkzeug = all("Werkzeug", [
  ["refuses_costs_of_werkzeug_that_are_left_to_its_defaults", altered(scrypt, ":64:8:2", ":"), notDecimal("N")],
  ["refuses_a_cost_of_werkzeug_too_few", altered(scrypt, ":64:8:2", ":64:8"), notDecimal("p")],
  ["refuses_a_cost_of_werkzeug_too_many", altered(scrypt, ":64:8:2", ":64:8:2:1"), unknownParameter],
  [
    "refuses_an_n_of_werkzeug_that_is_no_power_of_two",
    altered(scrypt, ":64:", ":96:"),
    malformed('stored hash\'s "N" is not a power of two'),
  ],
  ["refuses_1_gib_of_werkzeug", altered(scrypt, ":64:8:", ":1048576:8:"), above("ln", "scryptMemoryKib")],
  ["refuses_a_parallelism_of_werkzeug_of_4294967295", altered(scrypt, ":8:2", ":8:4294967295"), above("p", "lanes")],
  [
    "refuses_iterations_of_werkzeug_that_are_left_to_its_defaults",
    altered(sha256, ":1000", ""),
    notDecimal("iterations"),
  ],
  [
    "refuses_4294967295_iterations_of_werkzeug",
    altered(sha256, ":1000", ":4294967295"),
    above("iterations", "pbkdf2Iterations"),
  ],
  ["refuses_a_cost_after_werkzeugs_iterations", altered(sha256, ":1000", ":1000:1"), unknownParameter],
  ["refuses_a_digest_of_werkzeug_that_is_not_known", altered(sha256, "sha256", "md5"), otherPbkdf2],
  [
    "refuses_a_hash_of_werkzeug_without_a_salt",
    field(sha256, 0),
    malformed("stored hash is cut short before its salt"),
  ],
  ["refuses_an_empty_salt_of_werkzeug", withField(sha256, 1, ""), length("salt", 1, 128)],
  ["refuses_a_tag_of_werkzeug_in_capitals", withField(sha256, 2, field(sha256, 2).toUpperCase()), notHexadecimal],
  [
    "refuses_a_tag_of_werkzeug_with_half_a_byte",
    sha256.slice(0, -1),
    malformed("stored hash is cut short within its tag"),
  ],
  ["refuses_a_tag_of_werkzeug_of_31_bytes", sha256.slice(0, -2), malformed("stored hash is cut short within its tag")],
  ["refuses_a_hash_of_werkzeug_that_goes_on", `${sha256}$`, goesOn],
]);

const keyed = made("passlib", "bcrypt_sha256", "$bcrypt-sha256$v=2").stored;
const plain = made("passlib", "bcrypt_sha256", "$bcrypt-sha256$2b").stored;
const variant = unsupported("stored hash uses an unknown variant of its scheme");
const passlib = all("passlib", [
  [
    "refuses_a_third_version_of_bcrypt_sha256",
    altered(keyed, "v=2", "v=3"),
    unsupported("stored hash has an unknown version"),
  ],
  [
    "refuses_the_first_version_of_bcrypt_sha256_in_the_seconds_form",
    altered(keyed, "v=2", "v=1"),
    unsupported("stored hash has an unknown version"),
  ],
  ["refuses_the_old_variant_of_bcrypt_in_the_new_version", altered(keyed, "t=2b", "t=2a"), variant],
  ["refuses_a_variant_of_bcrypt_that_php_writes", altered(plain, "2b,", "2y,"), variant],
  ["refuses_two_variants_of_bcrypt_sha256", altered(keyed, "t=2b,r=4", "t=2b,r=4,t=2b"), twice("t")],
  ["refuses_a_cost_of_bcrypt_sha256_with_a_leading_zero", altered(keyed, "r=4", "r=04"), notDecimal("r")],
  ["refuses_a_cost_of_bcrypt_sha256_of_31", altered(keyed, "r=4", "r=31"), above("cost", "bcryptCost")],
  ["refuses_a_cost_of_bcrypt_sha256_of_100", altered(keyed, "r=4", "r=100"), above("cost", "bcryptCost")],
  ["refuses_a_cost_of_bcrypt_sha256_of_4294967295", altered(keyed, "r=4", "r=4294967295"), above("cost", "bcryptCost")],
  [
    "refuses_a_cost_of_bcrypt_sha256_of_3",
    altered(plain, ",4", ",3"),
    malformed('stored hash\'s "cost" is less than 4'),
  ],
  ["refuses_another_cost_of_bcrypt_sha256", altered(keyed, "r=4", "r=4,r=4"), twice("r")],
  [
    "refuses_a_salt_of_bcrypt_sha256_of_21_characters",
    withField(keyed, 3, field(keyed, 3).slice(1)),
    malformed("stored hash's salt is not 22 characters of bcrypt base64"),
  ],
  [
    "refuses_a_salt_of_bcrypt_sha256_that_takes_from_the_tag",
    keyed.replace(/[$](.)([^$]*)$/, "$1$$$2"),
    malformed("stored hash's salt is not 22 characters of bcrypt base64"),
  ],
  [
    "refuses_a_tag_of_bcrypt_sha256_that_takes_from_the_salt",
    keyed.replace(/(.)[$]([^$]*)$/, "$$$1$2"),
    malformed("stored hash's salt is not 22 characters of bcrypt base64"),
  ],
  [
    "refuses_a_hash_of_bcrypt_sha256_without_a_tag",
    keyed.split("$").slice(0, 4).join("$"),
    malformed("stored hash is cut short: 22 of 53 characters after its cost"),
  ],
  [
    "refuses_a_hash_of_bcrypt_sha256_that_ends_within_its_salt",
    keyed.split("$").slice(0, 4).join("$").slice(0, -1),
    malformed("stored hash is cut short within its salt"),
  ],
  [
    "refuses_a_salt_of_bcrypt_sha256_of_23_characters_and_nothing_else",
    `${keyed.split("$").slice(0, 4).join("$")}a`,
    malformed("stored hash's salt is not 22 characters of bcrypt base64"),
  ],
  ["refuses_a_hash_of_bcrypt_sha256_that_goes_on", `${keyed}$`, goesOn],
]);

const wordpressHash = made("PHP", "wordpress").stored;
const phpassHash = made("passlib", "phpass").stored;
const withCost = (digit) => `$P$${digit}${phpassHash.slice(4)}`;
const phpassCost = malformed('stored hash\'s cost is not a character from "5" to "S"');
const php = all("WordPress and phpass", [
  [
    "refuses_wordpress_with_another_bcrypt",
    altered(wordpressHash, "$2y$", "$2x$"),
    unsupported("stored hash uses an unknown scheme: let its user set a new password"),
  ],
  ["refuses_wordpress_with_a_cost_of_15", altered(wordpressHash, "$04$", "$15$"), above("cost", "bcryptCost")],
  [
    "refuses_wordpress_without_a_tag",
    wordpressHash.slice(0, 32),
    malformed("stored hash is cut short: 22 of 53 characters after its cost"),
  ],
  ["refuses_a_cost_of_phpass_of_6", withCost("4"), phpassCost],
  ["refuses_a_cost_of_phpass_of_31", withCost("T"), phpassCost],
  ["refuses_a_cost_of_phpass_that_is_no_digit", withCost("*"), phpassCost],
  ["refuses_a_cost_of_phpass_of_30", withCost("S"), above("rounds", "shaCryptRounds")],
  ["refuses_a_cost_of_phpass_of_20", withCost("I"), above("rounds", "shaCryptRounds")],
  [
    "refuses_a_salt_of_phpass_with_a_colon",
    `$P$5:${phpassHash.slice(5)}`,
    malformed("stored hash's salt is not 8 characters of crypt base64"),
  ],
  ["refuses_a_hash_of_phpass_and_nothing_else", "$P$", phpassCost],
  ["refuses_a_cost_of_phpass_and_nothing_else", "$P$5", malformed("stored hash is cut short within its salt")],
  [
    "refuses_a_hash_of_phpass_without_a_tag",
    phpassHash.slice(0, 12),
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "refuses_a_tag_of_phpass_of_15_bytes",
    phpassHash.slice(0, -2),
    malformed("stored hash is cut short within its tag"),
  ],
  ["refuses_a_tag_of_phpass_with_loose_bits", `${phpassHash.slice(0, -1)}z`, notCrypt],
  ["refuses_a_hash_of_phpass_that_goes_on", `${phpassHash}$`, notCrypt],
]);

const sha512 = made("passlib", "sha512_crypt").stored;
const unix = all("crypt(3)", [
  [
    "refuses_999999999_rounds_of_sha512_crypt",
    altered(sha512, "rounds=1000", "rounds=999999999"),
    above("rounds", "shaCryptRounds"),
  ],
  [
    "refuses_1000001_rounds_of_sha512_crypt",
    altered(sha512, "rounds=1000", "rounds=1000001"),
    above("rounds", "shaCryptRounds"),
  ],
  [
    "refuses_999_rounds_of_sha512_crypt",
    altered(sha512, "rounds=1000", "rounds=999"),
    malformed('stored hash\'s "rounds" is less than 1000'),
  ],
  [
    "refuses_rounds_of_sha512_crypt_with_a_leading_zero",
    altered(sha512, "rounds=1000", "rounds=01000"),
    notDecimal("rounds"),
  ],
  ["refuses_empty_rounds_of_sha512_crypt", altered(sha512, "rounds=1000", "rounds="), notDecimal("rounds")],
  ["refuses_an_empty_salt_of_sha512_crypt", withField(sha512, 3, ""), length("salt", 1, 16)],
  ["refuses_a_salt_of_sha512_crypt_of_17_characters", withField(sha512, 3, "a".repeat(17)), length("salt", 1, 16)],
  ["refuses_a_tag_of_sha512_crypt_under_the_name_of_sha256_crypt", withField(sha512, 1, "5"), length("tag", 32)],
  [
    "refuses_a_tag_of_sha512_crypt_of_another_alphabet",
    withField(sha512, 4, `+${field(sha512, 4).slice(1)}`),
    notCrypt,
  ],
  ["refuses_a_tag_of_sha512_crypt_with_loose_bits", `${sha512.slice(0, -1)}z`, notCrypt],
  [
    "refuses_a_hash_of_sha512_crypt_without_a_tag",
    sha512.split("$").slice(0, 4).join("$"),
    malformed("stored hash is cut short before its tag"),
  ],
  ["refuses_a_hash_of_sha512_crypt_that_goes_on", `${sha512}$`, goesOn],
  [
    "refuses_sha512_crypt_above_a_limit_of_1000_rounds",
    altered(sha512, "rounds=1000", "rounds=1001"),
    above("rounds", "shaCryptRounds"),
    { limits: { shaCryptRounds: 1000 } },
  ],
]);

const seven = made("PyNaCl", "scrypt").stored;
const sevenCosts = (text) => `$7$${text}${seven.slice(14)}`;
const elevenCharacters = malformed("stored hash's costs are not 11 characters of crypt base64");
const sodium = all("libsodium", [
  ["refuses_the_most_entries_that_libsodium_can_write", sevenCosts("z6..../...."), above("ln", "scryptMemoryKib")],
  ["refuses_the_largest_block_size_that_libsodium_can_write", sevenCosts("4zzzzz/...."), above("r", "scryptMemoryKib")],
  ["refuses_the_most_parallelism_that_libsodium_can_write", sevenCosts("46....zzzzz"), above("p", "lanes")],
  ["refuses_no_entries_of_libsodium", sevenCosts(".6..../...."), malformed('stored hash\'s "ln" is less than 1')],
  ["refuses_a_block_size_of_libsodium_of_0", sevenCosts("4...../...."), malformed('stored hash\'s "r" is less than 1')],
  ["refuses_costs_of_libsodium_in_another_alphabet", sevenCosts("46+.../...."), elevenCharacters],
  ["refuses_a_hash_of_libsodium_and_nothing_else", "$7$", elevenCharacters],
  ["refuses_costs_of_libsodium_and_nothing_else", "$7$46..../....", length("salt", 8, 128)],
  [
    "refuses_a_tag_of_libsodium_that_is_cut_off",
    seven.slice(0, -1),
    malformed("stored hash is cut short within its tag"),
  ],
  ["refuses_a_hash_of_libsodium_that_goes_on", `${seven}$`, goesOn],
]);

const identityHash = made("ASP.NET Identity", "v3").stored;
const envelope = (change) => {
  const bytes = Buffer.from(identityHash, "base64");
  return (change(bytes) ?? bytes).toString("base64");
};
const setWord = (place, value) => envelope((bytes) => void bytes.writeUInt32BE(value, place));
const identity = all("ASP.NET Core Identity", [
  [
    "refuses_a_function_of_identity_that_is_not_known",
    setWord(1, 3),
    unsupported("stored hash uses an unknown digest"),
  ],
  ["refuses_4294967295_iterations_of_identity", setWord(5, 0xffffffff), above("iterations", "pbkdf2Iterations")],
  ["refuses_no_iterations_of_identity", setWord(5, 0), malformed('stored hash\'s "iterations" is less than 1')],
  [
    "refuses_a_salt_of_identity_of_4_gib",
    setWord(9, 0xffffffff),
    malformed("stored hash is cut short within its salt"),
  ],
  ["refuses_a_salt_of_identity_of_15_bytes", setWord(9, 15), length("salt", 16, 128)],
  [
    "refuses_a_salt_of_identity_that_takes_from_the_tag",
    setWord(9, 33),
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "refuses_a_tag_of_identity_that_goes_on",
    envelope((bytes) => Buffer.concat([bytes, Buffer.alloc(33, 1)])),
    length("tag", 16, 32),
  ],
  [
    "refuses_two_runs_of_identity_that_are_more_iterations_than_the_limit",
    identityHash,
    above("iterations", "pbkdf2Iterations"),
    { limits: { pbkdf2Iterations: 1999 } },
  ],
  [
    "refuses_a_header_of_identity_and_nothing_else",
    envelope((bytes) => bytes.subarray(0, 13)),
    malformed("stored hash is cut short"),
  ],
  [
    "refuses_an_envelope_of_identity_of_12_bytes",
    envelope((bytes) => bytes.subarray(0, 12)),
    malformed("stored hash is cut short"),
  ],
  ...[17, 24, 31].map((length) => [
    `refuses_a_tag_of_identity_of_${length}_bytes`,
    envelope((bytes) => bytes.subarray(0, 29 + length)),
    malformed("stored hash is cut short within its tag"),
  ]),
  [
    "refuses_a_hash_of_identity_that_a_column_of_59_characters_cut_off",
    identityHash.slice(0, 59),
    malformed("stored hash is cut short"),
  ],
  ["refuses_the_second_version_of_identity", envelope((bytes) => void bytes.writeUInt8(0, 0)), begins],
  ["refuses_an_envelope_of_identity_with_half_its_padding", identityHash.replace(/==$/, "="), notPadded("envelope")],
  ["refuses_an_envelope_of_identity_with_loose_bits", loose(identityHash), notPadded("envelope")],
]);

const betterAuth = made("@better-auth/utils", "scrypt").stored;
const [salt, tag] = betterAuth.split(":");
const lucia = all("better-auth and Lucia", [
  ["refuses_a_salt_of_better_auth_in_capitals", `${"A".repeat(32)}:${tag}`, begins],
  ["refuses_a_salt_of_lucia_1_in_capitals", `${"A".repeat(16)}:${tag}`, begins],
  ["refuses_a_salt_of_better_auth_of_31_characters", betterAuth.slice(1), begins],
  ["refuses_a_salt_of_lucia_that_is_too_short", `s2:${"a".repeat(15)}:${tag}`, length("salt", 16, 32)],
  [
    "refuses_a_tag_of_better_auth_of_63_bytes",
    betterAuth.slice(0, -2),
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "refuses_a_hash_of_better_auth_that_a_column_of_128_characters_cut_off",
    betterAuth.slice(0, 128),
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "refuses_a_hash_of_lucia_1_that_a_column_of_128_characters_cut_off",
    `abcdefgh01234567:${tag}`.slice(0, 128),
    malformed("stored hash is cut short within its tag"),
  ],
  [
    "refuses_a_hash_of_node_whose_salt_a_column_of_155_characters_cut_off",
    made("Node.js", "scrypt-key.salt").stored.slice(0, 155),
    begins,
  ],
  ["refuses_a_short_tag_after_a_salt_of_20_characters", `${"a".repeat(20)}:${tag.slice(0, 100)}`, begins],
  ["refuses_a_short_tag_after_a_salt_with_hyphens", `${"-".repeat(32)}:${tag.slice(0, 100)}`, begins],
  ["refuses_a_tag_of_better_auth_in_capitals", `${salt}:${tag.toUpperCase()}`, begins],
  ["refuses_an_empty_tag_of_better_auth", `${salt}:`, begins],
  ["refuses_two_texts_of_32_characters", `${salt}:${tag.slice(0, 32)}`, begins],
  [
    "refuses_a_tag_of_lucia_of_63_bytes",
    `s2:${betterAuth.slice(0, -2)}`,
    malformed("stored hash is cut short within its tag"),
  ],
  ["refuses_a_hash_of_lucia_that_goes_on", `s2:${betterAuth}:`, goesOn],
  ["refuses_a_hash_of_better_auth_that_goes_on", `${betterAuth}:`, begins],
  ["refuses_a_third_version_of_lucia", `s3:${betterAuth}`, begins],
  [
    "refuses_better_auth_above_a_limit_of_16_mib",
    betterAuth,
    above("ln", "scryptMemoryKib"),
    { accept: ["argon2id", "better-auth"], limits: { scryptMemoryKib: 16_384 } },
  ],
]);

/** phpass with 128 rounds, by node:crypto. */
function phpass(password) {
  const md5 = (...parts) => createHash("md5").update(Buffer.concat(parts)).digest();
  const bytes = Buffer.from(password);
  let tag = md5(Buffer.from("saltsalt"), bytes);
  for (let round = 0; round < 128; round += 1) tag = md5(tag, bytes);
  const digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let text = "$P$5saltsalt";
  for (let start = 0; start < 16; start += 3) {
    const group = [...tag.subarray(start, start + 3)];
    const value = group.reduce((sum, byte, place) => sum + byte * 256 ** place, 0);
    for (let place = 0; place <= group.length; place += 1) text += digits[Math.floor(value / 64 ** place) % 64];
  }
  return text;
}

// The rounds of these run over the whole password.
const tooLong = (name, software, stored, bytes, policy) => ({
  ...refuses(
    name,
    `${software}: no password makes a check endless`,
    stored,
    {
      code: "PASSWORD_TOO_LONG",
      message: 'password is too long to be checked within the option "limits.shaCryptRounds"',
    },
    policy,
  ),
  password: "p".repeat(bytes),
});
const fits = (name, software, stored, bytes, scheme, policy) => ({
  ...dismisses(name, `${software}: as many bytes as its rounds leave room for`, "", stored, { scheme, policy }),
  password: "p".repeat(bytes),
});
const bytes = { limits: { shaCryptRounds: 2000, passwordBytes: 65_536 } };
const lengths = [
  tooLong("refuses_a_password_that_is_too_long_for_sha512_crypt", "crypt(3)", sha512, 384, bytes),
  tooLong("refuses_the_longest_password_for_sha512_crypt", "crypt(3)", sha512, 65_536, {
    limits: { passwordBytes: 65_536 },
  }),
  fits(
    "checks_a_short_password_with_all_the_rounds_of_sha512_crypt",
    "crypt(3)",
    altered(sha512, "rounds=1000", "rounds=2000"),
    127,
    "sha512-crypt",
    bytes,
  ),
  fits("checks_255_bytes_with_half_the_rounds_of_sha512_crypt", "crypt(3)", sha512, 255, "sha512-crypt", bytes),
  fits("checks_the_longest_password_of_a_policy_with_few_rounds", "crypt(3)", sha512, 4096, "sha512-crypt"),
  {
    ...tooLong(
      "refuses_a_decomposed_password_of_1_kb_for_656000_rounds",
      "crypt(3)",
      altered(sha512, "rounds=1000", "rounds=656000"),
      1,
    ),
    password: "e\u0301".repeat(341),
  },
  tooLong("refuses_a_password_that_is_too_long_for_phpass", "phpass", withCost("H"), 4096),
  fits("checks_a_password_of_4096_bytes_of_phpass_of_wordpress", "phpass", withCost("B"), 4096, "phpass"),
];

// All computations of one check cost at most twice the limit of one. Forms and readings beyond that are left out: an error would tell that
// there is such a user.
const QUOTED = 'caf\u00e9 "au" lait';
const budgetSource = "one budget for all forms of a password and all readings of a hash";
const words = [
  {
    ...refuses(
      "refuses_a_password_and_a_hash_that_are_swapped",
      "verify(stored, password)",
      "correct horse battery staple",
      malformed("stored hash is malformed, and the password is a hash: the arguments may be swapped"),
    ),
    password: pbkdf2,
  },
  {
    ...refuses(
      "refuses_part_of_a_hash_for_a_password_that_is_a_hash",
      "the likelier mistake",
      pbkdf2.slice(0, -20),
      malformed("stored hash is malformed, and the password is a hash: the arguments may be swapped"),
    ),
    password: pbkdf2,
  },
  {
    ...refuses(
      "refuses_a_hash_that_is_not_accepted_for_a_password_that_is_a_hash",
      "a whole hash is not swapped",
      pbkdf2,
      unsupported('stored hash uses a scheme that is not in "accept"'),
      { accept: ["argon2id"] },
    ),
    password: pbkdf2,
  },
  ...all("a name of a scheme that is not supported", [
    ["refuses_a_scheme_in_capital_letters", "$X$DmIVlGgwx8siErNWI2zTFC.EIQBc7xKbE1ApJ30peAxMsr4M4rQ3", unknown],
    ["refuses_an_unknown_label", "{UNKNOWN}WjdUxxNMwvWeu+12lgaqYQJYBjMnhLA2", unknownLabel],
    ["refuses_an_unknown_digest", "sha3$qyTuwE3CDxggkA20$5ff71110404fced042a07eecee6bac0e", unknown],
    ["refuses_bcrypt_of_django_in_capitals", altered(djangoBcryptAlone, "$2b$", "$2B$"), variant],
    ["refuses_bcrypt_of_django_with_a_comma", altered(djangoBcryptAlone, "$2b$04$", "$2b,4$04$"), variant],
    ["refuses_bcrypt_of_django_with_a_line_feed", altered(djangoBcryptAlone, "$2b$", "$2b\n$"), variant],
  ]),
];
const phpbb = phpassHash.replace("$P$", "$H$");
const [nodeText, pbkdf2Text] = [made("Node.js", "scrypt-salt:key"), made("Node.js", "pbkdf2-100000-sha512")];
// One character that NFKC makes eighteen of.
const ligatures = "\ufdfa".repeat(30);
const budgets = [
  dismisses(
    "leaves_out_two_of_four_forms_at_the_limit_of_bcrypt",
    budgetSource,
    QUOTED.normalize("NFD"),
    wordpressHash,
    {
      scheme: "wordpress",
      policy: { limits: { bcryptCost: 4 } },
    },
  ),
  dismisses("checks_two_forms_at_the_limit_of_bcrypt", budgetSource, QUOTED, wordpressHash, {
    scheme: "wordpress",
    policy: { limits: { bcryptCost: 4 } },
  }),
  dismisses("checks_four_forms_at_half_the_limit_of_bcrypt", budgetSource, QUOTED.normalize("NFD"), wordpressHash, {
    scheme: "wordpress",
    policy: { limits: { bcryptCost: 5 } },
  }),
  dismisses("leaves_out_an_escaped_form_that_is_too_long_for_phpass", budgetSource, `${"p".repeat(250)}"""`, phpbb, {
    scheme: "phpass",
    policy: { limits: { shaCryptRounds: 1000 } },
  }),
  dismisses(
    "leaves_out_a_password_as_typed_that_is_too_long_for_phpass",
    budgetSource,
    "e\u0301".repeat(180),
    phpassHash,
    { scheme: "phpass", policy: { limits: { shaCryptRounds: 1000 } } },
  ),
  accepts(
    "accepts_a_password_as_typed_whose_normalized_form_is_too_long_for_phpass",
    budgetSource,
    ligatures,
    phpass(ligatures),
    { scheme: "phpass", needsRehash: true, policy: { normalize: "NFKC", limits: { shaCryptRounds: 1000 } } },
  ),
  dismisses(
    "dismisses_another_password_whose_normalized_form_is_too_long_for_phpass",
    budgetSource,
    ligatures,
    phpassHash,
    { scheme: "phpass", policy: { normalize: "NFKC", limits: { shaCryptRounds: 1000 } } },
  ),
  accepts(
    "accepts_a_password_as_typed_by_a_late_reading_of_better_auths_shape",
    budgetSource,
    QUOTED.normalize("NFD"),
    `${salt}:${pbkdf2Sync(QUOTED.normalize("NFD"), salt, 10_000, 64, "sha512").toString("hex")}`,
    {
      scheme: "pbkdf2-sha512",
      needsRehash: true,
      policy: { limits: { scryptMemoryKib: 32_768, pbkdf2Iterations: 100_000 } },
    },
  ),
  ...[PASSWORD, "wrong"].map((password) => ({
    ...refuses(
      `refuses_${password === "wrong" ? "a_wrong" : "the_right"}_password_where_every_reading_is_above_a_limit`,
      "the same answer, whatever the password is",
      betterAuth,
      above("ln", "scryptMemoryKib"),
      { limits: { scryptMemoryKib: 8, pbkdf2Iterations: 999 } },
    ),
    password,
  })),
  dismisses(
    "dismisses_a_wrong_password_where_one_reading_is_above_a_limit",
    "an error would tell that there is such a user",
    "wrong",
    betterAuth,
    { scheme: "better-auth", policy: { limits: { pbkdf2Iterations: 50_000 } } },
  ),
  dismisses(
    "dismisses_a_wrong_password_where_only_the_last_readings_are_within_a_limit",
    "an error would tell that there is such a user",
    "wrong",
    betterAuth,
    { scheme: "pbkdf2-sha512", policy: { limits: { scryptMemoryKib: 8 } } },
  ),
  accepts(
    "accepts_a_further_reading_where_the_first_is_above_a_limit",
    "a reading above a limit is not tried",
    pbkdf2Text.password,
    pbkdf2Text.stored,
    { scheme: "pbkdf2-sha512", needsRehash: true, policy: { limits: { scryptMemoryKib: 8 } } },
  ),
  accepts(
    "accepts_the_accepted_reading_where_another_is_above_a_limit",
    "accept says which readings count",
    nodeText.password,
    nodeText.stored,
    {
      scheme: "scrypt",
      needsRehash: true,
      policy: { accept: ["argon2id", "scrypt"], limits: { scryptMemoryKib: 16_384 } },
    },
  ),
  refuses(
    "refuses_an_accepted_reading_above_a_limit_beside_others_that_are_not_accepted",
    "accept says which readings count",
    betterAuth,
    above("iterations", "pbkdf2Iterations"),
    { accept: ["argon2id", "pbkdf2-sha512"], limits: { pbkdf2Iterations: 999 } },
  ),
  refuses(
    "refuses_a_marked_hash_of_better_auth_above_a_limit_as_not_accepted",
    "accept comes before the limits",
    `s2:${betterAuth}`,
    unsupported('stored hash uses a scheme that is not in "accept"'),
    { accept: ["argon2id", "scrypt"], limits: { scryptMemoryKib: 8 } },
  ),
  dismisses("tries_only_the_readings_of_accepted_schemes", "the policy's accept", "wrong", betterAuth, {
    scheme: "better-auth",
    policy: { accept: ["argon2id", "better-auth"], limits: { pbkdf2Iterations: 50_000 } },
  }),
];

const accept = { accept: ["argon2id"] };
const notAccepted = unsupported('stored hash uses a scheme that is not in "accept"');
const accepted = all("the policy's accept", [
  ["refuses_django_where_it_is_not_accepted", pbkdf2, notAccepted, accept],
  ["refuses_better_auth_where_it_is_not_accepted", betterAuth, notAccepted, accept],
  ["refuses_wordpress_where_it_is_not_accepted", wordpressHash, notAccepted, accept],
  [
    "refuses_a_marked_hash_of_better_auth_where_only_scrypt_is_accepted",
    `s2:${betterAuth}`,
    notAccepted,
    { accept: ["argon2id", "scrypt"] },
  ],
]);

const adonisBcrypt = `$bcrypt$v=98$r=10$${"A".repeat(22)}$${"A".repeat(31)}`;
const judged = [
  judges("renews_bcrypt_of_adonis", adonisBcrypt, true),
  judges("renews_scrypt_of_node", made("Node.js", "scrypt-key.salt").stored, true),
  judges("renews_a_hash_of_lucia_1_where_only_scrypt_is_accepted", `abcdefgh01234567:${tag}`, true, {
    accept: ["argon2id", "scrypt"],
  }),
  ...all("AdonisJS", [["refuses_another_bcrypt_of_adonis", altered(adonisBcrypt, "v=98", "v=120"), variant]]),
];

const repeated = made("Django", "pbkdf2_sha256");
export default {
  description: "Strings that are nearly what the software of others stores, and those that cost too much to check.",
  cases: [
    accepts("accepts_the_hash_of_django_that_the_ill_formed_ones_were_made_of", "Django", repeated.password, pbkdf2, {
      scheme: "pbkdf2-sha256",
      needsRehash: true,
    }),
    accepts(
      "accepts_the_hash_of_django_without_its_padding",
      "other software leaves it out",
      repeated.password,
      pbkdf2.slice(0, -1),
      { scheme: "pbkdf2-sha256", needsRehash: true },
    ),
    ...django,
    ...werkzeug,
    ...passlib,
    ...php,
    ...unix,
    ...sodium,
    ...identity,
    ...lucia,
    ...lengths,
    ...budgets,
    ...words,
    ...accepted,
    ...judged,
  ],
};
