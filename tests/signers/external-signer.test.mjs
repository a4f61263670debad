// A signer elsewhere: what it may answer, what is refused, and that nothing wrong leaves.

import assert from "node:assert/strict";
import { createPrivateKey, sign as nodeSign } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { signJws, signJwsAsync, signJwsJson, signJwsJsonAsync, verifyJws, verifyJwsJson } from "countersign/jws";
import { CountersignError, Key, KeySet, Signer, sign, signAsync, verify } from "countersign/jwt";
import * as jose from "jose";
import { makeKeyPair } from "../interop/key-pair.mjs";

const CURVES = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };
const now = new Date("2026-11-30T00:00:00Z");

/** A key pair of Node, and its public half. */
function pairFor(alg) {
  const type = alg.startsWith("E") ? (alg in CURVES ? "ec" : "ed25519") : "rsa";
  const options = { ec: { namedCurve: CURVES[alg] }, ed25519: {}, rsa: { modulusLength: 2048 } }[type];
  const { privateKey, publicKey } = makeKeyPair(type, options);
  const pem = publicKey.export({ type: "spki", format: "pem" });
  return { privateKey, publicKey: Key.fromPem(pem, { alg }), pem };
}

const pairs = {};
const pairOf = (alg) => (pairs[alg] ??= pairFor(alg));

/** Signs as a service does. */
function rawSign(alg, privateKey, data, dsaEncoding = "ieee-p1363") {
  const hash = alg.startsWith("Ed") ? null : `sha${alg.slice(2)}`;
  const pss = alg.startsWith("PS") && { padding: 6, saltLength: Number(alg.slice(2)) / 8 };
  return nodeSign(hash, data, { key: privateKey, dsaEncoding, ...pss });
}

function signerFor(alg, more = {}) {
  const { privateKey, publicKey } = pairOf(alg);
  return { alg, kid: "kms-1", publicKey, sign: async (data) => rawSign(alg, privateKey, data), ...more };
}

const ALGORITHMS = [
  "ES256",
  "ES384",
  "ES512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "EdDSA",
  "Ed25519",
];

for (const alg of ALGORITHMS) {
  test(`signs_tokens_with_${alg}_that_countersign_and_jose_accept`, async () => {
    const signer = new Signer(signerFor(alg), { issuer: "https://login.example", audience: "api" });
    const token = await signer.signAsync({ sub: "alice" });
    const { header, claims } = verify(token, pairOf(alg).publicKey, { audience: "api" });
    assert.deepEqual(header, { alg, typ: "JWT", kid: "kms-1" });
    assert.equal(claims.sub, "alice");
    const theirs = await jose.jwtVerify(token, await jose.importSPKI(pairOf(alg).pem, alg), { audience: "api" });
    assert.deepEqual(theirs.payload, claims);
  });
}

for (const alg of ["ES256", "ES384", "ES512"]) {
  test(`reads_${alg}_signatures_in_der_and_raw_as_the_same`, async () => {
    const { privateKey, publicKey } = pairOf(alg);
    // Enough that r and s are short now and then.
    for (let index = 0; index < 200; index += 1) {
      const encoding = index % 2 === 0 ? "der" : "ieee-p1363";
      const kms = signerFor(alg, { sign: async (data) => rawSign(alg, privateKey, data, encoding) });
      assert.equal(verify(await signAsync({ index }, kms), publicKey).claims.index, index);
    }
  });
}

test("accepts_an_array_buffer_a_node_buffer_and_a_thenable", async () => {
  const { privateKey, publicKey } = pairOf("ES256");
  const bytes = (data) => new Uint8Array(rawSign("ES256", privateKey, data));
  const answers = {
    "array buffer": async (data) => bytes(data).buffer,
    buffer: async (data) => rawSign("ES256", privateKey, data),
    // biome-ignore lint/suspicious/noThenProperty: what a library of promises may return
    thenable: (data) => ({ then: (resolve) => resolve(bytes(data)) }),
    "no promise": bytes,
  };
  for (const [name, sign] of Object.entries(answers)) {
    const token = await signAsync({}, signerFor("ES256", { sign }));
    assert.ok(verify(token, publicKey), name);
  }
});

