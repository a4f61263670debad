/**
 * Refresh tokens: the session's id, a counter and a MAC. The store holds no token, so an attacker who reads it cannot refresh a
 * session.
 */

import type { Macs } from "./mac.js";

/** What a refresh token says. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly counter: number;
}

/** `r1.` (a version), 128 bits, a counter, and HMAC-SHA256. */
const TOKEN = /^r1\.([\w-]{22})\.(0|[1-9]\d{0,8})\.([\w-]{43})$/;

/** Makes and checks refresh tokens. */
export class RefreshTokens {
  readonly #macs: Macs;

  constructor(macs: Macs) {
    this.#macs = macs;
  }

  /** The token of a session at a counter: always the same text for the same secret. */
  async make({ sessionId, counter }: RefreshToken): Promise<string> {
    return `r1.${sessionId}.${counter}.${await this.#macs.make(message(sessionId, counter))}`;
  }

  /** What a token says, or `null` if none of the secrets has made it. */
  async read(token: unknown): Promise<RefreshToken | null> {
    const [, sessionId, digits, mac] = (typeof token === "string" && token.match(TOKEN)) || [];
    if (sessionId === undefined || mac === undefined) return null;
    const counter = Number(digits);
    return (await this.#macs.verify(mac, message(sessionId, counter))) ? { sessionId, counter } : null;
  }
}

/** Whether a text can be a session's id. */
export function isSessionId(text: unknown): text is string {
  return typeof text === "string" && /^[\w-]{22}$/.test(text);
}

function message(sessionId: string, counter: number): string {
  return `countersign refresh token\n${sessionId}\n${counter}`;
}
