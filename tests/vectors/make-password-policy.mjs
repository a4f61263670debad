// Policies, and the hashes they lead to.

import { QUICK } from "./make-argon2.mjs";
import { invalid, PASSWORD } from "./make-check-password.mjs";

const OPTIONS = "options are read strictly";
const STRENGTH = "OWASP Password Storage Cheat Sheet";

function hashing(name, source, policy, expect, password = PASSWORD) {
  return { name, source, op: "hash", password, policy, expect };
}

const phc = (costs) => `\\$argon2id\\$v=19\\$${costs}\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}`;
const quick = phc("m=64,t=1,p=1");

const made = [
  ["hashes_by_default_as_owasp_recommends", STRENGTH, undefined, phc("m=19456,t=2,p=1")],
  ["hashes_by_an_empty_policy_as_owasp_recommends", STRENGTH, {}, phc("m=19456,t=2,p=1")],
  ["hashes_by_empty_params_as_owasp_recommends", STRENGTH, { params: {}, limits: {} }, phc("m=19456,t=2,p=1")],
  ["hashes_by_the_preset_owasp", STRENGTH, { preset: "owasp" }, phc("m=19456,t=2,p=1")],
  ["hashes_by_the_preset_owasp_low_memory", STRENGTH, { preset: "owasp-low-memory" }, phc("m=7168,t=5,p=1")],
  [
    "hashes_by_the_preset_rfc9106_low_memory",
    "RFC 9106 §4: the second recommended option",
    { preset: "rfc9106-low-memory" },
    phc("m=65536,t=3,p=4"),
  ],
  ["hashes_with_other_memory", "the policy's params", { params: { memoryKib: 7168 } }, phc("m=7168,t=2,p=1")],
  ["hashes_with_other_passes", "the policy's params", { params: { memoryKib: 64, passes: 5 } }, phc("m=64,t=5,p=1")],
  ["hashes_with_other_lanes", "the policy's params", { params: { memoryKib: 64, lanes: 4 } }, phc("m=64,t=2,p=4")],
  [
    "hashes_with_the_least_that_argon2_allows",
    "RFC 9106 §3.1",
    { params: { memoryKib: 8, passes: 1, lanes: 1 } },
    phc("m=8,t=1,p=1"),
  ],
  [
    "hashes_with_memory_that_is_no_multiple_of_four_lanes",
    "RFC 9106 §3.2: m is written, m' is used",
    { params: { memoryKib: 67, passes: 1, lanes: 3 } },
    phc("m=67,t=1,p=3"),
  ],
  ["hashes_with_the_scheme_named", "the policy's scheme", { params: QUICK, scheme: "argon2id" }, quick],
  ["hashes_where_only_argon2id_is_accepted", "the policy's accept", { params: QUICK, accept: ["argon2id"] }, quick],
  [
    "hashes_where_a_scheme_is_accepted_twice",
    "the policy's accept",
    { params: QUICK, accept: ["argon2id", "argon2id"] },
    quick,
  ],
  [
    "hashes_with_params_at_the_limits",
    "limits are inclusive",
    { params: QUICK, limits: { memoryKib: 64, passes: 1, lanes: 1, passwordBytes: 28 } },
    quick,
  ],
  [
    "hashes_with_the_greatest_limits",
    OPTIONS,
    {
      params: QUICK,
      limits: {
        memoryKib: 2097151,
        scryptMemoryKib: 2097151,
        passes: 4294967295,
        lanes: 16777215,
        passwordBytes: 65536,
      },
    },
    quick,
  ],
].map(([name, source, policy, ok]) => hashing(name, source, policy, { ok }));

const passwords = [
  ["hashes_the_empty_password", "which passwords are good enough is the caller's to say", ""],
  ["hashes_a_password_with_a_null_character", "C strings end there, passwords do not", "pass\0word"],
  ["hashes_a_password_outside_the_basic_plane", "passwords are UTF-8", "🦀🔑"],
].map(([name, source, password]) => hashing(name, source, { params: QUICK }, { ok: quick }, password));

const surrogates = [
  ["refuses_to_hash_a_lone_high_surrogate", "a\ud800"],
  ["refuses_to_hash_a_lone_low_surrogate", "\udc00a"],
  ["refuses_to_hash_surrogates_in_the_wrong_order", "\udc00\ud800"],
].map(([name, password]) =>
  hashing(
    name,
    "UTF-8 cannot carry them, and U+FFFD would make many passwords one",
    { params: QUICK },
    {
      error: { code: "PASSWORD_INVALID", message: "password has a lone surrogate" },
    },
    password,
  ),
);

const unknown = [
  ["an_unknown_option", { iterations: 3 }, "iterations"],
  ["an_option_in_other_case", { Params: QUICK }, "Params"],
  ["an_unknown_member_of_params", { params: { memory: 64 } }, "params.memory"],
  ["a_member_of_params_in_other_case", { params: { memoryKiB: 64 } }, "params.memoryKiB"],
  ["an_unknown_member_of_limits", { limits: { maxMemory: 64 } }, "limits.maxMemory"],
  ["a_member_of_limits_among_params", { params: { passwordBytes: 64 } }, "params.passwordBytes"],
].map(([what, policy, name]) =>
  hashing(`refuses_a_policy_with_${what}`, OPTIONS, policy, { error: invalid(`unknown option "${name}"`) }),
);

const whole = (name) => `option "${name}" is not a whole number`;
const object = (name) => `option "${name}" is not an object`;
const schemes = 'option "accept" is not an array of known schemes';
const normalize = 'option "normalize" is not "NFC", "NFKC" or "none"';

const excludes = 'option "preset" cannot be combined with "scheme" or "params"';

