/**
 * Staying logged in: sessions with refresh tokens, which a user can list and end.
 *
 * An access token lives for minutes and needs no store. With a refresh token, the client gets the next one. It is replaced at
 * each use (RFC 9700 §4.14.2), and a store keeps one row for each session. This entry contains no wasm. You pass a `Signer`.
 *
 * @module
 */

import { CountersignError } from "./errors.js";
import { invalid, readOptions } from "./options.js";
import { scopeOption } from "./scope.js";
import { newId } from "./secrets.js";
import { LiveCache } from "./session/live-cache.js";
import { readSettings, type SessionEvent, type SessionsOptions, type Settings } from "./session/options.js";
import { isSessionId, type RefreshToken } from "./session/refresh-token.js";
import { endOf, keyOf, ownerOf, readRow, type SessionRow, writeRow } from "./session/row.js";
import { OLDER_ROW, type StoreRow, unavailable } from "./stores/store.js";
import { signToken } from "./token-signer.js";

export type { SessionSecret } from "./secrets.js";
export { type OneTimeTokenOptions, type OneTimeTokens, oneTimeTokens } from "./session/one-time.js";
export type { SessionEvent, SessionSigner, SessionsOptions } from "./session/options.js";
export * from "./stores/exports.js";

/** What a client gets when it logs in and when it refreshes. */
export interface TokenPair {
  /** For the API, in `Authorization: Bearer …`. Its claims `sub` and `sid` name the user and the session. */
  readonly accessToken: string;
  /** The lifetime of the access token in seconds. */
  readonly expiresIn: number;
  /** For `refresh`, once. */
  readonly refreshToken: string;
  /** The id of the session: also the claim `sid`. */
  readonly sessionId: string;
  /** Whose session it is. */
  readonly subject: string;
  /** The scopes of the access token. */
  readonly scopes: readonly string[];
  /** The thumbprint of the key that both tokens are bound to, if the session was started with a `proof`. */
  readonly thumbprint?: string;
}

/** A proof that a client holds a key (RFC 9449): what `check` of `DpopVerifier` resolves to. */
export interface KeyProof {
  /** The thumbprint of the key. */
  readonly thumbprint: string;
  /** Uses the proof up. It is called before anything changes. */
  use?(): Promise<void>;
}

/** Options of `start`. */
export interface StartOptions {
  /** The scopes of the session. Refreshing never adds one. Default: none. */
  scopes?: readonly string[];
  /** More claims of the access tokens, as plain JSON, without `sub`, `sid` and `scope`. Default: none. */
  claims?: Record<string, unknown>;
  /** A text for `list`, such as `"Firefox on Linux"`. At most 256 characters. Default: empty. */
  client?: string;
  /**
   * Binds the session to the key of the proof: its access tokens have `cnf.jkt`, and its refresh tokens need a proof of the same
   * key. `claims` must not have `cnf` then. Default: whoever has the tokens can use them.
   */
  proof?: KeyProof;
}

/** A session in a list. */
export interface SessionInfo {
  readonly id: string;
  readonly client: string;
  readonly scopes: readonly string[];
  readonly startedAt: Date;
  /** When it was refreshed last, or started. */
  readonly usedAt: Date;
  /** When it ends if nobody refreshes it before. */
  readonly endsAt: Date;
}

const MAX_CLIENT = 256;

/**
 * Sessions of users. Create one object and keep it.
 *
 * Every method throws `STORE_UNAVAILABLE` if the store fails, takes too long, or returns something that was not written here.
 * Nothing is lost then, and the client can try again within `grace`.
 *
 * @example
 * ```ts
 * const sessions = new Sessions({ signer, store: sqliteStore(database), secret: process.env.SESSION_SECRET });
 *
 * const pair = await sessions.start("alice", { scopes: ["profile"], client: "Firefox on Linux" });
 * const next = await sessions.refresh(pair.refreshToken);
 * await sessions.end(next.refreshToken); // log out here
 * await sessions.endAll("alice"); // log out everywhere
 *
 * const guard = bearerGuard(verifier, { accept: ({ claims }) => sessions.isLive(claims) });
 * ```
 */
export class Sessions {
  readonly #settings: Settings;
  readonly #live: LiveCache;

