// The pool: how many threads there are, who waits, what is refused, and what becomes of work that is given up or lost.

import assert from "node:assert/strict";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, mock, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";
import { Observed } from "./worker.mjs";

const consumer = makeConsumer();
const { closePasswordPool, configurePasswordPool, CountersignError, hashPassword, PasswordHasher } = await importEntry(
  consumer,
  "./password",
);

const quick = new PasswordHasher({ params: { memoryKib: 8, passes: 1, lanes: 1 } });
/** Takes its time: longer than anything that a test does beside it. */
const slow = new PasswordHasher({ params: { memoryKib: 65_536, passes: 16, lanes: 1 } });
const password = "correct horse battery staple";

// Threads without work keep no process; here something is to wait for them.
const alive = setInterval(() => {}, 60_000);
after(() => clearInterval(alive));

let observed;
const start = (options = {}, alter = undefined) => {
  observed = new Observed(alter);
  configurePasswordPool(options);
};
afterEach(async () => {
  await closePasswordPool();
  observed?.remove();
  delete globalThis.Bun;
});

/** Work that never ends on its own, and how to end it. */
function endless() {
  const controller = new AbortController();
  const outcome = slow.hashAsync(password, { signal: controller.signal }).then(
    () => "done",
    (reason) => reason,
  );
  return { outcome, stop: (reason) => controller.abort(reason) };
}

/** Waits until so many threads work. */
async function working(count) {
  while (observed.answers.filter((answer) => answer.ready).length < count) await once(observed, "answer");
}

test("starts_nothing_before_the_first_call_and_no_more_threads_than_there_is_work", async () => {
  start({ threads: 3 });
  await sleep(20);
  assert.equal(observed.workers.length, 0);
  await quick.hashAsync(password);
  await quick.hashAsync(password);
  assert.equal(observed.workers.length, 1);
  await Promise.all(Array.from({ length: 20 }, () => quick.hashAsync(password)));
  assert.equal(observed.workers.length, 3);
});

test("refuses_more_than_the_queue_takes_and_takes_more_afterwards", async () => {
  start({ threads: 1, queue: 2 });
  const first = endless();
  const waiting = [quick.hashAsync(password), quick.hashAsync(password)];
  for (let times = 0; times < 3; times += 1) {
    await assert.rejects(quick.hashAsync(password), (error) => {
      assert.ok(error instanceof CountersignError);
      const { code, message } = error;
      assert.deepEqual(
        { code, message },
        { code: "PASSWORD_QUEUE_FULL", message: 'the password queue is full; the option "queue" limits it' },
      );
      return true;
    });
  }
  first.stop("enough");
  assert.equal(await first.outcome, "enough");
  for (const stored of await Promise.all(waiting)) assert.equal(quick.verify(password, stored).ok, true);
  assert.equal(quick.verify(password, await quick.hashAsync(password)).ok, true);
});

test("takes_exactly_as_much_as_its_threads_and_its_queue_hold", async () => {
  start({ threads: 2, queue: 0 });
  const both = [endless(), endless()];
  await assert.rejects(quick.hashAsync(password), { code: "PASSWORD_QUEUE_FULL" });
  await working(2);
  await assert.rejects(quick.hashAsync(password), { code: "PASSWORD_QUEUE_FULL" });
  for (const { stop } of both) stop();
  await Promise.all(both.map(({ outcome }) => outcome));
  assert.equal(quick.verify(password, await quick.hashAsync(password)).ok, true);
});

test("gives_up_what_waits_without_ending_a_thread", async () => {
  start({ threads: 1 });
  const first = endless();
  await working(1);
  const controller = new AbortController();
  const waiting = quick.hashAsync(password, { signal: controller.signal });
  const next = quick.hashAsync(password);
  const reason = new Error("changed my mind");
  controller.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
  assert.equal(observed.alive.length, 1);
  first.stop();
  await first.outcome;
  await next;
});

