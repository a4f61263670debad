// Stored hashes of Argon2, made by two implementations that are not under test.

import argon2 from "argon2";
import * as hashWasm from "hash-wasm";
import { PASSWORD, SALT } from "./make-check-password.mjs";

/** The cost of the cases where the cost does not matter: a millisecond in every runtime. */
export const QUICK = { memoryKib: 64, passes: 1, lanes: 1 };

const TYPES = { argon2d: argon2.argon2d, argon2i: argon2.argon2i, argon2id: argon2.argon2id };

/**
 * The PHC string of a password, by the reference implementation, and by hash-wasm where it can (version 0x13 without
 * associated data).
 */
export async function stored(password = PASSWORD, recipe = {}) {
  const {
    scheme = "argon2id",
    version = 0x13,
    memoryKib,
    passes,
    lanes,
    salt = SALT,
    length = 32,
    data,
  } = {
    ...QUICK,
    ...recipe,
  };
  const made = await argon2.hash(password, {
    type: TYPES[scheme],
    version,
    memoryCost: memoryKib,
    timeCost: passes,
    parallelism: lanes,
    salt,
    hashLength: length,
    ...(data === undefined ? {} : { associatedData: data }),
  });
  const text = inReferenceOrder(made);
  if (version === 0x13 && data === undefined && password !== "") {
    const options = {
      password,
      salt,
      memorySize: memoryKib,
      iterations: passes,
      parallelism: lanes,
      hashLength: length,
    };
    const other = await hashWasm[scheme]({ ...options, outputType: "encoded" });
    if (other !== text) throw new Error(`two implementations disagree: ${text} and ${other}`);
  }
  return text;
}

/** The same hash with its costs in the order of the reference encoder. npm's `argon2` writes `m,p,t`. */
export function inReferenceOrder(text) {
  return text.replace(/m=(\d+),p=(\d+),t=(\d+)/, "m=$1,t=$3,p=$2");
}
