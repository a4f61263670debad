// What holds key material on the wasm side: how it ends, and what outlives it.

import { refuses, same } from "./assertions.mjs";
import { ed25519Key, goodToken, hmacKey, now } from "./materials.mjs";

const freed = (what) => ["KEY_INVALID", `${what} has been freed`];

/** Handles of every kind, and a use of each. */
const handles = [
  ["a_key", "key", (countersign) => hmacKey(countersign), (handle, { sign }) => sign({}, handle)],
  [
    "a_key_set",
    "key set",
    (countersign) => new countersign.KeySet([ed25519Key(countersign)]),
    (handle) => handle.toJwks(),
  ],
  ["a_signer", "signer", (countersign) => new countersign.Signer(hmacKey(countersign)), (handle) => handle.sign({})],
  [
    "a_verifier",
    "verifier",
    (countersign) => new countersign.Verifier(hmacKey(countersign)),
    (handle) => handle.verify("a.b.c"),
  ],
];

export const cases = [
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
      const [signer, verifier, set] = [
        new countersign.Signer(key),
        new countersign.Verifier(key),
        new countersign.KeySet([key]),
      ];
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
