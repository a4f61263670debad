/** Staying logged in on pages: sessions in cookies. */

import { CountersignError } from "../errors.js";
import { flag, readOptions } from "../options.js";
import { signedClaims } from "../schema.js";
import { scopeOption, scopesOf } from "../scope.js";
import type { Claims } from "../types.js";
import { answered, isYes } from "./answer.js";
import { logIn } from "./authenticate.js";
import type { Caller } from "./bearer.js";
import { type CookieSessionOptions, type CookieSessions, readCookieOptions } from "./cookie-options.js";
import { isOthersBackground, mayBeCrossSite } from "./cross-site.js";
import type { SessionTokens } from "./issue.js";
import { readLoginBody } from "./login-body.js";
import { nextOf, ownPath, pathOf, redirectTo, wantsPage, withParameters } from "./page.js";
import { boundKeyOf } from "./proof.js";
import { RETRY_AFTER, reply, replyWithoutBody } from "./reply.js";
import { checkRequest, checkStandardRequest, type RequestLike } from "./request.js";
import { asOAuth, inOAuth, type Refusal } from "./token-refusal.js";
import { checkToken } from "./verify-token.js";

/** The user of a request. */
export interface SessionCaller<C extends object = Claims> extends Caller<C> {
  /**
   * Headers that the answer must have: `Set-Cookie` if the session was refreshed, otherwise none. If an answer goes out without
   * them, the user is logged out later. `protect` adds them.
   */
  readonly headers: Headers;
}

/** Options of `guard` and `protect`. */
export interface PageGuardOptions {
  /** The scopes that the session must have, all of them. Default: none. */
  scope?: string | readonly string[];
  /** With `true`, a visitor who is not logged in passes as `null`. Default `false`. */
  optional?: boolean;
}

/** The handlers of {@link cookieSession}. */
export interface CookieSession {
  /** `POST`: logs in with `username` and `password`, in a form or as JSON. */
  login(request: Request): Promise<Response>;
  /** `POST`: refreshes the session before a guard has to. Guards refresh on their own; a page can call this to stay logged in. */
  refresh(request: Request): Promise<Response>;
  /** `POST`: ends the session and deletes the cookies. */
  logout(request: Request): Promise<Response>;
  /** `POST`: ends all sessions of the user and deletes the cookies. */
  logoutEverywhere(request: Request): Promise<Response>;
  /** Finds out who asks, or returns a `Response` that refuses the request. Add the caller's `headers` to your answer. */
  guard<C extends object = Claims>(
    request: RequestLike,
    options?: PageGuardOptions & { optional?: false },
  ): Promise<SessionCaller<C> | Response>;
  guard<C extends object = Claims>(
    request: RequestLike,
    options: PageGuardOptions,
  ): Promise<SessionCaller<C> | Response | null>;
  /** Makes a handler for users who are logged in. It adds the caller's `headers`, and `Cache-Control: no-store` unless you set it. */
  protect<C extends object = Claims>(
    handler: (request: Request, caller: SessionCaller<C>) => Response | Promise<Response>,
    options?: PageGuardOptions & { optional?: false },
  ): (request: Request) => Promise<Response>;
  protect<C extends object = Claims>(
    handler: (request: Request, caller: SessionCaller<C> | null) => Response | Promise<Response>,
    options: PageGuardOptions,
  ): (request: Request) => Promise<Response>;
}

/** An access token may end between its signature and its check only if it lives for a second or two. */
const MAX_REFRESHES = 3;

