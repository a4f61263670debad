/** The endpoint that ends sessions (RFC 7009). */

import type { CountersignError } from "../errors.js";
import { checkMethod, readOptions, wholeNumber } from "../options.js";
import { readForm } from "./form.js";
import { replyWithoutBody } from "./reply.js";
import { checkStandardRequest } from "./request.js";
import { asOAuth } from "./token-refusal.js";

/** Ends sessions: `Sessions` of `countersign/session`, or an object of the same shape. */
export interface EndableSessions {
  end(refreshToken: string): Promise<unknown>;
}

/** Options of {@link revocationEndpoint}. */
export interface RevocationEndpointOptions {
  /** The longest request body in bytes, from 1 to 1048576. Default 16384. */
  maxBodyBytes?: number;
}

/**
 * Makes a handler for `POST /revoke`: a client logs out by sending its refresh token as `token` in a form. The token
 * alone is enough; nothing else is asked for. `token_type_hint` is ignored.
 *
 * | request | response |
 * |---|---|
 * | a refresh token, also one that was used or never existed | 200, no body |
 * | an access token, which cannot be revoked | 400, `unsupported_token_type` |
 * | not a form, not UTF-8, no `token`, a parameter repeated | 400, `invalid_request` |
 * | a body that is too long | 413, `invalid_request` |
 * | the store fails (`STORE_UNAVAILABLE`) | 503, `temporarily_unavailable`, `Retry-After` |
 * | not `POST` | 405 |
 *
 * @param sessions The `Sessions`.
 * @param options See {@link RevocationEndpointOptions}.
 * @returns The handler. It rejects with any other error, and with `OPTION_INVALID` if the body was already read or if it is given
 * something that is not a standard `Request`.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown or of the wrong type, or `sessions` has no method `end`.
 *
 * @example
 * ```ts
 * const revoke = revocationEndpoint(sessions);
 * if (new URL(request.url).pathname === "/revoke") return revoke(request);
 * ```
 */
export function revocationEndpoint(
  sessions: EndableSessions,
  options: RevocationEndpointOptions = {},
): (request: Request) => Promise<Response> {
  const { maxBodyBytes } = readOptions(options, { maxBodyBytes: wholeNumber(1, 16_384, 1_048_576) });
  checkMethod("sessions", sessions, "end");

  return async (request) => {
    checkStandardRequest(request);
    if (request.method !== "POST") return asOAuth({ why: "method" });
    const form = await readForm(request, maxBodyBytes);
    if ("why" in form) return asOAuth(form);
    const token = form.parameters.get("token");
    if (token === undefined) return asOAuth({ why: "missing", missing: ["token"] });
    if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return asOAuth({ why: "token type" });
    try {
      // `end` also takes the id of a session. Others know that, from the access token for example.
      if (token.includes(".")) await sessions.end(token);
    } catch (error) {
      if ((error as Partial<CountersignError> | null)?.code === "STORE_UNAVAILABLE")
        return asOAuth({ why: "unavailable" });
      throw error;
    }
    return replyWithoutBody(200, {});
  };
}
