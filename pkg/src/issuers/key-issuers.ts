/** Key sets in which each key names its issuer, as Microsoft publishes them for all tenants together. */

import { readText } from "../remote/limits.js";
import { fetchOfPlatform, type RemoteKeySetOptions } from "../remote/options.js";

/** The most bytes of the set. */
const MAX_BYTES = 131_072;

/** Options whose `fetch` leaves out the keys that name another issuer than these. A key that names none stays. */
export function fetchOfOwnKeys(own: readonly string[], options: RemoteKeySetOptions = {}): RemoteKeySetOptions {
  const { fetch: ask = fetchOfPlatform } = options;
  return {
    ...options,
    fetch: async (url, init) => {
      const response = await ask(url, init);
      if (response.status !== 200 || response.redirected) return response;
      const text = await readText(response.body, options.maxResponseBytes ?? MAX_BYTES, init.signal ?? undefined);
      return new Response(ownKeys(text, own), { headers: response.headers });
    },
  };
}

/** The text of the set without the other keys. Anything but a set stays as it is, and is refused later. */
function ownKeys(text: string, own: readonly string[]): string {
  let set: { keys?: unknown } | null;
  try {
    set = JSON.parse(text);
  } catch {
    return text;
  }
  if (!Array.isArray(set?.keys)) return text;
  const keys = set.keys.filter((key) => key?.issuer === undefined || own.includes(key.issuer));
  return JSON.stringify({ ...set, keys });
}