  /**
   * @param options See {@link SessionsOptions}.
   * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type, or a secret is shorter than
   * 32 bytes.
   */
  constructor(options: SessionsOptions) {
    this.#settings = readSettings(options);
    this.#live = new LiveCache(this.#settings.liveForMs);
  }

  /**
   * Starts a session of a user who has just proved who they are.
   *
   * @throws {CountersignError} `OPTION_INVALID`; `STORE_UNAVAILABLE`. Errors of the signer and of the proof reach you unchanged.
   */
  async start(subject: string, options: StartOptions = {}): Promise<TokenPair> {
    if (typeof subject !== "string" || subject === "") throw invalid("the subject is not a non-empty string");
    const { claims, client, proof, scopes } = readOptions(options, {
      claims: readClaims,
      client: readClient,
      proof: readProof,
      scopes: scopeOption,
    });
    if (proof !== undefined && Object.hasOwn(claims, "cnf")) throw invalid('option "claims" must not set "cnf"');
    const { absoluteMs, idleMs, store } = this.#settings;
    const now = Date.now();
    const sessionId = newId();
    const times = { startedAt: now, usedAt: now, idleEndsAt: now + idleMs, endsAt: now + absoluteMs };
    const bound = proof && { thumbprint: proof.thumbprint };
    const session: SessionRow = { id: sessionId, subject, scopes, claims, client, ...bound, ...times, counter: 0 };
    // Signed first: what the signer refuses leaves no session.
    const pair = await this.#pair(session, scopes);
    await proof?.use?.();
    if (!(await store.replace(keyOf(sessionId), undefined, writeRow(session))))
      throw unavailable("the store did not write a new row");
    this.#tell("login", session);
    return pair;
  }

  /**
   * Gives the next pair of tokens for a refresh token, which is then used up.
   *
   * The same token again within `grace` gets the same refresh token, and an access token with the same claims. Used later, it
   * ends the session, because two parties have it (RFC 9700 §4.14.2).
   *
   * @param options `scopes`: fewer scopes for this access token. Default: those of the session. `proof`: of the key that the
   * session is bound to; none for a session that is not bound.
   * @throws {CountersignError} `SESSION_INVALID`: not a refresh token of a live session; with the reason `"key"`, the session is
   * bound to another key, or to none. It goes on then, and the token is not used up: somebody without the key must not be able
   * to log the user out. `SESSION_REUSED`: it was used before, and
   * the session is ended now. `OPTION_INVALID`: a scope that the session does not have; the token is not used up.
   * `STORE_UNAVAILABLE`.
   */
  async refresh(
    refreshToken: string,
    options: { scopes?: readonly string[]; proof?: KeyProof } = {},
  ): Promise<TokenPair> {
    const { proof, scopes } = readOptions(options, {
      proof: readProof,
      scopes: (name, value) => (value === undefined ? undefined : scopeOption(name, value)),
    });
    const { store, tokens } = this.#settings;
    const token = await tokens.read(refreshToken);
    if (token === null) throw new CountersignError("SESSION_INVALID", "the refresh token is not valid");
    await proof?.use?.();
    const now = Date.now();
    const outcome = await store.update<RefreshOutcome>(keyOf(token.sessionId), (row) =>
      this.#judgeRefresh(row, token, now, scopes, proof?.thumbprint),
    );
    if (outcome.type === "invalid") throw new CountersignError("SESSION_INVALID", "the session has ended");
    const { type, session } = outcome;
    this.#tell(type, session);
    if (type === "wrong-key") {
      const bound = session.thumbprint === undefined ? "is not bound to a key" : "is bound to another key";
      throw new CountersignError("SESSION_INVALID", `the session ${bound}`, undefined, "key");
    }
    if (type === "reuse") {
      this.#live.delete(session.id);
      throw new CountersignError("SESSION_REUSED", "the refresh token was used before, so the session was ended");
    }
    return this.#pair(session, scopes ?? session.scopes);
  }

