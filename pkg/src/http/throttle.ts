/** Slows down the guessing of passwords, before a password is hashed (NIST SP 800-63B-4 §3.2.2). */

import { lifetime } from "../lifetime.js";
import {
  checkFunction,
  flag,
  invalid,
  type OptionReader,
  optionalFunction,
  readOptions,
  wholeNumber,
} from "../options.js";
import { CheckedStore, type Store } from "../stores/store.js";
import { accountName } from "./account-name.js";
import { addressOf, networkOf } from "./address.js";
import { type Change, counted, type Limits, uncounted } from "./attempts.js";
import type { RequestLike } from "./request.js";

/** How many failures are allowed, and how long one must wait then. Durations are seconds, or texts such as `"15m"`. */
export interface ThrottleLimits {
  /** Failures without a wait: of an account, in a row, default 5; of an address, in an hour, default 50. */
  free?: number;
  /** The wait after the next failure. It doubles with every further one. Default 2 seconds. */
  firstWait?: number | string;
  /** The longest wait. Default 15 minutes. */
  longestWait?: number | string;
}

/** Limits of an account. */
export interface AccountLimits extends ThrottleLimits {
  /** After this many failures in a row, the account is locked. At most 100 (NIST). Default 100. */
  lockAfter?: number;
  /** How long it is locked. Default `null`: until `reset`. */
  unlockAfter?: number | string | null;
}

/** Limits of an address. */
export interface AddressLimits extends ThrottleLimits {
  /**
   * The header in which your proxy names the client's address, such as `"CF-Connecting-IP"` or `"X-Forwarded-For"`; of several
   * addresses, the last. The proxy must set it: a client could write anything in it. Default: the connection's address, which
   * `onNode` knows.
   */
  header?: string;
}

/** Something that the owner of the server may want to know. */
export type ThrottleEvent =
  | { readonly type: "throttled"; readonly by: "account" | "address"; readonly account: string }
  | { readonly type: "store-failed"; readonly error: unknown };

/** Options of {@link loginThrottle}. */
export interface LoginThrottleOptions {
  /** Where the counts are kept: in any store of `countersign/session`, or your own. It may be the one of the sessions. */
  store: Store;
  /** Limits of each account, also of names that no account has. */
  perAccount?: AccountLimits;
  /** Limits of each address. An IPv6 network of 64 bits counts as one. Default: none. */
  perAddress?: AddressLimits;
  /**
   * The account that a user name means, so that no other spelling of it is counted apart. Default: the name in Unicode NFKC and
   * lower case, without accents, invisible characters, and spaces around it, and with `o` for `ø`, `3` for `٣` and the like: what
   * databases take for the same name if they ignore case and accents, as MySQL does. If your database finds the account by more
   * spellings, give them all one name here. If it tells such names apart, and anybody can register them, return the name as it is:
   * otherwise, a log-in as `álice` forgets the failures of `alice`.
   */
  account?: (username: string) => string;
  /**
   * Whether `tokenEndpoint` answers like for a wrong password. With `false`, it answers 429 with `Retry-After`. Default `true`.
   * The answer comes sooner than one after a hash, so an attacker can notice it in any case.
   */
  silent?: boolean;
  /** Gets what happens, for a log. It must not throw. */
  onEvent?: (event: ThrottleEvent) => void;
}

/** An attempt to log in, which counts as a failure until you say otherwise. */
export interface LoginAttempt {
  /** Whether the password may be checked. */
  readonly allowed: boolean;
  /** Seconds until the next attempt is allowed; 0 if this one is. `Infinity` if the account is locked until `reset`. */
  readonly retryAfter: number;
  /** The password was right: the account's failures are forgotten, and the address gets its attempt back. */
  succeeded(): Promise<void>;
  /** The password was not checked: nothing is counted. */
  withdraw(): Promise<void>;
}

/** Limits attempts to log in. */
export interface LoginThrottle {
  /** Whether refusals look like those of a wrong password. */
  readonly silent: boolean;
  /**
   * Counts an attempt, before the password is checked.
   *
   * @throws {CountersignError} `STORE_UNAVAILABLE`: do not check the password then. `OPTION_INVALID`: `perAddress` is set, and
   * the address is not known.
   */
  attempt(username: string, request: RequestLike): Promise<LoginAttempt>;
  /** Forgets the failures of an account and unlocks it, for example after its password was reset. */
  reset(username: string): Promise<void>;
}

const HOUR_MS = 3600 * 1000;
const never = Number.POSITIVE_INFINITY;
/** NIST SP 800-63B-4 §3.2.2: no more failures in a row than this. */
const MOST_FAILURES = 100;

