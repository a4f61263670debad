// Rows of a password column that are not hashes and cannot be checked.

import { QUICK, stored } from "./make-argon2.mjs";
import { accepts, altered, dismisses, malformed, PASSWORD, refuses, unsupported } from "./make-check-password.mjs";

const PHC = "PHC string format";
const good = await stored();
const [, , , , salt, tag] = good.split("$");
const policy = { params: QUICK };

const begins = malformed("stored hash is not in a known format");
const unknownScheme = unsupported("stored hash uses an unknown scheme: let its user set a new password");
const lacks = (name) => malformed(`stored hash lacks the parameter "${name}"`);
const twice = (name) => malformed(`stored hash has the parameter "${name}" twice`);
const notDecimal = (name) => malformed(`stored hash's "${name}" is not a plain decimal number`);
const notBase64 = (name) => malformed(`stored hash's ${name} is not canonical base64`);
const length = (name, least, most) => malformed(`stored hash's ${name} is not ${least} to ${most} bytes long`);
const costs = (text) => altered(good, "m=64,t=1,p=1", text);
const base64 = (bytes) => Buffer.alloc(bytes, "salt").toString("base64").replaceAll("=", "");
const withSalt = (text) => altered(good, salt, text);
const withTag = (text) => altered(good, tag, text);
const withData = (text) => costs(`m=64,t=1,p=1,data=${text}`);
// The same bytes, and one bit set that stands for nothing.
const loose = (text) => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);

const all = (table) =>
  table.map(([name, source, text, error, given = policy]) => refuses(name, source, text, error, given));

const schemes = all([
  ["refuses_an_empty_stored_hash", "an empty column is not a hash", "", begins],
  ["refuses_a_stored_password_in_the_clear", "a column of plain passwords", PASSWORD, begins],
  ["refuses_a_stored_dollar_sign", PHC, "$", begins],
  [
    "refuses_a_stored_hash_without_the_first_dollar_sign",
    PHC,
    good.slice(1),
    malformed('stored hash lacks its first "$"'),
  ],
  ["refuses_white_space_before_a_stored_hash", "nothing is trimmed", ` ${good}`, begins],
  ["refuses_a_byte_order_mark_before_a_stored_hash", "nothing is trimmed", `\ufeff${good}`, begins],
  [
    "refuses_the_name_of_a_scheme_in_capitals",
    `${PHC}: names are lower-case`,
    altered(good, "argon2id", "ARGON2ID"),
    unsupported("stored hash uses an unknown scheme: let its user set a new password"),
  ],
  [
    "refuses_the_name_of_a_scheme_that_is_too_long",
    `${PHC}: names have at most 32 characters`,
    `$${"a".repeat(33)}$${salt}$${tag}`,
    begins,
  ],
  ["refuses_the_longest_name_of_an_unknown_scheme", PHC, `$${"a".repeat(32)}$${salt}$${tag}`, unknownScheme],
  ["refuses_a_scheme_that_begins_like_a_known_one", PHC, altered(good, "argon2id", "argon2idx"), unknownScheme],
  ["refuses_a_scheme_that_is_the_beginning_of_a_known_one", PHC, altered(good, "argon2id", "argon2"), unknownScheme],
  [
    "refuses_a_stored_scheme_that_is_not_accepted",
    "the policy's accept",
    altered(good, "argon2id", "argon2i"),
    unsupported('stored hash uses a scheme that is not in "accept"'),
    { accept: ["argon2id", "argon2d"] },
  ],
]);

const versions = all([
  [
    "refuses_version_0",
    "RFC 9106 §3.1: version 0x13, and 0x10 before it",
    altered(good, "v=19", "v=0"),
    unsupported("stored hash has an unknown version"),
  ],
  [
    "refuses_version_17",
    "between the two known ones",
    altered(good, "v=19", "v=17"),
    unsupported("stored hash has an unknown version"),
  ],
  [
    "refuses_version_20",
    "after the last known one",
    altered(good, "v=19", "v=20"),
    unsupported("stored hash has an unknown version"),
  ],
  ["refuses_a_version_in_hexadecimal", PHC, altered(good, "v=19", "v=0x13"), notDecimal("v")],
  ["refuses_a_version_with_a_leading_zero", PHC, altered(good, "v=19", "v=019"), notDecimal("v")],
  ["refuses_an_empty_version", PHC, altered(good, "v=19", "v="), notDecimal("v")],
  ["refuses_a_version_among_the_costs", PHC, altered(costs("v=19,m=64,t=1,p=1"), "$v=19$", "$"), notDecimal("v")],
  ["refuses_a_repeated_version", PHC, altered(good, "$v=19", "$v=19$v=19"), lacks("m")],
  ["refuses_a_version_after_the_costs", PHC, altered(altered(good, "$v=19", ""), "p=1", "p=1$v=19"), notBase64("salt")],
]);

