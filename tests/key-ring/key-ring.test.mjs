// One key ring and a few that share a store: the life of a key, rotations, secrets, stores that fail.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { bearerGuard, jwksEndpoint, tokenEndpoint } from "countersign/http";
import { decodeHeaderUnverified, decodeUnverified, Key, KeySet, sign as signToken, Verifier } from "countersign/jwt";
import { memoryStore } from "countersign/key-ring";
import { Sessions } from "countersign/session";
import { DAY, error, HOUR, invalid, MINUTE, NAMES, open, pass, SECRET, START } from "./rings.mjs";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
});

/** A store that fails as told: `"before"` or `"after"` it writes, or `"reads"`. */
function failing(store) {
  const state = { how: undefined, reads: 0, writes: 0 };
  return {
    state,
    async get(key) {
      state.reads += 1;
      if (state.how === "reads") throw new Error("no store");
      return store.get(key);
    },
    list: (owner) => store.list(owner),
    async replace(...all) {
      state.writes += 1;
      if (state.how === "before" || state.how === "reads") throw new Error("no store");
      const written = await store.replace(...all);
      if (state.how === "after") throw new Error("no answer");
      return written;
    },
  };
}

test("signs_checks_and_publishes_with_the_same_key", async () => {
  const { ring, signer, events } = open();
  const token = await signer.sign({ sub: "alice" });
  const verifier = new Verifier(ring.keySet(), NAMES);
  assert.equal((await verifier.verifyAsync(token)).claims.sub, "alice");
  const { keys, maxAge } = await ring.toJwksAsync();
  const { kid } = decodeHeaderUnverified(token);
  assert.deepEqual([keys.length, keys[0].kid, keys[0].use, "d" in keys[0], maxAge], [1, kid, "sig", false, 1800]);
  assert.equal(Key.fromJwk(keys[0]).thumbprint(), kid);
  assert.deepEqual(
    events.map(({ kid: name, type }) => [type, name]),
    [
      ["made", kid],
      ["signing", kid],
    ],
  );
  assert.equal(new Verifier(KeySet.fromJwks({ keys }), NAMES).verify(token).claims.sub, "alice");
});

test("publishes_a_key_before_it_signs_and_until_its_last_token_has_ended", async () => {
  const { kid, published, events, ring, signer } = open();
  const first = await kid();
  // The next key is made so that it can sign on time.
  pass(30 * DAY - HOUR - 2 * MINUTE - 1);
  assert.deepEqual([await kid(), await published()], [first, [first]]);
  // For a minute, the ring is not read again.
  pass(MINUTE);
  assert.equal(await kid(), first);
  const [, second] = await published();
  assert.notEqual(second, undefined);
  assert.deepEqual(events.at(-1), { type: "made", kid: second, signsFrom: new Date(START + 30 * DAY + MINUTE - 1) });
  pass(HOUR + 2 * MINUTE - 1);
  const token = await signer.sign({ sub: "alice" });
  assert.equal(decodeHeaderUnverified(token).kid, first);
  assert.deepEqual(
    (await ring.keys()).map((key) => [key.kid, key.stage]),
    [
      [first, "signing"],
      [second, "next"],
    ],
  );
  pass(MINUTE);
  assert.deepEqual([await kid(), await published()], [second, [first, second]]);
  assert.deepEqual(
    (await ring.keys()).map((key) => [key.kid, key.stage]),
    [
      [first, "retiring"],
      [second, "signing"],
    ],
  );
  const ends = (await ring.keys())[0].endsAt.getTime();
  assert.equal(ends - Date.now(), 15 * MINUTE + 30 * MINUTE + 6 * MINUTE);
  pass(13 * MINUTE);
  assert.equal((await new Verifier(ring.keySet(), NAMES).verifyAsync(token)).claims.sub, "alice");
  mock.timers.setTime(ends - 1);
  assert.deepEqual(await published(), [first, second]);
  pass(MINUTE);
  assert.deepEqual(await published(), [second]);
  assert.equal(events.at(-1).type, "signing");
  // Reported only when no server can publish it any more.
  pass(32 * MINUTE);
  assert.deepEqual(await published(), [second]);
  assert.deepEqual(events.at(-1), { type: "retired", kid: first });
});

test("rotates_for_years_without_anybody_touching_it", async () => {
  const { kid, events, ring } = open();
  const kids = new Set();
  for (let days = 0; days < 3 * 365; days += 1) {
    kids.add(await kid());
    pass(DAY);
    assert.ok((await ring.keys()).length <= 2);
  }
  // A look each day comes up to a day late, twice.
  assert.ok(34 <= kids.size && kids.size <= 37, `${kids.size} keys`);
  assert.equal(events.filter(({ type }) => type === "retired").length, kids.size - 1);
});

test("shares_the_keys_of_the_store", async () => {
  const store = memoryStore();
  const rings = Array.from({ length: 5 }, () => open({ store }));
  const kids = await Promise.all(rings.map(({ kid }) => kid()));
  assert.equal(new Set(kids).size, 1);
  const made = () => rings.flatMap(({ events }) => events).filter(({ type }) => type === "made").length;
  assert.equal(made(), 1);
  pass(30 * DAY);
  await Promise.all(rings.map(({ kid }) => kid()));
  assert.equal(made(), 2);
  // The first that finds the change due proposes it, and the second makes it.
  pass(2 * HOUR);
  assert.equal(await rings[0].kid(), kids[0]);
  const next = await rings[1].kid();
  assert.notEqual(next, kids[0]);
  pass(MINUTE);
  for (const { kid } of rings) assert.equal(await kid(), next);
  assert.equal(made(), 2);
});

