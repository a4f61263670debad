/** Issues the tokens of an answer: an access token alone, or those of a session. */

import type { CountersignError } from "../errors.js";
import type { ReadGrant } from "./grant.js";
import { reply } from "./reply.js";
import type { Refuse } from "./token-refusal.js";

/** Signs tokens: a `Signer`, or an object of the same shape, which may be asynchronous. */
export interface TokenSigner {
  sign(claims: object, o: { expiresIn: number }): string | Promise<string>;
}

/** Starts and refreshes sessions: `Sessions` of `countersign/session`, or an object of the same shape. */
export interface TokenSessions {
  start(
    subject: string,
    options: { scopes: readonly string[]; claims: Record<string, unknown>; client: string },
  ): Promise<SessionTokens>;
  refresh(refreshToken: string, options: { scopes?: readonly string[] }): Promise<SessionTokens>;
}

/** The tokens of a session. */
export interface SessionTokens {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly scopes: readonly string[];
}

type Issued = Omit<SessionTokens, "refreshToken"> & { readonly refreshToken?: string };

/** Issues the tokens for a grant. */
export type Issue = (grant: ReadGrant, scopes: readonly string[]) => Promise<Issued>;

/** Signs an access token, and keeps nothing. */
export function signing(signer: TokenSigner, expiresIn: number): Issue {
  return async ({ claims, subject }, scopes) => {
    const all = { ...claims, sub: subject, ...scopeMember(scopes) };
    return { accessToken: await signer.sign(all, { expiresIn }), expiresIn, scopes };
  };
}

/** Starts a session. */
export function starting(sessions: TokenSessions): Issue {
  return ({ claims, client, subject }, scopes) => {
    return sessions.start(subject, { scopes, claims: claims as Record<string, unknown>, client });
  };
}

/** Answers a refresh token (RFC 6749 §6). */
export async function refresh(
  sessions: TokenSessions,
  refreshToken: string,
  scopes: readonly string[] | undefined,
  refuse: Refuse,
): Promise<Response> {
  try {
    return answerOf(await sessions.refresh(refreshToken, scopes === undefined ? {} : { scopes }));
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    if (code === "SESSION_INVALID" || code === "SESSION_REUSED") return refuse({ why: "refresh token" });
    if (code === "STORE_UNAVAILABLE") return refuse({ why: "unavailable" });
    // The only option that a client can get wrong.
    if (code === "OPTION_INVALID" && scopes !== undefined) {
      return refuse({ why: "scope", problem: "the session does not have the requested scope" });
    }
    throw error;
  }
}

/** RFC 6749 §5.1. */
export function answerOf(issued: Issued, { fields, headers }: Partial<ReadGrant> = {}): Response {
  const { accessToken, expiresIn, refreshToken, scopes } = issued;
  const response = reply(200, {
    access_token: accessToken,
    token_type: "bearer",
    expires_in: expiresIn,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...scopeMember(scopes),
    ...fields,
  });
  for (const [name, value] of headers ?? []) response.headers.append(name, value);
  return response;
}

/** RFC 6749 §3.3: a scope has at least one word, so an empty one is left out. */
function scopeMember(scopes: readonly string[]): { scope?: string } {
  return scopes.length === 0 ? {} : { scope: scopes.join(" ") };
}
