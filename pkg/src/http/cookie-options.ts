/** The options of `cookieSession`. */

import {
  checkMethod,
  flag,
  invalid,
  type OptionReader,
  optionalFunction,
  optionalObject,
  readOptions,
  shortName,
  wholeNumber,
} from "../options.js";
import { type Authenticate, authenticateOption } from "./authenticate.js";
import { type CookieEncryption, CookieJar, encryptionOption, type SameSite } from "./cookie-jar.js";
import type { TokenSessions } from "./issue.js";
import { ownPathOption } from "./page.js";
import { originsOption } from "./request-token.js";
import type { EndableSessions } from "./revocation.js";
import type { LoginThrottle } from "./throttle.js";
import { checkVerifier, type TokenVerifier } from "./verify-token.js";

/** Sessions that can be ended: `Sessions` of `countersign/session`, or an object of the same shape. */
export interface CookieSessions extends TokenSessions, EndableSessions {
  endAll(subject: string): Promise<unknown>;
  isLive(claims: { readonly sid?: unknown; readonly sub?: unknown }): Promise<boolean>;
  /** How many seconds a session lives without being refreshed: the browser keeps the cookie so long. */
  readonly idleExpiresIn: number;
}

/** Something for an audit log. `Sessions` and `loginThrottle` tell the rest. */
export type CookieSessionEvent =
  /** The name or the password was wrong. */
  | { readonly type: "login-failed"; readonly username: string }
  /** A page of another site sent the request, or it did not say which page did. */
  | { readonly type: "cross-site"; readonly path: string };

/** Options of {@link cookieSession}. */
export interface CookieSessionOptions {
  /** Checks a user name and a password, as for `tokenEndpoint`. See {@link Authenticate}. */
  authenticate: Authenticate;
  /** Checks the access tokens of the sessions: a `Verifier` with the issuer and audience of their signer. */
  verifier: TokenVerifier;
  /** Limits attempts to log in, from {@link loginThrottle}. It is asked before `authenticate`. Default: no limit. */
  throttle?: LoginThrottle;
  /**
   * The path of your page with the log-in form. Visitors who are not logged in are sent there, with `?next=` and the path they
   * wanted; after a failed log-in, with `?error=` and the code. Default `"/login"`.
   */
  loginPage?: string;
  /** The path after a log-in without `next`. Default `"/"`. */
  afterLogin?: string;
  /** The path after logging out. Default: `loginPage`. */
  afterLogout?: string;
  /** The cookies are `__Host-Http-NAME` and `__Host-Http-NAME-refresh`. Default `"session"`. */
  name?: string;
  /**
   * `"Strict"`: a visitor who follows a link of another site counts as not logged in until the next click. `"Lax"`: counts as
   * logged in. Both are safe, because other sites may not change anything. Default `"Strict"`.
   */
  sameSite?: SameSite;
  /** Other origins, such as `"https://www.example"`, whose pages may send requests that change something. Default: none. */
  origins?: readonly string[];
  /** Encrypts what the cookies contain. Default: they contain the signed tokens. */
  // biome-ignore lint/suspicious/noExplicitAny: the keys of any library
  encryption?: CookieEncryption<any>;
  /**
   * With `true`, on `http://localhost` and other loopback addresses, the cookies are called `NAME` and `NAME-refresh`, and are not
   * `Secure`. For development with Safari and other WebKit browsers, which keep no secure cookie there. Default `false`: a server
   * behind a proxy may see such addresses too.
   */
  allowInsecureLoopback?: boolean;
  /** The longest body of a log-in in bytes, from 1 to 1048576. Default 16384. */
  maxBodyBytes?: number;
  /** Gets what happens, for an audit log. It must not throw. */
  onEvent?: (event: CookieSessionEvent) => void;
}

const METHODS = ["start", "refresh", "end", "endAll", "isLive"];

/** @throws {CountersignError} `OPTION_INVALID`. */
export function readCookieOptions(sessions: CookieSessions, options: CookieSessionOptions) {
  for (const method of METHODS) checkMethod("sessions", sessions, method);
  const read = readOptions(options, {
    afterLogin: ownPathOption("/"),
    allowInsecureLoopback: flag,
    afterLogout: (name, value) => (value === undefined ? undefined : ownPathOption("/")(name, value)),
    authenticate: authenticateOption,
    encryption: encryptionOption,
    loginPage: ownPathOption("/login"),
    maxBodyBytes: wholeNumber(1, 16_384, 1_048_576),
    name: shortName("session"),
    onEvent: optionalFunction<NonNullable<CookieSessionOptions["onEvent"]>>(),
    origins: originsOption,
    sameSite: readSameSite,
    throttle: optionalObject<LoginThrottle>("attempt"),
    verifier: (_, value) => {
      checkVerifier(value);
      return value;
    },
  });
  const jar = new CookieJar({ ...read, idleExpiresIn: sessions.idleExpiresIn });
  return { ...read, afterLogout: read.afterLogout ?? read.loginPage, jar };
}

const readSameSite: OptionReader<SameSite> = (name, value = "Strict") => {
  if (value === "Strict" || value === "Lax") return value;
  throw invalid(`option "${name}" is not "Strict" or "Lax"`);
};