test("gives_up_what_is_worked_on_by_ending_its_thread_and_replaces_it", async () => {
  start({ threads: 1 });
  const first = endless();
  const next = quick.hashAsync(password);
  await working(1);
  await sleep(20);
  const reason = { any: "thing" };
  first.stop(reason);
  assert.equal(await first.outcome, reason);
  assert.equal(quick.verify(password, await next).ok, true);
  assert.equal(observed.workers.length, 2);
  assert.equal(observed.alive.length, 1);
});

test("starts_no_thread_before_the_one_it_replaces_is_gone", async () => {
  start({ threads: 1 });
  for (let times = 1; times <= 4; times += 1) {
    const given = endless();
    await working(times);
    await sleep(20);
    given.stop("enough");
    assert.equal(await given.outcome, "enough");
  }
  assert.equal(quick.verify(password, await quick.hashAsync(password)).ok, true);
  assert.deepEqual([observed.workers.length, observed.most], [5, 1]);
});

test("counts_a_thread_that_is_closed_as_one_until_it_is_gone", async () => {
  start({ threads: 1 });
  const first = new PasswordHasher().hashAsync(password);
  await working(1);
  const closings = [closePasswordPool(), closePasswordPool()];
  const second = quick.hashAsync(password);
  for (const stored of await Promise.all([first, second])) assert.equal(quick.verify(password, stored).ok, true);
  await Promise.all(closings);
  assert.deepEqual([observed.workers.length, observed.most], [2, 1]);
});

test("has_a_thread_that_cannot_be_interrupted_work_to_its_end_before_it_gets_more", async () => {
  // Deno and Bun are told by their globals.
  globalThis.Bun = {};
  start({ threads: 1, queue: 1 });
  const long = new PasswordHasher({ params: { memoryKib: 65_536, passes: 4 } });
  const controller = new AbortController();
  const given = long.hashAsync(password, { signal: controller.signal });
  await working(1);
  await sleep(20);
  controller.abort("enough");
  await assert.rejects(given, (reason) => reason === "enough");
  assert.equal(observed.answers.length, 1, "the promise has waited for the thread");
  const next = quick.hashAsync(password);
  await assert.rejects(quick.hashAsync(password), { code: "PASSWORD_QUEUE_FULL" });
  assert.equal(quick.verify(password, await next).ok, true);
  const [, dropped, last] = observed.answers;
  assert.match(dropped.text, /m=65536/);
  assert.equal(dropped.wiped, true);
  assert.match(last.text, /m=8,/);
  assert.equal(observed.workers.length, 1);
});

test("closes_when_what_was_given_up_and_cannot_be_interrupted_is_done", async () => {
  globalThis.Bun = {};
  start({ threads: 1 });
  const controller = new AbortController();
  const long = new PasswordHasher({ params: { memoryKib: 65_536, passes: 2 } });
  const given = long.hashAsync(password, { signal: controller.signal });
  await working(1);
  const closing = closePasswordPool();
  controller.abort("enough");
  await assert.rejects(given, (reason) => reason === "enough");
  const next = quick.hashAsync(password);
  await closing;
  assert.equal(observed.answers.filter(({ text }) => /m=65536/.test(text)).length, 1);
  assert.equal(quick.verify(password, await next).ok, true);
  assert.equal(observed.most, 1);
});

test("starts_more_threads_for_what_waits_when_it_may_have_more", async () => {
  start({ threads: 1 });
  const first = endless();
  await working(1);
  const next = quick.hashAsync(password);
  configurePasswordPool({ threads: 2 });
  assert.equal(quick.verify(password, await next).ok, true);
  assert.equal(observed.alive.length, 2);
  first.stop();
  await first.outcome;
});

