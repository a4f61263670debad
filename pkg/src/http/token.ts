/** The endpoint that gives a token for a name and a password (RFC 6749 §4.3 and §5). */

import { CountersignError } from "../errors.js";
import { checkFunction, checkMethod, readOptions, wholeNumber } from "../options.js";
import { readForm } from "./form.js";
import { described, methodNotAllowed, reply } from "./reply.js";
import { readScope, scopeOption } from "./scope.js";

/** What signs tokens: a `Signer`, or anything that answers as one does; a key kept elsewhere may answer later. */
export interface TokenSigner {
  sign(claims: object, o: { expiresIn: number }): string | Promise<string>;
}

/** What a user is given after the right password. */
export interface Grant {
  /** Who it is: the token's `sub`. */
  subject: string;
  /** What this user may ask for. Default: nothing. */
  scopes?: readonly string[];
  /** Further claims for the token. `sub` and `scope` are not among them: the endpoint writes those. */
  claims?: Record<string, unknown>;
}

/** Options of {@link tokenEndpoint}. */
export interface TokenEndpointOptions {
  /**
   * The application's check of a name and a password.
   *
   * Gives the {@link Grant}; or `null` (or `false`) when either is wrong, which must cost the same for an unknown name as
   * for a wrong password (`PasswordHasher.verify` with `null` sees to it); or a `Response` of its own, such as a 429
   * with `Retry-After`. It may be `async`, and then check the password by `verifyAsync`, which leaves the thread to other
   * requests. An error with the code `PASSWORD_TOO_LONG` or `PASSWORD_INVALID` counts as a wrong password; one with
   * `PASSWORD_QUEUE_FULL` says that more log in than there are threads for, and is answered so.
   */
  authenticate: (
    username: string,
    password: string,
    request: Request,
  ) => Grant | Response | null | false | Promise<Grant | Response | null | false>;
  /** Signs the token: a `Signer` with the issuer and audience it stamps. */
  signer: TokenSigner;
  /** How long a token lives, in seconds: its `exp`, and `expires_in` in the answer. Default: 900, 15 minutes. */
  expiresIn?: number;
  /**
   * What a request without `scope` asks for. Of this the user gets what they may have; of a `scope` in the request,
   * all or an error. Default: nothing.
   */
  defaultScope?: string | readonly string[];
  /** The longest body that is read, in bytes; from 1 to 1048576. Default: 16384. */
  maxBodyBytes?: number;
}

/**
 * Makes the handler of `POST /token`, the resource owner password grant for an application's own log-in form.
 *
 * The body is a form with `grant_type=password`, `username`, `password` and, if wanted, `scope`, a list of words with
 * one space between. `client_id` and `client_secret` are not looked at, nor is any other parameter: the one who
 * authenticates is the user.
 *
 * | request | answer |
 * |---|---|
 * | right | 200, `{ "access_token", "token_type": "bearer", "expires_in", "scope" }` (no `scope` where nothing is granted) |
 * | not a form, not UTF-8, a parameter missing or repeated | 400, `invalid_request` |
 * | a body over the limit | 413, `invalid_request` |
 * | another `grant_type` | 400, `unsupported_grant_type` |
 * | name or password wrong, one like the other | 400, `invalid_grant` |
 * | a `scope` that is not one, or more than the user may have | 400, `invalid_scope`, and no token |
 * | more passwords at once than the pool's threads and queue take (`PASSWORD_QUEUE_FULL`) | 503, `temporarily_unavailable`, `Retry-After` |
 * | not `POST` | 405 |
 *
 * All or nothing on purpose: a client that asked for `admin` and silently got less would find out somewhere else. What
 * a user may have is told only after the right password.
 *
 * @param options See {@link TokenEndpointOptions}.
 * @returns The handler. It rejects (answer 500) with what else `authenticate` or the signer throws, and with
 * `OPTION_INVALID` where `authenticate` gives what is neither a grant nor a refusal.
 * @throws {@link CountersignError} `OPTION_INVALID`: an unknown option, one of the wrong type, or one that is missing.
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
  const o = readOptions(options, ["authenticate", "defaultScope", "expiresIn", "maxBodyBytes", "signer"]);
  checkFunction("authenticate", o.authenticate);
  checkMethod("signer", o.signer, "sign");
  const { signer } = o;
  const expiresIn = wholeNumber("expiresIn", o.expiresIn, 1, 900);
  const maxBodyBytes = wholeNumber("maxBodyBytes", o.maxBodyBytes, 1, 16_384, 1_048_576);
  const defaultScope = scopeOption("defaultScope", o.defaultScope);

  return async (request) => {
    if (request.method !== "POST") return methodNotAllowed("POST");
    const form = await readForm(request, maxBodyBytes);
    if ("fault" in form) return failure("invalid_request", form.fault, form.status);

    const wish = readWish(form.parameters);
    if (wish instanceof Response) return wish;
    const answer = await authenticate(o, wish, request);
    if (answer === null) return failure("invalid_grant", "the user name or the password is wrong");
    if (answer instanceof Response) return answer;
    const { subject, claims: more, allowed } = readGrant(answer);

    const scopes = wish.scopes ?? defaultScope.filter((scope) => allowed.includes(scope));
    if (!scopes.every((scope) => allowed.includes(scope))) {
      return failure("invalid_scope", "the scope is more than this user may have");
    }
    // RFC 6749 §3.3: a scope has at least one word, so that of nothing is left out.
    const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    const claims = { ...more, sub: subject, ...scope };
    const access_token = await signer.sign(claims, { expiresIn });
    return reply(200, { access_token, token_type: "bearer", expires_in: expiresIn, ...scope });
  };
}

/** What a request asks for. `scopes` is undefined where it leaves the choice to us. */
interface Wish {
  readonly username: string;
  readonly password: string;
  readonly scopes: string[] | undefined;
}

