// What the JavaScript cases are written with.

import { difference, show } from "../equal.mjs";
import { leaked, secretsOf } from "../secrecy.mjs";

/** Fails unless `condition` is true. */
export function holds(condition, sentence) {
  if (condition !== true) throw new Error(sentence);
}

/** Fails unless `actual` is deeply equal to `expected`. */
export function same(actual, expected) {
  const found = difference(actual, expected);
  if (found !== undefined) throw new Error(found);
}

/**
 * Fails unless `action` throws a `CountersignError` of this code and exactly this message, which holds nothing of
 * `secrets`. Gives the error.
 */
export function refuses(countersign, action, expected, secrets = []) {
  return isRefusal(countersign, thrownBy(action), expected, secrets);
}

/** As {@link refuses}, of a promise that `action` gives. */
export async function rejects(countersign, action, expected, secrets = []) {
  return isRefusal(countersign, await rejectionOf(action()), expected, secrets);
}

function isRefusal(countersign, error, [code, message, claim], secrets) {
  if (!(error instanceof countersign.CountersignError))
    throw new Error(`threw what is no CountersignError: ${String(error)}`);
  same({ code: error.code, message: error.message, claim: error.claim }, { code, message, claim });
  const secret = leaked(error, secretsOf(secrets));
  holds(secret === undefined, `the error holds ${show(secret)}`);
  return error;
}

/** What `action` throws; fails if it does not. */
export function thrownBy(action) {
  let answer;
  try {
    answer = action();
  } catch (error) {
    return error;
  }
  throw new Error(`gave ${show(answer)} instead of throwing`);
}

/** What a promise is rejected with; fails if it is not. */
export async function rejectionOf(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`gave ${show(answer)} instead of rejecting`);
}

/** A case per row: `rows` is `[[what, value]…]`, and `name` and `check` make the case of each. */
export function table(rows, name, check) {
  return rows.map(([what, value]) => ({
    name: name(what),
    check: (countersign, realm) => check(countersign, value, realm),
  }));
}

/** Messages to which TypeScript adds advice, which the smaller modules and Rust do not give. */
const ADVISED = /^(unknown option "\w+"|(?:option|JWK member) "alg" is not a supported [a-z ]+): .+$/;

/** A message without that advice. */
export const withoutAdvice = (message) => message?.replace(ADVISED, "$1");