test("goes_on_after_a_restart_with_one_look_more", async () => {
  const store = memoryStore();
  const first = await open({ store }).kid();
  pass(30 * DAY);
  const { kid, published } = open({ store });
  assert.equal(await kid(), first);
  assert.equal((await published()).length, 2);
  pass(2 * HOUR);
  assert.notEqual(await kid(), first);
});

test("goes_on_alone_when_nobody_objects", async () => {
  const store = memoryStore();
  const [one, other] = [open({ store }), open({ store })];
  const first = await one.kid();
  await other.kid();
  pass(30 * DAY - 62 * MINUTE);
  await one.kid();
  await other.kid();
  pass(62 * MINUTE);
  assert.equal(await one.kid(), first);
  pass(MINUTE);
  assert.equal(await one.kid(), first);
  pass(MINUTE);
  assert.notEqual(await one.kid(), first);
});

test("is_not_misled_by_one_clock_that_jumps", async () => {
  const store = memoryStore();
  const rings = [open({ store }), open({ store }), open({ store })];
  const first = await rings[0].kid();
  await rings[1].kid();
  pass(30 * DAY - 62 * MINUTE);
  await rings[0].kid();
  await rings[1].kid();
  const right = Date.now();
  for (const jump of [90 * DAY, -90 * DAY, 20 * MINUTE, 2 * HOUR]) {
    for (let minutes = 1; minutes < 10; minutes += 1) {
      mock.timers.setTime(right + minutes * MINUTE + jump);
      await rings[2].kid().catch(() => {});
      await rings[2].published().catch(() => {});
      mock.timers.setTime(right + minutes * MINUTE);
      assert.deepEqual([await rings[0].kid(), await rings[1].kid()], [first, first]);
      assert.ok((await rings[0].published()).includes(first));
    }
  }
  // Nothing is late afterwards.
  mock.timers.setTime(right + 3 * HOUR);
  for (let minutes = 0; minutes < 130; minutes += 1) {
    pass(MINUTE);
    for (const { kid } of rings) await kid();
  }
  assert.notEqual(await rings[0].kid(), first);
});

test("goes_on_with_its_key_when_every_clock_is_set_back", async () => {
  const { kid, published, signer, ring } = open();
  const first = await kid();
  pass(31 * DAY);
  await kid();
  pass(2 * HOUR);
  const second = await kid();
  assert.notEqual(second, first);
  pass(-365 * DAY);
  const verifier = new Verifier(ring.keySet(), NAMES);
  assert.equal((await verifier.verifyAsync(await signer.sign({}))).header.kid, second);
  assert.deepEqual(await published(), [first, second]);
  // Dated anew, so the next key does not come only in a year.
  pass(2 * MINUTE);
  await kid();
  pass(30 * DAY);
  await kid();
  pass(2 * HOUR);
  assert.notEqual(await kid(), second);
});

test("goes_on_when_the_clocks_of_several_servers_are_set_back", async () => {
  const store = memoryStore();
  const servers = [open({ store }), open({ store })];
  const looks = async (minutes) => {
    for (let minute = 0; minute < minutes; minute += 1) {
      pass(MINUTE);
      for (const { kid } of servers) await kid();
    }
  };
  await looks(3);
  const first = await servers[0].kid();
  pass(-365 * DAY);
  await looks(5);
  // They have agreed on the new date, so the next key does not come only in a year.
  pass(30 * DAY);
  await looks(70);
  assert.notEqual(await servers[0].kid(), first);
});

test("rotates_at_once_in_an_emergency", async () => {
  const { kid, published, ring, signer, types } = open();
  const old = await signer.sign({ sub: "alice" });
  const first = await kid();
  const rotation = await ring.rotate();
  assert.equal(await kid(), rotation.kid);
  assert.notEqual(rotation.kid, first);
  assert.equal(rotation.signsFrom.getTime(), Date.now());
  assert.equal(rotation.oldTokensEnd.getTime(), Date.now() + 30 * MINUTE + 15 * MINUTE + 2 * MINUTE);
  assert.deepEqual(await published(), [first, rotation.kid]);
  assert.equal((await new Verifier(ring.keySet(), NAMES).verifyAsync(old)).claims.sub, "alice");
  assert.deepEqual(types(), ["made", "signing", "made", "signing"]);
});

test("uses_the_published_next_key_in_an_emergency", async () => {
  const { kid, published, ring, types } = open();
  const first = await kid();
  pass(30 * DAY);
  await kid();
  const [, second] = await published();
  assert.equal((await ring.rotate()).kid, second);
  assert.deepEqual(await published(), [first, second]);
  assert.deepEqual(types(), ["made", "signing", "made", "signing"]);
});

test("withdraws_all_keys_after_a_leak", async () => {
  const store = memoryStore();
  const { kid, published, ring, signer, events } = open({ store });
  const other = open({ store });
  const old = await signer.sign({ sub: "alice" });
  const otherVerifier = new Verifier(other.ring.keySet(), NAMES);
  assert.equal((await otherVerifier.verifyAsync(old)).claims.sub, "alice");
  const first = await kid();
  pass(30 * DAY);
  await kid();
  const token = await signer.sign({ sub: "alice" });
  await other.kid();
  const rotation = await ring.rotate({ withdraw: true });
  assert.deepEqual(await published(), [rotation.kid]);
  assert.equal(rotation.oldTokensEnd.getTime(), Date.now() + 47 * MINUTE);
  await assert.rejects(new Verifier(ring.keySet(), NAMES).verifyAsync(token), error("KEY_NOT_FOUND"));
  assert.equal(events.filter(({ type }) => type === "withdrawn").length, 2);
  // A token of the new key makes another server look, and so does a minute.
  pass(5001);
  assert.equal((await otherVerifier.verifyAsync(await signer.sign({ sub: "bob" }))).claims.sub, "bob");
  await assert.rejects(otherVerifier.verifyAsync(token), error("KEY_NOT_FOUND"));
  assert.equal(await other.kid(), rotation.kid);
  pass(40 * MINUTE);
  await kid();
  pass(2 * MINUTE);
  await kid();
  pass(2 * MINUTE);
  await kid();
  pass(2 * MINUTE);
  await kid();
  assert.deepEqual(
    events.filter(({ type }) => type === "retired").map((event) => event.kid === first),
    [true, false],
  );
});