const parameters = all([
  ["refuses_a_stored_scheme_and_nothing_else", PHC, "$argon2id", lacks("m")],
  [
    "refuses_a_stored_hash_without_costs",
    "defaults are never taken for what was not written",
    altered(good, "$m=64,t=1,p=1", ""),
    lacks("m"),
  ],
  [
    "refuses_a_stored_hash_without_m",
    "defaults are never taken for what was not written",
    costs("t=1,p=1"),
    lacks("m"),
  ],
  [
    "refuses_a_stored_hash_without_t",
    "defaults are never taken for what was not written",
    costs("m=64,p=1"),
    lacks("t"),
  ],
  [
    "refuses_a_stored_hash_without_p",
    "defaults are never taken for what was not written",
    costs("m=64,t=1"),
    lacks("p"),
  ],
  ["refuses_a_repeated_m", "which of the two was meant?", costs("m=64,m=64,t=1,p=1"), twice("m")],
  ["refuses_a_repeated_t", "which of the two was meant?", costs("m=64,t=1,t=1,p=1"), twice("t")],
  ["refuses_a_repeated_p", "which of the two was meant?", costs("m=64,t=1,p=1,p=1"), twice("p")],
  ["refuses_a_repeated_m_of_another_value", "which of the two was meant?", costs("p=1,m=64,t=1,m=65"), twice("m")],
  ["refuses_a_repeated_m_at_the_end", "which of the two was meant?", costs("t=1,p=1,m=64,m=64"), twice("m")],
  ["refuses_an_unknown_parameter", PHC, costs("m=64,t=1,p=1,x=1"), malformed("stored hash has an unknown parameter")],
  ["refuses_a_comma_after_the_costs", PHC, costs("m=64,t=1,p=1,"), malformed("stored hash has an unknown parameter")],
  ["refuses_a_semicolon_between_the_costs", PHC, costs("m=64;t=1;p=1"), notDecimal("m")],
  ["refuses_a_cost_in_capitals", PHC, costs("M=64,t=1,p=1"), lacks("m")],
  ["refuses_a_cost_without_an_equals_sign", PHC, costs("m64,t=1,p=1"), lacks("m")],
  ["refuses_an_empty_m", PHC, costs("m=,t=1,p=1"), notDecimal("m")],
  ["refuses_an_m_with_a_leading_zero", `${PHC}: minimal decimal`, costs("m=064,t=1,p=1"), notDecimal("m")],
  ["refuses_an_m_with_a_sign", `${PHC}: minimal decimal`, costs("m=+64,t=1,p=1"), notDecimal("m")],
  ["refuses_a_negative_m", `${PHC}: minimal decimal`, costs("m=-64,t=1,p=1"), notDecimal("m")],
  ["refuses_an_m_with_white_space", `${PHC}: minimal decimal`, costs("m= 64,t=1,p=1"), notDecimal("m")],
  ["refuses_an_m_with_an_exponent", `${PHC}: minimal decimal`, costs("m=6e1,t=1,p=1"), notDecimal("m")],
  ["refuses_an_m_in_other_digits", `${PHC}: minimal decimal`, costs("m=\u0666\u0664,t=1,p=1"), notDecimal("m")],
  ["refuses_an_m_of_33_bits", "RFC 9106 §3.1: up to 2^32 - 1", costs("m=4294967296,t=1,p=1"), notDecimal("m")],
  [
    "refuses_an_m_of_a_hundred_digits",
    "RFC 9106 §3.1: up to 2^32 - 1",
    costs(`m=${"9".repeat(100)},t=1,p=1`),
    notDecimal("m"),
  ],
  ["refuses_a_t_with_a_leading_zero", `${PHC}: minimal decimal`, costs("m=64,t=01,p=1"), notDecimal("t")],
  ["refuses_a_t_of_33_bits", "RFC 9106 §3.1: up to 2^32 - 1", costs("m=64,t=4294967297,p=1"), notDecimal("t")],
  ["refuses_a_p_with_a_leading_zero", `${PHC}: minimal decimal`, costs("m=64,t=1,p=01"), notDecimal("p")],
  ["refuses_a_p_of_33_bits", "RFC 9106 §3.1: up to 2^24 - 1", costs("m=64,t=1,p=4294967297"), notDecimal("p")],
  [
    "refuses_an_m_of_zero",
    "RFC 9106 §3.1: at least 8*p",
    costs("m=0,t=1,p=1"),
    malformed('stored hash\'s "m" is less than 8 for each lane'),
  ],
  [
    "refuses_an_m_of_less_than_8_for_one_lane",
    "RFC 9106 §3.1: at least 8*p",
    costs("m=7,t=1,p=1"),
    malformed('stored hash\'s "m" is less than 8 for each lane'),
  ],
  [
    "refuses_an_m_of_less_than_8_for_each_of_two_lanes",
    "RFC 9106 §3.1: at least 8*p",
    costs("m=15,t=1,p=2"),
    malformed('stored hash\'s "m" is less than 8 for each lane'),
  ],
  [
    "refuses_a_t_of_zero",
    "RFC 9106 §3.1: at least 1",
    costs("m=64,t=0,p=1"),
    malformed('stored hash\'s "t" is less than 1'),
  ],
  [
    "refuses_a_p_of_zero",
    "RFC 9106 §3.1: at least 1",
    costs("m=64,t=1,p=0"),
    malformed('stored hash\'s "p" is less than 1'),
  ],
]);

