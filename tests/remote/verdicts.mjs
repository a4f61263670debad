// What is to be said of each behavior of an issuer.

export const UNREACHABLE = "the key set's server cannot be reached";
export const REDIRECTS = "the key set's server redirects";
export const STATUS = "the key set's server answered with a status other than 200";
export const SLOW = "the key set's server took too long";
export const LONG = "the key set is longer than the limit";
/** Of what the option `fetch` returned. */
export const NO_RESPONSE = 'option "fetch" did not return a Response with an unread body';
const NOT_JSON = "the key set is not JSON";
const NO_KEYS = 'the key set is refused: JWKS has no "keys" array';

/** What is refused, and the message. */
export const REFUSED = {
  redirect: REDIRECTS,
  moved: REDIRECTS,
  "redirect-with-keys": REDIRECTS,
  created: STATUS,
  "no-content": STATUS,
  partial: STATUS,
  forbidden: STATUS,
  missing: STATUS,
  broken: STATUS,
  "slow-headers": SLOW,
  "slow-body": SLOW,
  dripping: SLOW,
  endless: LONG,
  huge: LONG,
  bomb: LONG,
  empty: NOT_JSON,
  page: NOT_JSON,
  truncated: NOT_JSON,
  "not-utf-8": "the key set is not UTF-8",
  array: NO_KEYS,
  null: NO_KEYS,
  number: NO_KEYS,
  "no-keys": NO_KEYS,
  "keys-not-an-array": NO_KEYS,
  secret: "the key set holds private keys or secrets",
  "secret-beside-keys": "the key set holds private keys or secrets",
  "private-key": "the key set holds private keys or secrets",
  "private-prime": "the key set holds private keys or secrets",
  "two-of-one-name": 'the key set has no usable key: another key of the set has the same "kid" and "alg"',
  "none-usable": 'the key set has no usable key: JWK member "use" or "key_ops" forbids both signing and verifying',
  "too-many-keys": "the key set is refused: JWKS has more than 10000 keys",
  reset: UNREACHABLE,
  "reset-in-the-body": UNREACHABLE,
  "shorter-than-announced": UNREACHABLE,
};

/** The `reason` beside each message. */
export const REASONS = {
  [UNREACHABLE]: "network",
  [REDIRECTS]: "redirect",
  [STATUS]: "status",
  [SLOW]: "timeout",
  [LONG]: "too-long",
  [NOT_JSON]: "not-json",
  "the key set is not UTF-8": "not-utf-8",
};

/** What is good enough. */
export const ACCEPTED = ["good", "with-bad-keys", "beside-two-of-one-name", "with-nulls", "bom", "as-text"];
