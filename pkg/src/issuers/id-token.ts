/** ID tokens (OpenID Connect Core 1.0 §3.1.3.7): who has logged in, for the client that asked. */

import { base64url } from "../bytes.js";
import { CountersignError } from "../errors.js";
import { isInstance, notOurs } from "../handle.js";
import { Verifier } from "../jwt.js";
import { invalid, readOptions, unchecked, wholeNumber, wholeSeconds } from "../options.js";
import { takeSchema } from "../schema.js";
import type { Claims, OutputOf, StandardSchema, Verified, VerifiedAs } from "../types.js";

/** What an ID token must satisfy beside the options of the verifier. */
export interface IdTokenOptions {
  /** Your client's identifier. `aud` must contain it. */
  clientId: string;
  /** The `nonce` of your request. Without this option, a token with `nonce` is refused. */
  nonce?: string;
  /** The access token that came with it. The token must then have the `at_hash` of it (§3.1.3.8). */
  accessToken?: string;
  /** The authorization code that came with it. The token must then have the `c_hash` of it (§3.3.2.11). */
  code?: string;
  /** The greatest time since the user has entered a password or the like, in seconds. It makes `auth_time` required. */
  maxAge?: number;
  /** Other audiences that a token may name with yours. A token with any other is refused. Default: none. */
  otherAudiences?: readonly string[];
  /** How far clocks may differ when `maxAge` is checked, in seconds. Default 0. */
  clockTolerance?: number;
  /** The time at which the token is judged. Default: now. */
  now?: Date;
  /**
   * A schema of zod, valibot, arktype or another library that implements Standard Schema version 1, which may be
   * asynchronous. It judges the claims after everything else, and `claims` is what it returns. Default: that of the verifier.
   */
  schema?: StandardSchema;
}

/**
 * Checks an ID token (OpenID Connect Core 1.0 §3.1.3.7).
 *
 * Use it in the client that a user logs in to. An API is given access tokens, which a `Verifier` alone checks.
 *
 * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
 * @param token The compact token.
 * @param verifier Has the issuer's keys and name: made with `Issuers`, or with the option `issuer`. Its option `audience` is
 * replaced by `clientId`.
 * @param options See {@link IdTokenOptions}.
 * @returns The header and the claims.
 * @throws {CountersignError} Rejects as `verifyAsync` of the verifier, with `CLAIM_MISSING` and `CLAIM_INVALID` also for
 * `iat`, `sub`, `azp`, `nonce`, `at_hash`, `c_hash`, `auth_time` and `events`, and with `TOKEN_TOO_OLD` for `auth_time`.
 * `TOKEN_HEADER_INVALID`: `typ` is that of another kind of token.
 * `OPTION_INVALID`: also if the verifier names no issuer.
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers(google()));
 * const { claims } = await verifyIdToken(response.id_token, verifier, { clientId, nonce });
 * ```
 */
export function verifyIdToken<S extends StandardSchema>(
  token: string,
  verifier: AnyVerifier,
  options: IdTokenOptions & { schema: S },
): Promise<VerifiedAs<OutputOf<S>>>;
export function verifyIdToken<C extends object = Claims>(
  token: string,
  verifier: Verifier,
  options: IdTokenOptions,
): Promise<Verified<C>>;
export function verifyIdToken<T>(token: string, verifier: Verifier<T>, options: IdTokenOptions): Promise<VerifiedAs<T>>;
export async function verifyIdToken(
  token: string,
  verifier: AnyVerifier,
  all: IdTokenOptions,
): Promise<VerifiedAs<unknown>> {
  const [validate, options] = takeSchema(all);
  const { clientId, nonce, accessToken, code, maxAge, otherAudiences, clockTolerance, now } = read(options ?? {});
  if (!isInstance(verifier, Verifier)) throw notOurs(verifier, "verifier is not a Verifier");
  if (!verifier.namesIssuer) throw invalid('the verifier names no issuer: make it with Issuers or the option "issuer"');
  const verified = await verifier.checkAsync(token, { audience: clientId, ...(now && { now }) });
  const { header, claims } = verified;
  expectKind(verified);
  // §2: these are required; the verifier has checked their types, and that there is an `iss`.
  for (const name of ["sub", "aud", "exp", "iat"]) expectPresent(claims, name);
  expectParties(claims, clientId, otherAudiences);
  if (nonce === undefined) expectAbsent(claims, "nonce");
  else expectEqual(claims, "nonce", nonce);
  if (accessToken !== undefined) expectEqual(claims, "at_hash", await halfHash(accessToken, header.alg));
  if (code !== undefined) expectEqual(claims, "c_hash", await halfHash(code, header.alg));
  if (maxAge !== undefined) expectRecent(claims, maxAge, clockTolerance, now ?? new Date());
  return verifier.fitAsync(verified, validate);
}

