// Keys as JavaScript values: what they are made of, what they may do, and how they end.

import { holds, refuses, same, table } from "./assertions.mjs";
import {
  ed25519Jwk,
  ed25519Key,
  goodToken,
  hmacKey,
  nonObjects,
  nonStrings,
  now,
  secret,
  secretText,
} from "./materials.mjs";

const notKey = [
  "KEY_INVALID",
  "not a Key or KeySet from this copy of the package: make one with Key.fromSecret, Key.fromPem or Key.fromJwk",
];

/** What people pass in the place of a key, and what is said of it. */
const insteadOfKeys = (countersign, takesSets) => {
  const url = takesSets ? "new RemoteKeySet(url) fetches its keys" : "fetch the key, and read it with Key.fromJwk";
  const set = takesSets ? "read it with KeySet.fromJwks" : "read one of its keys with Key.fromJwk";
  const parsed = `pass what JSON.parse returns to Key.fromJwk${takesSets ? ", or a JWK Set to KeySet.fromJwks" : ""}`;
  const body = takesSets ? "KeySet.fromJwks" : "Key.fromJwk";
  const given = "pass the key that it gives";
  const fetched = takesSets ? "new RemoteKeySet(url) fetches the keys" : given;
  const chosen = takesSets
    ? 'a KeySet or RemoteKeySet chooses the key by "kid", and Issuers of countersign/issuers also by "iss"'
    : given;
  return [
    ["https://login.example/jwks.json", `a URL: ${url}`],
    [" HTTP://localhost/", `a URL: ${url}`],
    [new URL("https://login.example/jwks.json"), `a URL: ${url}`],
    [ed25519Jwk, "a JWK: read it with Key.fromJwk"],
    [{ keys: [] }, `a JWK Set: ${set}`],
    [JSON.stringify(ed25519Jwk), `JSON: ${parsed}`],
    ["-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----", "a PEM: read it with Key.fromPem"],
    ["x\n-----BEGIN CERTIFICATE-----\n", "a certificate: read it with Key.fromUnverifiedCertificate"],
    [Promise.resolve(ed25519Key(countersign)), "a promise: await it"],
    [tagged("CryptoKey"), "a CryptoKey: read it with Key.fromCryptoKey"],
    [
      { ...tagged("KeyObject"), type: "public" },
      'a KeyObject: pass key.export({ type: "spki", format: "pem" }) to Key.fromPem',
    ],
    [
      { ...tagged("KeyObject"), type: "private" },
      'a KeyObject: pass key.export({ type: "pkcs8", format: "pem" }) to Key.fromPem',
    ],
    [{ ...tagged("KeyObject"), type: "secret" }, "a KeyObject: pass key.export() to Key.fromSecret"],
    [{ publicKey: {}, privateKey: {} }, "a pair of keys: pass its privateKey or its publicKey"],
    [async () => "a secret", `a function: ${chosen}`],
    [Object.assign(async () => {}, { reload() {} }), `a client of another library: ${fetched}`],
    [{ getSigningKey() {} }, `a client of another library: ${fetched}`],
    [
      { key: "a secret", passphrase: "another" },
      'an object with a "key": read that with Key.fromPem, whose options have "alg" and "passphrase"',
    ],
    [tagged("Response"), `a Response: read what its json() resolves to with ${body}`],
  ];
};

const tagged = (tag) => ({ [Symbol.toStringTag]: tag });

const notKeys = [
  ...nonObjects,
  ["undefined", undefined],
  ["an_object", {}],
  ["bytes", secret],
  ["a_freed_lookalike", { __wbg_ptr: 1, free() {} }],
];

