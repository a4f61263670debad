/** `Verifier`: checks tokens with a key or a set of keys. */

import { refuseCallback } from "./callback.js";
import { EngineChoice, takeEngine } from "./engine.js";
import { CountersignError } from "./errors.js";
import { decode_header_unverified, type RawKeySet, RawVerifier } from "./glue/jwt.js";
import { dispose, isInstance, KIND, type Kind, kindOf, notThis, release, throwFreed } from "./handle.js";
import { Key } from "./key.js";
import { type AsyncVerifier, type KeySet, KeySource, type LocalKeys, withJoined, withKeys } from "./key-set.js";
import { KnownHeaders } from "./known-headers.js";
import { callModule, tokens } from "./load/instances.js";
import { currentTime, isRefusal, readOutput, writeInput } from "./load/shared-buffer.js";
import { MacVerifier } from "./mac-verifier.js";
import { elementsOf } from "./options.js";
import { fit, fitAsync, takeSchema, type Validate, withOutput } from "./schema.js";
import { type TokenCache, takeCache } from "./token-cache.js";
import type {
  Claims,
  Cryptography,
  OutputOf,
  StandardSchema,
  Verified,
  VerifiedAs,
  VerifierOptions,
  VerifyOptions,
} from "./types.js";
import type { Question } from "./web-crypto.js";

/** What a `Verifier` checks tokens with: a key, a set, a `RemoteKeySet`, or several of these, each for other algorithms. */
export type VerificationKeys = Key | KeySet | KeySource | readonly (Key | KeySet | KeySource)[];

/** What a verifier shares with the one that it was made for. */
interface Inner {
  readonly cache: TokenCache | undefined;
  readonly engine: EngineChoice;
}

/**
 * Checks tokens with a key or a set of keys. Keep it: it reads the keys and the options once.
 *
 * @example
 * ```ts
 * const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "api" });
 * const { claims } = verifier.verify<{ scope: string }>(token);
 * ```
 *
 * @example Claims with types, checked by a schema of zod, valibot or arktype
 * ```ts
 * const verifier = new Verifier(keys, { audience: "api", schema: z.object({ sub: z.string(), tenant: z.uuid() }) });
 * const { claims } = verifier.verify(token); // { sub: string; tenant: string }
 * ```
 *
 * @typeParam T The claims that it gives: what the option `schema` returns, otherwise the registered claims and any others.
 */
// Invariant: otherwise a verifier with a schema would count as one without.
export class Verifier<in out T = Claims> {
  #raw: RawVerifier | undefined;
  readonly #maxTokenLength: number;
  readonly #knownHeaders = new KnownHeaders();
  #remote: AsyncVerifier | undefined;
  readonly #engine: EngineChoice;
  /** The calls that wait for WebCrypto. They still use the handle after `free()`. */
  #waiting = 0;
  readonly #namesIssuer: boolean;
  #bringsIssuers = false;
  #sourceNeeds: string | undefined;
  readonly #validate: Validate | undefined;
  readonly #cache: TokenCache | undefined;