/** A store whose next answer of a method can be held back until `release` is called. The call itself is done at once. */
function slowAnswers(store) {
  const held = new Map();
  const answer = async (method, ...all) => {
    const result = await store[method](...all);
    const wait = held.get(method);
    held.delete(method);
    wait?.reached();
    await wait?.released;
    return result;
  };
  return {
    get: (key) => answer("get", key),
    list: (owner) => store.list(owner),
    replace: (...all) => answer("replace", ...all),
    holdBack(method) {
      const [reached, released] = [deferred(), deferred()];
      held.set(method, { reached: reached.resolve, released: released.promise });
      return { reached: reached.promise, release: released.resolve };
    },
  };
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

for (const method of ["get", "replace"]) {
  test(`brings_no_withdrawn_key_back_when_an_answer_of_${method}_is_late`, async () => {
    const inner = memoryStore();
    const store = slowAnswers(inner);
    const { kid, published, ring, signer, types } = open({ store });
    const other = open({ store: inner });
    await kid();
    await other.kid();
    // The look of this server writes: it announces itself.
    pass(20 * MINUTE);
    const stolen = await other.signer.sign({ sub: "thief" });
    const { reached, release } = store.holdBack(method);
    const look = signer.sign({ sub: "alice" });
    await reached;
    const rotation = await ring.rotate({ withdraw: true });
    release();
    await look;
    assert.deepEqual([await kid(), await published()], [rotation.kid, [rotation.kid]]);
    await assert.rejects(new Verifier(ring.keySet(), NAMES).verifyAsync(stolen), error("KEY_NOT_FOUND"));
    assert.ok(!types().includes("failed"));
  });
}

test("rotates_while_another_call_of_this_server_writes", async () => {
  const store = slowAnswers(memoryStore());
  const { kid, ring } = open({ store });
  await kid();
  const { reached, release } = store.holdBack("get");
  const late = ring.rotate({ withdraw: true });
  await reached;
  const { kid: second } = await ring.rotate({ withdraw: true });
  release();
  const { kid: third } = await late;
  assert.notEqual(second, third);
  assert.equal(await kid(), third);
});

test("says_which_key_a_rotation_has_made_also_when_its_answer_is_late", async () => {
  const inner = memoryStore();
  const store = slowAnswers(inner);
  const { kid, ring } = open({ store });
  await kid();
  const { reached, release } = store.holdBack("replace");
  const late = ring.rotate();
  await reached;
  const written = await open({ store: inner }).kid();
  const { kid: newest } = await ring.rotate();
  release();
  assert.equal((await late).kid, written);
  assert.equal(await kid(), newest);
});

test("withdraws_however_many_keys_there_are", async () => {
  const { kid, published, ring, signer } = open();
  for (let count = 1; count < 100; count += 1) await ring.rotate();
  await kid();
  const stolen = await signer.sign({ sub: "thief" });
  const refused = invalid("there are 100 keys whose tokens have not ended");
  await assert.rejects(ring.rotate(), refused);
  await assert.rejects(ring.rotate({ publishFirst: true }), refused);
  for (let count = 0; count < 3; count += 1) {
    const rotation = await ring.rotate({ withdraw: true });
    assert.deepEqual([await kid(), await published()], [rotation.kid, [rotation.kid]]);
  }
  await assert.rejects(new Verifier(ring.keySet(), NAMES).verifyAsync(stolen), error("KEY_NOT_FOUND"));
  // Keys that were withdrawn do not count.
  for (const options of [{}, { publishFirst: true }]) await ring.rotate(options);
});

/** A store that takes rows up to `state.most` characters, as many do. */
function bounded(store) {
  const state = { most: Number.POSITIVE_INFINITY, length: 0 };
  return {
    state,
    get: (key) => store.get(key),
    list: (owner) => store.list(owner),
    async replace(key, before, row) {
      if (state.most < row.value.length) throw new Error("the row is too large");
      const written = await store.replace(key, before, row);
      if (written) state.length = row.value.length;
      return written;
    },
  };
}

for (const alg of ["ES256", "EdDSA"]) {
  test(`withdraws_where_a_row_of_${alg}_may_grow_no_more`, async () => {
    const store = bounded(memoryStore());
    const { kid, ring, signer, published } = open({ alg, store });
    const stolen = await signer.sign({ sub: "thief" });
    await ring.rotate({ publishFirst: true });
    for (let count = 0; count < 8; count += 1) await ring.rotate();
    // One key for each rotation.
    for (let count = 0; count < 3; count += 1) {
      store.state.most = store.state.length;
      const { kid: newest } = await ring.rotate({ withdraw: true });
      assert.ok(store.state.length < store.state.most, `${store.state.length} after ${store.state.most}`);
      assert.deepEqual([await kid(), await published()], [newest, [newest]]);
      store.state.most = Number.POSITIVE_INFINITY;
      for (let more = 0; more < 2; more += 1) await ring.rotate();
    }
    await assert.rejects(new Verifier(ring.keySet(), NAMES).verifyAsync(stolen), error("KEY_NOT_FOUND"));
  });
}

for (const others of [0, 1]) {
  test(`makes_room_in_a_full_row_with_${others}_other_servers`, async () => {
    const store = bounded(memoryStore());
    const { kid, ring, types, published } = open({ store });
    const servers = [{ kid }, ...Array.from({ length: others }, () => open({ store }))];
    const looks = async () => {
      pass(MINUTE);
      for (const server of servers) await server.kid();
    };
    await looks();
    for (let count = 0; count < 20; count += 1) await ring.rotate();
    for (let count = 0; count < 3; count += 1) await looks();
    // Nobody uses it until the next key and the end of all old ones are due. There is room for a few notes and for no key.
    pass(30 * DAY);
    store.state.most = store.state.length + 200;
    const old = await kid();
    for (let minute = 0; minute < 10; minute += 1) await looks();
    // Two servers have to agree before a key ends, and until then there is no room for the next one.
    assert.equal(types().includes("failed"), others > 0);
    // The old keys have ended, and made room for the next one. It signs on time.
    assert.equal(await kid(), old);
    assert.equal((await published()).length, 2);
    for (let minute = 0; minute < 65; minute += 1) await looks();
    assert.notEqual(await kid(), old);
  });
}

test("makes_room_in_a_full_row_where_only_rotate_is_called", async () => {
  const store = bounded(memoryStore());
  const rotate = () => open({ store }).ring.rotate();
  for (let count = 0; count < 20; count += 1) await rotate();
  store.state.most = store.state.length + 200;
  await assert.rejects(rotate(), error("STORE_UNAVAILABLE", "the store failed"));
  pass(DAY);
  const outcomes = [];
  for (let count = 0; count < 6; count += 1) {
    pass(20 * MINUTE);
    outcomes.push(
      await rotate().then(
        () => "rotated",
        (thrown) => thrown.code,
      ),
    );
  }
  // One call finds that the old keys are due, the next one agrees.
  assert.deepEqual(outcomes, ["STORE_UNAVAILABLE", ...new Array(5).fill("rotated")]);
  assert.ok(store.state.length < store.state.most / 2, `${store.state.length} of ${store.state.most}`);
});

test("keeps_no_key_material_of_ended_keys", async (t) => {
  // The plaintext of the row.
  let kept;
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  t.mock.method(crypto.subtle, "encrypt", (algorithm, key, text) => {
    kept = JSON.parse(Buffer.from(text).toString());
    return encrypt(algorithm, key, text);
  });
  const ended = () => kept.keys.filter(({ stage }) => stage === "ended");
  const { kid, ring } = open();
  const first = await kid();
  await ring.rotate();
  for (let minute = 0; minute < 56; minute += 1) {
    pass(MINUTE);
    await kid();
  }
  assert.deepEqual(
    ended().map(({ kid: name, jwk }) => [name, jwk]),
    [[first, { kty: "OKP" }]],
  );
  const { kid: newest } = await ring.rotate({ withdraw: true });
  assert.equal(ended().length, 2);
  for (const { jwk } of ended()) assert.deepEqual(jwk, { kty: "OKP" });
  assert.equal(await kid(), newest);
});

test("reads_rows_whose_ended_keys_have_key_material", async (t) => {
  // As an earlier version wrote them.
  const old = Key.generate("EdDSA");
  let kept;
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  const intercepted = t.mock.method(crypto.subtle, "encrypt", (algorithm, key, text) => {
    const row = JSON.parse(Buffer.from(text).toString());
    row.keys.unshift({
      ...{ kid: old.thumbprint(), alg: "EdDSA", jwk: old.toJwk(), stage: "ended", madeAt: START, since: START },
    });
    return encrypt(algorithm, key, Buffer.from(JSON.stringify(row)));
  });
  const store = memoryStore();
  await open({ store }).kid();
  intercepted.mock.mockImplementation((algorithm, key, text) => {
    kept = JSON.parse(Buffer.from(text).toString());
    return encrypt(algorithm, key, text);
  });
  const { kid, published, ring } = open({ store });
  assert.deepEqual(await published(), [await kid()]);
  await ring.rotate({ withdraw: true });
  assert.deepEqual(
    kept.keys.map(({ stage, jwk }) => [stage, Object.keys(jwk).length > 1]),
    [
      ["ended", false],
      ["ended", false],
      ["current", true],
    ],
  );
});

test("imports_its_secret_again_after_webcrypto_has_failed", async (t) => {
  const { kid } = open();
  const { importKey } = crypto.subtle;
  let isBusy = true;
  t.mock.method(crypto.subtle, "importKey", (...all) =>
    isBusy ? Promise.reject(new Error("busy")) : importKey.apply(crypto.subtle, all),
  );
  await assert.rejects(kid(), error("STORE_UNAVAILABLE"));
  isBusy = false;
  pass(MINUTE);
  assert.match(await kid(), /^[\w-]{43}$/);
});

test("counts_the_end_of_old_tokens_from_when_the_key_was_made", async (t) => {
  const { kid, ring } = open();
  await kid();
  const make = Key.generateAsync;
  t.mock.method(Key, "generateAsync", async (alg) => {
    pass(20_000); // RSA without WebCrypto
    return make.call(Key, alg);
  });
  const { signsFrom, oldTokensEnd } = await ring.rotate();
  assert.deepEqual([signsFrom.getTime(), oldTokensEnd.getTime()], [Date.now(), Date.now() + 47 * MINUTE]);
  const withdrawn = await ring.rotate({ withdraw: true });
  assert.equal(withdrawn.oldTokensEnd.getTime(), Date.now() + 47 * MINUTE);
});

for (const options of [{}, { withdraw: true }, { publishFirst: true }]) {
  for (const servers of [1, 2]) {
    test(`forgets_old_keys_when_${servers}_only_rotate_${JSON.stringify(options)}`, async () => {
      const store = memoryStore();
      const opened = Array.from({ length: servers }, () => open({ store }));
      const most = [];
      for (let day = 0; day < 30; day += 1) {
        for (const { ring } of opened) await ring.rotate(options);
        most.push((await opened[0].published()).length);
        pass(DAY);
      }
      const types = opened.flatMap((each) => each.types());
      const count = (name) => types.filter((type) => type === name).length;
      assert.ok(15 <= count("made"), `${count("made")} made`);
      assert.ok(count("made") - 8 <= count("retired"), `${count("made")} made, ${count("retired")} retired`);
      assert.ok(Math.max(...most) <= 5, `${most} published`);
    });
  }
}

test("signs_with_the_next_key_that_is_due_when_it_is_rotated", async () => {
  for (const options of [{}, { withdraw: true }]) {
    const { published, ring, types } = open();
    await ring.rotate({ publishFirst: true });
    const [, next] = await published();
    pass(DAY);
    const { kid } = await ring.rotate(options);
    assert.equal(kid === next, options.withdraw === undefined);
    assert.equal(types().filter((type) => type === "signing").length, 2);
  }
});

test("publishes_first_where_nothing_is_urgent", async () => {
  const { kid, published, ring } = open();
  const first = await kid();
  const rotation = await ring.rotate({ publishFirst: true });
  assert.equal(rotation.signsFrom.getTime(), Date.now() + 62 * MINUTE);
  assert.equal(rotation.oldTokensEnd.getTime(), Date.now() + (62 + 30 + 15 + 2) * MINUTE);
  assert.equal((await ring.rotate({ publishFirst: true })).kid, rotation.kid);
  assert.deepEqual([await kid(), await published()], [first, [first, rotation.kid]]);
  pass(62 * MINUTE);
  assert.equal(await kid(), rotation.kid);
});

test("refuses_a_token_that_outlives_its_key", async () => {
  const { signer, ring } = open();
  const tooLong = invalid('the token would live longer than option "tokensLiveFor" allows');
  const now = Math.floor(Date.now() / 1000);
  await assert.rejects(signer.sign({}, { expiresIn: "18m" }), tooLong);
  await assert.rejects(signer.sign({}, { expiresIn: null }), tooLong);
  await assert.rejects(signer.sign({ exp: now + 18 * 60 }), tooLong);
  await assert.rejects(signer.sign({}, { now: new Date(Date.now() + HOUR) }), tooLong);
  await assert.rejects(
    ring.signer({ profile: "secevent+jwt", ...NAMES }).sign({ events: { "https://event.example": {} } }),
    tooLong,
  );
  assert.equal(decodeUnverified(await signer.sign({ exp: now + 60 })).claims.exp, now + 60);
  assert.equal(decodeUnverified(await signer.signAsync({})).claims.exp, now + 900);
  const short = open({ tokensLiveFor: 60 });
  assert.equal(decodeUnverified(await short.signer.sign({})).claims.exp, now + 60);
  assert.equal(decodeUnverified(await short.signer.sign({ exp: now + 30 })).claims.exp, now + 30);
  assert.equal(decodeUnverified(await short.signer.sign({}, { expiresIn: 20 })).claims.exp, now + 20);
  assert.equal(decodeUnverified(await short.ring.signer({ expiresIn: 10 }).sign({})).claims.exp, now + 10);
  // As for a `Signer`, `undefined` counts as absent.
  for (const call of [
    short.signer.sign({}, { expiresIn: undefined }),
    short.signer.sign({ exp: undefined }),
    short.ring.signer({ ...NAMES, expiresIn: undefined }).sign({}),
  ]) {
    assert.equal(decodeUnverified(await call).claims.exp, now + 60);
  }
  await assert.rejects(short.signer.sign({ exp: undefined }, { expiresIn: null }), tooLong);
});

test("lets_a_token_live_to_the_second_as_long_as_its_key", async () => {
  const tooLong = invalid('the token would live longer than option "tokensLiveFor" allows');
  for (const [clockTolerance, longest] of [
    [undefined, 900 + 120],
    [0, 900],
    [1, 902],
  ]) {
    const { signer } = open({ clockTolerance });
    await signer.sign({}, { expiresIn: longest });
    await assert.rejects(signer.sign({}, { expiresIn: longest + 1 }), tooLong);
  }
});

test("gives_up_when_another_server_writes_first_each_time", async () => {
  const busy = error("STORE_UNAVAILABLE", "too many changes of the key ring at once");
  const store = memoryStore();
  const { ring, signer } = open({ store: { ...store, replace: () => false } });
  await assert.rejects(signer.sign({}), busy);
  await assert.rejects(ring.rotate(), busy);
  await open({ store }).signer.sign({});
  const late = open({ store: { ...store, replace: () => false } });
  for (const options of [{}, { withdraw: true }, { publishFirst: true }]) {
    await assert.rejects(late.ring.rotate(options), busy);
  }
});

test("signs_with_the_options_that_it_was_given", async () => {
  const { kid, ring } = open();
  const options = { ...NAMES, audience: ["https://api.example"], header: { x: { y: [1] } } };
  const signer = ring.signer(options);
  const before = decodeUnverified(await signer.sign({}));
  options.audience.push("https://evil.example");
  options.header.x.y.push(2);
  options.issuer = "https://evil.example";
  await ring.rotate();
  await kid();
  const { claims, header } = decodeUnverified(await signer.sign({}));
  assert.notEqual(header.kid, before.header.kid);
  assert.deepEqual([claims.iss, claims.aud, header.x], [NAMES.issuer, before.claims.aud, { y: [1] }]);
});

test("shows_no_private_key_and_goes_on_when_its_key_set_is_freed", async () => {
  const { ring, signer } = open();
  const keySet = ring.keySet();
  assert.equal(keySet.keySet, undefined);
  await ring.toJwksAsync();
  const names = [keySet, ring, signer].flatMap((each) => [
    ...Reflect.ownKeys(each),
    ...Reflect.ownKeys(Object.getPrototypeOf(each)),
  ]);
  assert.deepEqual(
    ["current", "newerThan", "ring"].filter((name) => names.includes(name)),
    [],
  );
  assert.equal(keySet.keySet, keySet.keySet);
  const { keys } = await ring.toJwksAsync();
  assert.deepEqual(keySet.keySet.toJwks(), { keys });
  keySet.keySet.free();
  assert.deepEqual((await ring.toJwksAsync()).keys, keys);
  assert.ok(await new Verifier(keySet, NAMES).verifyAsync(await signer.sign({})));
});

test("says_that_the_store_failed_when_a_row_cannot_be_read", async () => {
  const trap = () => {
    throw new Error("driver: lazy column");
  };
  const row = (name) => Object.defineProperty({ value: "", owner: "", expiresAt: 1 }, name, { get: trap });
  for (const bad of [row("value"), row("owner"), row("expiresAt"), new Proxy({}, { get: trap })]) {
    const { ring, signer } = open({ store: { get: () => bad, replace: () => true, list: () => [] } });
    const failed = error("STORE_UNAVAILABLE", "the store failed");
    await assert.rejects(ring.rotate(), failed);
    await assert.rejects(signer.sign({}), failed);
  }
});

test("counts_the_age_of_a_ring_from_the_question", async () => {
  const inner = memoryStore();
  let reads = 0;
  let took = 0;
  const clock = mock.method(performance, "now", () => took);
  try {
    const store = {
      ...inner,
      get: (key) => {
        reads += 1;
        const row = inner.get(key);
        took += 4000;
        return row;
      },
    };
    await open({ store: inner }).kid();
    const { kid } = open({ store });
    await kid();
    took += 60_001;
    await kid();
    assert.equal(reads, 2);
    // That answer was 4 seconds old when it came.
    took += 56_001;
    await kid();
    assert.equal(reads, 3);
  } finally {
    clock.mock.restore();
  }
});

test("keeps_no_private_key_readable_in_the_store", async () => {
  const rows = [];
  const store = memoryStore();
  const { kid, ring } = open({
    store: { ...store, replace: (key, before, after) => rows.push(after.value) && store.replace(key, before, after) },
  });
  const name = await kid();
  await ring.rotate();
  for (const row of rows) {
    assert.deepEqual(Object.keys(JSON.parse(row)), ["v", "writes", "secret", "salt", "iv", "data"]);
    assert.equal(row.includes(name), false);
    assert.equal(Buffer.from(JSON.parse(row).data, "base64url").includes("kid"), false);
  }
});

test("says_that_the_secret_is_wrong_and_overwrites_nothing", async () => {
  const store = memoryStore();
  const first = await open({ store }).kid();
  const before = store.get("key-ring:default").value;
  const wrong = open({ store, secret: "another secret, also of 32 bytes" });
  const message = 'option "secret" is not the one that the keys in the store are encrypted with';
  await assert.rejects(wrong.kid(), { ...invalid(message), parameter: "secret" });
  await assert.rejects(wrong.ring.rotate({ withdraw: true }), invalid(message));
  await assert.rejects(
    new Verifier(wrong.ring.keySet()).verifyAsync(signToken({}, Key.generate("EdDSA"))),
    invalid(message),
  );
  assert.equal(store.get("key-ring:default").value, before);
  assert.deepEqual(new Set(wrong.types()), new Set(["failed"]));
  assert.equal(await open({ store }).kid(), first);
});

test("replaces_the_secret_in_three_steps", async () => {
  const store = memoryStore();
  const next = crypto.getRandomValues(new Uint8Array(32));
  const first = await open({ store }).kid();
  for (const secret of [[SECRET, next], [next, SECRET], next]) assert.equal(await open({ store, secret }).kid(), first);
  await assert.rejects(open({ store }).kid(), error("OPTION_INVALID"));
});

test("refuses_a_row_that_was_altered_or_moved", async () => {
  const store = memoryStore();
  await open({ store }).kid();
  await open({ store, name: "other" }).kid();
  const row = store.get("key-ring:default");
  const parsed = JSON.parse(row.value);
  const data = Buffer.from(parsed.data, "base64url");
  data[5] ^= 1;
  const altered = [
    { ...parsed, data: data.toString("base64url") },
    { ...parsed, writes: 7 },
    { ...parsed, v: 2 },
    { ...parsed, salt: "!" },
    null,
    JSON.parse(store.get("key-ring:other").value),
  ];
  const notOurs = error("STORE_UNAVAILABLE", "the store returned a row that was not written here");
  for (const value of [...altered.map((each) => JSON.stringify(each)), ""]) {
    const copy = memoryStore();
    copy.replace("key-ring:default", undefined, { ...row, value });
    await assert.rejects(open({ store: copy }).kid(), notOurs);
    assert.equal(copy.get("key-ring:default").value, value);
  }
});

test("goes_on_for_half_of_published_ahead_while_the_store_fails", async () => {
  const store = failing(memoryStore());
  const { kid, published, ring, signer, types } = open({ store });
  const first = await kid();
  const token = await signer.sign({ sub: "alice" });
  store.state.how = "reads";
  pass(29 * MINUTE);
  assert.deepEqual([await kid(), await published()], [first, [first]]);
  assert.ok(types().includes("failed"));
  // The store is not asked with each call.
  const { reads } = store.state;
  for (let times = 0; times < 100; times += 1) await kid();
  assert.equal(store.state.reads, reads);
  pass(MINUTE);
  await assert.rejects(kid(), error("STORE_UNAVAILABLE", "the store failed"));
  const answer = await jwksEndpoint(ring)(new Request("https://login.example/"));
  assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [503, "3"]);
  const verifier = new Verifier(ring.keySet(), NAMES);
  const unavailable = error("JWKS_UNAVAILABLE", "the store of the key ring is not available");
  await assert.rejects(verifier.verifyAsync(token), unavailable);
  const headers = { Authorization: `Bearer ${token}` };
  assert.equal((await bearerGuard(verifier)(new Request("https://api.example/", { headers }))).status, 503);
  const authenticate = () => ({ subject: "alice", scopes: [] });
  const form = new URLSearchParams({ username: "alice", password: "x" });
  const logIn = new Request("https://login.example/", { method: "POST", body: form });
  assert.equal((await tokenEndpoint({ signer, authenticate })(logIn)).status, 503);
  store.state.how = undefined;
  pass(MINUTE);
  assert.equal(await kid(), first);
});

