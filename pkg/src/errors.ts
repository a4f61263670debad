/** The package's error class and its codes. */

/**
 * The stable name of a failure. Codes may be added; none is ever renamed.
 *
 * - `TOKEN_MALFORMED`: the token is not a compact JWS whose header and payload are JSON objects.
 * - `TOKEN_TOO_LONG`: the token is longer than `maxTokenLength`.
 * - `TOKEN_HEADER_INVALID`: a header parameter is missing, of the wrong type, or refused.
 * - `TOKEN_ALGORITHM_MISMATCH`: the header names another algorithm than the key's.
 * - `TOKEN_SIGNATURE_INVALID`: the signature does not match the token and the key.
 * - `TOKEN_EXPIRED`: the time in `exp` has been reached.
 * - `TOKEN_NOT_YET_VALID`: the time in `nbf` has not been reached.
 * - `TOKEN_ISSUED_IN_FUTURE`: the time in `iat` is in the future.
 * - `TOKEN_TOO_OLD`: the time in `iat` is more than `maxAge` ago.
 * - `TOKEN_USED`: a one-time token or a DPoP proof was used before, or the token was withdrawn or has ended with a change of its subject.
 * - `CLAIM_MISSING`: a required claim is absent; `claim` names it.
 * - `CLAIM_INVALID`: a claim has the wrong type, or a value that is not accepted; `claim` names it.
 * - `KEY_NOT_FOUND`: no key of the set has the token's `kid` and algorithm; if that key was left out, the message says why.
 * - `KEY_AMBIGUOUS`: several keys have the token's `kid` and algorithm, or it has no `kid` and several have its algorithm.
 * - `DECRYPTION_FAILED`: an encrypted token is for another key, or was altered.
 * - `HASH_MALFORMED`: the stored value is not a hash.
 * - `HASH_UNSUPPORTED`: the policy or import does not accept the stored hash's scheme, format, version or pepper.
 * - `HASH_COST_TOO_HIGH`: the stored hash costs more than the policy's limits.
 * - `PASSWORD_INVALID`: the password is not a string, has lone surrogates, or has a NUL that bcrypt, scrypt or PBKDF2 would misread.
 * - `PASSWORD_TOO_LONG`: the password is longer than the policy allows, or than bcrypt reads.
 * - `PASSWORD_QUEUE_FULL`: all password threads are busy and their queue is full.
 * - `BREACHES_UNAVAILABLE`: the list of leaked passwords gave no answer, or an invalid one.
 * - `JWKS_UNAVAILABLE`: no usable key set is available.
 * - `STORE_UNAVAILABLE`: a store of sessions, login attempts, used proofs or kept keys failed or took too long.
 * - `SESSION_INVALID`: the refresh token belongs to no live session, or to one that is bound to another key.
 * - `SESSION_REUSED`: the refresh token was used again later than `grace` allows, and its session was ended.
 * - `OUT_OF_MEMORY`: the memory for a hash, or for an instance of the WebAssembly module, could not be allocated.
 * - `OPTION_INVALID`: an option is unknown, of the wrong type, or out of range.
 * - `CLAIMS_NOT_SERIALIZABLE`: the claims to sign cannot be written as a JSON object.
 * - `KEY_INVALID`: a key cannot be read, or is of another kind than stated.
 * - `KEY_TOO_WEAK`: a key is too short or too weak for its algorithm.
 * - `KEY_UNAVAILABLE`: the service that has a key failed, took too long, or returned no valid signature.
 * - `KEY_USAGE`: a key's type, `use` or `key_ops` forbids the job.
 * - `INTERNAL`: a defect of this library; the call failed, the next one works.
 *
 * The Rust core has the same list (`ErrorCode`); a test compares the two.
 */
export type ErrorCode =
  | "BREACHES_UNAVAILABLE"
  | "CLAIM_INVALID"
  | "CLAIM_MISSING"
  | "CLAIMS_NOT_SERIALIZABLE"
  | "DECRYPTION_FAILED"
  | "HASH_COST_TOO_HIGH"
  | "HASH_MALFORMED"
  | "HASH_UNSUPPORTED"
  | "INTERNAL"
  | "JWKS_UNAVAILABLE"
  | "KEY_AMBIGUOUS"
  | "KEY_INVALID"
  | "KEY_NOT_FOUND"
  | "KEY_TOO_WEAK"
  | "KEY_UNAVAILABLE"
  | "KEY_USAGE"
  | "OPTION_INVALID"
  | "OUT_OF_MEMORY"
  | "PASSWORD_INVALID"
  | "PASSWORD_QUEUE_FULL"
  | "PASSWORD_TOO_LONG"
  | "SESSION_INVALID"
  | "SESSION_REUSED"
  | "STORE_UNAVAILABLE"
  | "TOKEN_ALGORITHM_MISMATCH"
  | "TOKEN_EXPIRED"
  | "TOKEN_HEADER_INVALID"
  | "TOKEN_ISSUED_IN_FUTURE"
  | "TOKEN_MALFORMED"
  | "TOKEN_NOT_YET_VALID"
  | "TOKEN_SIGNATURE_INVALID"
  | "TOKEN_TOO_LONG"
  | "TOKEN_TOO_OLD"
  | "TOKEN_USED";

