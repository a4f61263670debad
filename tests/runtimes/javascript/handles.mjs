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

const wrapped = (kind) => [
  "KEY_INVALID",
  `this ${kind} is a copy, or wrapped in a Proxy: pass the ${kind} itself, in Vue with markRaw or toRaw`,
];

/** Every function that takes a handle, and the methods of handles: name, kind, how it is made, and how it is used. */
const uses = [
  ["a_key_that_signs", "Key", (c) => hmacKey(c), (key, c) => c.sign({}, key)],
  ["a_key_that_checks", "Key", (c) => hmacKey(c), (key, c) => c.verify("a.b.c", key)],
  ["a_key_of_a_signer", "Key", (c) => hmacKey(c), (key, c) => new c.Signer(key)],
  ["a_key_of_a_verifier", "Key", (c) => hmacKey(c), (key, c) => new c.Verifier(key)],
  ["a_key_of_a_set", "Key", (c) => ed25519Key(c), (key, c) => new c.KeySet([key])],
  ["a_key_with_an_end", "Key", (c) => ed25519Key(c), (key, c) => new c.KeySet([{ key, until: new Date(9e15) }])],
  ["a_key_that_signs_bytes", "Key", (c) => hmacKey(c), (key, c) => c.signJws(new Uint8Array(1), key)],
  ["a_key_that_checks_bytes", "Key", (c) => hmacKey(c), (key, c) => c.verifyJws("a.b.c", key)],
  ["a_key_that_signs_json", "Key", (c) => hmacKey(c), (key, c) => c.signJwsJson(new Uint8Array(1), { key })],
  ["a_key_that_checks_json", "Key", (c) => hmacKey(c), (key, c) => c.verifyJwsJson("{}", key)],
  ["a_key_that_is_exported", "Key", (c) => ed25519Key(c), (key) => key.toJwk()],
  ["a_key_whose_thumbprint_is_taken", "Key", (c) => ed25519Key(c), (key) => key.thumbprint()],
  ["a_key_whose_public_half_is_taken", "Key", (c) => ed25519Key(c), (key) => key.publicKey()],
  ["a_key_that_is_freed", "Key", (c) => ed25519Key(c), (key, c) => ed25519Key(c).free.call(key)],
  ["a_set_that_checks", "KeySet", (c) => new c.KeySet([ed25519Key(c)]), (set, c) => c.verify("a.b.c", set)],
  ["a_set_that_checks_bytes", "KeySet", (c) => new c.KeySet([ed25519Key(c)]), (set, c) => c.verifyJws("a.b.c", set)],
  ["a_set_that_is_published", "KeySet", (c) => new c.KeySet([ed25519Key(c)]), (set) => set.toJwks()],
  [
    "a_set_that_is_freed",
    "KeySet",
    (c) => new c.KeySet([ed25519Key(c)]),
    (set, c) => new c.KeySet([ed25519Key(c)]).free.call(set),
  ],
  ["a_signer_that_signs", "Signer", (c) => new c.Signer(hmacKey(c)), (signer) => signer.sign({})],
  ["a_signer_that_is_freed", "Signer", (c) => new c.Signer(hmacKey(c)), (signer) => signer.free()],
  ["a_verifier_that_checks", "Verifier", (c) => new c.Verifier(hmacKey(c)), (verifier) => verifier.verify("a.b.c")],
  ["a_verifier_that_is_freed", "Verifier", (c) => new c.Verifier(hmacKey(c)), (verifier) => verifier.free()],
  [
    "an_encryption_key_that_encrypts",
    "EncryptionKey",
    (c) => c.jwe.EncryptionKey.generate("A256KW"),
    (key, c) => c.jwe.encrypt(new Uint8Array(1), key),
  ],
  [
    "an_encryption_key_that_decrypts",
    "EncryptionKey",
    (c) => c.jwe.EncryptionKey.generate("A256KW"),
    (key, c) => c.jwe.decrypt("a.b.c.d.e", key),
  ],
  [
    "an_encryption_key_among_several",
    "EncryptionKey",
    (c) => c.jwe.EncryptionKey.generate("A256KW"),
    (key, c) => c.jwe.decrypt("a.b.c.d.e", [key]),
  ],
  [
    "an_encryption_key_that_is_exported",
    "EncryptionKey",
    (c) => c.jwe.EncryptionKey.generate("A256KW"),
    (key) => key.toJwk({ private: true }),
  ],
];

/** What throws wherever it is looked at. */
const hostile = new Proxy(
  {},
  Object.fromEntries(
    ["get", "getOwnPropertyDescriptor", "getPrototypeOf", "has", "ownKeys"].map((trap) => [
      trap,
      () => {
        throw new Error("a trap");
      },
    ]),
  ),
);

export const cases = [
  ...uses.flatMap(([what, kind, make, use]) => [
    {
      name: `says_that_${what}_is_wrapped_in_a_proxy`,
      check: (countersign) => {
        const handle = make(countersign);
        refuses(countersign, () => use(new Proxy(handle, {}), countersign), wrapped(kind));
        // What looks like a handle and is none.
        refuses(countersign, () => use(Object.create(Object.getPrototypeOf(handle)), countersign), wrapped(kind));
        handle.free();
      },
    },
  ]),
  {
    name: "refuses_a_proxy_that_throws_in_place_of_a_key",
    check: (countersign) => {
      const noKey = [
        "KEY_INVALID",
        "not a Key or KeySet from this copy of the package: make one with Key.fromSecret, Key.fromPem or Key.fromJwk",
      ];
      refuses(countersign, () => countersign.sign({}, hostile), noKey);
      refuses(countersign, () => countersign.verify("a.b.c", hostile), noKey);
      refuses(countersign, () => new countersign.KeySet([hostile]), noKey);
    },
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