export const cases = [
  ...table(
    nonStrings.filter(([what]) => what !== "bytes"),
    (what) => `refuses_a_secret_that_is_${what}`,
    (countersign, value) =>
      refuses(countersign, () => countersign.Key.fromSecret(value, { alg: "HS256" }), [
        "KEY_INVALID",
        "secret is not a string or a Uint8Array",
      ]),
  ),
  ...table(
    nonStrings,
    (what) => `refuses_a_pem_that_is_${what}`,
    (countersign, value) =>
      refuses(countersign, () => countersign.Key.fromPem(value, { alg: "EdDSA" }), [
        "KEY_INVALID",
        "PEM is not a string",
      ]),
  ),
  ...table(
    [...nonStrings.filter(([what]) => what !== "bytes"), ["text", "text"]],
    (what) => `refuses_a_der_that_is_${what}`,
    (countersign, value) =>
      refuses(countersign, () => countersign.Key.fromDer(value, { alg: "EdDSA" }), [
        "KEY_INVALID",
        "DER is not a Uint8Array",
      ]),
  ),
  ...table(
    [...nonObjects, ["undefined", undefined]],
    (what) => `refuses_a_jwk_that_is_${what}`,
    (countersign, value) =>
      refuses(countersign, () => countersign.Key.fromJwk(value), [
        "KEY_INVALID",
        "JWK is not an object: of a text, pass what JSON.parse returns",
      ]),
  ),
  ...table(
    [
      ...nonObjects.filter(([what]) => what !== "an_array"),
      ["undefined", undefined],
      ["an_object_without_keys", {}],
      ["an_object_whose_keys_are_an_object", { keys: {} }],
      ["an_object_whose_keys_are_inherited", Object.create({ keys: [] })],
    ],
    (what) => `refuses_a_jwks_that_is_${what}`,
    (countersign, value) =>
      refuses(countersign, () => countersign.KeySet.fromJwks(value), ["KEY_INVALID", 'JWKS has no "keys" array']),
  ),
  ...table(
    notKeys,
    (what) => `refuses_to_verify_with_${what}_for_a_key`,
    (countersign, value) => {
      const refusal = Array.isArray(value) ? ["KEY_INVALID", "the array of keys is empty"] : notKey;
      refuses(countersign, () => countersign.verify("a.b.c", value), refusal);
      refuses(countersign, () => new countersign.Verifier(value), refusal);
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
      refuses(countersign, () => new countersign.KeySet(value), [
        "KEY_INVALID",
        "keys are not an array of keys: a JWK Set is read with KeySet.fromJwks",
      ]);
      refuses(countersign, () => new countersign.KeySet([value]), notKey);
    },
  ),
  {
    name: "says_what_to_make_of_a_value_in_the_place_of_keys",
    check: (countersign) => {
      for (const [value, said] of insteadOfKeys(countersign, true)) {
        const refusal = ["KEY_INVALID", `not a Key or KeySet, but ${said}`];
        refuses(countersign, () => countersign.verify("a.b.c", value), refusal);
        refuses(countersign, () => new countersign.Verifier(value), refusal);
        refuses(countersign, () => new countersign.Verifier([value]), refusal);
      }
    },
  },
  {
    name: "says_what_to_make_of_a_value_in_the_place_of_a_key",
    check: (countersign) => {
      for (const [value, said] of insteadOfKeys(countersign, false)) {
        const refusal = ["KEY_INVALID", `not a Key, but ${said}`];
        refuses(countersign, () => countersign.sign({}, value), refusal);
        refuses(countersign, () => new countersign.Signer(value), refusal);
        refuses(countersign, () => new countersign.KeySet([value]), refusal);
      }
    },
  },
  {
    name: "says_what_to_make_of_a_value_in_the_place_of_a_jwks",
    check: (countersign) => {
      const refusal = (said) => ["KEY_INVALID", `JWKS has no "keys" array, but is ${said}`];
      for (const [value, said] of insteadOfKeys(countersign, true)) {
        if (said.startsWith("a JWK Set")) continue;
        refuses(countersign, () => countersign.KeySet.fromJwks(value), refusal(said));
      }
      for (const value of [[], [ed25519Jwk]])
        refuses(countersign, () => countersign.KeySet.fromJwks(value), refusal("an array: pass { keys: array }"));
      class OfDatabase {
        keys = [ed25519Jwk];
      }
      for (const value of [new OfDatabase(), Object.assign(() => {}, { keys: [ed25519Jwk] })])
        refuses(
          countersign,
          () => countersign.KeySet.fromJwks(value),
          refusal("not a plain object: pass { keys: jwks.keys }"),
        );
      for (const target of [[], {}]) {
        const { proxy, revoke } = Proxy.revocable(target, {});
        revoke();
        refuses(countersign, () => countersign.KeySet.fromJwks(proxy), ["KEY_INVALID", 'JWKS has no "keys" array']);
      }
    },
  },
  {
    // A secret may look like anything, and nothing is said of it.
    name: "takes_no_secret_in_the_place_of_a_key_for_something_else",
    check: (countersign) => {
      for (const value of ["secret", "http", "https:/x", "{secret}", "BEGIN", { kty: 1 }, { keys: "x" }])
        refuses(countersign, () => new countersign.Verifier(value), notKey);
    },
  },
  {
    name: "finds_no_key_in_an_empty_key_set",
    check: (countersign) => {
      const set = new countersign.KeySet([]);
      same(set.toJwks(), { keys: [] });
      refuses(countersign, () => countersign.verify(goodToken(countersign), set, { now }), [
        "KEY_NOT_FOUND",
        'no key for the token\'s "kid" and "alg"',
      ]);
    },
  },
  ...table(
    [
      ...nonStrings.filter(([what]) => what !== "undefined"),
      ["an_array_of_its_name", ["HS256"]],
      ["a_String_of_its_name", Object("HS256")],
    ],
    (what) => `refuses_an_alg_that_is_${what}`,
    (countersign, alg) => {
      refuses(countersign, () => countersign.Key.fromSecret(secret, { alg }), [
        "OPTION_INVALID",
        'option "alg" is not a string',
      ]);
      refuses(countersign, () => countersign.Key.generate(alg), [
        "OPTION_INVALID",
        'option "alg" is not a supported algorithm',
      ]);
    },
  ),
  ...table(
    [
      ["an_unknown_name", "HS1024"],
      ["none", "none"],
      ["in_lower_case", "hs256"],
      ["followed_by_a_space", "HS256 "],
      ["empty", ""],
    ],
    (what) => `refuses_an_alg_that_is_${what}`,
    (countersign, alg) => {
      refuses(countersign, () => countersign.Key.fromSecret(secret, { alg }), [
        "OPTION_INVALID",
        'option "alg" is not a supported algorithm',
      ]);
      refuses(countersign, () => countersign.Key.generate(alg), [
        "OPTION_INVALID",
        'option "alg" is not a supported algorithm',
      ]);
    },
  ),
  {
    name: "refuses_a_key_without_alg",
    check: (countersign) => {
      for (const options of [undefined, {}, { alg: undefined }]) {
        refuses(countersign, () => countersign.Key.fromSecret(secret, options), [
          "OPTION_INVALID",
          'missing option "alg"',
        ]);
      }
    },
  },
  ...table(
    [
      ...nonStrings.filter(([what]) => what !== "undefined"),
      ["an_unknown_name", "md5"],
      ["in_capitals", "SHA256"],
      ["an_array_of_its_name", ["sha256"]],
    ],
    (what) => `refuses_a_thumbprint_digest_that_is_${what}`,
    (countersign, hash) =>
      refuses(countersign, () => hmacKey(countersign).thumbprint(hash), [
        "OPTION_INVALID",
        'option "hash" is not sha256, sha384 or sha512',
      ]),
  ),
  {
    name: "refuses_a_passphrase_for_what_is_no_document",
    check: (countersign) => {
      const unknown = ["OPTION_INVALID", 'unknown option "passphrase"'];
      const options = { alg: "HS256", passphrase: "x" };
      refuses(countersign, () => countersign.Key.fromSecret(secret, options), unknown);
      refuses(countersign, () => countersign.Key.fromJwk({ kty: "oct", k: secretText }, options), unknown);
      refuses(countersign, () => countersign.Key.fromUnverifiedCertificate("", options), unknown);
    },
  },
  {
    name: "takes_the_same_key_under_another_kid",
    check: (countersign) => {
      const key = ed25519Key(countersign);
      const named = key.withKid("other");
      same([named.kid, named.alg, named.type, key.kid], ["other", key.alg, key.type, ed25519Jwk.kid]);
      same(named.toJwk({ private: true }), { ...key.toJwk({ private: true }), kid: "other" });
      same(named.withKid().kid, undefined);
      key.free();
      const token = countersign.sign({ sub: "alice" }, named, { now });
      const { header } = countersign.verify(token, named, { now });
      same(header.kid, "other");
      for (const kid of [null, 7, {}, "\ud800"]) {
        refuses(countersign, () => named.withKid(kid), ["OPTION_INVALID", 'option "kid" is not a string']);
      }
    },
  },
  {
    name: "takes_the_same_key_for_another_alg",
    check: (countersign) => {
      const key = ed25519Key(countersign).withKid("a");
      const other = key.withAlg("Ed25519");
      same([other.alg, other.kid, key.alg], ["Ed25519", "a", "EdDSA"]);
      same(countersign.verify(countersign.sign({}, other, { now }), key, { now }).header.alg, "Ed25519");
      refuses(countersign, () => key.withAlg("ES256"), [
        "KEY_INVALID",
        'this is an Ed25519 private key; alg "ES256" needs a P-256 key',
      ]);
      refuses(countersign, () => key.withAlg("RS1"), ["OPTION_INVALID", 'option "alg" is not a supported algorithm']);
      const hmac = countersign.Key.fromSecret(new Uint8Array(32).fill(7), { alg: "HS256" });
      refuses(countersign, () => hmac.withAlg("HS512"), ["KEY_TOO_WEAK", "HS512 needs a secret of at least 64 bytes"]);
      refuses(countersign, () => hmac.withAlg("EdDSA"), [
        "KEY_INVALID",
        'this is a secret; alg "EdDSA" needs an Ed25519 key',
      ]);
      const short = countersign.Key.fromSecret("short", { alg: "HS256", allowShort: true });
      same(short.withAlg("HS256").withKid("a").kid, "a");
    },
  },
  {
    name: "tells_the_curve_and_the_length_of_a_key",
    check: (countersign) => {
      const { Key } = countersign;
      const of = ({ curve, modulusLength }) => [curve, modulusLength];
      same(of(ed25519Key(countersign)), ["Ed25519", undefined]);
      same(of(ed25519Key(countersign).publicKey()), ["Ed25519", undefined]);
      same(of(hmacKey(countersign)), [undefined, undefined]);
      same(of(Key.generate("ES384")), ["P-384", undefined]);
      const { n, e } = { n: `_${"A".repeat(340)}Q`, e: "AQAB" };
      same(of(Key.fromJwk({ kty: "RSA", n, e }, { alg: "RS256" })), [undefined, 2048]);
    },
  },
  {
    name: "takes_the_same_key_for_encryption_under_another_kid",
    check: ({ jwe: { EncryptionKey, decrypt, encrypt }, ...countersign }) => {
      const key = EncryptionKey.generate("ECDH-ES", { kid: "a" });
      const named = key.withKid("other");
      same([named.kid, named.alg, named.type, key.kid], ["other", "ECDH-ES", "private", "a"]);
      same(named.toJwk({ private: true }), { ...key.toJwk({ private: true }), kid: "other" });
      same(named.withKid().kid, undefined);
      key.free();
      const { header, plaintext } = decrypt(encrypt(new Uint8Array([7]), named.publicKey()), named);
      same([header.kid, [...plaintext]], ["other", [7]]);
      for (const kid of [null, 7, {}, "\ud800"])
        refuses(countersign, () => named.withKid(kid), ["OPTION_INVALID", 'option "kid" is not a string']);
    },
  },
  {
    name: "takes_the_same_key_for_encryption_for_another_alg",
    check: ({ jwe: { EncryptionKey, decrypt, encrypt }, ...countersign }) => {
      const key = EncryptionKey.generate("ECDH-ES", { kid: "a" });
      const wrapping = key.withAlg("ECDH-ES+A256KW");
      same([wrapping.alg, wrapping.kid, key.alg], ["ECDH-ES+A256KW", "a", "ECDH-ES"]);
      same([...decrypt(encrypt(new Uint8Array([7]), wrapping.publicKey()), wrapping).plaintext], [7]);
      const secret = EncryptionKey.generate("A256KW");
      const direct = secret.withAlg("dir", { enc: "A256GCM" });
      same([direct.alg, direct.enc, secret.enc], ["dir", "A256GCM", undefined]);
      same([...decrypt(encrypt(new Uint8Array([7]), direct), direct).plaintext], [7]);
      refuses(countersign, () => key.withAlg("RSA-OAEP"), [
        "KEY_INVALID",
        'this is an X25519 key; alg "RSA-OAEP" needs an RSA key',
      ]);
      refuses(countersign, () => secret.withAlg("A128KW"), [
        "KEY_INVALID",
        "A128KW needs a secret of exactly 16 bytes",
      ]);
      refuses(countersign, () => secret.withAlg("dir"), ["OPTION_INVALID", 'missing option "enc": alg "dir" needs it']);
      refuses(countersign, () => secret.withAlg("A256KW", { enc: "A256GCM" }), [
        "OPTION_INVALID",
        'option "enc" of a key is for alg "dir" only',
      ]);
      refuses(countersign, () => secret.withAlg("dir", { encryption: "A256GCM" }), [
        "OPTION_INVALID",
        'unknown option "encryption"',
      ]);
      refuses(countersign, () => key.withAlg("RSA1_5"), [
        "OPTION_INVALID",
        'option "alg" is not a supported key management algorithm',
      ]);
    },
  },
  {
    name: "tells_what_a_key_for_encryption_is",
    check: ({ jwe: { EncryptionKey }, ...countersign }) => {
      const of = ({ curve, modulusLength }) => [curve, modulusLength];
      const key = EncryptionKey.generate("ECDH-ES");
      same(
        [of(key), of(key.publicKey())],
        [
          ["X25519", undefined],
          ["X25519", undefined],
        ],
      );
      same(of(EncryptionKey.generate("ECDH-ES", { crv: "P-384" })), ["P-384", undefined]);
      same(of(EncryptionKey.generate("A128KW")), [undefined, undefined]);
      const { n, e } = { n: `_${"A".repeat(340)}Q`, e: "AQAB" };
      same(of(EncryptionKey.fromJwk({ kty: "RSA", n, e }, { alg: "RSA-OAEP" })), [undefined, 2048]);
      same(key.thumbprint(), key.publicKey().thumbprint());
      same([key.thumbprint().length, key.thumbprint("sha384").length, key.thumbprint("sha512").length], [43, 64, 86]);
      refuses(countersign, () => key.thumbprint("md5"), [
        "OPTION_INVALID",
        'option "hash" is not sha256, sha384 or sha512',
      ]);
      const password = EncryptionKey.fromPassword("correct horse", { alg: "PBES2-HS256+A128KW" });
      refuses(countersign, () => password.thumbprint(), ["KEY_USAGE", "a password has no JWK form"]);
    },
  },
  {
    name: "gives_both_classes_the_same_thumbprint",
    check: ({ Key, jwe: { EncryptionKey } }) => {
      const key = Key.generate("ES256");
      const sealing = EncryptionKey.fromPem(key.toPem(), { alg: "ECDH-ES" });
      for (const [hash, length] of [
        ["sha256", 43],
        ["sha384", 64],
        ["sha512", 86],
      ]) {
        same(sealing.thumbprint(hash).length, length);
        same(sealing.thumbprint(hash), key.thumbprint(hash));
      }
    },
  },
  {
    name: "cannot_be_made_by_its_constructor",
    check: (countersign) => {
      for (const value of [undefined, {}, secret, hmacKey(countersign)]) {
        refuses(countersign, () => new countersign.Key(value), [
          "KEY_INVALID",
          "make a key with Key.from… or generate",
        ]);
      }
    },
  },
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
    check: (countersign) =>
      refuses(countersign, () => hmacKey(countersign).publicKey(), ["KEY_USAGE", "a secret has no public half"]),
  },
  {
    name: "cannot_be_given_another_alg_kid_or_type",
    check: (countersign) => {
      const key = hmacKey(countersign, { kid: "a" });
      for (const name of ["alg", "kid", "type"]) {
        const before = key[name];
        holds(!Reflect.set(key, name, "none"), `${name} could be set`);
        holds(!Reflect.defineProperty(key, name, { value: "none" }), `${name} could be defined`);
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
      for (const text of [JSON.stringify(key), String(key), JSON.stringify(Object.entries(key))])
        holds(!text.includes(k), "the secret shows");
    },
  },
  {
    name: "refuses_a_secret_text_with_a_lone_surrogate",
    check: (countersign) =>
      refuses(countersign, () => countersign.Key.fromSecret("\ud800".repeat(40), { alg: "HS256" }), [
        "KEY_INVALID",
        "secret is not well-formed text",
      ]),
  },
];
