// Passwords by promise: on threads where the runtime has them, and everywhere with the answers that there are without.

import { holds, rejectionOf, rejects, same, table } from "./assertions.mjs";
import { nonObjects, nonStrings, quick } from "./materials.mjs";

const password = "correct horse battery staple";

const hasher = (countersign, policy = quick) => new countersign.PasswordHasher(policy);

/** Each function that gives a promise, with what stands before its options. */
const functions = (countersign, given) => {
  const made = hasher(countersign);
  return [
    (...options) => made.hashAsync(given, ...options),
    (...options) => made.verifyAsync(given, null, ...options),
    (...options) => made.verifyAndUpdateAsync(given, null, ...options),
    (...options) => countersign.hashPasswordAsync(given, quick, ...options),
    (...options) => countersign.verifyPasswordAsync(given, null, quick, ...options),
  ];
};

export const cases = [
  {
    name: "hashes_by_promise_what_is_checked_without",
    check: async (countersign) => {
      const stored = await hasher(countersign).hashAsync(password);
      same(hasher(countersign).verify(password, stored), { ok: true, needsRehash: false, scheme: "argon2id" });
      same(hasher(countersign).verify("wrong", stored).ok, false);
      holds(stored !== (await hasher(countersign).hashAsync(password)), "the same salt twice");
    },
  },
  {
    name: "checks_by_promise_what_was_hashed_without",
    check: async (countersign) => {
      const made = hasher(countersign);
      const stored = made.hash(password);
      same(await made.verifyAsync(password, stored), { ok: true, needsRehash: false, scheme: "argon2id" });
      same(await made.verifyAsync("wrong", stored), { ok: false, needsRehash: false, scheme: "argon2id" });
      same(await made.verifyAsync(password, null), { ok: false, needsRehash: false, scheme: null });
      same(await countersign.verifyPasswordAsync(password, stored, quick), true);
      same(await countersign.verifyPasswordAsync("wrong", stored, quick), false);
    },
  },
  {
    name: "renews_a_weaker_hash_by_promise",
    check: async (countersign) => {
      const stronger = hasher(countersign, { params: { memoryKib: 16, passes: 1, lanes: 1 } });
      const stored = countersign.hashPassword(password, { params: { memoryKib: 8, passes: 1, lanes: 1 } });
      const { ok, newHash } = await stronger.verifyAndUpdateAsync(password, stored);
      same(ok, true);
      same(stronger.verify(password, newHash), { ok: true, needsRehash: false, scheme: "argon2id" });
      const again = await stronger.verifyAndUpdateAsync(password, newHash);
      same(again, { ok: true });
      holds(!Object.hasOwn(again, "newHash"), "a newHash that is undefined");
    },
  },
  {
    name: "uses_the_documented_defaults_by_promise",
    check: async (countersign) => {
      const stored = await countersign.hashPasswordAsync(password);
      holds(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/u.test(stored), "another format");
      same(await countersign.verifyPasswordAsync(password, stored), true);
    },
  },
  {
    name: "does_much_at_a_time_by_promise",
    check: async (countersign) => {
      const made = hasher(countersign);
      const passwords = Array.from({ length: 40 }, (_, index) => `password ${index}`);
      const stored = await Promise.all(passwords.map((each) => made.hashAsync(each)));
      same(new Set(stored).size, passwords.length);
      // Each answer belongs to its own question.
      for (const [index, hash] of stored.entries()) same(made.verify(passwords[index], hash).ok, true);
      const verdicts = await Promise.all(stored.map((hash, index) => made.verifyAsync(`password ${index ^ 1}`, hash)));
      for (const { ok } of verdicts) same(ok, false);
    },
  },
  ...table(
    nonStrings,
    (what) => `rejects_a_password_that_is_${what}`,
    async (countersign, value) => {
      for (const action of functions(countersign, value)) {
        const expected =
          value === undefined
            ? ["OPTION_INVALID", "password is undefined"]
            : ["PASSWORD_INVALID", "password is not a string"];
        await rejects(countersign, action, expected);
      }
    },
  ),
  {
    name: "rejects_what_is_refused_without_a_promise",
    check: async (countersign) => {
      const made = hasher(countersign);
      const malformed = ["HASH_MALFORMED", "stored hash is neither a string nor null"];
      await rejects(countersign, () => made.verifyAsync(password, undefined), malformed);
      await rejects(countersign, () => made.verifyAndUpdateAsync(password, 5), malformed);
      const surrogate = ["PASSWORD_INVALID", "password has a lone surrogate"];
      await rejects(countersign, () => made.hashAsync("\ud800"), surrogate);
      const tooLong = ["PASSWORD_TOO_LONG", 'password is longer than the option "limits.passwordBytes" allows'];
      for (const length of [4097, 65_536, 65_537, 10_000_000]) {
        await rejects(countersign, () => made.hashAsync("x".repeat(length)), tooLong);
      }
      await rejects(countersign, () => countersign.hashPasswordAsync(password, { memory: 1 }), [
        "OPTION_INVALID",
        'unknown option "memory"',
      ]);
    },
  },
  ...table(
    nonObjects,
    (what) => `rejects_options_of_a_promise_that_are_${what}`,
    async (countersign, value) => {
      for (const action of functions(countersign, password)) {
        await rejects(countersign, () => action(value), ["OPTION_INVALID", "options are not an object"]);
      }
    },
  ),
  {
    name: "rejects_other_options_and_signals",
    check: async (countersign) => {
      for (const action of functions(countersign, password)) {
        await rejects(countersign, () => action({ sginal: undefined }), ["OPTION_INVALID", 'unknown option "sginal"']);
        for (const signal of [null, {}, true, new AbortController()]) {
          const expected = ["OPTION_INVALID", 'option "signal" is not an AbortSignal'];
          await rejects(countersign, () => action({ signal }), expected);
        }
      }
    },
  },
  {
    name: "begins_nothing_when_its_signal_is_aborted",
    check: async (countersign) => {
      const reason = { any: "thing" };
      for (const action of functions(countersign, password)) {
        holds((await rejectionOf(action({ signal: AbortSignal.abort(reason) }))) === reason, "another reason");
        const { name } = await rejectionOf(action({ signal: AbortSignal.abort() }));
        same(name, "AbortError");
      }
    },
  },
  {
    name: "does_not_mind_a_signal_that_is_aborted_afterwards",
    check: async (countersign) => {
      const controller = new AbortController();
      const { signal } = controller;
      const stored = await hasher(countersign).hashAsync(password, { signal });
      controller.abort();
      same(await hasher(countersign).verifyAsync(password, stored, { signal: undefined }), {
        ok: true,
        needsRehash: false,
        scheme: "argon2id",
      });
    },
  },
  {
    name: "gives_promises_of_the_errors_of_the_package",
    check: async (countersign) => {
      const error = await rejectionOf(hasher(countersign).verifyAsync(password, "$argon2id$"));
      holds(error instanceof countersign.CountersignError, "another class");
      same(error.name, "CountersignError");
      same(Object.hasOwn(error, "claim"), false);
      let direct;
      try {
        hasher(countersign).verify(password, "$argon2id$");
      } catch (thrown) {
        direct = thrown;
      }
      same({ code: error.code, message: error.message }, { code: direct.code, message: direct.message });
    },
  },
  {
    name: "uses_the_policy_as_it_was_when_the_hasher_was_made",
    check: async (countersign) => {
      const policy = { params: { memoryKib: 8, passes: 1, lanes: 1 } };
      const made = hasher(countersign, policy);
      policy.params.passes = 3;
      const stored = await made.hashAsync(password);
      holds(stored.startsWith("$argon2id$v=19$m=8,t=1,p=1$"), "the policy changed");
    },
  },
  ...table(
    [
      ["an_unknown_name", { thread: 1 }, 'unknown option "thread"'],
      ["threads_below_none", { threads: -1 }, 'option "threads" is not a whole number from 0 to 64'],
      ["too_many_threads", { threads: 65 }, 'option "threads" is not a whole number from 0 to 64'],
      ["half_a_thread", { threads: 0.5 }, 'option "threads" is not a whole number from 0 to 64'],
      ["a_queue_without_end", { queue: Infinity }, 'option "queue" is not a whole number from 0 to 65536'],
      ["a_text", { queue: "1" }, 'option "queue" is not a whole number from 0 to 65536'],
      ["an_hour_and_more", { idleMs: 3_600_001 }, 'option "idleMs" is not a whole number from 0 to 3600000'],
      ["null", { threads: null }, 'option "threads" is not a whole number from 0 to 64'],
      ["no_url", { workerUrl: 5 }, 'option "workerUrl" is neither a string nor a URL'],
      ["nothing", undefined, "options are not an object"],
    ].map(([what, ...row]) => [what, row]),
    (what) => `refuses_to_set_a_pool_up_with_${what}`,
    async (countersign, [options, message]) => {
      await rejects(countersign, async () => countersign.configurePasswordPool(options), ["OPTION_INVALID", message]);
    },
  ),
  {
    name: "works_without_threads_and_after_the_pool_was_closed",
    check: async (countersign) => {
      countersign.configurePasswordPool({ threads: 0 });
      const stored = await hasher(countersign).hashAsync(password);
      countersign.configurePasswordPool({});
      await countersign.closePasswordPool();
      same((await hasher(countersign).verifyAsync(password, stored)).ok, true);
      await countersign.closePasswordPool();
      await countersign.closePasswordPool();
      same((await hasher(countersign).verifyAsync("wrong", stored)).ok, false);
    },
  },
];