/**
 * Makes a throttle for `tokenEndpoint({ …, throttle })`, or for your own log-in. It counts an attempt before the password is
 * hashed, so many at once get no further than one after the other.
 *
 * By default, an account has 5 failures without a wait. After the next ones, it waits 2, 4, 8, … seconds, at most 15 minutes.
 * After 100 failures in a row it is locked until `reset`. A right password forgets the failures. Attempts during a wait are
 * not checked and not counted, even if the password is right.
 *
 * An attacker who knows a user name can make that account wait. Without this, they could go on guessing.
 *
 * @param options See {@link LoginThrottleOptions}.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type.
 *
 * @example
 * ```ts
 * const throttle = loginThrottle({ store: sqliteStore(database), perAddress: { header: "CF-Connecting-IP" } });
 * const token = tokenEndpoint({ signer, authenticate, throttle });
 * ```
 */
export function loginThrottle(options: LoginThrottleOptions): LoginThrottle {
  const { account, onEvent, perAccount, perAddress, silent, store } = readOptions(options, {
    account: (name, value = accountName) => {
      checkFunction(name, value);
      return value as (username: string) => string;
    },
    onEvent: optionalFunction<(event: ThrottleEvent) => void>(),
    perAccount: readAccountLimits,
    perAddress: readAddressLimits,
    silent: (name, value) => (value === undefined ? true : flag(name, value)),
    store: (name, value) => new CheckedStore(name, value),
  });

  /** Everything that fails here is told to the owner. */
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      onEvent?.({ type: "store-failed", error });
      throw error;
    }
  };
  const accountKey = async (username: string) => `account:${await digest(accountOf(account, username))}`;
  const count = async (key: string, limits: Limits, now: number): Promise<Counted> => {
    const change = await store.update<Change>(key, (row) => counted(row, limits, now));
    const undo = () => store.update(key, (row) => uncounted(row, change, limits));
    return { wait: change.wait, undo };
  };

  return {
    silent,
    async attempt(username, request) {
      const address = perAddress && addressOf(request, perAddress.header);
      if (perAddress !== undefined && perAddress.header === undefined && address === undefined) {
        throw invalid('option "perAddress" needs a "header": the address of the connection is not known');
      }
      const key = await accountKey(username);
      const addressKey = `address:${await digest(networkOf(address ?? ""))}`;
      const now = Date.now();
      return told(async () => {
        const byAddress = perAddress && (await count(addressKey, perAddress, now));
        if (byAddress !== undefined && byAddress.wait > 0) return refused("address", username, byAddress.wait);
        const byAccount = await count(key, perAccount, now);
        if (byAccount.wait > 0) {
          await byAddress?.undo();
          return refused("account", username, byAccount.wait);
        }
        return {
          allowed: true,
          retryAfter: 0,
          succeeded: () =>
            told(async () => {
              await store.update(key, () => ({ result: undefined, next: undefined }));
              await byAddress?.undo();
            }),
          withdraw: () =>
            told(async () => {
              await byAccount.undo();
              await byAddress?.undo();
            }),
        };
      });
    },
    async reset(username) {
      const key = await accountKey(username);
      await told(() => store.update(key, () => ({ result: undefined, next: undefined })));
    },
  };

  function refused(by: "account" | "address", username: string, milliseconds: number): LoginAttempt {
    onEvent?.({ type: "throttled", by, account: accountOf(account, username) });
    const nothing = async () => {};
    return { allowed: false, retryAfter: Math.ceil(milliseconds / 1000), succeeded: nothing, withdraw: nothing };
  }
}

/** The account that a user name means. */
function accountOf(account: (username: string) => string, username: string): string {
  const name: unknown = account(username);
  if (typeof name !== "string") throw invalid('option "account" did not return a string');
  return name;
}

/** An attempt that was counted, or the time that is left to wait. */
interface Counted {
  readonly wait: number;
  undo(): Promise<unknown>;
}

/** Names have any length. The store need not know them. */
async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const milliseconds =
  (byDefault: number): OptionReader<number> =>
  (name, value) =>
    lifetime(byDefault)(name, value) * 1000;

const common = (free: number) => ({
  free: wholeNumber(0, free, 1_000_000),
  firstWait: milliseconds(2),
  longestWait: milliseconds(15 * 60),
});

function readAccountLimits(_: string, value: unknown = {}): Limits {
  const limits = readOptions(value, {
    ...common(5),
    lockAfter: wholeNumber(1, MOST_FAILURES, MOST_FAILURES),
    unlockAfter: (name, each) => (each === undefined || each === null ? never : milliseconds(1)(name, each)),
  });
  return { ...limits, forgetOneAfter: never };
}

function readAddressLimits(_: string, value: unknown): (Limits & { header: string | undefined }) | undefined {
  if (value === undefined) return undefined;
  const limits = readOptions(value, { ...common(50), header: readHeader });
  const forgetOneAfter = limits.free === 0 ? HOUR_MS : HOUR_MS / limits.free;
  return { ...limits, forgetOneAfter, lockAfter: never, unlockAfter: 0 };
}

function readHeader(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !/^[!#$%&'*+.^`|~\w-]+$/.test(value)) {
    throw invalid(`option "${name}" is not the name of a header`);
  }
  if (/^forwarded$/i.test(value))
    throw invalid(`option "${name}" must not be "Forwarded": name a header that holds only addresses`);
  return value;
}