for (const how of ["before", "after"]) {
  test(`loses_nothing_when_the_store_fails_${how}_a_write`, async () => {
    const store = failing(memoryStore());
    const { kid, published, types } = open({ store });
    store.state.how = how;
    await assert.rejects(kid(), error("STORE_UNAVAILABLE", "the store failed"));
    store.state.how = undefined;
    pass(MINUTE);
    const first = await kid();
    pass(30 * DAY);
    store.state.how = how;
    assert.equal(await kid(), first);
    pass(MINUTE);
    store.state.how = undefined;
    assert.equal((await published()).length, 2);
    store.state.how = how;
    pass(2 * HOUR);
    await kid();
    store.state.how = undefined;
    pass(MINUTE);
    await kid();
    pass(2 * MINUTE);
    assert.notEqual(await kid(), first);
    assert.deepEqual((await published()).length, 2);
    assert.ok(types().filter((type) => type === "made").length <= 2);
  });
}

test("refuses_a_store_that_has_lost_a_change_as_long_as_it_knows_better", async () => {
  const store = memoryStore();
  const { kid, ring, types } = open({ store });
  const first = await kid();
  const old = store.get("key-ring:default");
  const { kid: second } = await ring.rotate();
  store.replace("key-ring:default", store.get("key-ring:default").value, old);
  pass(2 * MINUTE);
  assert.equal(await kid(), second);
  assert.equal(types().at(-1), "failed");
  pass(30 * MINUTE);
  assert.equal(await kid(), first);
});

