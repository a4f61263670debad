// What each `op` of the vectors does with the package, and in which ways: where the interface offers several ways to
// the same answer (a one-shot function, an object made beforehand, options given early or late), all of them must give it.

import { bytes } from "./bytes.mjs";
import { difference, show } from "./equal.mjs";

/**
 * An operation: `ways(context)` gives functions that must all answer alike, at once or by a promise;
 * `compare(actual, expected)` says what is wrong with an answer. A way may carry a `view`, which turns the expectation into the form that way answers in.
 */
export const operations = {
  decode: {
    ways: ({ countersign, input }) => [
      () => countersign.decodeUnverified(input.token),
      () => countersign.decode.decodeUnverified(input.token),
    ],
    compare: difference,
  },
  decodeHeader: {
    ways: ({ countersign, input }) => [
      () => countersign.decodeHeaderUnverified(input.token),
      () => countersign.decode.decodeHeaderUnverified(input.token),
    ],
    compare: difference,
  },
  decrypt: {
    ways: ({ countersign, input, encryptionKeys }) => [
      () => {
        const { header, plaintext } = countersign.jwe.decrypt(input.token, encryptionKeys(), ...given(input.options));
        return { header, plaintext: new TextDecoder().decode(plaintext) };
      },
    ],
    compare: difference,
  },
  decryptAndVerify: {
    ways: (context) => {
      const { countersign, input, encryptionKeys, keep } = context;
      return [
        () => {
          const verifier = keep(new countersign.Verifier(keep(countersign.Key.fromJwk(input.signer))));
          const now = new Date(input.now * 1000);
          const at = { verify: (token) => verifier.verify(token, { now }) };
          return countersign.jwe.decryptAndVerify(input.token, encryptionKeys(), at, ...given(input.options));
        },
      ];
    },
    compare: difference,
  },
  decryptClaims: {
    ways: ({ countersign, input, encryptionKeys }) => [
      () => {
        const now = new Date(input.now * 1000);
        return countersign.jwe.decryptClaims(input.token, encryptionKeys(), { ...input.options, now });
      },
    ],
    compare: difference,
  },
  decryptJson: {
    ways: ({ countersign, input, encryptionKeys }) => {
      const decrypt = (jwe) => () => {
        const decrypted = countersign.jwe.decryptJson(jwe, encryptionKeys(), ...given(input.options));
        const { aad, plaintext, ...rest } = decrypted;
        return { ...rest, plaintext: new TextDecoder().decode(plaintext), ...(aad && { aad: inBase64url(aad) }) };
      };
      return [decrypt(input.jwe), ...(isWrittenByJson(input.jwe) ? [decrypt(JSON.parse(input.jwe))] : [])];
    },
    compare: difference,
  },
  encryptJson: {
    ways: (context) => [() => encryptedJson(context)],
    compare: difference,
  },
  encrypt: {
    ways: ({ countersign, input, encryptionKeys }) => [
      () => {
        const { encrypt, decrypt } = countersign.jwe;
        const key = encryptionKeys();
        const plaintext = new TextEncoder().encode(input.plaintext);
        const token = encrypt(plaintext, key, ...given(input.options));
        const { header, plaintext: again } = decrypt(token, key);
        if (difference([...again], [...plaintext]) !== undefined) throw new Error("another content came back");
        // What was drawn at random, and was good enough to be decrypted with.
        for (const name of ["epk", "iv", "p2s", "tag"]) if (Object.hasOwn(header, name)) header[name] = "<drawn>";
        return header;
      },
    ],
    compare: difference,
  },
  exportEncryptionKey: {
    ways: ({ input, encryptionKeys }) => [
      () => {
        const key = encryptionKeys();
        return input.form === "pem" ? key.toPem(exported(input)) : key.toJwk(exported(input));
      },
    ],
    compare: difference,
  },
  exportDer: {
    ways: (context) => [() => inBase64url(context.key(context.input.key).toDer(exported(context.input)))],
    compare: difference,
  },
  exportJwk: {
    ways: (context) => [() => context.key(context.input.key).toJwk(exported(context.input))],
    compare: difference,
  },
  exportPem: {
    ways: (context) => [() => context.key(context.input.key).toPem(exported(context.input))],
    compare: difference,
  },
  hash: {
    ways: ({ countersign, input }) => [
      () => {
        const hasher = new countersign.PasswordHasher(...given(input.policy));
        const made = hasher.hash(input.password, ...bound(input));
        if (!hasher.verify(input.password, made, ...bound(input)).ok) {
          throw new Error("a hash that was just made does not verify");
        }
        return made;
      },
      () => countersign.hashPassword(input.password, input.policy, ...bound(input)),
      () => countersign.hashPasswordAsync(input.password, input.policy, ...bound(input)),
    ],
    compare: matches,
  },
  importEncryptionKey: {
    ways: ({ input, encryptionKeys, keep }) => [
      () => {
        const imported = encryptionKeys();
        const { alg, enc, kid, type } = input.as === "public" ? keep(imported.publicKey()) : imported;
        return { alg, enc: enc === undefined ? null : enc, kid: kid === undefined ? null : kid, type };
      },
    ],
    compare: difference,
  },
  importKey: {
    ways: (context) => [
      () => {
        const imported = context.key(context.input.key);
        const { alg, kid, type } = context.input.as === "public" ? context.keep(imported.publicKey()) : imported;
        return { alg, kid: kid === undefined ? null : kid, type };
      },
    ],
    compare: difference,
  },
  issue: {
    ways: (context) => {
      const publicKey = () => context.keep(context.key(context.input.key).publicKey());
      const options = { now: new Date(context.input.now * 1000) };
      return signing(context).map((way) => () => context.countersign.verify(way(), publicKey(), options));
    },
    compare: difference,
  },
  judge: {
    ways: ({ countersign, input }) => [
      () => {
        const now = new Date(input.now * 1000);
        return countersign.judgeClaims(input.claims, { ...input.options, now }) ?? null;
      },
    ],
    compare: difference,
  },
  keySet: {
    ways: (context) => [() => context.keys(context.input.keys).toJwks()],
    compare: difference,
  },
  describePassword: {
    ways: ({ countersign, input }) => [
      () => new countersign.PasswordHasher(...given(input.policy)).describe(input.stored),
    ],
    compare: difference,
  },
  identifyPassword: {
    ways: ({ countersign, input }) => [
      () => new countersign.PasswordHasher(...given(input.policy)).identify(input.stored),
    ],
    compare: difference,
  },
  needsRehash: {
    ways: ({ countersign, input }) => [
      () => new countersign.PasswordHasher(...given(input.policy)).needsRehash(input.stored, ...bound(input)),
    ],
    compare: difference,
  },
  rejectedKeys: {
    ways: (context) => [
      () => context.keys(context.input.keys).rejected.map(({ kid = null, ...rest }) => ({ ...rest, kid })),
    ],
    compare: difference,
  },
  sign: { ways: (context) => signing(context).map((way) => inWasm(context, way)), compare: difference },
  signJws: {
    ways: (context) => {
      const { countersign, input } = context;
      const way = (sign) => () => sign(bytes(input.payload), context.key(input.key), ...given(input.options));
      return [countersign.signJws, countersign.signJwsAsync].map((sign) => inWasm(context, way(sign)));
    },
    compare: difference,
  },
  signJwsJson: {
    ways: (context) => {
      const { countersign, input } = context;
      // One key that is named twice is one key.
      const keys = new Map();
      const key = (name) => keys.get(name) ?? keys.set(name, context.key(name)).get(name);
      const signer = (spec) => ({ ...spec, key: key(spec.key) });
      const signers = () => (Array.isArray(input.signers) ? input.signers.map(signer) : signer(input.signers));
      const way = (sign) => () => sign(bytes(input.payload), signers(), ...given(input.options));
      return [countersign.signJwsJson, countersign.signJwsJsonAsync].map((sign) => inWasm(context, way(sign)));
    },
    compare: difference,
  },
  signClaims: {
    ways: (context) => signing(context).map((way) => () => context.countersign.decodeUnverified(way())),
    compare: (actual, expected) => difference(withoutRandomIds(actual, expected), expected),
  },
  thumbprint: {
    ways: (context) => [() => context.key(context.input.key).thumbprint(...given(context.input.hash))],
    compare: difference,
  },
  verify: {
    ways: (context) => {
      const { countersign, input, keep } = context;
      const now = new Date(input.now * 1000);
      const check = () => countersign.verify(input.token, context.keys(input.keys), { ...input.options, now });
      return [
        check,
        inWasm(context, check),
        () => keep(new countersign.Verifier(context.keys(input.keys), input.options)).verify(input.token, { now }),
        () => keep(new countersign.Verifier(context.keys(input.keys))).verify(input.token, { ...input.options, now }),
        () => keep(new countersign.Verifier(context.keys(input.keys), input.options)).verifyAsync(input.token, { now }),
        // By WebCrypto, also where there is `node:crypto`.
        asking(context, () => {
          const options = { ...input.options, now, engine: "platform" };
          return keep(new countersign.Verifier(context.keys(input.keys), options)).verifyAsync(input.token);
        }),
        asking(context, () =>
          countersign.verifyAsync(input.token, context.keys(input.keys), { ...input.options, now, engine: "platform" }),
        ),
      ];
    },
    compare: difference,
  },
  verifyAndUpdate: {
    ways: ({ countersign, input }) => {
      const args = [input.password, input.stored, ...bound(input)];
      const hasher = () => new countersign.PasswordHasher(...given(input.policy));
      return [() => hasher().verifyAndUpdate(...args), () => hasher().verifyAndUpdateAsync(...args)];
    },
    compare: ({ newHash = null, ...rest }, { newHash: pattern, ...expected }) =>
      difference(rest, expected) ??
      (pattern === null ? difference(newHash, null, "newHash") : matches(newHash, pattern)),
  },
  verifyJws: {
    ways: (context) => {
      const { countersign, input } = context;
      const check = () => countersign.verifyJws(input.jws, context.keys(input.keys), ...checking(input));
      return [check, inWasm(context, check)];
    },
    compare: (actual, expected) => difference(withTextualPayload(actual), expected),
  },
  verifyJwsJson: {
    ways: (context) => {
      const { countersign, input } = context;
      const check = (jws) => () => countersign.verifyJwsJson(jws, context.keys(input.keys), ...checking(input));
      // As an object, where that would be written as the same text.
      const asObject = isWrittenByJson(input.jws) ? [check(JSON.parse(input.jws))] : [];
      return [check(input.jws), ...asObject];
    },
    compare: (actual, expected) => difference(withTextualPayload(actual), expected),
  },
  verifyPassword: {
    ways: ({ countersign, input }) => {
      const args = [input.password, input.stored];
      const hasher = () => new countersign.PasswordHasher(...given(input.policy));
      return [
        () => hasher().verify(...args, ...bound(input)),
        () => hasher().verifyAsync(...args, ...bound(input)),
        Object.assign(() => countersign.verifyPassword(...args, input.policy, ...bound(input)), {
          view: (expected) => expected.ok,
        }),
      ];
    },
    compare: difference,
  },
};

