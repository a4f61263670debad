// The platform's own cryptography, where there is one, and the core's: each checks what the other has signed.

import { holds, refuses, same } from "./assertions.mjs";
import { algorithms, keyFor, now } from "./materials.mjs";

/** The platform's share: all of RSA and ECDSA, and signing with Ed25519. */
const left = algorithms.filter((alg) => !alg.startsWith("HS"));

/** What `work` gives with the platform's help, or without. */
function helped(countersign, used, work) {
  countersign.usePlatformCryptography(used);
  try {
    return work();
  } finally {
    countersign.usePlatformCryptography(true);
  }
}

/** The token with one character of its signature changed, and its signature three bytes shorter, three longer, and away. */
function spoiled(token) {
  const dot = token.lastIndexOf(".") + 1;
  const changed = token[dot + 8] === "A" ? "B" : "A";
  return [
    `${token.slice(0, dot + 8)}${changed}${token.slice(dot + 9)}`,
    `${token.slice(0, dot)}${token.slice(dot + 4)}`,
    `${token.slice(0, dot)}AAAA${token.slice(dot)}`,
    token.slice(0, dot),
  ];
}

export const cases = [
  ...left.flatMap((alg) =>
    [true, false].map((used) => ({
      name: `checks_an_${alg}_token_signed_${used ? "by_the_platform" : "in_WebAssembly"}_by_both`,
      check: (countersign) => {
        const key = keyFor(countersign, alg);
        const publicKey = key.publicKey();
        const token = helped(countersign, used, () => countersign.sign({ sub: "alice" }, key, { now }));
        for (const other of [true, false]) {
          helped(countersign, other, () => {
            // A table of the key's multiples is made on the way.
            for (let round = 0; round < 6; round += 1)
              same(countersign.verify(token, publicKey, { now }).claims.sub, "alice");
            for (const wrong of spoiled(token)) {
              refuses(countersign, () => countersign.verify(wrong, publicKey, { now }), [
                "TOKEN_SIGNATURE_INVALID",
                "signature does not match",
              ]);
            }
          });
        }
      },
    })),
  ),
  ...left.map((alg) => ({
    name: `goes_on_with_an_${alg}_key_when_the_platform_comes_and_goes`,
    check: (countersign) => {
      const key = keyFor(countersign, alg);
      const signer = new countersign.Signer(key, { now });
      const verifier = new countersign.Verifier(key, { now });
      for (const used of [true, false, true]) {
        const token = helped(countersign, used, () => signer.sign({ used }));
        same(verifier.verify(token).claims.used, used);
      }
      key.free();
      same(verifier.verify(signer.sign({ used: "freed" })).claims.used, "freed");
      signer.free();
      verifier.free();
    },
  })),
  ...["EdDSA", "Ed25519"].map((alg) => ({
    name: `signs_the_same_${alg}_token_with_the_platform_and_without`,
    check: (countersign) => {
      const key = keyFor(countersign, alg);
      const [by, without] = [true, false].map((used) =>
        helped(countersign, used, () => countersign.sign({ sub: "alice" }, key, { now })),
      );
      same(by, without);
      same(countersign.verify(by, key, { now }).claims.sub, "alice");
      refuses(countersign, () => countersign.verify(spoiled(by)[0], key, { now }), [
        "TOKEN_SIGNATURE_INVALID",
        "signature does not match",
      ]);
    },
  })),
  {
    name: "says_whether_the_platform_helps",
    check: (countersign) => {
      same(countersign.usePlatformCryptography(false), false);
      const there = countersign.usePlatformCryptography(true);
      holds(typeof there === "boolean", "not a boolean");
      same(countersign.usePlatformCryptography("yes"), false);
      same(countersign.usePlatformCryptography(true), there);
    },
  },
];
