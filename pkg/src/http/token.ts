/** The endpoint that issues a token for a user name and a password (RFC 6749 §4.3 and §5). */

import type { CountersignError } from "../errors.js";
import { lifetime } from "../lifetime.js";
import { checkFunction, checkMethod, optionalObject, readOptions, wholeNumber } from "../options.js";
import { parseScope, scopeOption } from "../scope.js";
import { readForm } from "./form.js";
import { type Grant, readGrant } from "./grant.js";
import { type ErrorStyle, errorsOption, reply } from "./reply.js";
import { checkStandardRequest } from "./request.js";
import type { LoginAttempt, LoginThrottle } from "./throttle.js";
import { asFastApi, asOAuth, type Refuse } from "./token-refusal.js";

/** Signs tokens: a `Signer`, or an object of the same shape, which may be asynchronous. */
export interface TokenSigner {
  sign(claims: object, o: { expiresIn: number }): string | Promise<string>;
}

/** Options of {@link tokenEndpoint}. */
export interface TokenEndpointOptions {
  /**
   * Checks a user name and a password.
   *
   * Return a {@link Grant}; or `null` or `false` if either is wrong; or your own `Response`, such as a 429 with
   * `Retry-After`. The check must take as long for an unknown user as for a wrong password: `PasswordHasher.verify` with
   * `null` does. Use `verifyAsync` to keep the thread free for other requests.
   *
   * If it throws `PASSWORD_TOO_LONG` or `PASSWORD_INVALID`, the password counts as wrong. If it throws `PASSWORD_QUEUE_FULL`,
   * the endpoint answers 503.
   */
  authenticate: (
    username: string,
    password: string,
    request: Request,
  ) => Grant | Response | null | false | Promise<Grant | Response | null | false>;
  /** Signs the token: a `Signer` with an issuer and an audience. */
  signer: TokenSigner;
  /**
   * The lifetime of a token in whole seconds, or as text, such as `"30m"`: its `exp`, and `expires_in` in the response.
   * Default 900, 15 minutes.
   */
  expiresIn?: number | string;
  /**
   * The scopes of a request without `scope`. Of these, the user gets those that they may have. Default: none.
   */
  defaultScope?: string | readonly string[];
  /** The longest request body in bytes, from 1 to 1048576. Default 16384. */
  maxBodyBytes?: number;
  /**
   * With `"fastapi"`, refusals have the status and the `detail` that FastAPI gives: 401 with `"Incorrect username or
   * password"`, and 422 with a list for a form that cannot be read. Default `"oauth"`: as in the table of
   * {@link tokenEndpoint}.
   */
  errors?: ErrorStyle;
  /**
   * Limits attempts, from {@link loginThrottle}. It is asked before `authenticate`. A grant, or your own response below 400,
   * counts as a success; your own response from 500 on, and an error while the client waits, do not count. Default: no limit.
   */
  throttle?: LoginThrottle;
}

/**
 * Makes a handler for `POST /token`: the password grant, for an application's own log-in form.
 *
 * The body is a form, URL-encoded or multipart, with `username`, `password` and, optionally, `scope`, whose words are
 * separated by single spaces. `grant_type` may be absent, as in FastAPI's form; otherwise it must be `password`. All other
 * parameters are ignored, also `client_id` and `client_secret`: this authenticates the user, not the client.
 *
 * | request | response |
 * |---|---|
 * | right | 200, `{ "access_token", "token_type": "bearer", "expires_in", "scope" }` (no `scope` if nothing is granted) |
 * | not a form, not UTF-8, a parameter missing or repeated | 400, `invalid_request` |
 * | a body that is too long | 413, `invalid_request` |
 * | another `grant_type` | 400, `unsupported_grant_type` |
 * | wrong user name or wrong password, without telling which | 400, `invalid_grant` |
 * | a malformed `scope`, or one that the user may not have | 400, `invalid_scope`, and no token |
 * | too many attempts, with a `throttle` | as for a wrong password, or 429, `slow_down`, if the throttle is not silent |
 * | the store of the `throttle` fails (`STORE_UNAVAILABLE`) | 503, `temporarily_unavailable`, `Retry-After` |
 * | the password queue is full (`PASSWORD_QUEUE_FULL`) | 503, `temporarily_unavailable`, `Retry-After` |
 * | not `POST` | 405 |
 *
 * A requested scope is granted completely or not at all. Otherwise, a client that asked for `admin` and silently got less
 * would fail later, elsewhere. The scopes of a user are revealed only after the right password.
 *
 * @param options See {@link TokenEndpointOptions}.
 * @returns The handler. It rejects (answer 500) with any other error of `authenticate` or of the signer. It rejects with
 * `OPTION_INVALID` if `authenticate` returns anything but a grant, a response, `null` or `false`, if the body was already
 * read, and if it is given something that is not a standard `Request`. For Node's requests, see {@link onNode}.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type.
 *
 * @example
 * ```ts
 * const token = tokenEndpoint({
 *   signer: new Signer(key, { issuer: "https://login.example", audience: "https://api.example" }),
 *   async authenticate(username, password) {
 *     const user = await users.find(username);
 *     const { ok } = await hasher.verifyAsync(password, user?.hash ?? null);
 *     return ok && user ? { subject: user.id, scopes: user.scopes } : null;
 *   },
 * });
 * ```
 */
