/** The error for a JWK Set that cannot be used: why, and what of the cause may be shown. */

import { CountersignError } from "../errors.js";

/** Why a set cannot be used. `docs/remote-keys.md` explains each word. */
export type JwksReason =
  | "cache"
  | "certificate"
  | "connection-refused"
  | "content"
  | "fetch"
  | "name-not-found"
  | "network"
  | "no-fetch"
  | "not-json"
  | "not-utf-8"
  | "redirect"
  | "status"
  | "timeout"
  | "tls"
  | "too-long"
  | "wait-until";

/**
 * A `JWKS_UNAVAILABLE` error. The platform's own error may contain the server's URL, and printing an error prints its
 * `cause`. So only `onRefreshError` receives that one. Callers get a `cause` with nothing but the error's code, or the HTTP
 * status.
 */
export class JwksUnavailable extends CountersignError {
  readonly #reason: JwksReason;
  readonly #cause: unknown;

  constructor(reason: JwksReason, message: string, cause?: unknown) {
    super("JWKS_UNAVAILABLE", message, undefined, reason);
    this.#reason = reason;
    this.#cause = cause;
  }

  /** A new error for a caller, and the cause. Each caller gets its own object, so that none can change another's. */
  get parts(): [error: CountersignError, cause: unknown] {
    const error = new CountersignError(this.code, this.message, undefined, this.#reason);
    const cause = shownCause(this.#cause);
    // As the constructor of `Error` defines it.
    if (cause !== undefined)
      Object.defineProperty(error, "cause", { configurable: true, value: cause, writable: true });
    return [error, this.#cause];
  }
}

/** Returns a `JwksUnavailable` unchanged, and wraps anything else as the cause of a new one. */
export function asJwksUnavailable(reason: JwksReason, message: string, thrown: unknown): JwksUnavailable {
  return thrown instanceof JwksUnavailable ? thrown : new JwksUnavailable(reason, message, thrown);
}

/** Why `fetch` failed, as far as the platform tells it. */
export function reasonOfFetch(thrown: unknown): JwksReason {
  const text = errorsUnder(thrown)
    .map(({ code, message }) => `${String(code)} ${String(message)}`)
    .join();
  if (/ECONNREFUSED|connection ?refused/i.test(text)) return "connection-refused";
  if (/ENOTFOUND|EAI_AGAIN|dns error|NAME_NOT_RESOLVED/i.test(text)) return "name-not-found";
  if (/CERT/i.test(text)) return "certificate";
  // The other side does not speak TLS: ERR_SSL_WRONG_VERSION_NUMBER in Node, InvalidContentType in Deno.
  if (/TLS|SSL|InvalidContentType/i.test(text)) return "tls";
  return "network";
}

function shownCause(cause: unknown): unknown {
  if (typeof cause === "number") return cause;
  const code = errorsUnder(cause)
    .map((error) => error.code)
    .find((value) => typeof value === "string" && /^[A-Za-z_]{1,64}$/.test(value));
  return code === undefined ? undefined : Object.assign(new Error(String(code)), { code });
}

/** An error and what caused it. Node's `fetch` wraps the error of the connection. */
function errorsUnder(thrown: unknown): { code?: unknown; message?: unknown }[] {
  const found: { code?: unknown; message?: unknown }[] = [];
  try {
    let error: unknown = thrown;
    for (let depth = 0; depth < 4 && typeof error === "object" && error !== null; depth += 1) {
      const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
      found.push({ code, message });
      error = cause;
    }
  } catch {
    // A caller's `fetch` may throw anything.
  }
  return found;
}