test("listens_to_no_signal_once_it_has_answered", async () => {
  start({ threads: 1 });
  const { signal } = new AbortController();
  let listening = 0;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  signal.addEventListener = (...given) => {
    listening += 1;
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given) => {
    listening -= 1;
    removeEventListener.apply(signal, given);
  };
  await Promise.all(Array.from({ length: 5 }, () => quick.hashAsync(password, { signal })));
  await assert.rejects(quick.verifyAsync(password, "$argon2id$", { signal }), { code: "HASH_MALFORMED" });
  assert.equal(listening, 0);
});

test("listens_once_to_a_signal_that_many_calls_share", async () => {
  start({ threads: 1, queue: 100 });
  const warnings = [];
  const warn = (warning) => warnings.push(warning.name);
  process.on("warning", warn);
  const controller = new AbortController();
  const { signal } = controller;
  let listening = 0;
  let most = 0;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  signal.addEventListener = (...given) => {
    listening += 1;
    most = Math.max(most, listening);
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given) => {
    listening -= 1;
    removeEventListener.apply(signal, given);
  };
  await Promise.all(Array.from({ length: 30 }, () => quick.hashAsync(password, { signal })));
  assert.equal(listening, 0);
  const waiting = Array.from({ length: 30 }, () => slow.hashAsync(password, { signal }));
  controller.abort("enough");
  for (const { status, reason } of await Promise.allSettled(waiting)) {
    assert.deepEqual({ status, reason }, { status: "rejected", reason: "enough" });
  }
  // A warning is emitted on a later turn.
  await sleep(20);
  process.off("warning", warn);
  assert.deepEqual({ listening, most, warnings }, { listening: 0, most: 1, warnings: [] });
});

/** Values that are no signal, and some that look like one, with the expected error. */
const listener = { aborted: false, addEventListener() {}, removeEventListener() {} };
const NO_SIGNAL = 'option "signal" is not an AbortSignal';
const BAD_SIGNALS = {
  null: [{ signal: null }, NO_SIGNAL],
  a_controller: [{ signal: new AbortController() }, NO_SIGNAL],
  one_that_cannot_be_let_go_of: [{ signal: { ...listener, removeEventListener: undefined } }, NO_SIGNAL],
  one_that_cannot_be_listened_to: [{ signal: { ...listener, addEventListener: undefined } }, NO_SIGNAL],
  one_that_lets_nobody_listen: [{ signal: { ...listener, addEventListener: fall } }, NO_SIGNAL],
  one_that_does_not_say_whether_it_is_aborted: [{ signal: throwing("aborted", { ...listener }) }, NO_SIGNAL],
  what_cannot_be_read: [throwing("signal", {}), 'option "signal" cannot be read'],
};

function fall() {
  throw new Error("fallen");
}

function throwing(name, object) {
  return Object.defineProperty(object, name, { enumerable: true, get: fall });
}

for (const [what, [options, message]] of Object.entries(BAD_SIGNALS)) {
  test(`refuses_as_a_signal_${what}`, async () => {
    start({ threads: 1, queue: 0 });
    const refused = { name: "CountersignError", code: "OPTION_INVALID", message };
    for (let times = 0; times < 3; times += 1) await assert.rejects(quick.hashAsync(password, options), refused);
    // The queue is empty again.
    assert.equal(quick.verify(password, await quick.hashAsync(password)).ok, true);
  });
}

test("refuses_options_of_the_pool_that_cannot_be_read", () => {
  const refused = { name: "CountersignError", code: "OPTION_INVALID", message: 'option "threads" cannot be read' };
  assert.throws(() => configurePasswordPool(throwing("threads", {})), refused);
});

test("answers_although_a_signal_does_not_let_go", async () => {
  start({ threads: 1 });
  const signal = { ...listener, removeEventListener: fall };
  assert.equal(quick.verify(password, await quick.hashAsync(password, { signal })).ok, true);
  await assert.rejects(quick.verifyAsync(password, "$argon2id$", { signal }), { code: "HASH_MALFORMED" });
});

