// New key pairs by node:crypto.
//
// Node 20 deadlocks when a garbage collection destroys the job that generated a key while a JWK export of that key
// allocates: the export holds the key's mutex, and the job's destructor waits for it on the same thread. A key that was
// encoded and read again shares no mutex with the job. A test of the sources refuses every other way to generate a pair.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";

/** `{ privateKey, publicKey }`, of a type and options that `generateKeyPairSync` takes. */
export function makeKeyPair(type, options = {}) {
  const pair = generateKeyPairSync(type, {
    ...options,
    privateKeyEncoding: { format: "der", type: "pkcs8" },
    publicKeyEncoding: { format: "der", type: "spki" },
  });
  return {
    privateKey: createPrivateKey({ key: pair.privateKey, format: "der", type: "pkcs8" }),
    publicKey: createPublicKey({ key: pair.publicKey, format: "der", type: "spki" }),
  };
}
