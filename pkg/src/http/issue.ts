/** Issues the tokens of an answer: an access token alone, or those of a session. */

import type { CountersignError } from "../errors.js";
import { invalid } from "../options.js";
import { signToken } from "../token-signer.js";
import type { ReadGrant } from "./grant.js";
import type { UsableProof } from "./proof.js";
import { reply } from "./reply.js";
import type { Refuse } from "./token-refusal.js";

/** Signs tokens: a `Signer`, or an object of the same shape, which may be asynchronous. */
export interface TokenSigner {
  /** Preferred where it exists: keys that are kept elsewhere have only this. */
  signAsync?(claims: object, o: { expiresIn: number }): Promise<string>;
  sign(claims: object, o: { expiresIn: number }): string | Promise<string>;
}

/** Starts and refreshes sessions: `Sessions` of `countersign/session`, or an object of the same shape. */
export interface TokenSessions {
  start(
    subject: string,
    options: { scopes: readonly string[]; claims: Record<string, unknown>; client: string; proof?: UsableProof },
  ): Promise<SessionTokens>;
  refresh(refreshToken: string, options: { scopes?: readonly string[]; proof?: UsableProof }): Promise<SessionTokens>;
}

/** The tokens of a session. */
export interface SessionTokens {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly scopes: readonly string[];
  /** The thumbprint of the key that the tokens are bound to. */
  readonly thumbprint?: string;
}

type Issued = Omit<SessionTokens, "refreshToken" | "thumbprint"> & { readonly refreshToken?: string };

/** Issues the tokens for a grant, bound to the key of the proof if there is one. */
export type Issue = (grant: ReadGrant, scopes: readonly string[], proof: UsableProof | null) => Promise<Issued>;

/** Signs an access token, and keeps nothing. */
export function signing(signer: TokenSigner, expiresIn: number): Issue {
  return async ({ claims, subject }, scopes, proof) => {
    await proof?.use();
    // RFC 9449 §6.1.
    const bound = proof === null ? {} : { cnf: { jkt: proof.thumbprint } };
    const all = { ...claims, sub: subject, ...scopeMember(scopes), ...bound };
    const accessToken = await signToken(signer, all, { expiresIn });
    return { accessToken, expiresIn, scopes };
  };
}

/** Starts a session. */
export function starting(sessions: TokenSessions): Issue {
  return async ({ claims, client, subject }, scopes, proof) => {
    const options = { scopes, claims: claims as Record<string, unknown>, client };
    return expectBound(await sessions.start(subject, { ...options, ...(proof && { proof }) }), proof);
  };
}

/** Answers a refresh token (RFC 6749 §6). */
export async function refresh(
  sessions: TokenSessions,
  refreshToken: string,
  scopes: readonly string[] | undefined,
  proof: UsableProof | null,
  refuse: Refuse,
): Promise<Response> {
  try {
    const options = { ...(scopes && { scopes }), ...(proof && { proof }) };
    return answerOf(expectBound(await sessions.refresh(refreshToken, options), proof), proof);
  } catch (error) {
    const { code, message = "", reason } = (error ?? {}) as Partial<CountersignError>;
    if (code === "TOKEN_USED") return refuse({ why: "proof", problem: message });
    if (code === "SESSION_INVALID" && reason === "key") return refuse({ why: "refresh token", problem: message });
    if (code === "SESSION_INVALID" || code === "SESSION_REUSED") return refuse({ why: "refresh token" });
    if (code === "STORE_UNAVAILABLE" || code === "KEY_UNAVAILABLE") return refuse({ why: "unavailable" });
    // The only option that a client can get wrong.
    if (code === "OPTION_INVALID" && scopes !== undefined) {
      return refuse({ why: "scope", problem: "the session does not have the requested scope" });
    }
    throw error;
  }
}

/** An object of the shape of `Sessions` that knows no keys must not pass. */
function expectBound<T extends SessionTokens>(tokens: T, proof: UsableProof | null): T {
  if (tokens.thumbprint === proof?.thumbprint) return tokens;
  throw invalid('option "sessions" has not bound the tokens to the key');
}

/** RFC 6749 §5.1, and RFC 9449 §5 for tokens that are bound to a key. */
export function answerOf(
  issued: Issued,
  proof: UsableProof | null,
  { fields, headers }: Partial<ReadGrant> = {},
): Response {
  const { accessToken, expiresIn, refreshToken, scopes } = issued;
  const response = reply(200, {
    access_token: accessToken,
    token_type: proof === null ? "bearer" : "DPoP",
    expires_in: expiresIn,
    // JSON leaves it out if it is undefined.
    refresh_token: refreshToken,
    ...scopeMember(scopes),
    ...fields,
  });
  for (const [name, value] of headers ?? []) response.headers.append(name, value);
  if (proof?.nextNonce !== undefined) response.headers.set("DPoP-Nonce", proof.nextNonce);
  return response;
}

/** RFC 6749 §3.3: a scope has at least one word, so an empty one is left out. */
function scopeMember(scopes: readonly string[]): { scope?: string } {
  return scopes.length === 0 ? {} : { scope: scopes.join(" ") };
}