test("changes_the_algorithm_with_the_option", async () => {
  const store = memoryStore();
  const first = await open({ store }).kid();
  const { kid, ring, signer } = open({ store, alg: "ES256" });
  assert.equal(await kid(), first);
  assert.deepEqual(
    (await ring.keys()).map(({ alg, stage }) => [alg, stage]),
    [
      ["EdDSA", "signing"],
      ["ES256", "next"],
    ],
  );
  pass(62 * MINUTE);
  assert.equal(await kid(), first);
  pass(2 * MINUTE);
  const token = await signer.sign({ sub: "alice" });
  assert.equal(decodeHeaderUnverified(token).alg, "ES256");
  assert.equal((await new Verifier(ring.keySet(), NAMES).verifyAsync(token)).claims.sub, "alice");
});

test("lets_caches_keep_the_keys_for_half_of_published_ahead", async () => {
  const request = new Request("https://login.example/.well-known/jwks.json");
  const age = async (more, options) => {
    const { ring } = open(more);
    return (await jwksEndpoint(ring, options)(request)).headers.get("Cache-Control");
  };
  assert.equal(await age(), "public, max-age=300");
  assert.equal(await age({}, { maxAge: 3600 }), "public, max-age=1800");
  assert.equal(await age({ publishedAhead: 60 }), "public, max-age=30");
  const endpoint = jwksEndpoint(open().ring);
  const first = await endpoint(request);
  assert.equal((await first.json()).keys.length, 1);
  const again = new Request(request, { headers: { "If-None-Match": first.headers.get("ETag") } });
  assert.equal((await endpoint(again)).status, 304);
  // The set itself can be published too.
  assert.equal((await jwksEndpoint(open().ring.keySet())(request)).status, 200);
});