  /**
   * Ends a session, by its id or by any of its refresh tokens.
   *
   * @returns Whether there was one. `false` for anything that is no refresh token and no id (RFC 7009 §2.2).
   * @throws {CountersignError} `STORE_UNAVAILABLE`.
   */
  async end(refreshTokenOrId: string): Promise<boolean> {
    const token = await this.#settings.tokens.read(refreshTokenOrId);
    const sessionId = token?.sessionId ?? refreshTokenOrId;
    return isSessionId(sessionId) && this.#end(sessionId);
  }

  /**
   * Ends all sessions of a user, for example after the password was changed.
   *
   * @param options `except`: the id of a session that goes on, such as that of the caller.
   * @returns How many sessions were ended.
   * @throws {CountersignError} `STORE_UNAVAILABLE`: some may have been ended. Try again.
   */
  async endAll(subject: string, options: { except?: string } = {}): Promise<number> {
    const { except } = readOptions(options, { except: (_, value) => value as string | undefined });
    if (except !== undefined && !isSessionId(except)) throw invalid('option "except" is not the id of a session');
    let count = 0;
    for (const { id } of await this.list(subject)) if (id !== except && (await this.#end(id))) count += 1;
    return count;
  }

  /**
   * The live sessions of a user, the last used first.
   *
   * @throws {CountersignError} `STORE_UNAVAILABLE`.
   */
  async list(subject: string): Promise<SessionInfo[]> {
    if (typeof subject !== "string" || subject === "") throw invalid("the subject is not a non-empty string");
    const now = Date.now();
    const rows = await this.#settings.store.list(ownerOf(subject));
    const found = rows.flatMap(({ key, ...row }) => {
      const session = readRow(key, row, now);
      return session?.subject === subject ? [session] : [];
    });
    return found
      .sort((left, right) => right.usedAt - left.usedAt)
      .map((session) => ({
        id: session.id,
        client: session.client,
        scopes: session.scopes,
        startedAt: new Date(session.startedAt),
        usedAt: new Date(session.usedAt),
        endsAt: new Date(endOf(session)),
      }));
  }

  /**
   * Whether the session of an access token still lives, for `accept` of `bearerGuard`.
   *
   * @param claims The claims of a token that was checked. Without `sid` or `sub`, the answer is `false`.
   * @throws {CountersignError} `STORE_UNAVAILABLE`, which `bearerGuard` answers with 503.
   */
  async isLive(claims: { readonly sid?: unknown; readonly sub?: unknown }): Promise<boolean> {
    const { sid, sub } = claims ?? {};
    if (!isSessionId(sid) || typeof sub !== "string") return false;
    const now = Date.now();
    const known = this.#live.get(sid, now);
    if (known !== undefined) return known === sub;
    const { ends } = this.#live;
    const session = readRow(keyOf(sid), await this.#settings.store.get(keyOf(sid)), now);
    if (session === undefined) return false;
    this.#live.set(sid, session.subject, now, endOf(session), ends);
    return session.subject === sub;
  }

  /** How many seconds a session lives without being refreshed: for how long a browser keeps its cookie. */
  get idleExpiresIn(): number {
    return this.#settings.idleMs / 1000;
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** Decides what a refresh token does to its session, and how the row changes. */
  #judgeRefresh(
    row: StoreRow | undefined,
    { counter, sessionId }: RefreshToken,
    now: number,
    scopes: readonly string[] | undefined,
    thumbprint: string | undefined,
  ): { result: RefreshOutcome; next?: StoreRow | undefined } {
    const session = readRow(keyOf(sessionId), row, now);
    if (session === undefined) return { result: { type: "invalid" } };
    // Only this class makes tokens, so the store had a newer row. Nobody is blamed for that.
    if (session.counter < counter) throw unavailable(OLDER_ROW);
    // First: somebody who has stolen the token and not the key can do nothing with it, not even end the session.
    if (session.thumbprint !== thumbprint) return { result: { type: "wrong-key", session } };
    const { graceMs, idleMs } = this.#settings;
    // `<`: with no grace, not even in the same millisecond. `abs`: a clock that was set back must not make it longer.
    const isRepeated = counter === session.counter - 1 && Math.abs(now - session.usedAt) < graceMs;
    // Before the scopes: whatever a thief asks for, the token ends the session.
    if (counter < session.counter && !isRepeated) return { result: { type: "reuse", session }, next: undefined };
    if (scopes?.some((scope) => !session.scopes.includes(scope))) {
      throw invalid('option "scopes" has a scope that the session does not have');
    }
    if (isRepeated) return { result: { type: "repeat", session } };
    const next = { ...session, counter: counter + 1, usedAt: now, idleEndsAt: now + idleMs };
    return { result: { type: "refresh", session: next }, next: writeRow(next) };
  }

  /** The tokens of a session as it was refreshed last: for the same row, the same claims and the same refresh token. */
  async #pair(session: SessionRow, scopes: readonly string[]): Promise<TokenPair> {
    const { accessExpiresIn, signer, tokens } = this.#settings;
    const { claims: more, counter, id: sessionId, subject, thumbprint, usedAt } = session;
    const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    const bound = thumbprint === undefined ? {} : { cnf: { jkt: thumbprint } };
    const claims = { ...more, sub: subject, sid: sessionId, ...scope, ...bound };
    // The access token of a repeated answer may have ended. Then there is a new one.
    const [now, livesMs] = [Date.now(), accessExpiresIn * 1000];
    const issuedAt = now < usedAt + livesMs ? usedAt : now;
    // No access token outlives its session.
    const expiresIn = Math.max(1, Math.min(accessExpiresIn, Math.floor((session.endsAt - issuedAt) / 1000)));
    const accessToken = await signToken(signer, claims, { expiresIn, now: new Date(issuedAt) });
    const refreshToken = await tokens.make({ sessionId, counter });
    const left = Math.max(1, expiresIn - Math.floor((Date.now() - issuedAt) / 1000));
    const pair = { accessToken, expiresIn: left, refreshToken, sessionId, subject, scopes: [...scopes] };
    return thumbprint === undefined ? pair : { ...pair, thumbprint };
  }

  async #end(sessionId: string): Promise<boolean> {
    const now = Date.now();
    try {
      const ended = await this.#settings.store.update(keyOf(sessionId), (row) => {
        return { result: readRow(keyOf(sessionId), row, now), next: undefined };
      });
      if (ended === undefined) return false;
      this.#tell("logout", ended);
      return true;
    } finally {
      // Also after an error: the store may have written.
      this.#live.delete(sessionId);
    }
  }

  #tell(type: SessionEvent["type"], { id, subject }: SessionRow): void {
    this.#settings.onEvent?.({ type, subject, sessionId: id });
  }
}