const wrong = [
  ["text_for_memory", { params: { memoryKib: "64" } }, whole("params.memoryKib")],
  ["a_fraction_for_memory", { params: { memoryKib: 64.5 } }, whole("params.memoryKib")],
  ["a_negative_memory", { params: { memoryKib: -64 } }, whole("params.memoryKib")],
  ["null_for_memory", { params: { memoryKib: null } }, whole("params.memoryKib")],
  ["true_for_passes", { params: { passes: true } }, whole("params.passes")],
  ["a_list_for_lanes", { params: { lanes: [1] } }, whole("params.lanes")],
  ["more_than_an_exact_number_for_memory", { params: { memoryKib: 9007199254740992 } }, whole("params.memoryKib")],
  ["text_for_a_limit", { limits: { passwordBytes: "64" } }, whole("limits.passwordBytes")],
  ["null_for_params", { params: null }, object("params")],
  ["a_number_for_params", { params: 64 }, object("params")],
  ["a_list_for_params", { params: [64, 1, 1] }, object("params")],
  ["text_for_limits", { limits: "none" }, object("limits")],
  ["null_for_the_scheme", { scheme: null }, 'option "scheme" is not a known scheme'],
  ["an_unknown_scheme", { scheme: "md5" }, 'option "scheme" is not a known scheme'],
  ["a_scheme_in_capitals", { scheme: "ARGON2ID" }, 'option "scheme" is not a known scheme'],
  [
    "a_scheme_that_is_for_stored_hashes_only",
    { scheme: "argon2i" },
    'option "scheme" cannot make new hashes: use argon2id, bcrypt, pbkdf2-sha256, pbkdf2-sha512 or scrypt',
  ],
  ["an_unknown_prehash", { prehash: "md5" }, 'option "prehash" is not "sha256-hex" or "sha384-base64"'],
  [
    "a_prehash_beside_bcrypt",
    { prehash: "sha256-hex", scheme: "bcrypt" },
    'option "prehash" cannot be combined with the scheme "bcrypt"',
  ],
  ["an_unknown_preset", { preset: "paranoid" }, 'option "preset" is not a known preset'],
  ["a_preset_beside_a_scheme", { preset: "owasp", scheme: "argon2id" }, excludes],
  ["a_preset_beside_params", { preset: "owasp", params: { passes: 3 } }, excludes],
  ["text_for_accepted_schemes", { accept: "argon2id" }, schemes],
  ["null_for_accepted_schemes", { accept: null }, schemes],
  ["an_unknown_accepted_scheme", { accept: ["argon2id", "md5"] }, schemes],
  ["a_number_among_accepted_schemes", { accept: ["argon2id", 2] }, schemes],
  ["no_accepted_schemes", { accept: [] }, 'option "accept" does not contain the scheme of new hashes'],
  [
    "accepted_schemes_without_that_of_new_hashes",
    { accept: ["argon2i", "argon2d"] },
    'option "accept" does not contain the scheme of new hashes',
  ],
  ["an_unknown_form", { normalize: "NFD" }, normalize],
  ["a_form_in_other_case", { normalize: "nfc" }, normalize],
  ["false_for_the_form", { normalize: false }, normalize],
].map(([what, policy, message]) =>
  hashing(`refuses_a_policy_with_${what}`, OPTIONS, policy, { error: invalid(message) }),
);

const between = (name, least, most) => `option "limits.${name}" is not between ${least} and ${most}`;
const ranges = [
  ["no_memory", { params: { memoryKib: 0 } }, 'option "params.memoryKib" is less than 8 for each lane'],
  ["memory_of_7_kib", { params: { memoryKib: 7 } }, 'option "params.memoryKib" is less than 8 for each lane'],
  [
    "memory_of_less_than_8_kib_for_each_lane",
    { params: { memoryKib: 31, lanes: 4 } },
    'option "params.memoryKib" is less than 8 for each lane',
  ],
  ["no_passes", { params: { passes: 0 } }, 'option "params.passes" is less than 1'],
  ["no_lanes", { params: { lanes: 0 } }, 'option "params.lanes" is less than 1'],
  ["a_limit_of_no_passes", { limits: { passes: 0 } }, between("passes", 1, 4294967295)],
  ["a_limit_of_2_to_the_32_passes", { limits: { passes: 4294967296 } }, between("passes", 1, 4294967295)],
  ["a_limit_of_no_lanes", { limits: { lanes: 0 } }, between("lanes", 1, 16777215)],
  ["a_limit_of_2_to_the_24_lanes", { limits: { lanes: 16777216 } }, between("lanes", 1, 16777215)],
  ["a_bcrypt_limit_of_3", { limits: { bcryptCost: 3 } }, between("bcryptCost", 4, 31)],
  ["a_bcrypt_limit_of_32", { limits: { bcryptCost: 32 } }, between("bcryptCost", 4, 31)],
  ["a_pbkdf2_limit_of_none", { limits: { pbkdf2Iterations: 0 } }, between("pbkdf2Iterations", 1, 4294967295)],
  ["a_sha_crypt_limit_of_999", { limits: { shaCryptRounds: 999 } }, between("shaCryptRounds", 1000, 999999999)],
  ["a_limit_of_no_password_bytes", { limits: { passwordBytes: 0 } }, between("passwordBytes", 1, 65536)],
  ["a_limit_of_65537_password_bytes", { limits: { passwordBytes: 65537 } }, between("passwordBytes", 1, 65536)],
].map(([what, policy, message]) =>
  hashing(`refuses_a_policy_with_${what}`, "RFC 9106 §3.1, and ranges of our own", policy, { error: invalid(message) }),
);

export default {
  description: "Policies: what new hashes look like, and which policies are refused.",
  cases: [...made, ...passwords, ...surrogates, ...unknown, ...wrong, ...ranges],
};