function readWish(parameters: ReadonlyMap<string, string>): Wish | Response {
  const missing = ["grant_type", "username", "password"].find((name) => !parameters.has(name));
  // An unsupported grant has other parameters than ours, so it is named before they are missed.
  if (missing !== "grant_type" && parameters.get("grant_type") !== "password") {
    return failure("unsupported_grant_type", "the grant_type is not password");
  }
  if (missing !== undefined) return failure("invalid_request", `missing parameter ${missing}`);
  const scope = parameters.get("scope");
  const scopes = scope === undefined ? undefined : readScope(scope);
  if (scopes === null) return failure("invalid_scope", "the scope is not a list of words with one space between");
  return { username: parameters.get("username") ?? "", password: parameters.get("password") ?? "", scopes };
}

async function authenticate(o: TokenEndpointOptions, wish: Wish, request: Request): Promise<Grant | Response | null> {
  try {
    // `ok && { subject }` gives `false` where it gives no grant.
    const answer = await o.authenticate(wish.username, wish.password, request);
    return answer === false || answer === undefined ? null : answer;
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    if (code === "PASSWORD_TOO_LONG" || code === "PASSWORD_INVALID") return null;
    if (code === "PASSWORD_QUEUE_FULL") return overloaded();
    throw error;
  }
}

/**
 * Reads what `authenticate` gave as strictly as any option: whatever is not a grant must not become a token.
 *
 * @throws {@link CountersignError} `OPTION_INVALID`.
 */
function readGrant(given: Grant): { subject: string; claims: object; allowed: readonly string[] } {
  const { claims = {}, scopes, subject } = readOptions<Partial<Grant>>(given, ["claims", "scopes", "subject"]);
  if (typeof subject !== "string" || subject === "") {
    throw new CountersignError("OPTION_INVALID", 'option "subject" is not a non-empty string');
  }
  if (Object.prototype.toString.call(claims) !== "[object Object]") {
    throw new CountersignError("OPTION_INVALID", 'option "claims" is not an object');
  }
  const ours = ["sub", "scope"].find((name) => Object.hasOwn(claims, name));
  if (ours !== undefined) {
    throw new CountersignError("OPTION_INVALID", `option "claims" must not set "${ours}"`);
  }
  return { subject, claims, allowed: scopeOption("scopes", scopes) };
}

type Failure =
  | "invalid_request"
  | "invalid_grant"
  | "invalid_scope"
  | "temporarily_unavailable"
  | "unsupported_grant_type";

/** RFC 6749 §5.2. */
function failure(error: Failure, description: string, status = 400, headers: Record<string, string> = {}): Response {
  return reply(status, { error, error_description: described(description) }, headers);
}

/** When to come again, in seconds: four threads have worked off the usual queue of 256 in two or three. */
const RETRY_AFTER = "3";

/** RFC 6749 §5.2 has no word for it; that of §4.1.2.1, for the other endpoint, means just this. */
function overloaded(): Response {
  const headers = { "Retry-After": RETRY_AFTER };
  return failure("temporarily_unavailable", "too many log in at once", 503, headers);
}