/** What a refresh token does to its session. */
type RefreshOutcome =
  | { readonly type: "invalid" }
  | { readonly type: "refresh" | "repeat" | "reuse" | "wrong-key"; readonly session: SessionRow };

/** What `check` of a `DpopVerifier` resolves to, which has more members. */
function readProof(name: string, value: unknown): KeyProof | undefined {
  if (value === undefined) return undefined;
  const { thumbprint, use } = (value ?? {}) as Partial<KeyProof>;
  if (typeof thumbprint !== "string" || thumbprint === "") throw invalid(`option "${name}" has no "thumbprint"`);
  const useUp = async () => {
    // Also one that says `false` for a proof that was used before must not pass.
    if ((await use?.call(value)) !== undefined)
      throw invalid(`"use" of option "${name}" must return nothing, and throw if the proof was used before`);
  };
  return { thumbprint, use: useUp };
}

function readClient(name: string, value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string" && value.length <= MAX_CLIENT) return value;
  throw invalid(`option "${name}" is not a string of at most ${MAX_CLIENT} characters`);
}

/** A copy, so that what is stored is what is signed. */
function readClaims(name: string, value: unknown): Record<string, unknown> {
  if (value === undefined) return {};
  let claims: unknown;
  try {
    claims = JSON.parse(JSON.stringify(value));
  } catch {
    throw invalid(`option "${name}" cannot be written as JSON`);
  }
  if (Object.prototype.toString.call(value) !== "[object Object]" || typeof claims !== "object" || claims === null) {
    throw invalid(`option "${name}" is not an object`);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw invalid(`option "${name}" is not a plain object`);
  const reserved = ["sub", "sid", "scope"].find((member) => Object.hasOwn(claims, member));
  if (reserved !== undefined) throw invalid(`option "${name}" must not set "${reserved}"`);
  return claims as Record<string, unknown>;
}
