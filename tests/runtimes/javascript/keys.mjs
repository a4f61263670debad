// Keys as JavaScript values: what they are made of, what they may do, and how they end.

import { holds, refuses, same, table, thrownBy } from "./assertions.mjs";
import { algorithms, ed25519Jwk, ed25519Key, goodToken, hmacKey, keyFor, nonObjects, nonStrings, now, secret, seconds, secretText } from "./materials.mjs";

const freed = (what) => ["KEY_INVALID", `${what} has been freed`];

const notKey = ["KEY_INVALID", "not a Key or KeySet of this package"];

/** Handles of every kind, and a use of each. */
const handles = [
  ["a_key", "key", (countersign) => hmacKey(countersign), (handle, { sign }) => sign({}, handle)],
  ["a_key_set", "key set", (countersign) => new countersign.KeySet([ed25519Key(countersign)]), (handle) => handle.toJwks()],
  ["a_signer", "signer", (countersign) => new countersign.Signer(hmacKey(countersign)), (handle) => handle.sign({})],
  ["a_verifier", "verifier", (countersign) => new countersign.Verifier(hmacKey(countersign)), (handle) => handle.verify("a.b.c")],
];

const notKeys = [
  ...nonObjects,
  ["undefined", undefined],
  ["an_object", {}],
  ["bytes", secret],
  ["a_jwk", ed25519Jwk],
  ["a_freed_lookalike", { __wbg_ptr: 1, free() {} }],
];

