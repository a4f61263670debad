/** Checks a user name and a password, with a limit on the attempts. */

import type { CountersignError } from "../errors.js";
import { checkFunction, type OptionReader } from "../options.js";
import type { Grant } from "./grant.js";
import type { LoginAttempt, LoginThrottle } from "./throttle.js";
import type { Refuse } from "./token-refusal.js";

/**
 * Your check of a user name and a password.
 *
 * Return a {@link Grant}; or `null` or `false` if either is wrong; or your own `Response`, such as a 429 with
 * `Retry-After`. The check must take as long for an unknown user as for a wrong password: `PasswordHasher.verify` with
 * `null` does. Use `verifyAsync` to keep the thread free for other requests.
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
): Promise<Grant | Response | null> {
  let attempt: LoginAttempt | undefined;
  try {
    attempt = await throttle?.attempt(username, request);
    if (attempt?.allowed === false) {
      const { retryAfter } = attempt;
      return refuse(throttle?.silent === false ? { why: "slow down", retryAfter } : { why: "wrong" });
    }
    const answer = await callAuthenticate(authenticate, username, password, request);
    const isChecked = !(answer instanceof Response) || answer.status < 500;
    const isRight = answer !== null && (!(answer instanceof Response) || answer.status < 400);
    if (isRight) await attempt?.succeeded();
    else if (!isChecked) await attempt?.withdraw();
    return answer;
  } catch (error) {
    const { code } = (error ?? {}) as Partial<CountersignError>;
    if (code === "STORE_UNAVAILABLE") return refuse({ why: "unavailable" });
    // A client that hangs up has still tried a password. If the store fails too, the throttle has told its owner.
    if (!request.signal?.aborted && !isRefusal(error)) await attempt?.withdraw().catch(() => {});
    if (code === "PASSWORD_QUEUE_FULL") return refuse({ why: "busy" });
    throw error;
  }
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