function encryptedJson({ countersign, input, encryptionKey }) {
  const { encryptJson, decryptJson } = countersign.jwe;
  const to = input.to.map(encryptionKey);
  const { aad, ...others } = input.options ?? {};
  const options = { ...others, ...(aad !== undefined && { aad: bytes(aad) }) };
  const token = encryptJson(new TextEncoder().encode(input.plaintext), to, options);
  to.forEach((key, index) => {
    const { plaintext, recipient } = decryptJson(JSON.stringify(token), key);
    if (new TextDecoder().decode(plaintext) !== input.plaintext) throw new Error("another content came back");
    if (recipient !== index) throw new Error("another recipient came back");
  });
  const drawn = (header) => {
    for (const name of ["epk", "iv", "p2s", "tag"]) if (Object.hasOwn(header, name)) header[name] = "<drawn>";
    return header;
  };
  const shape = {
    protected: (text) => drawn(JSON.parse(new TextDecoder().decode(bytes(text)))),
    recipients: (all) => all.map(({ header }) => ({ header: drawn(header), encrypted_key: "<drawn>" })),
    aad: (text) => text,
    unprotected: (header) => header,
  };
  return Object.fromEntries(
    Object.entries(token).map(([name, value]) => [name, shape[name] ? shape[name](value) : "<drawn>"]),
  );
}

