/** Key sets in which each key names its issuer, as Microsoft publishes them for all tenants together. */

import type { RemoteKeySetOptions } from "../remote/options.js";
import { rewritingFetch } from "./rewrite.js";

/** Options whose `fetch` leaves out the keys that name another issuer than these. A key that names none stays. */
export function fetchOfOwnKeys(own: readonly string[], options?: RemoteKeySetOptions): RemoteKeySetOptions {
  return rewritingFetch(options, (text) => ownKeys(text, own));
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
