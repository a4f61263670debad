/**
 * Which cryptography computes a signature: the core's own, `node:crypto`, or WebCrypto. `node:crypto` answers at once.
 * WebCrypto answers later, so only `verifyAsync` and `signAsync` can use it, where `node:crypto` does not exist or lacks the
 * algorithm.
 */

import { hasBuiltins } from "./builtin.js";
import type { Bytes } from "./bytes.js";
import { set_platform, use_platform } from "./glue/jwt.js";
import { callModule, tokens } from "./load/instances.js";
import { Platform } from "./platform.js";
import type { Cryptography, Engine } from "./types.js";
import { Question, subtleCrypto } from "./web-crypto.js";
import { isSlowToSignByWeb, WebSigner } from "./web-signer.js";

export { takeEngine } from "./engine-option.js";

/** Called by the core from the moment that the module is loaded. */
let platform: Platform | undefined;

// What the core asks the platform for: the argument of `use_platform`.
const NOTHING = 0;
const NODE = 1;
const WEB = 2;

/** What the core asks for in synchronous calls. */
let synchronous = NOTHING;
/** What the core asks for now. */
let current = NOTHING;
/** Whether `usePlatformCryptography` leaves the platform on. */
let isAllowed = true;

/** Offers the platform's cryptography to the core. Does not load it yet, because that takes milliseconds. */
export function offerPlatform(): void {
  platform = new Platform(() => tokens.memory);
  set_platform(platform);
  if (!hasBuiltins()) return;
  synchronous = NODE;
  current = NODE;
  use_platform(NODE);
}

/**
 * Chooses whether the platform's cryptography computes RSA, ECDSA and Ed25519 signatures. It is up to thirty times as fast as
 * WebAssembly, and the default where it exists:
 *
 * - Node's `crypto`: in Node from 20.16, Deno, Bun, and Workers with `nodejs_compat`.
 * - WebCrypto, for `verifyAsync` and `signAsync` only: in browsers, other Workers and edge runtimes, and for an algorithm that
 *   Node's `crypto` turns out to lack.
 *
 * Keys, headers, claims and the form of signatures are checked by the core in either case. The option `engine` chooses for
 * one `Verifier` or `Signer`.
 *
 * With the platform, ECDSA signatures use a random nonce; without it, the deterministic nonce of RFC 6979. A private key
 * that signs is also held by the platform until it is freed.
 *
 * @param used `false` computes everything in WebAssembly from now on, except where the option `engine` is `"platform"`.
 * @returns Whether Node's `crypto` is used now.
 * @example
 * ```ts
 * usePlatformCryptography(false);
 * ```
 */
export function usePlatformCryptography(used: boolean): boolean {
  isAllowed = used === true;
  synchronous = isAllowed && platform?.hasNode === true ? NODE : NOTHING;
  callModule(tokens, () => choose(synchronous));
  return synchronous === NODE;
}

function choose(engine: number): void {
  if (engine === current) return;
  use_platform(engine);
  current = engine;
}

/** Runs a check of the core that is not a token's. Of `countersign/lite`, it waits for WebCrypto. */
export function checking<T>(call: () => T): T | Promise<T> {
  return callModule(tokens, call);
}

/** The engine of one `Verifier` or `Signer`, and what it used last. */
export class EngineChoice {
  readonly #engine: Engine;
  #last: Cryptography | undefined;

  constructor(engine: Engine = "auto") {
    this.#engine = engine;
  }

  /** What computed the last signature; `undefined` before the first. */
  get last(): Cryptography | undefined {
    return this.#last;
  }

  /** Whether `node:crypto` has computed what the current call into the core is about. */
  get isByNode(): boolean {
    return platform?.computed === "node:crypto";
  }

  /** Runs a call into the core that cannot wait for WebCrypto. */
  synchronously<T>(call: () => T): T {
    return this.#engine === "auto"
      ? this.recording(call)
      : this.#with(this.#engine === "wasm" ? NOTHING : synchronous, call);
  }

  /**
   * Whether WebCrypto may be asked, unless the program has chosen otherwise: where there is no `node:crypto`, or for an algorithm
   * that it leaves to WebCrypto. Before the algorithm of a token is known, one such algorithm is enough.
   */
  asksWebCrypto(algorithm?: string): boolean {
    if (this.#engine === "wasm" || !(isAllowed || this.#engine === "platform")) return false;
    if (platform === undefined || subtleCrypto() === undefined) return false;
    if (synchronous !== NODE) return true;
    const { leftToWebCrypto } = platform;
    return algorithm === undefined ? leftToWebCrypto.size > 0 : leftToWebCrypto.has(algorithm);
  }

  /** A question for WebCrypto, if this engine uses it. */
  question(): Question | undefined {
    return this.asksWebCrypto() ? new Question() : undefined;
  }

  /** What signs by WebCrypto, if this engine uses it for the algorithm. */
  signer(algorithm: string, pkcs8: () => Bytes | undefined): WebSigner | undefined {
    if (!this.asksWebCrypto(algorithm) || /^HS/.test(algorithm)) return undefined;
    if (this.#engine !== "platform" && isSlowToSignByWeb(algorithm)) return undefined;
    return new WebSigner(algorithm, pkcs8);
  }

  /** Notes what has computed a signature outside of a call into the core. */
  record(by: Cryptography): void {
    this.#last = by;
  }

  /**
   * Runs a call into the core that may ask WebCrypto. It must not run code of the caller, such as a getter of options: a
   * check in there would be asked too.
   */
  asking<T>(question: Question, call: () => T): T {
    if (platform === undefined) return call();
    platform.question = question;
    try {
      return this.#with(WEB, call);
    } finally {
      platform.question = undefined;
    }
  }

  recording<T>(call: () => T): T {
    if (platform === undefined) return call();
    platform.computed = "wasm";
    try {
      return call();
    } finally {
      this.#last = platform.computed;
    }
  }

  #with<T>(engine: number, call: () => T): T {
    if (platform === undefined) return call();
    const before = { engine: current, isForced: platform.isForced };
    platform.isForced = this.#engine === "platform";
    choose(engine);
    try {
      return this.recording(call);
    } finally {
      choose(before.engine);
      platform.isForced = before.isForced;
    }
  }
}