test("gives_the_signer_its_own_this_and_a_signal", async () => {
  const { privateKey, publicKey } = pairOf("ES256");
  class Kms {
    alg = "ES256";
    publicKey = publicKey;
    #privateKey = privateKey;
    async sign(data, { signal }) {
      assert.ok(signal instanceof AbortSignal && !signal.aborted);
      assert.equal(Object.prototype.toString.call(data), "[object Uint8Array]");
      return rawSign("ES256", this.#privateKey, data);
    }
  }
  assert.ok(verify(await signAsync({}, new Kms()), publicKey));
});

/** A DER signature of r and s that are given as bytes. */
const der = (...numbers) => {
  const integers = numbers.map((number) => Buffer.concat([Buffer.from([2, number.length]), number]));
  const content = Buffer.concat(integers);
  return Buffer.concat([Buffer.from([0x30, content.length]), content]);
};

const noSignature = (alg) => `the signer did not return an ${alg} signature`;
const OTHER = "the signer returned a signature of another key or of other data";
const wrong = {
  "over other data": [OTHER, (key) => rawSign("ES256", key, Buffer.from("other data"))],
  "of another key": [OTHER, (_, data) => rawSign("ES256", pairFor("ES256").privateKey, data)],
  "of zeros": [noSignature("ES256"), () => Buffer.alloc(64)],
  "of ones": [noSignature("ES256"), () => Buffer.alloc(64, 255)],
  empty: [noSignature("ES256"), () => Buffer.alloc(0)],
  truncated: [noSignature("ES256"), (key, data) => rawSign("ES256", key, data).subarray(0, 63)],
  "with a byte more": [
    noSignature("ES256"),
    (key, data) => Buffer.concat([rawSign("ES256", key, data), Buffer.from([0])]),
  ],
  "of another curve": [noSignature("ES256"), (_, data) => rawSign("ES384", pairOf("ES384").privateKey, data)],
  "in DER of another curve": [
    noSignature("ES256"),
    (_, data) => rawSign("ES384", pairOf("ES384").privateKey, data, "der"),
  ],
  "in DER with a trailing byte": [
    noSignature("ES256"),
    (key, data) => Buffer.concat([rawSign("ES256", key, data, "der"), Buffer.from([0])]),
  ],
  "in DER, truncated": [noSignature("ES256"), (key, data) => rawSign("ES256", key, data, "der").subarray(0, 60)],
  "in DER with three numbers": [noSignature("ES256"), () => der(Buffer.from([1]), Buffer.from([1]), Buffer.from([1]))],
  "in DER with a negative number": [noSignature("ES256"), () => der(Buffer.from([0x81]), Buffer.from([1]))],
  "in DER with a padded number": [noSignature("ES256"), () => der(Buffer.from([0, 1]), Buffer.from([1]))],
  "in DER with zero": [noSignature("ES256"), () => der(Buffer.from([0]), Buffer.from([1]))],
  // 64 bytes are r and s, whatever they look like. This is also a valid DER sequence of two integers.
  "of 64 bytes that are also DER": [OTHER, () => der(Buffer.alloc(29, 1), Buffer.alloc(29, 1))],
};

for (const [name, [message, answer]] of Object.entries(wrong)) {
  test(`refuses_a_signature_${name.replaceAll(" ", "_").replaceAll(",", "")}`, async () => {
    const { privateKey } = pairOf("ES256");
    const kms = signerFor("ES256", { sign: async (data) => answer(privateKey, data) });
    await assert.rejects(signAsync({}, kms), { name: "CountersignError", code: "KEY_UNAVAILABLE", message });
    await assert.rejects(signJwsAsync(new Uint8Array(3), kms), { code: "KEY_UNAVAILABLE", message });
    await assert.rejects(signJwsJsonAsync(new Uint8Array(3), { key: kms }), { code: "KEY_UNAVAILABLE", message });
  });
}

for (const [alg, length] of [
  ["RS256", 255],
  ["RS256", 257],
  ["PS256", 128],
  ["EdDSA", 63],
  ["Ed25519", 65],
]) {
  test(`refuses_an_${alg}_signature_of_${length}_bytes`, async () => {
    const kms = signerFor(alg, { sign: async () => new Uint8Array(length).fill(1) });
    await assert.rejects(signAsync({}, kms), { code: "KEY_UNAVAILABLE" });
    const unknown = { ...kms, publicKey: undefined };
    if (length !== 257)
      await assert.rejects(signAsync({}, unknown), { code: "KEY_UNAVAILABLE", message: noSignature(alg) });
  });
}

test("refuses_a_signature_of_the_other_rsa_padding", async () => {
  const { privateKey } = pairOf("RS256");
  const kms = signerFor("RS256", { sign: async (data) => rawSign("PS256", privateKey, data) });
  await assert.rejects(signAsync({}, kms), { code: "KEY_UNAVAILABLE", message: OTHER });
});

test("checks_only_the_form_without_a_public_key", async () => {
  const other = pairFor("ES256");
  const kms = { alg: "ES256", sign: async (data) => rawSign("ES256", other.privateKey, data, "der") };
  assert.ok(verify(await signAsync({}, kms), other.publicKey));
  const ofOthers = { ...kms, sign: async () => rawSign("ES256", other.privateKey, Buffer.from("x")) };
  assert.equal((await signAsync({}, ofOthers)).split(".").length, 3);
});

for (const [name, answer] of Object.entries({
  "a string": "abc",
  null: null,
  undefined: undefined,
  "an array": [1, 2],
  words: new Uint16Array(32),
  "an object that claims to be an ArrayBuffer": { [Symbol.toStringTag]: "ArrayBuffer", byteLength: 64, length: 64 },
  "a view that claims to be a Uint8Array": Object.defineProperty(
    new DataView(new ArrayBuffer(64)),
    Symbol.toStringTag,
    {
      value: "Uint8Array",
    },
  ),
  "a detached proxy": new Proxy(new Uint8Array(64), {}),
})) {
  test(`refuses_${name.replaceAll(" ", "_")}_as_a_signature`, async () => {
    const kms = signerFor("ES256", { sign: async () => answer });
    const expected = { code: "KEY_UNAVAILABLE", message: "the signer did not return bytes", reason: "answer" };
    await assert.rejects(signAsync({}, kms), expected);
  });
}

test("refuses_an_answer_that_is_too_long_before_it_reaches_the_core", async () => {
  const message = "the signer returned more than 16384 bytes";
  for (const answer of [new Uint8Array(16_385), new ArrayBuffer(16_385), Buffer.alloc(400e6)]) {
    const kms = { alg: "RS256", sign: async () => answer };
    await assert.rejects(signAsync({}, kms), { code: "KEY_UNAVAILABLE", message, reason: "answer" });
  }
  const longest = { alg: "RS256", sign: async () => new Uint8Array(16_384) };
  await assert.rejects(signAsync({}, longest), { code: "KEY_UNAVAILABLE", message: noSignature("RS256") });
});

test("reads_the_algorithm_of_a_signer_once", async () => {
  const { privateKey, publicKey } = pairOf("ES256");
  for (const second of [Symbol("x"), {}, "HS256", undefined]) {
    let reads = 0;
    const kms = {
      get alg() {
        reads += 1;
        return reads === 1 ? "ES256" : second;
      },
      sign: async (data) => rawSign("ES256", privateKey, data),
    };
    assert.ok(verify(await signAsync({}, kms), publicKey));
    assert.equal(reads, 1);
  }
});

test("tells_of_a_signer_that_throws_a_proxy", async () => {
  const trap = () => {
    throw 2;
  };
  const own = new CountersignError("KEY_UNAVAILABLE", "no answer");
  const halfOwn = { get: (target, name) => (name === "code" ? trap() : Reflect.get(target, name)) };
  const proxies = [
    new Proxy({}, { getPrototypeOf: trap }),
    new Proxy({}, { get: trap, getPrototypeOf: trap }),
    new Proxy(own, halfOwn),
  ];
  for (const proxy of proxies) {
    const error = await signAsync({}, signerFor("ES256", { sign: () => Promise.reject(proxy) })).catch((each) => each);
    assert.deepEqual([error.code, error.message, error.reason], ["KEY_UNAVAILABLE", "the signer failed", "failed"]);
    assert.equal(error.cause, proxy);
  }
});

test("tells_of_a_signer_that_fails_and_keeps_what_it_threw_as_the_cause", async () => {
  const secret = new Error("AccessDenied: token=hunter2");
  for (const sign of [
    async () => Promise.reject(secret),
    () => {
      throw secret;
    },
  ]) {
    const error = await signAsync({}, signerFor("ES256", { sign })).catch((thrown) => thrown);
    assert.ok(error instanceof CountersignError);
    assert.deepEqual([error.code, error.message, error.reason], ["KEY_UNAVAILABLE", "the signer failed", "failed"]);
    assert.equal(error.cause, secret);
    assert.ok(!Object.keys(error).includes("cause"));
  }
});

test("stops_waiting_for_a_signer_that_hangs", async () => {
  let inner;
  const sign = (_, { signal }) => {
    inner = signal;
    return new Promise(() => {});
  };
  const late = { code: "KEY_UNAVAILABLE", message: "the signer took too long", reason: "timeout" };
  await assert.rejects(signAsync({}, signerFor("ES256", { sign, timeoutMs: 20 })), late);
  assert.ok(inner.aborted);
});

test("rejects_with_the_reason_of_the_signal", async () => {
  const reason = new Error("the user left");
  const hanging = signerFor("ES256", { sign: () => new Promise(() => {}) });
  const controller = new AbortController();
  const calls = [
    signAsync({}, hanging, { signal: controller.signal }),
    new Signer(hanging).signAsync({}, { signal: controller.signal }),
    signJwsAsync(new Uint8Array(1), hanging, { signal: controller.signal }),
    signJwsJsonAsync(new Uint8Array(1), [{ key: hanging }], { signal: controller.signal }),
  ].map((call) => assert.rejects(call, (thrown) => thrown === reason));
  await sleep(5);
  controller.abort(reason);
  await Promise.all(calls);
  // Aborted before, also for a key that is here.
  const key = Key.generate("EdDSA");
  await assert.rejects(signAsync({}, key, { signal: controller.signal }), (thrown) => thrown === reason);
  await assert.rejects(signAsync({}, hanging, { signal: controller.signal }), (thrown) => thrown === reason);
  // The signer may notice first.
  const quick = signerFor("ES256", {
    sign: (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("x")))),
  });
  const second = new AbortController();
  const call = assert.rejects(signAsync({}, quick, { signal: second.signal }), (thrown) => thrown === reason);
  second.abort(reason);
  await call;
});