test("ends_nobody_elses_work_when_a_signal_speaks_after_its_answer", async () => {
  start({ threads: 1 });
  let late;
  const signal = { ...listener, addEventListener: (_, abort) => (late = abort) };
  await quick.hashAsync(password, { signal });
  const other = new PasswordHasher().hashAsync(password);
  late();
  assert.equal(quick.verify(password, await other).ok, true);
  assert.equal(observed.workers.length, 1);
});

test("gives_up_for_a_signal_that_speaks_at_once_or_has_no_reason", async () => {
  start({ threads: 1 });
  const signal = { ...listener, reason: "at once", addEventListener: (_, abort) => abort() };
  await assert.rejects(quick.hashAsync(password, { signal }), (reason) => reason === "at once");
  const mute = throwing("reason", { ...signal });
  await assert.rejects(quick.hashAsync(password, { signal: mute }), { message: "fallen" });
  assert.equal(observed.workers.length, 0);
});

/** Says something to the pool as it is, past the observer. */
const SAY =
  'const port = process.getBuiltinModule("worker_threads").parentPort; const { postMessage } = Object.getPrototypeOf(port); const say = (what) => postMessage.call(port, what);';

test("works_on_its_own_thread_when_a_worker_does_not_say_that_it_is_ready", async () => {
  // Some other script, which listens and never answers.
  start({ threads: 2 }, () => `${SAY} port.on("message", () => {});`);
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const waiting = [quick.hashAsync(password), quick.hashAsync(password)];
    const outcome = Promise.all(waiting).then((stored) => stored.length);
    for (let half = 1; half < 20; half += 1) mock.timers.tick(500);
    assert.equal(await Promise.race([outcome, new Promise((resolve) => setImmediate(resolve))]), undefined);
    // The last turn, and one more for the second of those that wait.
    for (let times = 0; times < 2; times += 1) mock.timers.tick(500);
    assert.equal(await outcome, 2);
  } finally {
    mock.timers.reset();
  }
  await Promise.all(observed.workers.map((worker) => worker.alive && once(worker, "exit")));
});

for (const [what, said] of Object.entries({
  something_else: '{ hello: "page" }',
  nothing: "null",
  an_answer_to_no_question: '{ text: "$argon2id$" }',
})) {
  test(`works_on_its_own_thread_when_a_worker_says_${what}_at_its_start`, async () => {
    start({ threads: 1 }, () => `${SAY} port.on("message", () => say(${said}));`);
    assert.equal(quick.verify(password, await quick.hashAsync(password)).ok, true);
    assert.deepEqual([observed.workers.length, observed.answers.some((answer) => answer?.ready)], [1, false]);
  });
}

for (const [what, said] of Object.entries({
  something_else: "{}",
  an_error_without_a_code: '{ code: undefined, message: "" }',
  that_it_is_ready: "{ ready: true }",
})) {
  test(`rejects_the_work_of_a_thread_that_answers_${what}`, async () => {
    start({ threads: 1 }, () => `${SAY} port.on("message", ({ module }) => say(module ? { ready: true } : ${said}));`);
    for (let times = 0; times < 2; times += 1) await assert.rejects(quick.hashAsync(password), { code: "INTERNAL" });
    assert.deepEqual([observed.workers.length, observed.most], [2, 1]);
  });
}

test("replaces_a_thread_that_speaks_without_being_asked", async () => {
  start(
    { threads: 1 },
    (script) => `${script}; ${SAY} port.on("message", ({ stored }) => stored && say({ text: "more" }));`,
  );
  await assert.rejects(quick.verifyAsync(password, "$argon2id$"), { code: "HASH_MALFORMED" });
  await once(observed.workers[0], "exit");
  assert.equal(quick.verify(password, await quick.hashAsync(password)).ok, true);
  assert.equal(observed.workers.length, 2);
});

test("rejects_what_cannot_be_handed_over_and_goes_on_with_another_thread", async () => {
  start({ threads: 1 });
  await quick.hashAsync(password);
  observed.workers[0].postMessage = fall;
  const message = "the password could not be sent to a hashing thread";
  const both = [quick.hashAsync(password), quick.hashAsync(password)];
  await assert.rejects(both[0], { name: "CountersignError", code: "INTERNAL", message });
  assert.equal(quick.verify(password, await both[1]).ok, true);
  assert.deepEqual([observed.workers.length, observed.most], [2, 1]);
});

