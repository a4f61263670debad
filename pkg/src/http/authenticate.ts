/** Checks a user name and a password, with a limit on the attempts. */

import type { CountersignError } from "../errors.js";
import { checkFunction, invalid, type OptionReader } from "../options.js";
import { inKind, isResponse, ownResponse } from "./answer.js";
import { type Grant, type ReadGrant, readGrant } from "./grant.js";
import type { LoginAttempt, LoginThrottle } from "./throttle.js";
import type { Refuse } from "./token-refusal.js";

/**
 * Your check of a user name and a password.
 *
 * Return a {@link Grant}; or `null` or `false` if either is wrong; or your own `Response`, such as a 429 with
 * `Retry-After`. Anything else is `OPTION_INVALID`, and counts as a failure for the throttle. The check must take as long for an
 * unknown user as for a wrong password: `PasswordHasher.verify` with `null` does. Use `verifyAsync` to keep the thread free for other requests.
 *
 * If it throws `PASSWORD_TOO_LONG` or `PASSWORD_INVALID`, the password counts as wrong. If it throws `PASSWORD_QUEUE_FULL`,
 * the endpoint answers 503. For a wrong password, return `null` rather than throw an error of a framework.
 */
export type Authenticate = (
  username: string,
  password: string,
  request: Request,
) => Grant | Response | null | false | Promise<Grant | Response | null | false>;

/** Reads the option `authenticate`. */
export const authenticateOption: OptionReader<Authenticate> = (name, value) => {
  checkFunction(name, value);
  return value as Authenticate;
};

/** Asks the throttle, then `authenticate`, and tells the throttle how it ended. `null` if the name or the password is wrong. */
export async function logIn(
  { authenticate, throttle }: { authenticate: Authenticate; throttle: LoginThrottle | undefined },
  username: string,
  password: string,
  request: Request,
  refuse: Refuse,
): Promise<ReadGrant | Response | null> {
  let attempt: LoginAttempt | undefined;
  let isAnswered = false;
  try {
    attempt = throttle && checkAttempt(await throttle.attempt(username, request));
    if (attempt?.allowed === false) {
      const { retryAfter } = attempt;
      return refuse(throttle?.silent === false ? { why: "slow down", retryAfter } : { why: "wrong" });
    }
    const given = await callAuthenticate(authenticate, username, password, request);
    // What cannot be read from here on counts as a failure: a wrong password may look like that.
    isAnswered = true;
    if (given === null) return null;
    const answer = isResponse(given) ? await ownResponse(given) : readGrant(given);
    const status = answer instanceof Response ? answer.status : 200;
    if (status < 400) await attempt?.succeeded();
    else if (500 <= status) await attempt?.withdraw();
    return answer;
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    // A client that hangs up has still tried a password. If the store fails too, the throttle has told its owner.
    if (!isAnswered && !request.signal?.aborted && !isRefusal(error)) await attempt?.withdraw().catch(() => {});
    if (code === "STORE_UNAVAILABLE") return refuse({ why: "unavailable" });
    if (code === "PASSWORD_QUEUE_FULL") return refuse({ why: "busy" });
    throw error;
  }
}

/** A throttle of any make must say that the password may be checked, and take how it ended. */
function checkAttempt(attempt: unknown): LoginAttempt {
  const { allowed, succeeded, withdraw } = (attempt ?? {}) as Partial<LoginAttempt>;
  const isComplete = typeof succeeded === "function" && typeof withdraw === "function";
  if (allowed === false || (allowed === true && isComplete)) return attempt as LoginAttempt;
  throw invalid(
    `option "throttle" returned ${inKind(attempt)} that is no attempt: it must return { allowed, retryAfter, succeeded, withdraw }`,
  );
}

/** Whether an error of a framework says that the client is at fault, as for a wrong password. */
function isRefusal(error: unknown): boolean {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  return [status, statusCode].some((code) => typeof code === "number" && 400 <= code && code < 500);
}

async function callAuthenticate(
  authenticate: Authenticate,
  username: string,
  password: string,
  request: Request,
): Promise<unknown> {
  try {
    // `ok && { subject }` is `false` without a grant.
    const answer: unknown = await authenticate(username, password, request);
    return answer === false || answer === undefined ? null : answer;
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    if (code === "PASSWORD_TOO_LONG" || code === "PASSWORD_INVALID") return null;
    throw error;
  }
}