test("asks_nobody_before_claims_and_options_are_checked", async () => {
  let asked = 0;
  const kms = signerFor("ES256", {
    sign: async () => {
      asked += 1;
      return new Uint8Array(64);
    },
  });
  const signer = new Signer(kms, { issuer: "a" });
  await assert.rejects(signer.signAsync({ iss: "b" }), { code: "OPTION_INVALID" });
  await assert.rejects(signer.signAsync({ sub: 7 }), { code: "CLAIM_INVALID" });
  await assert.rejects(signer.signAsync([]), { code: "CLAIMS_NOT_SERIALIZABLE" });
  await assert.rejects(signer.signAsync({}, { expiresin: "1h" }), {
    code: "OPTION_INVALID",
    message: 'unknown option "expiresin"',
  });
  await assert.rejects(signer.signAsync({}, { signal: 7 }), {
    code: "OPTION_INVALID",
    message: 'option "signal" has no method "throwIfAborted"',
  });
  for (const method of ["addEventListener", "removeEventListener"]) {
    const signal = { throwIfAborted() {}, addEventListener() {}, removeEventListener() {}, [method]: undefined };
    await assert.rejects(signer.signAsync({}, { signal }), {
      code: "OPTION_INVALID",
      message: `option "signal" has no method "${method}"`,
    });
  }
  await assert.rejects(signJwsAsync("text", kms), { code: "OPTION_INVALID" });
  await assert.rejects(signJwsAsync(new Uint8Array(1), kms, { crit: ["x"] }), { code: "OPTION_INVALID" });
  assert.equal(asked, 0);
});

