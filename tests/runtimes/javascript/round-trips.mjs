// Each algorithm, from a key to a token and back.

import { holds, refuses, same } from "./assertions.mjs";
import { algorithms, keyFor, now, quickAlgorithms, rsaAlgorithms, seconds } from "./materials.mjs";

// Names of cases are names of tests in every runtime: letters, digits and underscores.
const inName = (alg) => alg.replaceAll("-", "_");
const kindOf = (alg) => (alg.startsWith("HS") ? "secret" : "private");
const wanted = { sub: "alice", iat: seconds, exp: seconds + 900 };

/** Signs with a key, and checks with it, with its public half, and with what its written forms are read as. */
function goesRound(countersign, key) {
  const { alg, kid } = key;
  const token = countersign.sign({ sub: "alice" }, key, { now });
  same(countersign.decodeUnverified(token).header, kid === undefined ? { alg, typ: "JWT" } : { alg, typ: "JWT", kid });
  same(countersign.verify(token, key, { now }).claims, wanted);
  const options = { alg, ...(kid !== undefined && { kid }) };
  const copies = [countersign.Key.fromJwk(key.toJwk({ private: true }))];
  if (kindOf(alg) === "private") {
    for (const format of formats(alg, true)) {
      copies.push(countersign.Key.fromPem(key.toPem({ private: true, format }), options));
      copies.push(countersign.Key.fromDer(key.toDer({ private: true, format }), options));
    }
    const publicCopies = [key.publicKey(), countersign.Key.fromJwk(key.toJwk())];
    for (const format of formats(alg, false)) {
      publicCopies.push(countersign.Key.fromPem(key.toPem({ format }), options));
      publicCopies.push(countersign.Key.fromDer(key.toDer({ format }), options));
    }
    for (const copy of publicCopies) {
      same({ alg: copy.alg, kid: copy.kid, type: copy.type }, { alg, kid, type: "public" });
      same(countersign.verify(token, copy, { now }).claims, wanted);
      same(copy.thumbprint(), key.thumbprint());
    }
  }
  for (const copy of copies) {
    same({ alg: copy.alg, kid: copy.kid, type: copy.type }, { alg, kid, type: kindOf(alg) });
    same(countersign.verify(countersign.sign({ sub: "alice" }, copy, { now }), key, { now }).claims, wanted);
  }
}

/** The forms of a half, the one that is written by default among them. */
function formats(alg, isPrivate) {
  const own = isPrivate ? ["pkcs8"] : ["spki"];
  if (rsaAlgorithms.includes(alg)) return [...own, "pkcs1"];
  return alg.startsWith("ES") && isPrivate ? [...own, "sec1"] : own;
}

export const cases = [
  ...algorithms.map((alg) => ({
    name: `signs_verifies_writes_and_reads_a_${alg}_key`,
    check: (countersign) => goesRound(countersign, keyFor(countersign, alg)),
  })),
  // One of each kind: a passphrase costs as much as a password.
  ...["RS256", "ES256", "EdDSA"]
    .flatMap((alg) => ["PEM", "DER"].map((encoding) => [alg, encoding]))
    .map(([alg, encoding]) => ({
      name: `writes_and_opens_an_encrypted_${alg}_key_in_${encoding}`,
      check: (countersign) => {
        const key = keyFor(countersign, alg);
        const passphrase = "correct horse battery staple";
        const options = { private: true, passphrase };
        const written = encoding === "PEM" ? key.toPem(options) : key.toDer(options);
        const open = (given) =>
          encoding === "PEM"
            ? countersign.Key.fromPem(written, { alg, ...given })
            : countersign.Key.fromDer(written, { alg, ...given });
        same(open({ passphrase }).toJwk({ private: true }), key.toJwk({ private: true }));
        const wantsIt = ["KEY_INVALID", "this private key is encrypted: pass its passphrase"];
        refuses(countersign, () => open({}), wantsIt, [passphrase]);
      },
    })),
  {
    // One of them: it takes seconds.
    name: "signs_and_verifies_with_a_generated_RSA_key",
    check: (countersign) => {
      const key = countersign.Key.generate("PS256", { kid: "a" });
      goesRound(countersign, key);
      const { n, e } = key.toJwk();
      same([atob(n.replaceAll("-", "+").replaceAll("_", "/")).length, e], [256, "AQAB"]);
    },
  },
  ...[...quickAlgorithms, "ML-DSA-44", "ML-DSA-65", "ML-DSA-87"].flatMap((alg) => [
    {
      name: `signs_and_verifies_with_a_generated_${inName(alg)}_key`,
      check: (countersign) => {
        goesRound(countersign, countersign.Key.generate(alg, { kid: "a" }));
      },
    },
    {
      name: `generates_another_${inName(alg)}_key_each_time`,
      check: (countersign) => {
        const prints = Array.from({ length: 8 }, () => countersign.Key.generate(alg).thumbprint());
        same(new Set(prints).size, prints.length);
        for (const print of prints) holds(/^[\w-]{43}$/u.test(print), "no thumbprint");
      },
    },
    {
      name: `refuses_a_token_of_another_${inName(alg)}_key`,
      check: (countersign) => {
        const token = countersign.sign({}, countersign.Key.generate(alg), { now });
        refuses(
          countersign,
          () => countersign.verify(token, countersign.Key.generate(alg), { now }),
          ["TOKEN_SIGNATURE_INVALID", "signature does not match"],
          [token],
        );
      },
    },
  ]),
  // RSASSA-PSS draws a salt each time.
  ...algorithms
    .filter((alg) => !alg.startsWith("PS"))
    .map((alg) => ({
      name: `signs_the_same_${alg}_token_by_every_road`,
      check: (countersign) => {
        const key = keyFor(countersign, alg);
        // A platform draws a nonce for ECDSA each time.
        countersign.usePlatformCryptography(false);
        try {
          const token = countersign.sign({ sub: "alice" }, key, { now });
          same(countersign.decodeUnverified(token).header, { alg, typ: "JWT" });
          same(new countersign.Signer(key, { now }).sign({ sub: "alice" }), token);
          const imported = countersign.Key.fromJwk(key.toJwk({ private: true }));
          same(countersign.sign({ sub: "alice" }, imported, { now }), token);
        } finally {
          countersign.usePlatformCryptography(true);
        }
      },
    })),
];