const data = all([
  [
    "refuses_a_keyed_hash",
    "a keyid says that a secret went into the hash",
    costs("m=64,t=1,p=1,keyid=a2V5"),
    unsupported('stored hash uses a pepper that is not in the option "pepper"'),
  ],
  [
    "refuses_a_keyed_hash_with_associated_data",
    "a keyid says that a secret went into the hash",
    costs("m=64,t=1,p=1,keyid=a2V5,data=YWQ"),
    unsupported('stored hash uses a pepper that is not in the option "pepper"'),
  ],
  [
    "refuses_a_keyed_hash_whose_keyid_stands_after_associated_data",
    "a keyid says that a secret went into the hash",
    withData("YWQ,keyid=a2V5"),
    unsupported('stored hash uses a pepper that is not in the option "pepper"'),
  ],
  ["refuses_repeated_associated_data", "which of the two was meant?", withData("YWQ,data=YWQ"), twice("data")],
  [
    "refuses_a_repeated_keyid",
    "which of the two was meant?",
    costs("keyid=a2V5,m=64,t=1,p=1,keyid=a2V5"),
    twice("keyid"),
  ],
  ["refuses_empty_associated_data", "who has none writes none", withData(""), length("data", 1, 32)],
  ["refuses_associated_data_of_33_bytes", `${PHC}: at most 32`, withData(base64(33)), length("data", 1, 32)],
  ["refuses_associated_data_with_too_much_padding", PHC, withData("YWQ=="), notBase64("data")],
  ["refuses_associated_data_with_loose_bits", "canonical base64", withData(loose("YWQ")), notBase64("data")],
]);

