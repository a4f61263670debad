/** Logout tokens (OpenID Connect Back-Channel Logout 1.0): an issuer tells its clients that a user has logged out. */

import { base64url } from "../bytes.js";
import { CountersignError } from "../errors.js";
import { isInstance, notOurs } from "../handle.js";
import { judgeClaims, Verifier } from "../jwt.js";
import { flag, invalid, readOptions, unchecked, wholeNumber, wholeSeconds } from "../options.js";
import { CheckedStore, type Store } from "../stores/store.js";
import type { Verified } from "../types.js";

/** What a logout token must satisfy beside the options of the verifier. */
export interface LogoutTokenOptions {
  /** Your client's identifier. `aud` must contain it. */
  clientId: string;
  /**
   * Remembers each `jti` until its token has expired, so that a token works once. Use a store that all servers share, such as
   * `d1Store` of `countersign/session`. Default: a token may come again, which ends the same sessions again.
   */
  store?: Store;
  /**
   * Accepts a token without `exp`, which the specification demands since December 2023. Ory Hydra 2.2, authentik before 2025.8.2
   * and Keycloak before 23.0.4 leave it out. `maxAge` limits such a token. Default `false`.
   */
  allowMissingExpiry?: boolean;
  /** The greatest age since `iat`, in seconds. Default: none with `exp`, 120 without. */
  maxAge?: number;
  /** How far clocks may differ when `maxAge` is checked, in seconds. Default 0. */
  clockTolerance?: number;
  /** The time at which the token is judged. Default: now. */
  now?: Date;
}

/** The claims of a logout token. It has `sub`, `sid` or both. */
export interface LogoutClaims {
  iss: string;
  aud: string | string[];
  iat: number;
  jti: string;
  /** The session at the issuer that has ended: the `sid` of the ID token. Without it, all sessions of `sub` have. */
  sid?: string;
  /** Holds the member `http://schemas.openid.net/event/backchannel-logout`. */
  events: Record<string, object>;
}

/** §2.4: a token should expire within two minutes. */
const LONGEST_SECONDS = 120;
/** The greatest clock tolerance that a verifier can have, in seconds. Only the verifier knows its own. */
const MOST_TOLERANCE = 3600;

/**
 * Checks a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6), which an issuer sends to the client's
 * `backchannel_logout_uri` as the form field `logout_token`. End the sessions that `sid` names, or without it all of `sub`.
 *
 * The header's `typ` must be `logout+jwt`, or `JWT` or absent, as Keycloak before version 25 writes. The claims must be those of the profile
 * `"logout+jwt"`, so an ID token or an access token is refused.
 *
 * @param token The compact token.
 * @param verifier Has the issuer's keys and name: made with `Issuers`, or with the option `issuer`. The one for ID tokens will do.
 * Its option `audience` is replaced by `clientId`, and its option `schema` is not used.
 * @param options See {@link LogoutTokenOptions}.
 * @returns The header and the claims.
 * @throws {CountersignError} Rejects as `verifyAsync` of the verifier, with `CLAIM_MISSING` and `CLAIM_INVALID` also for
 * `iat`, `exp`, `jti`, `events`, `sub`, `sid` and `nonce`. `TOKEN_HEADER_INVALID`: `typ` is that of another kind of token.
 * `TOKEN_TOO_OLD`: `iat` is longer ago than `maxAge`. `TOKEN_USED`: the store knows the `jti`. `STORE_UNAVAILABLE`: the store fails.
 * `OPTION_INVALID`: also if the verifier names no issuer. Answer 400 to a `TOKEN_…` or `CLAIM_…`, and 503 to `STORE_UNAVAILABLE`
 * and `JWKS_UNAVAILABLE`.
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers({ issuer: "https://login.example", discovery: true }));
 * const form = await request.formData();
 * const { claims } = await verifyLogoutToken(String(form.get("logout_token")), verifier, { clientId });
 * if (claims.sid === undefined) await sessions.endAll(claims.sub);
 * ```
 */
