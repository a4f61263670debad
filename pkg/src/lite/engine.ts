/**
 * What computes signatures in `countersign/lite` and `countersign/verify`: the module itself for HMAC, and WebCrypto for all other
 * algorithms. In the bundles of these entries, this file takes the place of `engine.ts`.
 */

import { type Bytes, runtimeLacks } from "../bytes.js";
import type * as full from "../engine.js";
import { set_platform, use_platform } from "../glue/jwt.js";
import { callModule, tokens } from "../load/instances.js";
import { invalid, splitOption } from "../options.js";
import type { Cryptography, Engine } from "../types.js";
import { INVALID, Question, subtleCrypto, WebKey } from "../web-crypto.js";
import { ENTRY, NEEDS_PROMISE, refuseUnsupported, unsupported } from "./unsupported.js";

/** Makes the core ask for what WebCrypto verifies. */
const WEB = 2;

/** The object that the core calls. Addresses are offsets into the memory of the module. */
class Platform {
  /** Set while a call into the core may ask WebCrypto. */
  question: Question | undefined;
  /** What the call into the core has used so far. */
  computed: Cryptography = "wasm";
  readonly #keys = new Map<number, WebKey>();
  #lastHandle = 0;

  /** Takes a public key in SPKI and returns its handle. */
  take(algorithm: string, _isPrivate: boolean, start: number, length: number): number {
    this.#lastHandle += 1;
    this.#keys.set(this.#lastHandle, new WebKey(algorithm, bytesAt(start, length).slice()));
    return this.#lastHandle;
  }

  /** Says that every signature is invalid that WebCrypto has not been asked about. */
  verify(handle: number, message: number, messageLength: number, signature: number, signatureLength: number): number {
    this.computed = "webcrypto";
    const [bytes, signed] = [bytesAt(message, messageLength), bytesAt(signature, signatureLength)];
    return this.question?.verify(this.#keys.get(handle) as WebKey, bytes, signed) ?? INVALID;
  }

  /** No private key is in the module. */
  sign(): undefined {}

  forget(handle: number): void {
    this.#keys.delete(handle);
  }
}

function bytesAt(start: number, length: number): Bytes {
  return new Uint8Array(tokens.memory, start, length);
}

const platform = /* @__PURE__ */ new Platform();

export function offerPlatform(): void {
  set_platform(platform);
  use_platform(WEB);
  refuseUnsupported();
}

/** Has no effect: there is one engine for each algorithm. */
export function usePlatformCryptography(_used: boolean): boolean {
  return false;
}

export class EngineChoice {
  #last: Cryptography | undefined;

  get last(): Cryptography | undefined {
    return this.#last;
  }

  get isByNode(): boolean {
    return false;
  }

  /** Runs a call into the core that cannot wait for WebCrypto. A signature that needs it is refused, after everything else is checked. */
  synchronously<T>(call: () => T): T {
    return this.#asking(undefined, call);
  }

  asksWebCrypto(): boolean {
    return true;
  }

  question(): Question {
    return new StrictQuestion();
  }

  /** The module has no private keys. */
  signer(): undefined {}

  record(by: Cryptography): void {
    this.#last = by;
  }

  asking<T>(question: Question, call: () => T): T {
    return this.#asking(question, call);
  }

  #asking<T>(question: Question | undefined, call: () => T): T {
    try {
      return withQuestion(question, call);
    } finally {
      this.#last = platform.computed;
    }
  }
}

function withQuestion<T>(question: Question | undefined, call: () => T): T {
  platform.computed = "wasm";
  platform.question = question;
  try {
    return call();
  } catch (thrown) {
    if (question !== undefined || platform.computed === "wasm") throw thrown;
    throw unsupported(NEEDS_PROMISE);
  } finally {
    platform.question = undefined;
  }
}

/** Runs a check of the core, again once WebCrypto has answered. */
export async function checking<T>(call: () => T): Promise<T> {
  const question = new StrictQuestion();
  const run = () => withQuestion(question, () => callModule(tokens, call));
  try {
    const result = run();
    if (!question.isPending) return result;
  } catch (thrown) {
    if (!question.isPending) throw thrown;
  }
  await question.ask();
  return run();
}

/** A question that only WebCrypto can answer. */
class StrictQuestion extends Question {
  override async ask(): Promise<void> {
    await super.ask();
    if (!this.isDeclined) return;
    if (subtleCrypto() === undefined) throw runtimeLacks("crypto.subtle", ": a page needs TLS");
    throw runtimeLacks("WebCrypto for this algorithm", ": countersign/jwt computes it itself");
  }
}

export function takeEngine<Options extends object>(
  options: (Options & { engine?: Engine }) | undefined,
): [engine: Engine | undefined, others: Options | undefined] {
  const parts = splitOption(options, "engine");
  if (parts === undefined) return [undefined, options];
  const engine = parts.value as Engine | undefined;
  if (engine !== undefined && engine !== "auto" && engine !== "platform") {
    throw invalid(`option "engine" is not "auto" or "platform", which ${ENTRY} has`);
  }
  return [engine, parts.others as Options | undefined];
}

/** The names and types of `engine.ts`. The compiler checks that this file has the same. */
type Full = Omit<typeof full, "EngineChoice"> & {
  EngineChoice: new (engine?: Engine) => Omit<full.EngineChoice, "recording">;
};

({ checking, EngineChoice, offerPlatform, takeEngine, usePlatformCryptography }) satisfies Full;