  /**
   * @param keys A key, which is used whatever `kid` a token names; a set to choose from; a `RemoteKeySet`, for
   * `verifyAsync` only; or an array of these, each for other algorithms. The `alg` of a token chooses one. Use
   * an array while you migrate from HMAC secrets to public keys. It may hold one `RemoteKeySet`, which serves only the
   * algorithms that the others do not: with a key for ES256 beside it, the keys for ES256 that the server publishes are
   * never used.
   * @param options What every token must satisfy, and the engine.
   * @throws {CountersignError} `KEY_USAGE`: the key may not verify. `KEY_INVALID`: it is not a key, the array is empty, or two
   * of its elements are for the same algorithm. `OPTION_INVALID`: also for two `RemoteKeySet`s.
   */
  constructor(keys: VerificationKeys, options: VerifierOptions & { schema: StandardSchema<unknown, T> });
  constructor(keys: VerificationKeys, options?: VerifierOptions);
  /** @internal */
  constructor(keys: VerificationKeys | RawVerifier, options?: VerifierOptions, inner?: Inner);
  constructor(keys: VerificationKeys | RawVerifier, all?: VerifierOptions, inner?: Inner) {
    const [validate, own] = takeSchema(all);
    const [engine, withCache] = takeEngine(own);
    const [cache = inner?.cache, options] = takeCache(withCache);
    this.#validate = validate;
    this.#cache = cache;
    this.#engine = inner?.engine ?? new EngineChoice(engine);
    this.#namesIssuer = hasIssuer(options);
    const elements = isInstance(keys, KeySource) ? [keys] : elementsOf(keys);
    const elsewhere = Key.isKey(keys) && keys.type === "secret" ? keys.kept() : undefined;
    if (isInstance(keys, RawVerifier)) {
      this.#raw = keys;
    } else if (elsewhere !== undefined) {
      this.#remote = new MacVerifier(keys as Key, elsewhere, options);
    } else if (elements !== undefined && elements.length !== 0) {
      const { source, local } = bySource(elements);
      const over = () =>
        withJoined(local, (set) =>
          source === undefined ? RawVerifier.with_set(set, options) : publishedVerifier(set, options),
        );
      if (source === undefined) this.#raw = over();
      else this.#remote = source.verifier(() => new Verifier(over(), undefined, { cache, engine: this.#engine }), own);
      this.#bringsIssuers = source?.namesIssuers === true;
      this.#sourceNeeds = source?.needs;
    } else {
      this.#raw = withKeys(
        keys as LocalKeys,
        (key) => RawVerifier.with_key(key, options),
        (set) => RawVerifier.with_set(set, options),
      );
    }
    this.#maxTokenLength = this.#raw?.max_token_length() ?? 0;
  }

  /**
   * Checks one token.
   *
   * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
   * @param token The compact token, without anything around it.
   * @param options For this token. They replace the verifier's own.
   * @returns The header and the claims, as they were signed.
   * @throws {CountersignError} The first of these, in this order: `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`,
   * `TOKEN_HEADER_INVALID`, `TOKEN_ALGORITHM_MISMATCH`, `KEY_NOT_FOUND`, `KEY_AMBIGUOUS`, `TOKEN_SIGNATURE_INVALID`,
   * `CLAIM_INVALID`, `CLAIM_MISSING`, `TOKEN_EXPIRED`, `TOKEN_NOT_YET_VALID`, `TOKEN_ISSUED_IN_FUTURE`, `TOKEN_TOO_OLD`.
   * `OPTION_INVALID`: also with a `RemoteKeySet` or an asynchronous schema, which need `verifyAsync`. `CLAIM_INVALID` is
   * also thrown last, if the claims do not fit the option `schema`; the error then has `issues`.
   * @example
   * ```ts
   * const { claims } = verifier.verify<{ scope: string }>(token);
   * console.log(claims.sub, claims.scope);
   * ```
   */
  verify<S extends StandardSchema>(token: string, options: VerifyOptions & { schema: S }): VerifiedAs<OutputOf<S>>;
  verify<C extends object = Claims>(this: Verifier, token: string, options?: VerifyOptions): Verified<C>;
  // Last, because this is the one that TypeScript takes to infer the type of what a verifier returns.
  verify(token: string, options?: VerifyOptions): VerifiedAs<T>;
  verify(token: string, all?: VerifyOptions, callback?: unknown): VerifiedAs<unknown> {
    const raw = Verifier.#rawOf(this);
    refuseCallback(all, callback);
    if (all === undefined && this.#validate === undefined) return this.#check(raw, token);
    const [validate = this.#validate, options] = takeSchema(all);
    const verified = this.#check(raw, token, options);
    return validate === undefined ? verified : withOutput(verified, fit(validate, verified.claims));
  }

  #check(raw: RawVerifier, token: string, options?: VerifyOptions): Verified {
    const known = options === undefined ? this.#cache?.get(token, currentTime()) : undefined;
    if (known !== undefined) return known;
    expectToken(token);
    return this.#engine.synchronously(() => this.#run(raw, token, options !== undefined, options) as Verified);
  }

  /**
   * Runs the check once. `undefined` if the core has put a question and has no answer yet.
   *
   * @param isMeasured Whether the core measures the token itself, which it also does if there are options.
   */
  #run(
    raw: RawVerifier,
    token: string,
    isMeasured: boolean,
    options?: VerifyOptions,
    question?: Question,
  ): Verified | undefined {
    const cache = isMeasured ? undefined : this.#cache;
    const { stackPointer } = tokens;
    try {
      // `verify_with` measures a token before it copies it, so longer tokens and tokens with options go there.
      const fits = !isMeasured && token.length <= this.#maxTokenLength;
      const length = fits ? writeInput(token) : undefined;
      if (length === undefined) return JSON.parse(raw.verify_with(token, options));
      this.#knownHeaders.expectAnswer();
      const answer = raw.verify(length, currentTime());
      if (isRefusal(answer)) this.#knownHeaders.inStep();
      if (question?.isPending === true) return undefined;
      const text = readOutput(answer);
      const value = JSON.parse(text);
      if (cache !== undefined) this.#remember(cache, raw, token, text);
      // The core answers `[claims, header]`, or only `claims` if it has answered with this header before.
      if (!Array.isArray(value)) return { header: this.#knownHeaders.get(answer, token), claims: value };
      const [claims, header] = value;
      this.#knownHeaders.add(answer, token);
      return { header, claims };
    } catch (thrown) {
      const error = tokens.recover(thrown, stackPointer);
      if (question?.isPending === true) return undefined;
      throw error;
    }
  }

  /** Keeps a token that the core has just accepted, and until when it does. `text` is the core's answer. */
  #remember(cache: TokenCache, raw: RawVerifier, token: string, text: string): void {
    const header = decode_header_unverified(token);
    const claims = text.startsWith("[") ? text.slice(1, -header.length - 2) : text;
    cache.add(token, header, claims, raw.accepted_from(), raw.accepted_until());
  }

  /**
   * Like `verify`, also for keys that may have to be fetched first. A token that no key would make valid causes no request:
   * one that is malformed, whose `alg` is no algorithm of public keys, or that has expired. Its signature is then not checked,
   * so an error, also `TOKEN_EXPIRED`, proves nothing about who made the token.
   *
   * Where there is no `node:crypto`, WebCrypto computes what it computes faster: see the option `engine`.
   *
   * @typeParam C The claims that you expect beside the registered ones. Nothing checks that they are there.
   * @param token The compact token, without anything around it.
   * @param options For this token. They replace the verifier's own.
   * @returns The header and the claims, as they were signed.
   * @throws {CountersignError} Rejects as `verify` throws. `JWKS_UNAVAILABLE`: the server has not provided a usable set.
   * @example
   * ```ts
   * const keys = new RemoteKeySet("https://login.example/.well-known/jwks.json");
   * const verifier = new Verifier(keys, { issuer: "https://login.example", audience: "api" });
   * const { claims } = await verifier.verifyAsync(token);
   * ```
   */
  verifyAsync<S extends StandardSchema>(
    token: string,
    options: VerifyOptions & { schema: S },
  ): Promise<VerifiedAs<OutputOf<S>>>;
  verifyAsync<C extends object = Claims>(this: Verifier, token: string, options?: VerifyOptions): Promise<Verified<C>>;
  verifyAsync(token: string, options?: VerifyOptions): Promise<VerifiedAs<T>>;
  verifyAsync(token: string, all?: VerifyOptions, callback?: unknown): Promise<VerifiedAs<unknown>> {
    // An `async` function that returns a promise waits for three turns of the queue of promises.
    try {
      if (!Verifier.#isVerifier(this)) throw notThis(this);
      refuseCallback(all, callback);
      if (all === undefined && this.#validate === undefined) return Promise.resolve(this.checkAsync(token));
      return checkAndFit(this, token, all);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  /** @internal `verifyAsync` without the schema. */
  checkAsync(token: string, options?: VerifyOptions): Verified | Promise<Verified> {
    if (!Verifier.#isVerifier(this)) throw notThis(this);
    return this.#remote === undefined ? this.attempt(token, options) : this.#remote.verify(token, options);
  }

  /** @internal Checks a token at once, or returns a promise if WebCrypto has to be asked. Without the schema. */
  attempt<C extends object = Claims>(token: string, options?: VerifyOptions): Verified<C> | Promise<Verified<C>> {
    const raw = Verifier.#rawOf(this);
    const question = this.#engine.question();
    if (question === undefined) return this.#check(raw, token, options) as Verified<C>;
    const known = options === undefined ? this.#cache?.get(token, currentTime()) : undefined;
    if (known !== undefined) return known as Verified<C>;
    expectToken(token);
    // Reads the options now: no getter may run while the core may ask.
    const own = options === undefined ? undefined : callModule(tokens, () => raw.with(options));
    const run = () =>
      this.#engine.asking(question, () => this.#run(own ?? raw, token, own !== undefined, undefined, question));
    try {
      const verified = run();
      if (verified !== undefined) return verified as Verified<C>;
    } finally {
      if (own !== undefined && !question.isPending) release(own);
    }
    return this.#answered(question, run, raw, own) as Promise<Verified<C>>;
  }

  /** Runs a check again once WebCrypto has answered. */
  async #answered(
    question: Question,
    run: () => Verified | undefined,
    raw: RawVerifier,
    own: RawVerifier | undefined,
  ): Promise<Verified | undefined> {
    this.#waiting += 1;
    try {
      await question.ask();
      return run();
    } finally {
      this.#waiting -= 1;
      if (own !== undefined) release(own);
      if (this.#waiting === 0 && this.#raw !== raw) release(raw);
    }
  }

  /**
   * What computed the last signature that this verifier checked: `"wasm"`, `"node:crypto"` or `"webcrypto"`; `undefined`
   * before the first.
   */
  get engine(): Cryptography | undefined {
    if (!Verifier.#isVerifier(this)) throw notThis(this);
    return this.#remote?.engine ?? this.#engine.last;
  }

  /** @internal The token with the claims that a schema gives: this one, otherwise that of the verifier. */
  async fitAsync(verified: Verified, validate = this.#validate): Promise<Verified> {
    return validate === undefined ? verified : withOutput(verified, await fitAsync(validate, verified.claims));
  }

  /**
   * Frees the verifier. The memory of a key is wiped when nothing else uses the key, and calls that wait for WebCrypto have
   * ended.
   */
  free(): void {
    if (!Verifier.#isVerifier(this)) throw notThis(this);
    if (this.#waiting === 0) release(this.#raw);
    this.#raw = undefined;
    this.#remote?.free();
    this.#remote = undefined;
    this.#cache?.clear();
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal Whether it accepts tokens of named issuers only. */
  get namesIssuer(): boolean {
    if (!Verifier.#isVerifier(this)) throw notThis(this);
    return this.#namesIssuer || this.#bringsIssuers;
  }

  /** @internal A verifier with the same options, and these keys for the algorithms that its own do not have. */
  withKeys(keys: KeySet): Verifier {
    const raw = callModule(tokens, () => Verifier.#rawOf(this).over(keys.raw()));
    return new Verifier(raw, undefined, { cache: this.#cache?.another, engine: this.#engine });
  }

  /** @internal */
  raw(): RawVerifier {
    return Verifier.#rawOf(this);
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("Verifier");
  }

  static #isVerifier(value: unknown): value is Verifier<unknown> {
    return typeof value === "object" && value !== null && #raw in value;
  }

  static #rawOf(value: unknown): RawVerifier {
    if (!Verifier.#isVerifier(value)) throw notThis(value);
    if (value.#raw !== undefined) return value.#raw;
    if (value.#remote === undefined) throwFreed("verifier");
    if (value.#remote instanceof MacVerifier) {
      throw new CountersignError("KEY_USAGE", "this key is kept elsewhere: use verifyAsync");
    }
    throw new CountersignError("OPTION_INVALID", `${value.#sourceNeeds} verifyAsync, not verify`);
  }
}

/** `verifyAsync` with options or a schema. */
async function checkAndFit(
  verifier: Verifier<unknown>,
  token: string,
  all: VerifyOptions | undefined,
): Promise<VerifiedAs<unknown>> {
  const [validate, options] = takeSchema(all);
  return verifier.fitAsync(await verifier.checkAsync(token, options), validate);
}

/** Whether the options name an issuer. The core refuses options that throw when they are read. */
function hasIssuer(options: VerifyOptions | undefined): boolean {
  try {
    return options?.issuer !== undefined;
  } catch {
    return false;
  }
}

/** The elements of an array of keys: the one to fetch, and the others. */
function bySource(keys: readonly unknown[]): { source: KeySource | undefined; local: unknown[] } {
  const [source, another] = keys.filter((element) => isInstance(element, KeySource));
  if (another !== undefined) throw new CountersignError("OPTION_INVALID", "an array of keys holds two remote key sets");
  if (source?.namesIssuers === true && 1 < keys.length) {
    throw new CountersignError(
      "OPTION_INVALID",
      "an array of keys holds Issuers: add the other keys to them as an issuer",
    );
  }
  return { source, local: keys.filter((element) => element !== source) };
}

/** A verifier for keys that have not been fetched yet, and a set for other algorithms. */
function publishedVerifier(local: RawKeySet, options?: VerifyOptions): RawVerifier {
  const raw = RawVerifier.for_published_keys(options);
  try {
    return raw.over(local);
  } finally {
    release(raw);
  }
}

/** @internal */
export function expectToken(token: unknown): asserts token is string {
  if (typeof token !== "string") throw new CountersignError("TOKEN_MALFORMED", "token is not a string");
}