/** What a schema found that does not fit. Its message may contain values of claims. */
export interface SchemaIssue {
  /** Written by the library of the schema. */
  readonly message: string;
  /** Where it is: names of claims and members, and positions in arrays. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The name of the property by which every copy of this package recognizes the errors of the others. */
const ERROR: unique symbol = /* @__PURE__ */ Symbol.for("countersign.error") as never;

/**
 * The error that this package throws. Only two things are thrown unchanged: errors of your own functions, and the reason of
 * an `AbortSignal`.
 *
 * `message` names the field at fault. It never contains a token, a key, a password or another value.
 *
 * `instanceof` also recognizes the errors of another copy of this package in the same program: of CommonJS modules beside ES
 * modules, of another bundle, or of another realm.
 *
 * @example
 * ```ts
 * try {
 *   verify(token, key, { audience: "api" });
 * } catch (error) {
 *   if (error instanceof CountersignError && error.code === "TOKEN_EXPIRED") askToLogInAgain();
 *   else throw error;
 * }
 * ```
 */
export class CountersignError extends Error {
  /** What went wrong. {@link ErrorCode} explains each code. */
  readonly code: ErrorCode;
  /** The claim at fault, if the code concerns one: `"exp"` with `TOKEN_EXPIRED`. */
  // `declare` creates no property, so an error without a claim has no `claim`, not even an undefined one.
  declare readonly claim?: string;
  /** The option, header parameter or JWK member at fault, if the code concerns one: `"typ"` with `TOKEN_HEADER_INVALID`. */
  declare readonly parameter?: string;
  /**
   * A stable word for the cause, where causes share a code.
   *
   * - `OPTION_INVALID`, `TOKEN_HEADER_INVALID`: `"missing"`, `"unknown"` or `"invalid"`, for what `parameter` names.
   * - `KEY_INVALID`: `"proxy"`, the value is a `Proxy` around a key; `"copy"`, it is from another copy of this package;
   *   `"kind"`, it is another kind of object, such as an `EncryptionKey` where a `Key` is needed.
   */
  declare readonly reason?: string;
  /**
   * What the library of the option `schema` says, if the claims of a token do not fit. It may contain values of claims, so
   * do not send it to the caller. `console.log` does not show it.
   */
  declare readonly issues?: readonly SchemaIssue[];

  /**
   * @param code The stable code.
   * @param message A lower-case clause without a period.
   * @param claim The claim at fault, if there is one.
   * @param reason The cause, if causes share the code. By default, the message tells it.
   */
  constructor(code: ErrorCode, message: string, claim?: string, reason?: string) {
    super(message);
    this.name = "CountersignError";
    this.code = code;
    if (claim !== undefined) this.claim = claim;
    const parameter = parameterIn(code, message);
    if (parameter !== undefined) this.parameter = parameter;
    const cause = reason ?? (parameter === undefined ? undefined : reasonIn(code, message));
    if (cause !== undefined) this.reason = cause;
  }

  /** @internal */
  get [ERROR](): true {
    return true;
  }

  /** @internal What `instanceof` calls. A class that extends this one inherits it, and has only its own instances. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: `this` may be such a class.
    return this === CountersignError ? hasBrand(value) : super[Symbol.hasInstance](value);
  }
}

// A Proxy may throw anything.
function hasBrand(value: unknown): boolean {
  try {
    return (value as { [ERROR]?: true })[ERROR] === true;
  } catch {
    return false;
  }
}

/** Whether the messages of a code are about one option or header parameter, and quote its name before any example in braces. */
function isAboutParameter(code: ErrorCode): boolean {
  return code === "OPTION_INVALID" || code === "TOKEN_HEADER_INVALID";
}

function parameterIn(code: ErrorCode, message: string): string | undefined {
  if (isAboutParameter(code)) return /^[^"{]*"([^"]*)"/.exec(message)?.[1];
  // Most refused tokens get here: a comparison takes less time than an expression.
  return message.startsWith("JWK ") ? /^JWK (?:member|has no) "([^"]*)"/.exec(message)?.[1] : undefined;
}

function reasonIn(code: ErrorCode, message: string): string | undefined {
  return isAboutParameter(code) ? (/^(?:missing|unknown)(?= )/.exec(message)?.[0] ?? "invalid") : undefined;
}

/** How a message names a claim. Not every text that may be the name of a claim belongs into a message. */
export function theClaim(name: string): string {
  return /^[!#-[\]-~]{1,64}$/.test(name) ? `"${name}" claim` : "a claim";
}