test("refuses_the_functions_that_do_not_wait", () => {
  const key = signerFor("ES256");
  const message = "this key is kept elsewhere: use signAsync, signJwsAsync or signJwsJsonAsync";
  assert.throws(() => new Signer(key).sign({}), { code: "KEY_USAGE", message });
  assert.throws(() => sign({}, key), { code: "KEY_USAGE", message });
});

test("refuses_what_is_no_signer", async () => {
  const { publicKey } = pairOf("ES256");
  const none = async () => new Uint8Array(64);
  const cases = [
    [{ alg: "ES256", kid: "a\ud800", sign: none }, "OPTION_INVALID", 'option "kid" is not a string'],
    [{ alg: "none", sign: none }, "OPTION_INVALID", 'option "alg" is not a supported algorithm'],
    [{ alg: "es256", sign: none }, "OPTION_INVALID", 'option "alg" is not a supported algorithm'],
    [
      { alg: "HS256", sign: none },
      "OPTION_INVALID",
      'option "alg" of an external signer is not an algorithm with a public key',
    ],
    [{ alg: "ES256", kid: 7, sign: none }, "OPTION_INVALID", 'option "kid" is not a string'],
    [
      { alg: "ES256", timeoutMs: 0, sign: none },
      "OPTION_INVALID",
      'option "timeoutMs" is not a whole number from 1 to 60000',
    ],
    [
      { alg: "ES256", timeoutMs: Number.NaN, sign: none },
      "OPTION_INVALID",
      'option "timeoutMs" is not a whole number from 1 to 60000',
    ],
    [{ alg: "ES384", publicKey, sign: none }, "KEY_INVALID", "the key is for ES256 only"],
    [{ alg: "PS256", publicKey: pairOf("RS256").publicKey, sign: none }, "KEY_INVALID", "the key is for RS256 only"],
    [{ alg: "ES256", publicKey: "pem", sign: none }, "KEY_INVALID", /not a Key/],
    [{ alg: "ES256", publicKey: new KeySet([]), sign: none }, "KEY_INVALID", "expected one Key, not a KeySet"],
    [{ alg: "ES256", publicKey: Key.generate("HS256"), sign: none }, "KEY_INVALID", "the key is for HS256 only"],
    [{ sign: none }, "KEY_INVALID", /not a Key/],
    [{ alg: "ES256" }, "KEY_INVALID", /not a Key/],
    [Promise.resolve(signerFor("ES256")), "KEY_INVALID", /not a Key/],
    [new Signer(Key.generate("HS256")), "KEY_INVALID", /Signer/],
    [null, "KEY_INVALID", /not a Key/],
    [undefined, "KEY_INVALID", /not a Key/],
  ];
  for (const [signer, code, message] of cases) {
    assert.throws(() => new Signer(signer), { code, message });
    await assert.rejects(signAsync({}, signer), { code, message });
    await assert.rejects(signJwsAsync(new Uint8Array(1), signer), { code, message });
  }
});