const fields = all([
  [
    "refuses_a_stored_hash_without_salt_and_tag",
    PHC,
    good.split("$").slice(0, 4).join("$"),
    malformed("stored hash is cut short before its tag"),
  ],
  [
    "refuses_a_stored_hash_without_a_tag",
    `${PHC} allows it, but there is nothing to check`,
    good.split("$").slice(0, 5).join("$"),
    malformed("stored hash is cut short before its tag"),
  ],
  [
    "refuses_a_stored_hash_that_goes_on_after_its_tag",
    PHC,
    `${good}$`,
    malformed("stored hash has extra characters after its tag"),
  ],
  ["refuses_two_stored_hashes_in_one", PHC, good + good, malformed("stored hash has extra characters after its tag")],
  [
    "refuses_a_line_feed_after_a_stored_hash",
    "nothing is trimmed",
    `${good}\n`,
    malformed("stored hash ends with white space: trim it, as CHAR columns pad their values"),
  ],
  ...[1, 31].map((count) => [
    `refuses_${count}_null_characters_after_a_stored_hash`,
    "C strings end there, ours do not",
    good + "\0".repeat(count),
    malformed("stored hash ends with NUL characters: trim them, as BINARY columns pad their values"),
  ]),
  [
    "refuses_a_second_dollar_sign_before_the_scheme",
    PHC,
    `$${good}`,
    malformed('stored hash begins with "$$": undo the escaping of "$", as in a Compose file'),
  ],
  ["refuses_a_salt_with_too_little_padding", PHC, withSalt(`${salt}=`), notBase64("salt")],
  ["refuses_a_salt_in_base64url", "the standard alphabet", withSalt(`_-${salt.slice(2)}`), notBase64("salt")],
  [
    "refuses_a_salt_in_the_alphabet_of_passlib",
    "passlib writes . for +",
    withSalt(`.${salt.slice(1)}`),
    notBase64("salt"),
  ],
  ["refuses_a_salt_with_loose_bits", "canonical base64", withSalt(loose(salt)), notBase64("salt")],
  [
    "refuses_a_salt_of_an_impossible_length",
    "base64 has no group of one character",
    withSalt(`${salt}AAA`),
    notBase64("salt"),
  ],
  ["refuses_a_salt_that_is_not_ascii", PHC, withSalt(`\u00e9${salt.slice(2)}`), notBase64("salt")],
  ["refuses_an_empty_salt", "RFC 9106 §3.1", withSalt(""), length("salt", 8, 128)],
  ["refuses_a_salt_of_7_bytes", "RFC 9106 §3.1: 8 at least", withSalt(base64(7)), length("salt", 8, 128)],
  ["refuses_a_salt_of_129_bytes", "twice what any software makes", withSalt(base64(129)), length("salt", 8, 128)],
  ["refuses_a_tag_with_too_much_padding", PHC, withTag(`${tag}==`), notBase64("tag")],
  ["refuses_a_tag_with_padding_and_loose_bits", PHC, withTag(`${loose(base64(32))}=`), notBase64("tag")],
  ["refuses_a_tag_with_loose_bits", "canonical base64", withTag(loose(base64(32))), notBase64("tag")],
  [
    "refuses_an_empty_tag",
    "every password has the empty tag",
    withTag(""),
    malformed("stored hash is cut short within its tag"),
  ],
  ...[1, 4, 7].map((bytes) => [
    `refuses_a_tag_of_${bytes}_bytes`,
    "other passwords have the same tag",
    withTag(base64(bytes)),
    malformed("stored hash's tag has fewer than 8 bytes: it is cut short, or too weak"),
  ]),
  ...[64, 71, 72, 75, 76, 77, 79, 80, 83, 84, 85, 90, 91, 95, 96].map((length) => [
    `refuses_a_hash_that_a_column_of_${length}_characters_cut_off`,
    "VARCHAR",
    altered(good, "m=64", "m=65536").slice(0, length),
    malformed("stored hash is cut short within its tag"),
  ]),
  [
    "refuses_a_tag_of_129_bytes",
    "twice what any software makes",
    withTag(base64(129)),
    malformed("stored hash's tag is not 1 to 128 bytes long"),
  ],
  [
    "refuses_a_stored_hash_of_1025_bytes",
    "the length is looked at before anything else",
    good.padEnd(1025, "$"),
    malformed("stored hash is longer than 1024 bytes"),
  ],
  [
    "refuses_a_stored_hash_of_1025_bytes_in_fewer_characters",
    "the length is in bytes",
    `${good.padEnd(1023, "$")}\u00e9`,
    malformed("stored hash is longer than 1024 bytes"),
  ],
  [
    "reads_a_stored_hash_of_1024_bytes",
    "the length is looked at before anything else",
    good.padEnd(1024, "$"),
    malformed("stored hash has extra characters after its tag"),
  ],
]);

export default {
  description:
    "Stored strings that are no hash, or of a kind that is not checked; and beside them the one they were made of.",
  cases: [
    accepts("accepts_the_hash_that_the_ill_formed_ones_were_made_of", PHC, PASSWORD, good, { policy }),
    accepts("accepts_a_salt_with_padding", "other software pads base64", PASSWORD, withSalt(`${salt}==`), { policy }),
    accepts("accepts_a_tag_with_padding", "other software pads base64", PASSWORD, withTag(`${tag}=`), { policy }),
    ...schemes,
    ...versions,
    ...parameters,
    ...data,
    ...fields,
    // A tag that was cut after a multiple of 4 characters looks whole. It matches no password, because Argon2 hashes its length.
    ...[66, 70, 74, 78, 82, 86, 94].map((length) =>
      dismisses(
        `dismisses_a_hash_that_a_column_of_${length}_characters_cut_off`,
        "RFC 9106 §3.3: the tag depends on its length",
        PASSWORD,
        altered(good, "m=64", "m=65536").slice(0, length),
        { policy },
      ),
    ),
  ],
};
