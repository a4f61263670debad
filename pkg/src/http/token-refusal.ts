/** The refusals of the token endpoint: in the words of RFC 6749 §5.2, or with FastAPI's `detail` as well. */

import { errorDescription, RETRY_AFTER, reply } from "./reply.js";

/** Why a log-in is refused. */
export type Refusal =
  | { readonly why: "busy" }
  | { readonly why: "grant type"; readonly known: readonly string[] }
  | { readonly why: "method" }
  | { readonly why: "nonce"; readonly nonce: string | undefined; readonly problem: string }
  | { readonly why: "proof"; readonly problem: string }
  | { readonly why: "refresh token"; readonly problem?: string }
  | { readonly why: "slow down"; readonly retryAfter: number }
  | { readonly why: "target" }
  | { readonly why: "unavailable" }
  | { readonly why: "wrong" }
  | { readonly why: "malformed"; readonly problem: string }
  | { readonly why: "scope"; readonly problem: string }
  | { readonly why: "too long"; readonly problem: string }
  | { readonly why: "missing"; readonly missing: readonly string[] };

/** Why a revocation is refused. */
export type RevocationRefusal = Refusal | { readonly why: "token type" };

/** Makes the response for a refusal. */
export type Refuse = (refusal: Refusal) => Response;

/** The response of RFC 6749. */
export function asOAuth(refusal: RevocationRefusal): Response {
  const { status, headers, body } = inOAuth(refusal);
  return reply(status, body, headers);
}

/** The same with FastAPI's status and `detail`, which its clients show. */
export const asFastApi: Refuse = (refusal) => {
  const { status, headers, body } = inOAuth(refusal);
  const [as, detail] = inFastApi(refusal, status);
  // The tutorial says so, although RFC 6750 is about tokens.
  const more = as === 401 ? { "WWW-Authenticate": "Bearer" } : {};
  return reply(as, { detail, ...body }, { ...headers, ...more });
};

interface OAuthRefusal {
  status: number;
  body: { error: string; error_description: string };
  headers?: Record<string, string>;
}

/** Status, headers and body of the response of RFC 6749. */
export function inOAuth(refusal: RevocationRefusal): OAuthRefusal {
  const { why } = refusal;
  if (why === "method")
    return { ...failure("invalid_request", "the method is not POST", 405), headers: { Allow: "POST" } };
  if (why === "wrong") return failure("invalid_grant", "the user name or the password is wrong");
  if (why === "grant type")
    return failure(
      "unsupported_grant_type",
      `the grant_type is not ${refusal.known.map((name) => `"${name}"`).join(" or ")}`,
    );
  if (why === "refresh token") return failure("invalid_grant", refusal.problem ?? "the refresh token is not valid");
  // RFC 9449 §5 and §8.
  if (why === "proof") return failure("invalid_dpop_proof", refusal.problem);
  if (why === "nonce") {
    const { nonce } = refusal;
    return {
      ...failure("use_dpop_nonce", refusal.problem),
      headers: nonce === undefined ? {} : { "DPoP-Nonce": nonce },
    };
  }
  // RFC 7009 §2.2.1.
  if (why === "token type") return failure("unsupported_token_type", "only refresh tokens can be revoked");
  // RFC 8707 §2.
  if (why === "target") return failure("invalid_target", "no tokens are issued for the requested resource");
  if (why === "missing") return failure("invalid_request", `missing parameter ${refusal.missing[0]}`);
  if (why === "busy") {
    // RFC 6749 §5.2 has no code for this. §4.1.2.1 has one for the authorization endpoint, with the same meaning.
    const busy = failure("temporarily_unavailable", "too many users log in at the same time", 503);
    return { ...busy, headers: { "Retry-After": RETRY_AFTER } };
  }
  if (why === "unavailable") {
    const down = failure("temporarily_unavailable", "nobody can log in at the moment", 503);
    return { ...down, headers: { "Retry-After": RETRY_AFTER } };
  }
  if (why === "slow down") {
    const { retryAfter } = refusal;
    const headers = Number.isFinite(retryAfter) ? { "Retry-After": String(retryAfter) } : {};
    // The name is that of RFC 8628 §3.5.
    return { ...failure("slow_down", "too many attempts to log in", 429), headers };
  }
  if (why === "scope") return failure("invalid_scope", refusal.problem);
  return failure("invalid_request", refusal.problem, why === "too long" ? 413 : 400);
}

function failure(error: string, description: string, status = 400): OAuthRefusal {
  return { status, body: { error, error_description: errorDescription(description) } };
}

function inFastApi(refusal: Refusal, status: number): [status: number, detail: unknown] {
  if (refusal.why === "wrong") return [401, "Incorrect username or password"];
  if (refusal.why === "refresh token") return [401, "Could not validate credentials"];
  if (refusal.why === "target") return [status, "Unknown resource"];
  if (refusal.why === "method") return [status, "Method Not Allowed"];
  if (refusal.why === "busy" || refusal.why === "unavailable") return [status, "Service Unavailable"];
  if (refusal.why === "slow down") return [status, "Too Many Requests"];
  if (refusal.why === "missing")
    return [422, refusal.missing.map((name) => fault("missing", [name], "Field required"))];
  if (refusal.why === "grant type") {
    const pattern = `^${refusal.known.join("|")}$`;
    const message = `String should match pattern '${pattern}'`;
    return [422, [{ ...fault("string_pattern_mismatch", ["grant_type"], message), ctx: { pattern } }]];
  }
  return refusal.why === "malformed" ? [422, [fault("value_error", [], refusal.problem)]] : [status, refusal.problem];
}

/** An error as Pydantic lists it, without the value. */
function fault(type: string, names: readonly string[], msg: string): object {
  return { type, loc: ["body", ...names], msg, input: null };
}