test("signs_jws_of_every_form", async () => {
  const kms = signerFor("ES256");
  const { publicKey } = pairOf("ES256");
  const payload = new TextEncoder().encode("a file");
  const detached = await signJwsAsync(payload, kms, { detached: true, b64: false });
  assert.deepEqual(new Uint8Array(verifyJws(detached, publicKey, { detached: payload }).payload), payload);
  const attached = await signJwsAsync(payload, kms, { typ: "x" });
  assert.deepEqual(verifyJws(attached, publicKey).header, { alg: "ES256", typ: "x", kid: "kms-1" });
  const flattened = await signJwsJsonAsync(payload, { key: kms, unprotected: { place: "Vienna" } });
  assert.deepEqual(flattened.header, { place: "Vienna" });
  assert.equal(verifyJwsJson(flattened, publicKey).signatures.length, 1);
  const own = Key.generate("EdDSA", { kid: "own" });
  const general = await signJwsJsonAsync(payload, [
    { key: own },
    { key: kms },
    { key: signerFor("RS256", { kid: "rsa" }) },
  ]);
  assert.equal(general.signatures.length, 3);
  const keys = new KeySet([own.publicKey(), publicKey.withKid("kms-1"), pairOf("RS256").publicKey.withKid("rsa")]);
  assert.deepEqual(
    verifyJwsJson(general, keys, { require: "all" }).signatures.map(({ kid }) => kid),
    ["own", "kms-1", "rsa"],
  );
  const twice = signJwsJsonAsync(payload, [{ key: kms }, { key: signerFor("ES256") }]);
  await assert.rejects(twice, { code: "OPTION_INVALID", message: "the same key is given twice for one JWS" });
  // Two keys whose public halves are unknown may be different.
  const unknown = { ...kms, publicKey: undefined };
  assert.equal((await signJwsJsonAsync(payload, [{ key: unknown }, { key: { ...unknown } }])).signatures.length, 2);
});