test("lets_no_cache_keep_a_key_that_ends_sooner", async () => {
  const { ring } = open();
  await ring.toJwksAsync();
  await ring.rotate();
  pass(51 * MINUTE - 100_500);
  assert.equal((await ring.toJwksAsync()).maxAge, 100);
  pass(99_000);
  assert.equal((await ring.toJwksAsync()).maxAge, 1);
  pass(MINUTE);
  const { keys, maxAge } = await ring.toJwksAsync();
  assert.deepEqual([keys.length, maxAge], [1, 1800]);
});

test("does_not_wait_long_for_a_store_that_hangs", async () => {
  const store = memoryStore();
  const state = { hangs: false };
  const answer = deferred();
  const get = (key) => (state.hangs ? answer.promise : store.get(key));
  const { kid } = open({ store: { ...store, get } });
  const first = await kid();
  state.hangs = true;
  pass(2 * MINUTE);
  const started = performance.now();
  assert.deepEqual(await Promise.all([kid(), kid(), kid()]), [first, first, first]);
  assert.ok(performance.now() - started < 4000);
  // So that no timer of that call keeps the process alive.
  answer.resolve(store.get("key-ring:default"));
});

test("signs_for_sessions", async () => {
  const { ring, signer } = open();
  const sessions = new Sessions({ signer, store: memoryStore(), secret: SECRET });
  const { accessToken, refreshToken } = await sessions.start("alice");
  const verifier = new Verifier(ring.keySet(), NAMES);
  assert.equal((await verifier.verifyAsync(accessToken)).claims.sub, "alice");
  assert.throws(() => verifier.verify(accessToken), invalid("a KeyRing needs verifyAsync, not verify"));
  await sessions.refresh(refreshToken);
});

