// How much a check, and a policy, may cost.

import { QUICK, stored } from "./make-argon2.mjs";
import { accepts, altered, invalid, PASSWORD, refuses, tooHigh, tooLong } from "./make-check-password.mjs";

const RFC = "RFC 9106 §3.1";
const DEFAULT = "the default limit suits a Worker with 128 MB";
const good = await stored();
const costs = (text) => altered(good, "m=64,t=1,p=1", text);

const memory = tooHigh('stored hash\'s "m" is more than the option "limits.memoryKib" allows');
const passes = tooHigh('stored hash\'s "t" is more than the option "limits.passes" allows');
const lanes = tooHigh('stored hash\'s "p" is more than the option "limits.lanes" allows');

const ceilings = [
  ["refuses_a_hash_of_66561_kib", DEFAULT, costs("m=66561,t=1,p=1"), memory],
  [
    "refuses_a_hash_of_4_gib",
    "a stored hash from elsewhere must not take all memory",
    costs("m=4194304,t=1,p=1"),
    memory,
  ],
  ["refuses_a_hash_of_4_tib", `${RFC}: the most there is`, costs("m=4294967295,t=1,p=1"), memory],
  ["refuses_a_hash_of_17_passes_over_all_memory", DEFAULT, costs("m=66560,t=17,p=1"), passes],
  ["refuses_a_hash_of_16641_passes_over_64_kib", DEFAULT, costs("m=64,t=16641,p=1"), passes],
  [
    "refuses_a_hash_of_4294967295_passes",
    "a stored hash from elsewhere must not run for ever",
    costs("m=64,t=4294967295,p=1"),
    passes,
  ],
  ["refuses_a_hash_of_17_lanes", DEFAULT, costs("m=1024,t=1,p=17"), lanes],
  ["refuses_a_hash_of_16777215_lanes", `${RFC}: the most there is`, costs("m=64,t=1,p=16777215"), lanes],
  [
    "refuses_a_hash_of_4294967295_lanes",
    "more than Argon2 can have, and too many either way",
    costs("m=64,t=1,p=4294967295"),
    lanes,
  ],
  [
    "refuses_a_hash_that_is_too_high_in_everything",
    "memory is looked at first",
    costs("m=4294967295,t=4294967295,p=4294967295"),
    memory,
  ],
  [
    "refuses_a_hash_above_a_memory_limit_of_63_kib",
    "the policy's limits",
    good,
    memory,
    { params: { memoryKib: 8 }, limits: { memoryKib: 63 } },
  ],
  [
    "refuses_a_hash_above_a_limit_of_2_passes",
    "the policy's limits",
    costs("m=64,t=3,p=1"),
    passes,
    { params: { memoryKib: 8 }, limits: { memoryKib: 64, passes: 2 } },
  ],
  [
    "refuses_a_hash_above_a_limit_of_1_lane",
    "the policy's limits",
    costs("m=64,t=1,p=2"),
    lanes,
    { limits: { lanes: 1 } },
  ],
].map(([name, source, text, error, policy]) => refuses(name, source, text, error, policy));

const within = [
  accepts("accepts_a_hash_at_a_memory_limit_of_64_kib", "limits are inclusive", PASSWORD, good, {
    policy: { params: QUICK, limits: { memoryKib: 64 } },
  }),
  accepts(
    "accepts_a_hash_at_limits_of_17_passes_and_17_lanes",
    "limits can be raised",
    PASSWORD,
    await stored(PASSWORD, { memoryKib: 136, passes: 17, lanes: 17 }),
    { policy: { params: QUICK, limits: { passes: 17, lanes: 17 } } },
  ),
  accepts(
    "accepts_a_hash_above_the_default_memory_limit_where_the_limit_is_raised",
    "limits can be raised",
    PASSWORD,
    await stored(PASSWORD, { memoryKib: 66561, passes: 1 }),
    { needsRehash: false, policy: { params: QUICK, limits: { memoryKib: 66561 } } },
  ),
  accepts(
    "accepts_a_hash_of_65540_kib",
    "Vaultwarden's default",
    PASSWORD,
    await stored(PASSWORD, { memoryKib: 65540, passes: 1, lanes: 4 }),
    { policy: { params: QUICK } },
  ),
  accepts(
    "accepts_a_hash_of_256_passes_over_1_mib",
    "the limit on passes is one on work: 16 passes over 65 MiB",
    PASSWORD,
    await stored(PASSWORD, { memoryKib: 1024, passes: 256 }),
    { policy: { params: QUICK } },
  ),
  accepts(
    "accepts_a_hash_at_a_limit_of_work",
    "limits are inclusive",
    PASSWORD,
    await stored(PASSWORD, { memoryKib: 32, passes: 4 }),
    { policy: { params: { memoryKib: 8, passes: 1 }, limits: { memoryKib: 64, passes: 2 } } },
  ),
];

