// Keys of WebCrypto: they sign and check where the platform keeps them, and only what they are for.

import { holds, rejects, same, thrownBy } from "./assertions.mjs";
import { now, rsaJwk } from "./materials.mjs";

const ec = (namedCurve) => ({ name: "ECDSA", namedCurve });
const rsa = (name, hash) => ({ name, hash });
const PKCS1 = "RSASSA-PKCS1-v1_5";

/** What WebCrypto needs for a key of each algorithm. */
const PARAMETERS = {
  ES256: ec("P-256"),
  ES384: ec("P-384"),
  ES512: ec("P-521"),
  EdDSA: { name: "Ed25519" },
  Ed25519: { name: "Ed25519" },
  RS256: rsa(PKCS1, "SHA-256"),
  RS384: rsa(PKCS1, "SHA-384"),
  RS512: rsa(PKCS1, "SHA-512"),
  PS256: rsa("RSA-PSS", "SHA-256"),
  PS384: rsa("RSA-PSS", "SHA-384"),
  PS512: rsa("RSA-PSS", "SHA-512"),
};

const SECRETS = { HS256: "SHA-256", HS384: "SHA-384", HS512: "SHA-512" };

/** Keys are expensive, and many cases use the same. An RSA key takes seconds to find, so that one is fixed. */
const made = new Map();
const pair = (parameters) => {
  const name = JSON.stringify(parameters);
  if (!made.has(name)) made.set(name, makePair(parameters));
  return made.get(name);
};
async function makePair(parameters) {
  if (!parameters.name.startsWith("RSA")) return crypto.subtle.generateKey(parameters, false, ["sign", "verify"]);
  const { kty, n, e } = rsaJwk;
  return {
    privateKey: await crypto.subtle.importKey("jwk", rsaJwk, parameters, false, ["sign"]),
    publicKey: await crypto.subtle.importKey("jwk", { kty, n, e }, parameters, true, ["verify"]),
  };
}
const secretFor = (hash, usages = ["sign", "verify"]) =>
  crypto.subtle.generateKey({ name: "HMAC", hash }, false, usages);

const KEPT = "this key is kept elsewhere: use signAsync, signJwsAsync or signJwsJsonAsync";

/** A pair signs, its public half checks, and nothing gives the private half away. */
async function goesRound(countersign, alg) {
  const { privateKey, publicKey } = await pair(PARAMETERS[alg]);
  const key = await countersign.Key.fromCryptoKey(privateKey, { alg, kid: "k", publicKey });
  const half = await countersign.Key.fromCryptoKey(publicKey, { alg, kid: "k" });
  same([key.type, key.alg, key.kid, half.type], ["private", alg, "k", "public"]);
  same([key.curve, key.modulusLength], [half.curve, half.modulusLength]);
  same(key.toJwk(), half.toJwk());
  same(key.thumbprint(), half.thumbprint());
  same(key.publicKey().toJwk(), half.toJwk());
  const token = await countersign.signAsync({ sub: "alice" }, key, { now });
  for (const each of [half, key, new countersign.KeySet([key]), new countersign.KeySet([half])]) {
    same(countersign.verify(token, each, { now }).claims.sub, "alice");
    same((await countersign.verifyAsync(token, each, { now })).claims.sub, "alice");
  }
  const other = await countersign.signAsync({ sub: "bob" }, key.withKid("other"), { now });
  same(countersign.decodeUnverified(other).header, { alg, typ: "JWT", kid: "other" });
  const payload = new TextEncoder().encode("bytes");
  const jws = await countersign.signJwsAsync(payload, key);
  same(new TextDecoder().decode(countersign.verifyJws(jws, half).payload), "bytes");
  const signed = await countersign.signJwsJsonAsync(payload, [{ key }]);
  same(countersign.verifyJwsJson(signed, half).signatures.length, 1);
  const unknown = await countersign.Key.fromCryptoKey(privateKey, { alg });
  same(
    countersign.verify(await countersign.signAsync({ sub: "eve" }, unknown, { now }), half, { now }).claims.sub,
    "eve",
  );
  const refusals = [
    [() => countersign.sign({}, key), KEPT],
    [() => new countersign.Signer(key).sign({}), KEPT],
    [() => countersign.signJws(payload, key), KEPT],
    [() => countersign.signJwsJson(payload, { key }), KEPT],
    [() => key.toJwk({ private: true }), "this key is kept elsewhere and cannot be exported"],
    [() => key.toPem({ private: true }), "this key is kept elsewhere and cannot be exported"],
    [() => key.toDer({ private: true }), "this key is kept elsewhere and cannot be exported"],
    ...["toJwk", "toPem", "toDer", "thumbprint", "publicKey"].map((method) => [
      () => unknown[method](),
      'the public half of this key is not known: pass it as "publicKey" with the key',
    ]),
    [
      () => countersign.verify(token, unknown),
      'the public half of this key is not known: pass it as "publicKey" with the key',
    ],
  ];
  for (const [refused, message] of refusals) {
    const { code, message: told } = thrownBy(refused);
    same([code, told], ["KEY_USAGE", message]);
  }
}

