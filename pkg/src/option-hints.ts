/** What to write instead of an option that other libraries have, for the message of an unknown option. */

import { CountersignError, type ErrorCode } from "./errors.js";

const ALG = 'a key has one algorithm, the "alg" that is given where it is made';
const KID = 'give "kid" where the key is made';
const SKEW = 'use "clockTolerance", or decodeUnverified, which checks nothing';
const NOW = 'use "now", a Date';
const COMPARE = "compare the claim of the result";

/** By the names of jsonwebtoken, jose, fast-jwt, jwks-rsa, express-jwt and others. */
const INSTEAD: Readonly<Record<string, string>> = {
  alg: ALG,
  algorithm: ALG,
  algorithms: ALG,
  allowedAud: 'use "audience"',
  allowedIss: 'use "issuer"',
  allowedJti: COMPARE,
  allowedNonce: COMPARE,
  allowedSub: 'use "subject"',
  allowInsecureKeySizes: 'make the key with "allowShort" of Key.fromSecret',
  aud: 'use "audience"',
  cacheMaxAge: 'use "maxAge", in seconds',
  cacheTTL: 'use "cache"',
  clockTimestamp: NOW,
  complete: "the result has the header and the claims",
  cooldownDuration: 'use "cooldown", in seconds',
  credentialsRequired: 'use "optional"',
  currentDate: NOW,
  exp: 'use "expiresIn", or set the claim',
  expirationTime: 'use "expiresIn", or set the claim',
  getToken: 'use "from"',
  iat: 'use "now", or set the claim',
  ignoreExpiration: SKEW,
  ignoreNotBefore: SKEW,
  isRevoked: 'use "accept"',
  iss: 'use "issuer"',
  issuedAt: 'it is for signing: use "maxAge"',
  jti: 'sign has "jwtId"; otherwise compare the claim',
  jwksRequestsPerMinute: 'use "cooldown", in seconds',
  jwtid: 'sign has "jwtId"; otherwise compare the claim',
  keyId: KID,
  keyid: KID,
  kid: KID,
  leeway: 'use "clockTolerance"',
  maxTokenAge: 'use "maxAge"',
  mutatePayload: "the claims are never changed",
  nbf: 'use "notBefore", or set the claim',
  nonce: `${COMPARE}; verifyIdToken of countersign/issuers has it`,
  noTimestamp: 'use "issuedAt": false',
  rateLimit: 'use "cooldown", in seconds',
  requestProperty: "the documentation of the guard says where it puts the caller",
  sub: 'use "subject"',
  timeoutDuration: 'use "timeoutMs"',
};

/** What to write instead of an unknown option, if other libraries have it. */
export function insteadOf(name: string): string | undefined {
  return Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
}

/** Makes the errors that a module throws: with this advice, where an option is unknown. Called with `new`. */
export function ModuleError(code: ErrorCode, message: string, claim?: string): CountersignError {
  const [, name] = (code === "OPTION_INVALID" && /^unknown option "(\w+)"$/.exec(message)) || [];
  const instead = name === undefined ? undefined : insteadOf(name);
  return new CountersignError(code, instead === undefined ? message : `${message}: ${instead}`, claim);
}
