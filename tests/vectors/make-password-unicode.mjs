// Unicode forms of passwords: which are one and the same.

import { QUICK, stored } from "./make-argon2.mjs";
import { accepts, dismisses } from "./make-check-password.mjs";

const NIST = "NIST SP 800-63B-4 §3.1.1.2: NFC";
const UAX = "UAX #15";
const nfc = { params: QUICK };
const nfkc = { params: QUICK, normalize: "NFKC" };
const none = { params: QUICK, normalize: "none" };

/** Of a password as it was hashed, and as it is typed. */
async function one(name, source, hashed, typed, policy) {
  return accepts(name, source, typed, await stored(hashed), { policy });
}

async function two(name, source, hashed, typed, policy) {
  return dismisses(name, source, typed, await stored(hashed), { policy });
}

const MOST = "most other software hashes the bytes that come";

async function renewed(name, source, hashed, typed, policy) {
  return accepts(name, source, typed, await stored(hashed), { policy, needsRehash: true });
}

const cases = await Promise.all([
  one("composes_a_letter_and_its_mark", NIST, "caf\u00e9", "cafe\u0301", nfc),
  one("leaves_a_composed_letter", NIST, "caf\u00e9", "caf\u00e9", nfc),
  two("dismisses_a_letter_without_its_mark", NIST, "caf\u00e9", "cafe", nfc),
  one("composes_two_marks_in_either_order", UAX, "\u1e69", "s\u0307\u0323", nfc),
  one("composes_two_marks_in_order", UAX, "\u1e69", "s\u0323\u0307", nfc),
  one("orders_marks_that_do_not_compose", UAX, "q\u0323\u0307", "q\u0307\u0323", nfc),
  one("composes_past_a_mark_of_another_class", UAX, "\u1e0b\u0323".normalize("NFC"), "d\u0323\u0307", nfc),
  two("keeps_the_order_of_marks_of_one_class", UAX, "q\u0301\u0300", "q\u0300\u0301", nfc),
  one("composes_hangul", UAX, "\uac01", "\u1100\u1161\u11a8", nfc),
  one("composes_a_hangul_syllable_and_a_final_consonant", UAX, "\uac01", "\uac00\u11a8", nfc),
  one("replaces_a_singleton", `${UAX}: the angstrom sign is a letter`, "\u00c5", "\u212b", nfc),
  one("takes_an_excluded_composition_apart", `${UAX}: composition exclusions`, "\u0915\u093c", "\u0958", nfc),
  one("replaces_a_compatibility_ideograph", UAX, "\u8c48", "\uf900", nfc),
  one("composes_outside_the_basic_plane", UAX, "\u{1109a}", "\u{11099}\u{110ba}", nfc),
  one("composes_a_vowel_sign_of_two_parts", UAX, "\u09cb", "\u09c7\u09be", nfc),
  one("leaves_a_mark_at_the_beginning", UAX, "\u0301cafe", "\u0301cafe", nfc),
  two("keeps_letters_apart_that_only_look_alike", "a Cyrillic letter is not a Latin one", "a", "\u0430", nfc),
  two("keeps_case_apart", "normalization is not case folding", "\u00c9", "\u00e9", nfc),
  two("keeps_a_ligature_under_nfc", UAX, "of\ufb01ce", "office", nfc),
  two("keeps_full_width_letters_under_nfc", UAX, "\uff50\uff41\uff53\uff53", "pass", nfc),
  two("keeps_a_no_break_space_under_nfc", UAX, "a\u00a0b", "a b", nfc),
  one("takes_a_ligature_apart_under_nfkc", UAX, "office", "of\ufb01ce", nfkc),
  one("narrows_full_width_letters_under_nfkc", UAX, "pass", "\uff50\uff41\uff53\uff53", nfkc),
  one("makes_a_no_break_space_a_space_under_nfkc", UAX, "a b", "a\u00a0b", nfkc),
  one("composes_under_nfkc", UAX, "\u1e61", "\u1e9b", nfkc),
  one("makes_a_circled_digit_a_digit_under_nfkc", UAX, "1", "\u2460", nfkc),
  one(
    "writes_a_phrase_out_under_nfkc",
    `${UAX}: the longest mapping, of 18 characters`,
    "\ufdfa".normalize("NFKC"),
    "\ufdfa",
    nfkc,
  ),
  one("makes_a_mathematical_letter_a_letter_under_nfkc", UAX, "a", "\u{1d41a}", nfkc),
  two("keeps_case_apart_under_nfkc", "normalization is not case folding", "\uff30", "p", nfkc),
  two("composes_nothing_without_normalization", "the bytes as they come", "caf\u00e9", "cafe\u0301", none),
  one("takes_a_password_as_it_comes_without_normalization", "the bytes as they come", "cafe\u0301", "cafe\u0301", none),
  renewed("renews_a_raw_hash_of_the_password_as_typed", MOST, "cafe\u0301", "cafe\u0301", nfc),
  renewed("renews_a_raw_hash_under_nfkc", MOST, "of\ufb01ce", "of\ufb01ce", nfkc),
  two("dismisses_a_raw_hash_of_another_form_than_typed", MOST, "cafe\u0301", "caf\u00e9", nfc),
  two("dismisses_another_password_that_is_not_normal", MOST, "cafe\u0301", "cafe\u0300", nfc),
  one(
    "checks_ascii_alike_in_every_form",
    "ASCII is normal in every form",
    "correct horse battery staple",
    "correct horse battery staple",
    none,
  ),
]);

export default { description: "Passwords that are one in a Unicode form, and passwords that are not.", cases };