/** A secret signs and checks where it is. */
async function macs(countersign, alg) {
  const key = await countersign.Key.fromCryptoKey(await secretFor(SECRETS[alg]), { alg, kid: "k" });
  same([key.type, key.alg, key.kid], ["secret", alg, "k"]);
  const signer = new countersign.Signer(key, { issuer: "me", audience: "us" });
  const verifier = new countersign.Verifier(key, { issuer: "me", audience: "us" });
  const token = await signer.signAsync({ sub: "alice" }, { now });
  const { header, claims } = await verifier.verifyAsync(token, { now });
  same([header, claims.sub], [{ alg, typ: "JWT", kid: "k" }, "alice"]);
  same((await countersign.verifyAsync(token, key, { audience: "us", now })).claims.sub, "alice");
  const dot = token.lastIndexOf(".");
  const changed = token[dot + 1] === "A" ? "B" : "A";
  const invalid = ["TOKEN_SIGNATURE_INVALID", "signature does not match"];
  const altered = [
    [`${token.slice(0, dot + 1)}${changed}${token.slice(dot + 2)}`, invalid],
    [`${token.slice(0, dot + 5)}`, invalid],
    [`${token.slice(0, dot + 1)}`, invalid],
    [`${token}AAAA`, invalid],
    [`${token.slice(0, dot + 2)}`, ["TOKEN_MALFORMED", "signature is not canonical base64url"]],
    ["a.b", ["TOKEN_MALFORMED", "token is not three segments separated by dots"]],
    [7, ["TOKEN_MALFORMED", "token is not a string"]],
  ];
  for (const [bad, expected] of altered) {
    await rejects(countersign, () => verifier.verifyAsync(bad, { now }), expected);
  }
  const another = countersign.Key.generate(alg);
  await rejects(
    countersign,
    () => verifier.verifyAsync(countersign.sign({ iss: "me", aud: "us" }, another), { now }),
    invalid,
  );
  const late = new Date(now.getTime() + 3600_000);
  await rejects(countersign, () => verifier.verifyAsync(token, { now: late }), [
    "TOKEN_EXPIRED",
    "token has expired",
    "exp",
  ]);
  const theirs = { audience: "them", now };
  await rejects(countersign, () => verifier.verifyAsync(token, theirs), [
    "CLAIM_INVALID",
    '"aud" claim names no accepted audience',
    "aud",
  ]);
  const publicKey = countersign.Key.generate("EdDSA");
  await rejects(countersign, () => verifier.verifyAsync(countersign.sign({}, publicKey)), [
    "TOKEN_ALGORITHM_MISMATCH",
    thrownBy(() => countersign.verify(countersign.sign({}, publicKey), another)).message,
  ]);
  same(thrownBy(() => verifier.verify(token)).code, "KEY_USAGE");
  same(thrownBy(() => countersign.verify(token, key)).code, "KEY_USAGE");
  same(thrownBy(() => countersign.sign({}, key)).message, KEPT);
  same(thrownBy(() => key.toJwk({ private: true })).code, "KEY_USAGE");
  same(thrownBy(() => key.publicKey()).message, "a secret has no public half");
  verifier.free();
  same((await countersign.verifyAsync(token, key, { audience: "us", now })).claims.sub, "alice");
}