for (const [what, crash] of Object.entries({
  throws: (worker) => worker.postMessage({ module: "no module" }),
  is_ended_by_somebody: (worker) => worker.terminate(),
})) {
  test(`rejects_the_work_of_a_thread_that_${what}_and_goes_on_with_another`, async () => {
    start({ threads: 1 });
    // Short enough to be over soon: the worker hears what crashes it only between two tasks.
    const lost = new PasswordHasher({ params: { memoryKib: 4096, passes: 1 } });
    await quick.hashAsync(password);
    const [worker] = observed.workers;
    const doomed = what === "throws" ? undefined : slow.hashAsync(password);
    await sleep(20);
    crash(worker);
    if (doomed !== undefined) {
      await assert.rejects(doomed, (error) => {
        assert.ok(error instanceof CountersignError);
        assert.deepEqual([error.code, error.message], ["INTERNAL", "the hashing thread ended before it finished"]);
        return true;
      });
    } else {
      await once(worker, "exit");
    }
    assert.equal(lost.verify(password, await lost.hashAsync(password)).ok, true);
    assert.equal(observed.workers.length, 2);
  });
}

test("rejects_the_work_that_makes_a_thread_crash", async () => {
  // A script that falls over a password it does not like.
  const alter = (script) => script.replace(/"module"in (\w+)/, '$1.stored==="crash"?process.exit(3):"module"in $1');
  start({ threads: 1 }, alter);
  const outcomes = await Promise.allSettled([
    quick.verifyAsync(password, "crash"),
    quick.verifyAsync(password, null),
    quick.verifyAsync(password, "crash"),
    quick.verifyAsync(password, null),
  ]);
  assert.deepEqual(
    outcomes.map(({ reason, value }) => reason?.code ?? value.ok),
    ["INTERNAL", false, "INTERNAL", false],
  );
  assert.equal(observed.workers.length, 3);
});

test("ends_threads_that_have_had_no_work_for_a_while", async () => {
  start({ threads: 2, idleMs: 50 });
  await Promise.all([quick.hashAsync(password), quick.hashAsync(password), quick.hashAsync(password)]);
  assert.ok(0 < observed.alive.length);
  // The pool lets go of nothing else that would keep this process.
  const end = Date.now() + 5000;
  while (0 < observed.alive.length && Date.now() < end) await sleep(20);
  assert.equal(observed.alive.length, 0);
  await quick.hashAsync(password);
});

test("does_what_waits_when_it_is_to_have_fewer_threads_or_none", async () => {
  start({ threads: 2 });
  const work = () => Array.from({ length: 8 }, () => quick.hashAsync(password));
  for (const threads of [1, 0]) {
    await Promise.all(work());
    const waiting = work();
    configurePasswordPool({ threads });
    await Promise.all(waiting);
    await quick.hashAsync(password);
    await sleep(50);
    assert.ok(observed.alive.length <= threads, `${observed.alive.length} threads of ${threads}`);
  }
  configurePasswordPool({ threads: 1 });
  const first = endless();
  const last = quick.hashAsync(password);
  configurePasswordPool({ threads: 0 });
  first.stop("enough");
  assert.equal(await first.outcome, "enough");
  assert.equal(quick.verify(password, await last).ok, true);
});