test("has_shorter_stages_for_keys_that_sign_for_a_short_time", async () => {
  const { kid, published } = open({ rotateEvery: 60, tokensLiveFor: 30 });
  const first = await kid();
  pass(60_000 - 15_000 - 1875);
  assert.deepEqual([await kid(), (await published()).length], [first, 2]);
  pass(15_000 + 1875);
  const second = await kid();
  assert.notEqual(second, first);
  assert.deepEqual(await published(), [first, second]);
  pass(30_000 + 7500 + 5625 + 1000);
  assert.equal((await published()).includes(first), false);
  assert.equal(
    (
      await jwksEndpoint(open({ rotateEvery: 60, tokensLiveFor: 30 }).ring)(new Request("https://a.example/"))
    ).headers.get("Cache-Control"),
    "public, max-age=7",
  );
});

test("says_what_is_wrong_with_a_lost_method_and_a_ring_in_place_of_its_keys", async () => {
  const { ring, signer } = open();
  const lost = (call) => error("KEY_INVALID", `method called without its object: call it as ${call}, or bind it`);
  const { sign, signAsync } = signer;
  for (const method of [sign, signAsync]) await assert.rejects(async () => method({}), lost("signer.sign(claims)"));
  const { keys, keySet, rotate, signer: make, toJwksAsync } = ring;
  for (const method of [keys, keySet, rotate, make, toJwksAsync])
    await assert.rejects(async () => method(), lost("ring.signer()"));
  assert.throws(() => new Verifier(ring), error("KEY_INVALID", "expected a Key or KeySet, not a KeyRing"));
  // Beside other keys:
  const secret = Key.generate("HS256");
  const verifier = new Verifier([secret, ring.keySet()], NAMES);
  for (const token of [signToken({ sub: "alice" }, secret, NAMES), await signer.sign({ sub: "alice" })])
    assert.equal((await verifier.verifyAsync(token)).claims.sub, "alice");
});