/** A `CryptoKey` and the algorithms that it is not for. */
const WRONG = [
  ["ES256", ["ES384", "RS256", "PS256", "HS256", "EdDSA"], "ECDSA with P-256"],
  ["ES384", ["ES256", "ES512"], "ECDSA with P-384"],
  ["EdDSA", ["ES256", "HS256"], "Ed25519"],
  ["RS256", ["PS256", "RS384", "RS512", "ES256"], `${PKCS1} with SHA-256`],
  ["PS256", ["RS256", "PS384", "HS256"], "RSA-PSS with SHA-256"],
];
const NEEDS = {
  ES256: "ECDSA with P-256",
  ES384: "ECDSA with P-384",
  ES512: "ECDSA with P-521",
  EdDSA: "Ed25519",
  RS256: `${PKCS1} with SHA-256`,
  RS384: `${PKCS1} with SHA-384`,
  RS512: `${PKCS1} with SHA-512`,
  PS256: "RSA-PSS with SHA-256",
  PS384: "RSA-PSS with SHA-384",
  HS256: "HMAC with SHA-256",
};

async function refusesOthers(countersign, alg, others, purpose) {
  const { privateKey, publicKey } = await pair(PARAMETERS[alg]);
  for (const other of others) {
    const message = `this CryptoKey is for ${purpose}; alg "${other}" needs ${NEEDS[other]}`;
    for (const key of [privateKey, publicKey]) {
      await rejects(countersign, () => countersign.Key.fromCryptoKey(key, { alg: other }), ["KEY_INVALID", message]);
    }
  }
}