// biome-ignore lint/suspicious/noExplicitAny: the class is invariant, and only `any` stands for every verifier.
type AnyVerifier = Verifier<any>;

function read(options: Omit<Partial<IdTokenOptions>, "schema">) {
  const given = readOptions(options, {
    clientId: text,
    nonce: optionalText,
    accessToken: optionalText,
    code: optionalText,
    maxAge: wholeSeconds(),
    otherAudiences: (name, value): readonly string[] => {
      if (value === undefined) return [];
      if (Array.isArray(value) && value.every((each) => typeof each === "string")) return [...value];
      throw invalid(`option "${name}" is not an array of strings`);
    },
    clockTolerance: wholeNumber(0, 0, 3600),
    now: unchecked<Date>(),
  });
  return given;
}

function text(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`option "${name}" is not a string`);
}

function optionalText(name: string, value: unknown): string | undefined {
  return value === undefined ? undefined : text(name, value);
}

/** RFC 8725 §3.11: a logout token, an access token or an event of the same issuer is no ID token. */
function expectKind({ header, claims }: Verified): void {
  const kind = header.typ?.toLowerCase().replace(/^application\//, "") ?? "jwt";
  if (kind !== "jwt") throw new CountersignError("TOKEN_HEADER_INVALID", 'header "typ" is not that of an ID token');
  if (Object.hasOwn(claims, "events")) throw refused("events", "is not for ID tokens");
}

/** §3.1.3.7, 3 to 5: no audience that the client does not trust, and `azp`, where there is one, is the client. */
function expectParties(claims: Claims, clientId: string, others: readonly string[]): void {
  const audiences = [claims.aud].flat();
  if (!audiences.includes(clientId)) throw refused("aud", "names no accepted audience");
  if (audiences.some((audience) => audience !== clientId && !others.includes(audience as string))) {
    throw refused("aud", "names an audience beside the client");
  }
  if (1 < audiences.length || claims.azp !== undefined) expectEqual(claims, "azp", clientId);
}

function expectRecent(claims: Claims, maxAge: number, tolerance: number, now: Date): void {
  expectPresent(claims, "auth_time");
  const { auth_time: time } = claims;
  if (typeof time !== "number") throw refused("auth_time", "is not a number");
  const seconds = now.getTime() / 1000;
  // A login to come would never be too old. A minute, because an issuer's clock may be a little ahead.
  if (seconds + 60 + tolerance < time) throw refused("auth_time", "is in the future");
  if (time + maxAge + tolerance < seconds) {
    throw new CountersignError("TOKEN_TOO_OLD", "the user has logged in longer ago than the maximum age", "auth_time");
  }
}

function expectPresent(claims: Claims, name: string): void {
  if (!Object.hasOwn(claims, name)) {
    throw new CountersignError("CLAIM_MISSING", `missing "${name}" claim`, name);
  }
}

function expectAbsent(claims: Claims, name: string): void {
  if (Object.hasOwn(claims, name)) throw refused(name, `is present but no ${name} is expected`);
}

function expectEqual(claims: Claims, name: string, expected: string): void {
  expectPresent(claims, name);
  if (claims[name] !== expected) throw refused(name, "is not the expected value");
}

function refused(claim: string, clause: string): CountersignError {
  return new CountersignError("CLAIM_INVALID", `"${claim}" claim ${clause}`, claim);
}

/** §3.1.3.6: the left half of the hash that the algorithm of the token uses, in base64url. */
async function halfHash(value: string, alg: string): Promise<string> {
  const bits = /^(?:EdDSA|Ed25519)$/.test(alg) ? "512" : (/(256|384|512)/.exec(alg)?.[1] ?? "256");
  const digest = new Uint8Array(await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(value)));
  return base64url(digest.subarray(0, digest.length / 2));
}