export async function verifyLogoutToken(
  token: string,
  // biome-ignore lint/suspicious/noExplicitAny: the class is invariant, and only `any` stands for every verifier.
  verifier: Verifier<any>,
  options: LogoutTokenOptions,
): Promise<Verified<LogoutClaims>> {
  const { allowMissingExpiry, clientId, clockTolerance, maxAge, now, store } = readOptions(options, {
    clientId: (name, value): string => {
      if (typeof value === "string" && value !== "") return value;
      throw invalid(`option "${name}" is not a string`);
    },
    store: (name, value) => (value === undefined ? undefined : new CheckedStore(name, value)),
    allowMissingExpiry: flag,
    maxAge: wholeSeconds(),
    clockTolerance: wholeNumber(0, 0, 3600),
    now: unchecked<Date>(),
  });
  if (!isInstance(verifier, Verifier)) throw notOurs(verifier, "verifier is not a Verifier");
  if (!verifier.namesIssuer) throw invalid('the verifier names no issuer: make it with Issuers or the option "issuer"');
  const verified = await verifier.checkAsync(token, { audience: clientId, allowMissingExpiry, ...(now && { now }) });
  expectKind(verified);
  expectProfile(verified, clientId, allowMissingExpiry);
  const { header, claims } = verified as Verified<object> as Verified<LogoutClaims>;
  expectNamed(verified);
  const longest = maxAge ?? (claims.exp === undefined ? LONGEST_SECONDS : undefined);
  const seconds = (now ?? new Date()).getTime() / 1000;
  if (longest !== undefined && claims.iat + longest + clockTolerance < seconds) {
    throw new CountersignError("TOKEN_TOO_OLD", "token is older than the maximum age", "iat");
  }
  if (store !== undefined) await expectFirst(store, claims, seconds + (longest ?? 0) + clockTolerance);
  return { header, claims };
}

/** RFC 8725 §3.11: no other kind of token of the same issuer passes for one of these. */
function expectKind({ header }: Verified): void {
  const kind = header.typ?.toLowerCase().replace(/^application\//, "") ?? "jwt";
  if (kind === "logout+jwt" || kind === "jwt") return;
  throw new CountersignError("TOKEN_HEADER_INVALID", 'header "typ" is not that of a logout token');
}

/** The core has the table of profiles. The verifier has judged the times already, with a tolerance that only it knows. */
function expectProfile({ claims }: Verified, clientId: string, allowMissingExpiry: boolean): void {
  const { exp, iat, nbf: _, ...others } = claims;
  const timeless = {
    ...others,
    ...(iat !== undefined && { iat: 0 }),
    ...((exp !== undefined || allowMissingExpiry) && { exp: 1 }),
  };
  judgeClaims(timeless, { profile: "logout+jwt", issuer: claims.iss ?? "", audience: clientId, now: new Date(0) });
}

/** An empty name is nobody's, so there would be nothing to end. */
function expectNamed({ claims: { sid, sub } }: Verified): void {
  const empty = sid === "" ? "sid" : sid === undefined && sub === "" ? "sub" : undefined;
  if (empty !== undefined) throw new CountersignError("CLAIM_INVALID", `"${empty}" claim is empty`, empty);
}

/** §2.6, 8: no token with this `jti` came before. The row lasts until the token is refused for its age. */
async function expectFirst(
  store: CheckedStore,
  { iss, jti, exp }: { iss: string; jti: string; exp?: number },
  end: number,
) {
  const name = new TextEncoder().encode(JSON.stringify([iss, jti]));
  const digest = base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", name)));
  const row = { value: "used", owner: "", expiresAt: (Math.max(exp ?? 0, end) + MOST_TOLERANCE) * 1000 };
  if (!(await store.replace(`logout:${digest}`, undefined, row))) {
    throw new CountersignError("TOKEN_USED", "the logout token was used before", "jti");
  }
}