/** The options of a call for an account. */
function bound({ account }) {
  return account === undefined ? [] : [{ account }];
}

function signing(context) {
  const { countersign, input, keep } = context;
  const now = new Date(input.now * 1000);
  return [
    () => countersign.sign(input.claims, context.key(input.key), { ...input.options, now }),
    () => keep(new countersign.Signer(context.key(input.key), input.options)).sign(input.claims, { now }),
    () => keep(new countersign.Signer(context.key(input.key))).sign(input.claims, { ...input.options, now }),
  ];
}

// With nothing left to the platform's own cryptography, whose ECDSA signatures are others each time.
function inWasm({ countersign }, way) {
  return () => {
    countersign.usePlatformCryptography(false);
    try {
      return way();
    } finally {
      countersign.usePlatformCryptography(true);
    }
  };
}

// With WebCrypto where the engine wants it, and without `node:crypto`, which would answer first.
function asking({ countersign }, way) {
  return async () => {
    countersign.usePlatformCryptography(false);
    try {
      return await way();
    } finally {
      countersign.usePlatformCryptography(true);
    }
  };
}

// An argument that the case does not give is not passed at all.
function given(argument) {
  return argument === undefined ? [] : [argument];
}

function exported({ private: withPrivate, format }) {
  const options = {
    ...(withPrivate !== undefined && { private: withPrivate }),
    ...(format !== undefined && { format }),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

function inBase64url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// The options of a check, with the detached payload as bytes.
function checking({ options, detached }) {
  return given(detached === undefined ? options : { ...options, detached: bytes(detached) });
}

function withTextualPayload({ payload, ...rest }) {
  if (Object.prototype.toString.call(payload) !== "[object Uint8Array]") throw new Error("the payload is no bytes");
  return { ...rest, payload: inBase64url(payload) };
}

function isWrittenByJson(text) {
  try {
    return JSON.stringify(JSON.parse(text)) === text && text.startsWith("{");
  } catch {
    return false;
  }
}

function matches(actual, pattern) {
  if (typeof actual === "string" && new RegExp(`^(?:${pattern})$`, "u").test(actual)) return undefined;
  return `${show(actual)} does not match ${pattern}`;
}

// "<jti>" stands for an identifier that was drawn at random: 16 bytes in base64url.
function withoutRandomIds({ header, claims }, expected) {
  const drawn = expected.claims?.jti === "<jti>" && /^[\w-]{22}$/u.test(claims.jti);
  return { header, claims: drawn ? { ...claims, jti: "<jti>" } : claims };
}