test("ignores_a_log_that_throws", async () => {
  const logs = [
    () => {
      throw new Error("no log");
    },
    async () => {
      throw new Error("no log");
    },
  ];
  for (const onEvent of logs) assert.equal(typeof (await open({ onEvent }).kid()), "string");
});

test("reads_its_options_strictly", () => {
  const cases = [
    [{ alg: undefined }, 'missing option "alg"'],
    [{ alg: "HS256" }, 'option "alg" is for secrets, which cannot be published'],
    [{ alg: "none" }, undefined],
    [{ store: {} }, 'option "store" has no method "get"'],
    [{ secret: "short" }, 'option "secret" is shorter than 32 bytes'],
    [{ secret: [] }, 'option "secret" is not 1 to 8 secrets'],
    [{ rotateEvery: undefined }, 'missing option "rotateEvery"'],
    [{ tokensLiveFor: undefined }, 'missing option "tokensLiveFor"'],
    [
      { rotateEvery: "1h", publishedAhead: "1h", clockTolerance: 1 },
      'option "rotateEvery" is shorter than "publishedAhead" and twice "clockTolerance"',
    ],
    [{ rotateEvery: "11y" }, undefined],
    [{ rotateEvery: "4000d" }, 'option "rotateEvery" is longer than 10 years'],
    [{ tokensLiveFor: "961d" }, 'option "tokensLiveFor" is more than 32 times "rotateEvery"'],
    [{ clockTolerance: "2h" }, 'option "clockTolerance" is longer than 1 hour'],
    [{ clockTolerance: -1 }, undefined],
    [{ name: "a b" }, 'option "name" is not 1 to 64 letters, digits, "-" and "_"'],
    [{ onEvent: 1 }, 'option "onEvent" is not a function'],
    [{ rotateOften: 1 }, 'unknown option "rotateOften"'],
  ];
  for (const [more, message] of cases) assert.throws(() => open(more), invalid(message), JSON.stringify(more));
  const { ring } = open();
  assert.throws(() => ring.signer({ audiense: "a" }), invalid('unknown option "audiense"'));
  assert.throws(() => ring.signer({ expiresIn: "soon" }), error("OPTION_INVALID"));
  for (const options of [{ withdraw: 1 }, { withdraw: true, publishFirst: true }, { now: true }])
    assert.rejects(ring.rotate(options), error("OPTION_INVALID"));
});