test("goes_over_to_the_modules_with_more_formats_when_they_are_loaded", async () => {
  start();
  cpSync(consumer.installed, join(consumer.directory, "both"), { recursive: true });
  const load = (name) => import(pathToFileURL(join(consumer.directory, `both/dist/inline/${name}.js`)).href);
  const argon2 = await load("argon2");
  argon2.configurePasswordPool({ threads: 1 });
  const hasher = new argon2.PasswordHasher({ params: { memoryKib: 8, passes: 1, lanes: 1 } });
  const stored = await hasher.hashAsync(password);
  const old = hashPassword(password, { scheme: "bcrypt", params: { cost: 10 } });
  await assert.rejects(hasher.verifyAsync(password, old), { code: "HASH_UNSUPPORTED" });
  await load("password");
  assert.deepEqual(await hasher.verifyAsync(password, old), { ok: true, needsRehash: true, scheme: "bcrypt" });
  assert.equal((await hasher.verifyAsync(password, stored)).ok, true);
  assert.equal(observed.workers.length, 2);
  assert.equal(observed.alive.length, 1);
  // The SHA-1 of "hellosalt", and the salt.
  const rare = "{SSHA}FPvT+WAOz8Kj1D5MB6mKh1x5EKJzYWx0";
  await assert.rejects(hasher.verifyAsync("hello", rare), { code: "HASH_UNSUPPORTED" });
  await load("formats");
  assert.deepEqual(await hasher.verifyAsync("hello", rare), { ok: true, needsRehash: true, scheme: "salted-digest" });
  assert.equal((await hasher.verifyAsync(password, stored)).ok, true);
  assert.equal(observed.workers.length, 3);
  assert.equal(observed.alive.length, 1);
  await argon2.closePasswordPool();
});

test("does_what_waits_before_it_is_closed_and_starts_no_thread_for_it", async () => {
  start({ threads: 1 });
  const work = Array.from({ length: 6 }, () => quick.hashAsync(password));
  await closePasswordPool();
  assert.equal(observed.workers.length, 1);
  assert.equal(observed.alive.length, 0);
  for (const stored of await Promise.all(work)) assert.equal(quick.verify(password, stored).ok, true);
});

test("lets_what_is_under_way_come_to_its_end_when_it_is_closed", async () => {
  start({ threads: 1 });
  const work = [new PasswordHasher().hashAsync(password), quick.hashAsync(password)];
  await working(1);
  const closing = closePasswordPool();
  for (const stored of await Promise.all(work)) assert.equal(quick.verify(password, stored).ok, true);
  await closing;
  assert.equal(observed.workers[0].alive, false);
  await closePasswordPool();
  assert.equal(observed.alive.length, 0);
});

for (const [what, alter] of Object.entries({
  must_not_be_started: () => {
    throw new Error("not permitted");
  },
  end_before_they_are_of_use: () => "process.exit(1);",
  throw_before_they_are_of_use: () => "throw new Error('blocked');",
})) {
  test(`works_on_its_own_thread_where_threads_${what}`, async () => {
    start({ threads: 2 }, alter);
    // Of this pool, whose threads have been of use; and of another copy's, for which there never was one.
    cpSync(consumer.installed, join(consumer.directory, what), { recursive: true });
    const copy = await import(pathToFileURL(join(consumer.directory, what, "dist/inline/password.js")).href);
    const unused = new copy.PasswordHasher({ params: { memoryKib: 8, passes: 1, lanes: 1 } });
    for (const hasher of [quick, unused]) {
      const stored = await Promise.all(Array.from({ length: 5 }, () => hasher.hashAsync(password)));
      for (const each of stored) assert.equal(quick.verify(password, each).ok, true);
      await assert.rejects(hasher.verifyAsync(password, "$argon2id$"), { code: "HASH_MALFORMED" });
    }
    const tried = observed.workers.length;
    await unused.hashAsync(password);
    assert.equal(observed.workers.length, tried, "what is never to be had was tried again");
    assert.equal(observed.answers.length, 0);
  });
}

test("gives_a_worker_nothing_of_the_process", async () => {
  const alter = (script) =>
    `if (Object.keys(process.env).length + process.execArgv.length !== 0) process.exit(1);${script}`;
  start({ threads: 1 }, alter);
  await quick.hashAsync(password);
  assert.equal(observed.answers.length, 2, "the thread was of no use");
});
