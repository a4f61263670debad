/** The option `account`, which binds a hash to an account. */

import { utf8 } from "./bytes.js";
import { invalid, readOptions } from "./options.js";

/** Options of `hash`, `verify` and the other functions. */
export interface PasswordCallOptions {
  /**
   * The account that the hash belongs to: an identifier that never changes, such as the primary key, of 1 to 256 bytes of UTF-8.
   * A hash that is made with it matches with the same `account` only, so nobody can copy it to another row. The policy must have
   * a `pepper`.
   */
  account?: string;
}

/** Reads the options of a call. */
export function readAccount(options: PasswordCallOptions | undefined): string | undefined {
  return options === undefined ? undefined : readOptions(options, { account: accountOption }).account;
}

/** Checks the option `account`. */
export function accountOption(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw invalid(`option "${name}" is not a string`);
  // One character more than the core accepts.
  const account = value.slice(0, 257);
  if (utf8(account) === undefined) throw invalid(`option "${name}" has a lone surrogate`);
  return account;
}