export const cases = [
  ...table(
    nonStrings.filter(([what]) => what !== "bytes"),
    (what) => `refuses_a_secret_that_is_${what}`,
    (countersign, value) => refuses(countersign, () => countersign.Key.fromSecret(value, { alg: "HS256" }), ["KEY_INVALID", "secret is not a Uint8Array"]),
  ),
  ...table(
    nonStrings,
    (what) => `refuses_a_pem_that_is_${what}`,
    (countersign, value) => refuses(countersign, () => countersign.Key.fromPem(value, { alg: "EdDSA" }), ["KEY_INVALID", "PEM is not a string"]),
  ),
  ...table(
    [...nonStrings.filter(([what]) => what !== "bytes"), ["text", "text"]],
    (what) => `refuses_a_der_that_is_${what}`,
    (countersign, value) => refuses(countersign, () => countersign.Key.fromDer(value, { alg: "EdDSA" }), ["KEY_INVALID", "DER is not a Uint8Array"]),
  ),
  ...table(
    [...nonObjects, ["undefined", undefined]],
    (what) => `refuses_a_jwk_that_is_${what}`,
    (countersign, value) => refuses(countersign, () => countersign.Key.fromJwk(value), ["KEY_INVALID", "JWK is not an object"]),
  ),
  ...table(
    [...nonObjects, ["undefined", undefined], ["an_object_without_keys", {}], ["an_object_whose_keys_are_an_object", { keys: {} }]],
    (what) => `refuses_a_jwks_that_is_${what}`,
    (countersign, value) => refuses(countersign, () => countersign.KeySet.fromJwks(value), ["KEY_INVALID", 'JWKS has no "keys" array']),
  ),
  ...table(
    notKeys,
    (what) => `refuses_to_verify_with_${what}_for_a_key`,
    (countersign, value) => {
      refuses(countersign, () => countersign.verify("a.b.c", value), notKey);
      refuses(countersign, () => new countersign.Verifier(value), notKey);
    },
  ),
  ...table(
    notKeys,
    (what) => `refuses_to_sign_with_${what}_for_a_key`,
    (countersign, value) => {
      refuses(countersign, () => countersign.sign({}, value), notKey);
      refuses(countersign, () => new countersign.Signer(value), notKey);
    },
  ),
  ...table(
    notKeys.filter(([what]) => what !== "an_array"),
    (what) => `refuses_a_key_set_of_${what}`,
    (countersign, value) => {
      refuses(countersign, () => new countersign.KeySet(value), ["KEY_INVALID", "keys are not an array of keys"]);
      refuses(countersign, () => new countersign.KeySet([value]), notKey);
    },
  ),
  {
    name: "finds_no_key_in_an_empty_key_set",
    check: (countersign) => {
      const set = new countersign.KeySet([]);
      same(set.toJwks(), { keys: [] });
      refuses(countersign, () => countersign.verify(goodToken(countersign), set, { now }), ["KEY_NOT_FOUND", 'no key for the token\'s "kid" and "alg"']);
    },
  },
  ...table(
    [...nonStrings.filter(([what]) => what !== "undefined"), ["an_array_of_its_name", ["HS256"]], ["a_String_of_its_name", Object("HS256")]],
    (what) => `refuses_an_alg_that_is_${what}`,
    (countersign, alg) => {
      refuses(countersign, () => countersign.Key.fromSecret(secret, { alg }), ["OPTION_INVALID", 'option "alg" is not a string']);
      refuses(countersign, () => countersign.Key.generate(alg), ["OPTION_INVALID", 'option "alg" is not a supported algorithm']);
    },
  ),
  ...table(
    [["an_unknown_name", "HS1024"], ["none", "none"], ["in_lower_case", "hs256"], ["followed_by_a_space", "HS256 "], ["empty", ""]],
    (what) => `refuses_an_alg_that_is_${what}`,
    (countersign, alg) => {
      refuses(countersign, () => countersign.Key.fromSecret(secret, { alg }), ["OPTION_INVALID", 'option "alg" is not a supported algorithm']);
      refuses(countersign, () => countersign.Key.generate(alg), ["OPTION_INVALID", 'option "alg" is not a supported algorithm']);
    },
  ),
  {
    name: "refuses_a_key_without_alg",
    check: (countersign) => {
      for (const options of [undefined, {}, { alg: undefined }]) {
        refuses(countersign, () => countersign.Key.fromSecret(secret, options), ["OPTION_INVALID", 'missing option "alg"']);
      }
    },
  },
  ...table(
    [...nonStrings.filter(([what]) => what !== "undefined"), ["an_unknown_name", "md5"], ["in_capitals", "SHA256"], ["an_array_of_its_name", ["sha256"]]],
    (what) => `refuses_a_thumbprint_digest_that_is_${what}`,
    (countersign, hash) => refuses(countersign, () => hmacKey(countersign).thumbprint(hash), ["OPTION_INVALID", 'option "hash" is not sha256, sha384 or sha512']),
  ),
  {
    name: "cannot_be_made_by_its_constructor",
    check: (countersign) => {
      for (const value of [undefined, {}, secret, hmacKey(countersign)]) {
        refuses(countersign, () => new countersign.Key(value), ["KEY_INVALID", "make a key with Key.from… or generate"]);
      }
    },
  },
  ...algorithms.flatMap((alg) => [
    {
      name: `signs_and_verifies_with_a_generated_${alg}_key`,
      check: (countersign) => {
        const key = countersign.Key.generate(alg, { kid: "a" });
        const token = countersign.sign({ sub: "alice" }, key, { now });
        same(countersign.decodeUnverified(token).header, { alg, typ: "JWT", kid: "a" });
        const wanted = { sub: "alice", iat: seconds, exp: seconds + 900 };
        same(countersign.verify(token, key, { now }).claims, wanted);
        const [copy] = [countersign.Key.fromJwk(key.toJwk({ private: true }))];
        same(countersign.verify(token, copy, { now }).claims, wanted);
        same({ alg: copy.alg, kid: copy.kid, type: copy.type }, { alg, kid: "a", type: alg.startsWith("HS") ? "secret" : "private" });
      },
    },
    {
      name: `generates_another_${alg}_key_each_time`,
      check: (countersign) => {
        const prints = Array.from({ length: 8 }, () => countersign.Key.generate(alg).thumbprint());
        same(new Set(prints).size, prints.length);
        for (const print of prints) holds(/^[\w-]{43}$/u.test(print), "no thumbprint");
      },
    },
    {
      name: `refuses_a_token_of_another_${alg}_key`,
      check: (countersign) => {
        const token = countersign.sign({}, countersign.Key.generate(alg), { now });
        refuses(countersign, () => countersign.verify(token, countersign.Key.generate(alg), { now }), ["TOKEN_SIGNATURE_INVALID", "signature does not match"], [token]);
      },
    },
    {
      name: `signs_the_same_${alg}_token_by_every_road`,
      check: (countersign) => {
        const key = keyFor(countersign, alg);
        const token = countersign.sign({ sub: "alice" }, key, { now });
        same(countersign.decodeUnverified(token).header, { alg, typ: "JWT" });
        same(new countersign.Signer(key, { now }).sign({ sub: "alice" }), token);
        const imported = countersign.Key.fromJwk(key.toJwk({ private: true }));
        same(countersign.sign({ sub: "alice" }, imported, { now }), token);
      },
    },
  ]),
  {
    name: "refuses_to_sign_with_what_publicKey_gives",
    check: (countersign) => {
      const key = ed25519Key(countersign).publicKey();
      same(key.type, "public");
      refuses(countersign, () => countersign.sign({}, key), ["KEY_USAGE", "a public key cannot sign"]);
      refuses(countersign, () => new countersign.Signer(key), ["KEY_USAGE", "a public key cannot sign"]);
    },
  },
  {
    name: "verifies_with_the_public_half",
    check: (countersign) => {
      const key = ed25519Key(countersign);
      const token = countersign.sign({ sub: "alice" }, key, { now });
      same(countersign.verify(token, key.publicKey(), { now }).claims.sub, "alice");
    },
  },
  {
    name: "has_no_publicKey_of_a_secret",
    check: (countersign) => refuses(countersign, () => hmacKey(countersign).publicKey(), ["KEY_USAGE", "a secret has no public half"]),
  },
  {
    name: "cannot_be_given_another_alg_kid_or_type",
    check: (countersign) => {
      const key = hmacKey(countersign, { kid: "a" });
      for (const name of ["alg", "kid", "type"]) {
        const before = key[name];
        holds(thrownBy(() => { "use strict"; key[name] = "none"; }) instanceof TypeError, `${name} could be set`);
        same(key[name], before);
      }
    },
  },
  {
    name: "does_not_show_its_secret_when_printed",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const { k } = key.toJwk({ private: true });
      same(k, secretText);
      for (const text of [JSON.stringify(key), String(key), JSON.stringify(Object.entries(key))]) holds(!text.includes(k), "the secret shows");
    },
  },
  {
    name: "takes_a_view_of_a_buffer_for_its_own_bytes_alone",
    check: (countersign) => {
      const buffer = new Uint8Array([...new Uint8Array(7).fill(255), ...secret, ...new Uint8Array(9).fill(254)]).buffer;
      const view = new Uint8Array(buffer, 7, secret.length);
      same(countersign.Key.fromSecret(view, { alg: "HS512" }).toJwk({ private: true }), { kty: "oct", alg: "HS512", k: secretText });
    },
  },
  {
    name: "takes_bytes_of_another_realm",
    check: (countersign, realm) => {
      const foreign = new realm.Uint8Array(Array.from(secret));
      holds(Object.getPrototypeOf(foreign) !== Uint8Array.prototype, "the bytes are of this realm");
      same(countersign.Key.fromSecret(foreign, { alg: "HS256" }).toJwk({ private: true }), { kty: "oct", alg: "HS256", k: secretText });
    },
  },
  ...table(
    [
      ["an_array_of_numbers", Array.from(secret)],
      ["an_array_buffer", secret.buffer],
      ["a_wider_view", new Uint16Array(64)],
      ["a_data_view", new DataView(new ArrayBuffer(64))],
      ["an_object_like_bytes", { length: 64, 0: 1, byteLength: 64, [Symbol.toStringTag]: "Uint8Array" }],
    ],
    (what) => `refuses_${what}_for_bytes`,
    (countersign, value) => refuses(countersign, () => countersign.Key.fromSecret(value, { alg: "HS256" }), ["KEY_INVALID", "secret is not a Uint8Array"]),
  ),
  {
    name: "is_not_changed_by_later_writes_to_the_secret",
    check: (countersign) => {
      const bytes = secret.slice();
      const key = countersign.Key.fromSecret(bytes, { alg: "HS256" });
      bytes.fill(0);
      same(countersign.verify(goodToken(countersign), key, { now }).claims.sub, "alice");
    },
  },
  {
    name: "leaves_the_secret_of_the_caller_as_it_was",
    check: (countersign) => {
      const bytes = secret.slice();
      const key = countersign.Key.fromSecret(bytes, { alg: "HS256" });
      same(key.type, "secret");
      key.free();
      same(Array.from(bytes), Array.from(secret));
    },
  },
  {
    name: "refuses_a_secret_text_with_a_lone_surrogate",
    check: (countersign) => refuses(countersign, () => countersign.Key.fromSecret("\ud800".repeat(40), { alg: "HS256" }), ["KEY_INVALID", "secret is not well-formed text"]),
  },
  ...handles.flatMap(([what, noun, make, use]) => [
    {
      name: `refuses_to_use_${what}_after_free`,
      check: (countersign) => {
        const handle = make(countersign);
        handle.free();
        refuses(countersign, () => use(handle, countersign), freed(noun));
      },
    },
    {
      name: `lets_${what}_be_freed_twice`,
      check: (countersign) => {
        const handle = make(countersign);
        handle.free();
        handle.free();
        refuses(countersign, () => use(handle, countersign), freed(noun));
      },
    },
    {
      name: `disposes_of_${what}_by_symbol`,
      check: (countersign) => {
        // Runtimes without the symbol have nothing that would call it.
        if (Symbol.dispose === undefined) return;
        const handle = make(countersign);
        handle[Symbol.dispose]();
        refuses(countersign, () => use(handle, countersign), freed(noun));
      },
    },
  ]),
  {
    name: "keeps_what_was_made_of_a_key_when_the_key_is_freed",
    check: (countersign) => {
      const key = ed25519Key(countersign);
      const [signer, verifier, set] = [new countersign.Signer(key), new countersign.Verifier(key), new countersign.KeySet([key])];
      key.free();
      const token = signer.sign({ sub: "alice" }, { now });
      same(verifier.verify(token, { now }).claims.sub, "alice");
      same(countersign.verify(token, set, { now }).claims.sub, "alice");
    },
  },
  {
    name: "survives_many_handles",
    check: (countersign) => {
      for (let round = 0; round < 2_000; round += 1) {
        const key = hmacKey(countersign);
        new countersign.Signer(key).free();
        new countersign.Verifier(key).free();
        key.free();
      }
      same(countersign.verify(goodToken(countersign), hmacKey(countersign), { now }).claims.sub, "alice");
    },
  },
];