export function tokenEndpoint(options: TokenEndpointOptions): (request: Request) => Promise<Response> {
  const { authenticate, defaultScope, errors, expiresIn, maxBodyBytes, signer, throttle } = readOptions(options, {
    authenticate: requiredAuthenticate,
    signer: requiredSigner,
    expiresIn: lifetime(900),
    maxBodyBytes: wholeNumber(1, 16_384, 1_048_576),
    defaultScope: scopeOption,
    errors: errorsOption,
    throttle: optionalObject<LoginThrottle>("attempt"),
  });
  const refuse = errors === "fastapi" ? asFastApi : asOAuth;

  return async (request) => {
    checkStandardRequest(request);
    if (request.method !== "POST") return refuse({ why: "method" });
    const form = await readForm(request, maxBodyBytes);
    if ("problem" in form)
      return refuse({ why: form.status === 413 ? "too long" : "malformed", problem: form.problem });

    const login = readLogin(form.parameters, refuse);
    if (login instanceof Response) return login;
    const answer = await callThrottled(throttle, login, request, refuse, () =>
      callAuthenticate(authenticate, login, request),
    );
    if (answer === null) return refuse({ why: "wrong" });
    if (answer instanceof Response) return answer;
    const { subject, claims: more, allowed, fields, headers } = readGrant(answer);

    const scopes = login.scopes ?? defaultScope.filter((scope) => allowed.includes(scope));
    if (!scopes.every((scope) => allowed.includes(scope))) {
      return refuse({ why: "scope", problem: "the user may not have the requested scope" });
    }
    // RFC 6749 §3.3: a scope has at least one word, so an empty one is left out.
    const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    const claims = { ...more, sub: subject, ...scope };
    const access_token = await signer.sign(claims, { expiresIn });
    const response = reply(200, { access_token, token_type: "bearer", expires_in: expiresIn, ...scope, ...fields });
    for (const [name, value] of headers) response.headers.append(name, value);
    return response;
  };
}

function requiredAuthenticate(name: string, value: unknown): TokenEndpointOptions["authenticate"] {
  checkFunction(name, value);
  return value as TokenEndpointOptions["authenticate"];
}

function requiredSigner(name: string, value: unknown): TokenSigner {
  checkMethod(name, value, "sign");
  return value as TokenSigner;
}

/** A log-in request. `scopes` is undefined if the client leaves the choice to the server. */
interface Login {
  readonly username: string;
  readonly password: string;
  readonly scopes: string[] | undefined;
}

function readLogin(parameters: ReadonlyMap<string, string>, refuse: Refuse): Login | Response {
  // Another grant has other parameters, so its name is checked before those of this grant.
  if ((parameters.get("grant_type") ?? "password") !== "password") return refuse({ why: "grant type" });
  const missing = ["username", "password"].filter((name) => !parameters.has(name));
  if (missing.length > 0) return refuse({ why: "missing", missing });
  const scope = parameters.get("scope");
  const scopes = scope === undefined ? undefined : parseScope(scope);
  if (scopes === null) {
    return refuse({ why: "scope", problem: "the scope is not a list of words with one space between" });
  }
  return { username: parameters.get("username") ?? "", password: parameters.get("password") ?? "", scopes };
}

/** Asks the throttle, then `authenticate`, and tells the throttle how it ended. */
async function callThrottled(
  throttle: LoginThrottle | undefined,
  { username }: Login,
  request: Request,
  refuse: Refuse,
  authenticate: () => Promise<Grant | Response | null>,
): Promise<Grant | Response | null> {
  let attempt: LoginAttempt | undefined;
  try {
    attempt = await throttle?.attempt(username, request);
    if (attempt?.allowed === false) {
      const { retryAfter } = attempt;
      return refuse(throttle?.silent === false ? { why: "slow down", retryAfter } : { why: "wrong" });
    }
    const answer = await authenticate();
    const isChecked = !(answer instanceof Response) || answer.status < 500;
    const isRight = answer !== null && (!(answer instanceof Response) || answer.status < 400);
    if (isRight) await attempt?.succeeded();
    else if (!isChecked) await attempt?.withdraw();
    return answer;
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    if (code === "STORE_UNAVAILABLE") return refuse({ why: "unavailable" });
    // A client that hangs up has still tried a password.
    if (!request.signal?.aborted) await attempt?.withdraw();
    if (code === "PASSWORD_QUEUE_FULL") return refuse({ why: "busy" });
    throw error;
  }
}

async function callAuthenticate(
  authenticate: TokenEndpointOptions["authenticate"],
  { username, password }: Login,
  request: Request,
): Promise<Grant | Response | null> {
  try {
    // `ok && { subject }` is `false` without a grant.
    const answer = await authenticate(username, password, request);
    return answer === false || answer === undefined ? null : answer;
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    if (code === "PASSWORD_TOO_LONG" || code === "PASSWORD_INVALID") return null;
    throw error;
  }
}
