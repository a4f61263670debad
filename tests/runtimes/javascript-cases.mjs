// The cases that JSON cannot hold: `check(countersign, realm, vectors)` throws, or rejects, where one fails.

import { cases as bytes } from "./javascript/bytes.mjs";
import { cases as claims } from "./javascript/claims.mjs";
import { cases as cryptoDecryption } from "./javascript/crypto-decryption.mjs";
import { cases as cryptoKeys } from "./javascript/crypto-keys.mjs";
import { cases as handles } from "./javascript/handles.mjs";
import { cases as jws } from "./javascript/jws.mjs";
import { cases as keys } from "./javascript/keys.mjs";
import { cases as offThread } from "./javascript/off-thread.mjs";
import { cases as onlyVerify } from "./javascript/only-verify.mjs";
import { cases as options } from "./javascript/options.mjs";
import { cases as passwords } from "./javascript/passwords.mjs";
import { cases as platform } from "./javascript/platform.mjs";
import { cases as reentrance } from "./javascript/reentrance.mjs";
import { cases as roundTrips } from "./javascript/round-trips.mjs";
import { cases as schemas } from "./javascript/schemas.mjs";
import { cases as tokens } from "./javascript/tokens.mjs";

export const cases = [
  ...tokens,
  ...jws,
  ...keys,
  ...cryptoKeys,
  ...cryptoDecryption,
  ...bytes,
  ...handles,
  ...roundTrips,
  ...claims,
  ...options,
  ...schemas,
  ...platform,
  ...reentrance,
  ...passwords,
  ...offThread,
  ...onlyVerify,
];
