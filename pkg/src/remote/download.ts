/** One request for a key set. */

import { lifetimeOf } from "./lifetime.js";
import type { Settings } from "./options.js";
import { readText } from "./text.js";
import { Unavailable, unavailable } from "./unavailable.js";
import { within } from "./within.js";

/** What a server gave, and until when it is to be used, in milliseconds since 1970. */
export interface Downloaded {
  readonly jwks: string;
  readonly fetchedAt: number;
  readonly expiresAt: number;
  /** Whether a cache may keep it. */
  readonly store: boolean;
}

/**
 * Asks the server, within the bounds of time and size.
 *
 * @throws `JWKS_UNAVAILABLE`, for whatever reason.
 */
export async function download(settings: Settings): Promise<Downloaded> {
  // `fetch` by itself: as a method of something, the platform's own refuses to be called.
  const { url, headers, fetch, timeoutMs, maxResponseBytes } = settings;
  const fetchedAt = Date.now();
  try {
    return await within(timeoutMs, tooSlow, async (signal) => {
      // "manual", because it is the one of the two ways not to follow that every runtime knows.
      const response = await fetch(url, { headers: { ...headers }, redirect: "manual", signal });
      refuseOther(response);
      const jwks = await readText(response.body, maxResponseBytes, signal);
      const { seconds = USUAL_SECONDS, store } = lifetimeOf(response.headers, fetchedAt);
      const lifeMs = Math.min(Math.max(seconds * 1000, settings.minAgeMs), settings.maxAgeMs);
      return { jwks, fetchedAt, expiresAt: fetchedAt + lifeMs, store };
    });
  } catch (thrown) {
    throw unavailable("the key set's server cannot be reached", thrown);
  }
}

/** How long a set is used if the server does not say. */
const USUAL_SECONDS = 600;

function tooSlow(): Unavailable {
  return new Unavailable("the key set's server took too long");
}

/**
 * Anything but 200 is no answer. A redirect could lead anywhere, so it is not followed; nor if somebody has done so.
 */
function refuseOther({ status, type, redirected, body }: Response): void {
  const moved = redirected || type === "opaqueredirect" || (300 <= status && status < 400);
  if (status === 200 && !moved) return;
  body?.cancel().catch(() => {});
  throw new Unavailable(
    moved ? "the key set's server redirects" : "the key set's server answers another status",
    status,
  );
}