/**
 * Makes the handlers of a log-in with cookies, for pages on the same origin. Scripts never see a token.
 *
 * Two cookies hold the access token and the refresh token of a session. When the access token has ended, `guard` and `protect`
 * refresh the session and send new cookies. Several tabs at once get the same ones, within the `grace` of the sessions.
 *
 * | request | answer to a page (`Accept: text/html`) | answer to `fetch` |
 * |---|---|---|
 * | `login`, right | 303 to `next` or `afterLogin` | 200, `{ "subject", "scopes", "expires_in" }` and the grant's `fields` |
 * | `login`, wrong or throttled | 303 to `loginPage?error=invalid_grant` | 400, `invalid_grant` |
 * | `login`, a body that cannot be read | 303 to `loginPage?error=invalid_request` | 400 or 413, `invalid_request` |
 * | `refresh` | 303 to `next` or `afterLogin` | 200, as for `login` |
 * | `logout`, `logoutEverywhere` | 303 to `afterLogout` | 204 |
 * | nobody is logged in | 303 to `loginPage?next=…` | 401, `invalid_token` |
 * | the session lacks a scope | 403, `insufficient_scope` | the same |
 * | a method that changes something, from a page of another origin or from nowhere | 403, `invalid_request` | the same |
 * | a store or the keys are not available | 503 with `Retry-After`; `login`: as above with `temporarily_unavailable` | 503 |
 * | a handler with another method than `POST` | 405 | 405 |
 *
 * `next` is a field of the form, a member of the JSON, or a parameter of the URL. It must be a path of this server.
 *
 * Requests that change something must come from a page of this origin: `Sec-Fetch-Site` says so, or else `Origin`. A request
 * with neither is refused, also a log-in. Programs that are not browsers use `tokenEndpoint`, or send `Origin`.
 *
 * @param sessions The `Sessions`. Their `grace` must not be 0.
 * @param options See {@link CookieSessionOptions}.
 * @returns The handlers. They reject with any other error of `authenticate` or of the sessions, with `TOKEN_TOO_LONG` if a cookie
 * would be longer than 4096 bytes, with the verifier's error if it refuses a new token, and with `OPTION_INVALID` for something
 * that is not a request.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type.
 *
 * @example
 * ```ts
 * const cookies = cookieSession(sessions, { authenticate, verifier: new Verifier(key.publicKey(), expected) });
 * const me = cookies.protect((request, caller) => Response.json({ username: caller.claims.sub }));
 *
 * if (pathname === "/login" && request.method === "POST") return cookies.login(request);
 * if (pathname === "/logout") return cookies.logout(request);
 * if (pathname === "/me") return me(request);
 * ```
 */
