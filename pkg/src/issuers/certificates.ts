/** Key sets that are a JSON object of certificates in PEM by `kid`, as Google publishes them for Firebase. */

import { Key } from "../key.js";
import type { RemoteKeySetOptions } from "../remote/options.js";
import { JwksUnavailable } from "../remote/unavailable.js";
import { rewritingFetch } from "./rewrite.js";

/** The algorithm of these keys. */
const ALGORITHM = "RS256";

/** Options whose `fetch` turns the object into a JWK Set. The certificates are trusted because of the address. */
export function certificateFetch(options?: RemoteKeySetOptions): RemoteKeySetOptions {
  return rewritingFetch(options, (text) => JSON.stringify({ keys: keysOf(text) }));
}

function keysOf(text: string): object[] {
  let certificates: unknown;
  try {
    certificates = JSON.parse(text);
  } catch {
    // The platform's message quotes the text.
  }
  if (typeof certificates !== "object" || certificates === null || Array.isArray(certificates)) {
    throw new JwksUnavailable("not-json", "the key set is not a JSON object of certificates");
  }
  return Object.entries(certificates).map(([kid, pem]) => {
    try {
      const key = Key.fromUnverifiedCertificate(pem, { alg: ALGORITHM, kid });
      try {
        return key.toJwk();
      } finally {
        key.free();
      }
    } catch {
      // The set lists it among its rejected keys.
      return { kty: "unreadable certificate", kid };
    }
  });
}