export const cases = [
  ...Object.keys(PARAMETERS).map((alg) => ({
    name: `signs_with_a_CryptoKey_for_${alg}_that_cannot_be_exported`,
    check: (countersign) => goesRound(countersign, alg),
  })),
  ...Object.keys(SECRETS).map((alg) => ({
    name: `signs_and_checks_with_a_secret_CryptoKey_for_${alg}`,
    check: (countersign) => macs(countersign, alg),
  })),
  ...WRONG.map(([alg, others, purpose]) => ({
    name: `refuses_a_CryptoKey_for_${alg}_under_another_algorithm`,
    check: (countersign) => refusesOthers(countersign, alg, others, purpose),
  })),
  {
    name: "refuses_what_is_no_CryptoKey",
    check: async (countersign) => {
      const { privateKey } = await pair(PARAMETERS.ES256);
      const fake = { type: "private", extractable: false, algorithm: PARAMETERS.ES256, usages: ["sign"] };
      const tagged = {
        ...fake,
        type: "public",
        extractable: true,
        usages: ["verify"],
        [Symbol.toStringTag]: "CryptoKey",
      };
      const none = [
        tagged,
        undefined,
        null,
        "key",
        {},
        fake,
        { privateKey },
        countersign.Key.generate("ES256"),
        new Uint8Array(32),
      ];
      for (const value of none) {
        const read = () => countersign.Key.fromCryptoKey(value, { alg: "ES256" });
        await rejects(countersign, read, ["KEY_INVALID", "not a CryptoKey"]);
      }
    },
  },
  {
    name: "refuses_options_that_are_wrong_beside_a_CryptoKey",
    check: async (countersign) => {
      const { privateKey } = await pair(PARAMETERS.ES256);
      const refused = [
        [{}, 'missing option "alg"'],
        [{ alg: "none" }, 'option "alg" is not a supported algorithm'],
        [{ alg: "ES256K" }, 'option "alg" is not a supported algorithm'],
        [{ alg: 7 }, 'option "alg" is not a string'],
        [{ alg: "ES256", kid: 7 }, 'option "kid" is not a string'],
        [{ alg: "ES256", extractable: true }, 'unknown option "extractable"'],
        [undefined, "options are not an object"],
      ];
      for (const [options, message] of refused) {
        await rejects(countersign, () => countersign.Key.fromCryptoKey(privateKey, options), [
          "OPTION_INVALID",
          message,
        ]);
      }
    },
  },
  {
    name: "refuses_a_CryptoKey_without_the_usage_it_needs",
    check: async (countersign) => {
      const lacks = (usage) => ["KEY_USAGE", `the CryptoKey does not have the usage "${usage}"`];
      const checks = await countersign.Key.fromCryptoKey(await secretFor("SHA-256", ["verify"]), { alg: "HS256" });
      await rejects(countersign, () => countersign.signAsync({}, checks), lacks("sign"));
      const signs = await countersign.Key.fromCryptoKey(await secretFor("SHA-256", ["sign"]), { alg: "HS256" });
      const token = await countersign.signAsync({ sub: "alice" }, signs);
      await rejects(countersign, () => countersign.verifyAsync(token, signs), lacks("verify"));
      const agrees = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
      const read = () => countersign.Key.fromCryptoKey(agrees.privateKey, { alg: "ES256" });
      const message = 'this CryptoKey is for ECDH with P-256; alg "ES256" needs ECDSA with P-256';
      await rejects(countersign, read, ["KEY_INVALID", message]);
      const { publicKey } = await pair(PARAMETERS.ES256);
      const raw = await crypto.subtle.exportKey("raw", publicKey);
      const without = await crypto.subtle.importKey("raw", raw, PARAMETERS.ES256, true, []);
      await rejects(countersign, () => countersign.Key.fromCryptoKey(without, { alg: "ES256" }), lacks("verify"));
    },
  },
  {
    name: "refuses_a_public_CryptoKey_that_cannot_be_exported",
    check: async (countersign) => {
      const { publicKey } = await pair(PARAMETERS.ES256);
      const spki = await crypto.subtle.exportKey("spki", publicKey);
      const kept = await crypto.subtle.importKey("spki", spki, PARAMETERS.ES256, false, ["verify"]);
      await rejects(countersign, () => countersign.Key.fromCryptoKey(kept, { alg: "ES256" }), [
        "KEY_INVALID",
        "the public CryptoKey is not extractable: import it as extractable",
      ]);
    },
  },
  {
    name: "refuses_a_private_CryptoKey_with_the_public_half_of_another",
    check: async (countersign) => {
      const { privateKey } = await pair(PARAMETERS.ES256);
      const other = await crypto.subtle.generateKey(PARAMETERS.ES256, false, ["sign", "verify"]);
      const apart = ["KEY_INVALID", "private and public key do not belong together"];
      for (const publicKey of [other.publicKey, countersign.Key.generate("ES256").publicKey()]) {
        const read = () => countersign.Key.fromCryptoKey(privateKey, { alg: "ES256", publicKey });
        await rejects(countersign, read, apart);
      }
      for (const publicKey of [privateKey, other.privateKey]) {
        const read = () => countersign.Key.fromCryptoKey(privateKey, { alg: "ES256", publicKey });
        await rejects(countersign, read, ["OPTION_INVALID", 'option "publicKey" is not a public key']);
      }
    },
  },
  {
    name: "refuses_a_secret_CryptoKey_that_is_too_short",
    check: async (countersign) => {
      const short = await crypto.subtle.importKey(
        "raw",
        new Uint8Array(31).fill(7),
        { name: "HMAC", hash: "SHA-256" },
        false,
        ["sign", "verify"],
      );
      const read = (options) => countersign.Key.fromCryptoKey(short, { alg: "HS256", ...options });
      await rejects(countersign, () => read({}), [
        "KEY_TOO_WEAK",
        'HS256 needs a secret of at least 32 bytes: option "allowShort" accepts it during a migration',
      ]);
      const key = await read({ allowShort: true });
      const own = countersign.Key.fromSecret(new Uint8Array(31).fill(7), { alg: "HS256", allowShort: true });
      same(await countersign.signAsync({ sub: "a" }, key, { now }), countersign.sign({ sub: "a" }, own, { now }));
    },
  },
  {
    name: "makes_tokens_that_differ_in_nothing_from_those_of_a_secret_that_is_here",
    check: async (countersign) => {
      for (const [alg, hash] of Object.entries(SECRETS)) {
        const bytes = crypto.getRandomValues(new Uint8Array(64));
        const kept = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["sign", "verify"]);
        const key = await countersign.Key.fromCryptoKey(kept, { alg, kid: "k" });
        const own = countersign.Key.fromSecret(bytes, { alg, kid: "k" });
        const token = countersign.sign({ sub: "a" }, own, { now });
        same(await countersign.signAsync({ sub: "a" }, key, { now }), token);
        same(
          (await countersign.verifyAsync(token, key, { now })).claims,
          countersign.verify(token, own, { now }).claims,
        );
      }
    },
  },
  {
    name: "forgets_a_CryptoKey_that_is_freed",
    check: async (countersign) => {
      const { privateKey, publicKey } = await pair(PARAMETERS.ES256);
      const key = await countersign.Key.fromCryptoKey(privateKey, { alg: "ES256", publicKey });
      key.free();
      await rejects(countersign, () => countersign.signAsync({}, key), ["KEY_INVALID", "key has been freed"]);
      holds(crypto.subtle !== undefined, "there is no WebCrypto");
    },
  },
];
