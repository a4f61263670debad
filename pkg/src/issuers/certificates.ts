/** Key sets that are a JSON object of certificates in PEM by `kid`, as Google publishes them for Firebase. */

import { Key } from "../key.js";
import { readText } from "../remote/limits.js";
import { fetchOfPlatform, type RemoteKeySetOptions } from "../remote/options.js";
import { JwksUnavailable } from "../remote/unavailable.js";

/** The most bytes of the object. */
const MAX_BYTES = 131_072;

/** The algorithm of these keys. */
const ALGORITHM = "RS256";

/** Options whose `fetch` turns the object into a JWK Set. The certificates are trusted because of the address. */
export function certificateFetch(options: RemoteKeySetOptions = {}): RemoteKeySetOptions {
  const { fetch: ask = fetchOfPlatform } = options;
  return {
    ...options,
    fetch: async (url, init) => {
      const response = await ask(url, init);
      if (response.status !== 200 || response.redirected) return response;
      const text = await readText(response.body, options.maxResponseBytes ?? MAX_BYTES, init.signal ?? undefined);
      return new Response(JSON.stringify({ keys: keysOf(text) }), { headers: response.headers });
    },
  };
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