export function cookieSession(sessions: CookieSessions, options: CookieSessionOptions): CookieSession {
  const read = readCookieOptions(sessions, options);
  const { afterLogin, afterLogout, authenticate, jar, loginPage, maxBodyBytes, onEvent, origins, throttle, verifier } =
    read;

  return {
    login: changing(async (request) => {
      const body = await readLoginBody(request, maxBodyBytes);
      const next = ("why" in body ? null : ownPath(body.next)) ?? nextOf(request);
      const refuse = refusing(request, next);
      if ("why" in body) return refuse(body);
      const answer = await logIn({ authenticate, throttle }, body.username, body.password, request, refuse);
      if (answer === null) {
        onEvent?.({ type: "login-failed", username: body.username });
        return refuse({ why: "wrong" });
      }
      if (answer instanceof Response) return answer;
      const { allowed: scopes, claims, client, subject } = answer;
      const pair = await sessions.start(subject, { scopes, claims: claims as Record<string, unknown>, client });
      const cookies = await filled(request, pair);
      // A session that the browser had before ends: nobody goes on with the session of another user.
      await endSession(request);
      const response = wantsPage(request) ? redirectTo(next ?? afterLogin) : granted(subject, pair, answer.fields);
      for (const [name, value] of answer.headers) response.headers.append(name, value);
      return withCookies(response, cookies);
    }),

    refresh: changing(async (request) => {
      const refreshed = await refreshSession(request);
      if (refreshed === null) return notLoggedIn(request);
      const { caller, pair } = refreshed;
      const next = nextOf(request) ?? afterLogin;
      const response = wantsPage(request) ? redirectTo(next) : granted(String(caller.claims.sub), pair, {});
      return addHeaders(response, caller.headers);
    }),

    logout: changing(async (request) => {
      await endSession(request);
      return loggedOut(request);
    }),

    logoutEverywhere: changing(async (request) => {
      const caller = await find(request);
      if (caller === null) return notLoggedIn(request);
      await sessions.endAll(String(caller.claims.sub));
      return loggedOut(request);
    }),

    guard: guard as CookieSession["guard"],

    protect(
      handler: (request: Request, caller: never) => Response | Promise<Response>,
      guardOptions: PageGuardOptions = {},
    ) {
      readGuardOptions(guardOptions);
      return async (request: Request) => {
        checkStandardRequest(request);
        const caller = await guard(request, guardOptions);
        if (caller instanceof Response) return caller;
        const response = await answered(await handler(request, caller as never));
        const headers = new Headers(caller?.headers);
        if (!response.headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
        return addHeaders(response, headers);
      };
    },
  };

  async function guard(request: RequestLike, guardOptions: PageGuardOptions = {}) {
    checkRequest(request);
    const { optional, scope } = readGuardOptions(guardOptions);
    const hasCookie = jar.read(request, "access") !== null || jar.read(request, "refresh") !== null;
    if (hasCookie && mayBeCrossSite(request, origins)) return crossSite(request);
    try {
      const caller = await find(request);
      if (caller === null) return optional ? null : notLoggedIn(request);
      if (scope.every((word) => caller.scopes.includes(word))) return caller;
      const body = { error: "insufficient_scope", error_description: "the session does not have the required scope" };
      return addHeaders(reply(403, { ...body, scope: scope.join(" ") }), caller.headers);
    } catch (error) {
      return unavailableOrThrow(error);
    }
  }

  /** A handler of a request that changes something. */
  function changing(handler: (request: Request) => Promise<Response>): (request: Request) => Promise<Response> {
    return async (request) => {
      checkStandardRequest(request);
      if (request.method !== "POST") return asOAuth({ why: "method" });
      if (mayBeCrossSite(request, origins)) return crossSite(request);
      try {
        return await handler(request);
      } catch (error) {
        return unavailableOrThrow(error);
      }
    };
  }

  /** The user of a request; `null` if nobody is logged in. */
  async function find(request: RequestLike): Promise<SessionCaller | null> {
    const access = jar.read(request, "access");
    if (access !== null) {
      const checked = await checkToken(verifier, access);
      if (!(checked instanceof CountersignError)) {
        const signed = signedClaims(checked);
        // Not one of ours: a token that is bound to a key needs a proof, which no cookie is.
        const isBound = boundKeyOf(signed) !== undefined;
        if (!isBound && isYes('"isLive" of the sessions', await sessions.isLive(signed))) return callerOf(checked, []);
      } else if (checked.code === "JWKS_UNAVAILABLE") throw checked;
    }
    return (await refreshSession(request))?.caller ?? null;
  }

  /**
   * Refreshes the session of a request. The cookies of a session that has ended are left alone: another tab may have logged in
   * meanwhile, and its new cookies would be deleted. A page of another origin cannot use a refresh token up: nobody may get the
   * next one.
   */
  async function refreshSession(request: RequestLike) {
    const refreshToken = jar.read(request, "refresh");
    if (refreshToken === null || isOthersBackground(request, origins)) return null;
    for (let tries = 1; ; tries += 1) {
      let pair: SessionTokens;
      try {
        pair = await sessions.refresh(refreshToken, {});
      } catch (error) {
        const { code } = (error ?? {}) as Partial<CountersignError>;
        if (code === "SESSION_INVALID" || code === "SESSION_REUSED") return null;
        throw error;
      }
      const checked = await checkToken(verifier, pair.accessToken);
      if (!(checked instanceof CountersignError)) return { pair, caller: callerOf(checked, jar.fill(request, pair)) };
      // Again with the same refresh token, which is still answered: with the next one, other tabs would be two tokens behind.
      if (checked.code !== "TOKEN_EXPIRED" || tries === MAX_REFRESHES) throw checked;
    }
  }

  /** The cookies of a new session, which is ended if they are too long. */
  async function filled(request: Request, pair: SessionTokens): Promise<string[]> {
    try {
      return jar.fill(request, pair);
    } catch (error) {
      await sessions.end(pair.refreshToken);
      throw error;
    }
  }

  /** Ends the session of a request, by its refresh token, or else by its access token. */
  async function endSession(request: Request): Promise<void> {
    const [access, refreshToken] = [jar.read(request, "access"), jar.read(request, "refresh")];
    // `end` also takes the id of a session, which others may know: from an access token, or from a log.
    if (refreshToken?.includes(".") && (await sessions.end(refreshToken))) return;
    const checked = access === null ? null : await checkToken(verifier, access);
    if (checked === null || checked instanceof CountersignError) return;
    const { sid } = signedClaims(checked) as { sid?: unknown };
    if (typeof sid === "string") await sessions.end(sid);
  }

  function loggedOut(request: Request): Response {
    return withCookies(wantsPage(request) ? redirectTo(afterLogout) : replyWithoutBody(204, {}), jar.empty(request));
  }

  function notLoggedIn(request: RequestLike): Response {
    const path = pathOf(request);
    const isLoginPage = path?.split("?")[0] === loginPage.split(/[?#]/)[0];
    if (wantsPage(request) && !isLoginPage) {
      const isGet = request.method === "GET" || request.method === "HEAD";
      return redirectTo(withParameters(loginPage, { next: isGet && path !== "/" ? path : null }));
    }
    const body = { error: "invalid_token", error_description: "nobody is logged in" };
    return reply(401, body, { "WWW-Authenticate": "Bearer" });
  }

  function crossSite(request: RequestLike): Response {
    onEvent?.({ type: "cross-site", path: (pathOf(request) ?? "").split("?")[0] as string });
    const error_description = "the request does not come from a page of this origin";
    return reply(403, { error: "invalid_request", error_description });
  }

  /** A page gets the log-in form again, with the code of the refusal. */
  function refusing(request: Request, next: string | null): (refusal: Refusal) => Response {
    return (refusal) => {
      if (!wantsPage(request)) return asOAuth(refusal);
      return redirectTo(withParameters(loginPage, { error: inOAuth(refusal).body.error, next }));
    };
  }
}

function readGuardOptions(options: PageGuardOptions) {
  return readOptions(options, { optional: flag, scope: scopeOption });
}

function callerOf(checked: { header: object; claims: object }, cookies: readonly string[]): SessionCaller {
  const headers = new Headers();
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  // A cache that kept the answer would give one user's cookies to another.
  if (cookies.length > 0) headers.set("Cache-Control", "no-store");
  return { ...checked, scopes: scopesOf(signedClaims(checked), ["scope"]), headers } as SessionCaller;
}

/** What a script may know. */
function granted(subject: string, { expiresIn, scopes }: SessionTokens, fields: object): Response {
  return reply(200, { ...fields, subject, scopes, expires_in: expiresIn });
}

function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}

/** Adds headers to an answer. Those of an answer of `fetch` cannot be changed, so it is copied. */
function addHeaders(response: Response, headers: Headers): Response {
  const changed = [...headers].length === 0 ? response : new Response(response.body, response);
  for (const [name, value] of headers) {
    if (name === "set-cookie") changed.headers.append(name, value);
    else changed.headers.set(name, value);
  }
  return changed;
}

/** 503 if the store, the keys or the signer is not available. The cookies stay, so that the user can try again. */
function unavailableOrThrow(error: unknown): Response {
  const { code } = (error ?? {}) as Partial<CountersignError>;
  if (!/^(?:JWKS|KEY|STORE)_UNAVAILABLE$/.test(code ?? "")) throw error;
  const body = { error: "temporarily_unavailable", error_description: "the sessions are not available" };
  return reply(503, body, { "Retry-After": RETRY_AFTER });
}