const unjudged = [
  ["refuses_to_judge_a_hash_of_4_gib", costs("m=4194304,t=1,p=1"), memory],
  ["refuses_to_judge_a_hash_of_17_passes", costs("m=66560,t=17,p=1"), passes],
  ["refuses_to_judge_a_hash_of_17_lanes", costs("m=1024,t=1,p=17"), lanes],
].map(([name, text, error]) => ({ name, source: DEFAULT, op: "needsRehash", stored: text, expect: { error } }));

// Judged, not computed: each takes a second.
const judged = [
  ["judges_a_hash_of_256_passes_over_4_mib", costs("m=4096,t=256,p=1"), { ok: true }],
  ["judges_a_hash_of_16_passes_over_64_mib", costs("m=65536,t=16,p=1"), { ok: false }],
  ["judges_a_hash_of_vaultwarden", costs("m=65540,t=3,p=4"), { ok: false }],
  ["refuses_to_judge_a_hash_of_261_passes_over_4_mib", costs("m=4096,t=261,p=1"), { error: passes }],
].map(([name, text, expect]) => ({ name, source: "limits by work", op: "needsRehash", stored: text, expect }));

const own = [
  [
    "refuses_to_make_hashes_above_the_default_memory_limit",
    { params: { memoryKib: 66561 } },
    'option "params.memoryKib" is more than "limits.memoryKib"',
  ],
  [
    "refuses_to_make_hashes_above_the_default_limit_of_passes",
    { params: { memoryKib: 66560, passes: 17 } },
    'option "params.passes" is more than "limits.passes"',
  ],
  [
    "refuses_to_make_hashes_above_the_default_limit_of_lanes",
    { params: { memoryKib: 1024, lanes: 17 } },
    'option "params.lanes" is more than "limits.lanes"',
  ],
  [
    "refuses_to_make_hashes_above_a_memory_limit",
    { limits: { memoryKib: 19455 } },
    'option "params.memoryKib" (19456 by default) is more than "limits.memoryKib"',
  ],
  [
    "refuses_to_make_hashes_above_a_limit_of_passes",
    { limits: { memoryKib: 19456, passes: 1 } },
    'option "params.passes" (2 by default) is more than "limits.passes"',
  ],
  [
    "refuses_to_make_hashes_above_a_limit_of_lanes",
    { params: { lanes: 2 }, limits: { lanes: 1 } },
    'option "params.lanes" is more than "limits.lanes"',
  ],
].map(([name, policy, message]) =>
  hashing(name, "what is hashed can be checked", PASSWORD, policy, { error: invalid(message) }),
);

const longest = "0123456789abcdef".repeat(256);
const policy = { params: QUICK };
const eight = { params: QUICK, limits: { passwordBytes: 8 } };
const PHC_OF_QUICK = "\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}";

const lengths = [
  hashing("hashes_a_password_of_4096_bytes", "the default limit is inclusive", longest, policy, { ok: PHC_OF_QUICK }),
  hashing("refuses_to_hash_a_password_of_4097_bytes", "the work of a call is bounded", `${longest}x`, policy, {
    error: tooLong,
  }),
  accepts("accepts_a_password_of_4096_bytes", "what is hashed can be checked", longest, await stored(longest), {
    policy,
  }),
  {
    ...refuses("refuses_to_check_a_password_of_4097_bytes", "the work of a call is bounded", good, tooLong, policy),
    password: `${longest}x`,
  },
  {
    ...refuses(
      "refuses_to_check_a_long_password_of_no_user",
      "the answer does not say whether there is a user",
      null,
      tooLong,
      policy,
    ),
    password: `${longest}x`,
  },
  {
    ...refuses(
      "refuses_a_long_password_before_it_reads_the_stored_hash",
      "the answer does not say whether there is a user",
      "",
      tooLong,
      policy,
    ),
    password: `${longest}x`,
  },
  hashing("hashes_a_password_at_a_limit_of_8_bytes", "limits are inclusive", "12345678", eight, { ok: PHC_OF_QUICK }),
  hashing("refuses_to_hash_a_password_above_a_limit_of_8_bytes", "the policy's limits", "123456789", eight, {
    error: tooLong,
  }),
  hashing("counts_a_password_in_bytes", "the limit is in bytes of UTF-8", "\u00e91234567", eight, { error: tooLong }),
  hashing("counts_the_bytes_before_normalization", "the limit comes before all work", "e\u0301123456", eight, {
    error: tooLong,
  }),
  hashing(
    "hashes_a_password_that_normalization_makes_longer_than_the_limit",
    "the limit comes before all work",
    "\ufdfa",
    { params: QUICK, normalize: "NFKC", limits: { passwordBytes: 3 } },
    { ok: PHC_OF_QUICK },
  ),
];

function hashing(name, source, password, given, expect) {
  return { name, source, op: "hash", password, policy: given, expect };
}

export default {
  description: "Ceilings: of stored hashes, of a policy's own costs, of passwords.",
  cases: [...ceilings, ...within, ...unjudged, ...judged, ...own, ...lengths],
};