test("writes_the_same_bytes_as_the_functions_that_do_not_wait", async () => {
  const key = Key.generate("EdDSA", { kid: "one" });
  const privateKey = createPrivateKey(key.toPem({ private: true }));
  const kms = { alg: "EdDSA", kid: "one", publicKey: key, sign: async (data) => nodeSign(null, data, privateKey) };
  const options = { now, issuer: "i", audience: ["a", "b"], jwtId: "j", header: { x: [1, { y: 2 }] } };
  for (const each of [key, kms])
    assert.equal(await signAsync({ sub: "s" }, each, options), sign({ sub: "s" }, key, options));
  const payload = new TextEncoder().encode('{"a":"\\u00e4"}');
  for (const more of [
    {},
    { detached: true },
    { b64: false, detached: true },
    { b64: false, crit: ["z"], header: { z: 1 } },
  ]) {
    const wanted = signJws(payload, key, { ...more, detached: true });
    assert.equal(await signJwsAsync(payload, kms, { ...more, detached: true }), wanted);
    const json = { b64: more.b64, ...(more.detached && { detached: true }) };
    const by = { unprotected: { u: 1 }, typ: "t" };
    const flattened = signJwsJson(payload, { key, ...by }, json);
    assert.deepEqual(await signJwsJsonAsync(payload, { key: kms, ...by }, json), flattened);
    assert.deepEqual(await signJwsJsonAsync(payload, { key, ...by }, json), flattened);
    assert.deepEqual(
      await signJwsJsonAsync(payload, [{ key: kms, ...by }], json),
      signJwsJson(payload, [{ key, ...by }], json),
    );
  }
});

test("signs_many_at_the_same_time", async () => {
  const { privateKey, publicKey } = pairOf("ES256");
  const kms = signerFor("ES256", {
    sign: async (data) => {
      await sleep(Math.random() * 5);
      return rawSign("ES256", privateKey, data);
    },
  });
  const signer = new Signer(kms);
  const all = await Promise.all(Array.from({ length: 100 }, (_, index) => signer.signAsync({ index })));
  for (const [index, token] of all.entries()) assert.equal(verify(token, publicKey).claims.index, index);
  signer.free();
  await assert.rejects(signer.signAsync({}), { code: "KEY_INVALID", message: "signer has been freed" });
});

test("finishes_a_signature_after_the_signer_was_freed", async () => {
  const { privateKey, publicKey } = pairOf("ES256");
  let answer;
  const signer = new Signer(
    signerFor("ES256", {
      sign: (data) =>
        new Promise((resolve) => {
          answer = () => resolve(rawSign("ES256", privateKey, data));
        }),
    }),
  );
  const token = signer.signAsync({});
  await sleep(1);
  signer.free();
  answer();
  assert.ok(verify(await token, publicKey));
});

test("signs_with_ordinary_keys_too", async () => {
  for (const alg of ["HS256", "EdDSA", "ES256"]) {
    const key = Key.generate(alg);
    assert.ok(verify(await signAsync({}, key), key));
    assert.ok(verify(await new Signer(key).signAsync({}, { expiresIn: "5m" }), key));
    assert.ok(verifyJws(await signJwsAsync(new Uint8Array(1), key), key));
  }
  const key = Key.generate("EdDSA").publicKey();
  await assert.rejects(signAsync({}, key), { code: "KEY_USAGE", message: "a public key cannot sign" });
  await assert.rejects(signJwsAsync(new Uint8Array(1), key), {
    code: "KEY_USAGE",
    message: "a public key cannot sign",
  });
});
