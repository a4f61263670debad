/** `Signer`: signs tokens with one key. */

import type { Bytes } from "./bytes.js";
import { refuseCallback } from "./callback.js";
import { toJson } from "./claims.js";
import type { Elsewhere } from "./elsewhere.js";
import { EngineChoice, takeEngine } from "./engine.js";
import { type ExternalSigner, signed, signingKey } from "./external-signer.js";
import { RawSigner } from "./glue/jwt.js";
import { dispose, KIND, type Kind, kindOf, notThis, release, throwFreed } from "./handle.js";
import type { Key } from "./key.js";
import { callModule, callWithSecrets, tokens } from "./load/instances.js";
import { currentTime, readOutput, writeInput } from "./load/shared-buffer.js";
import { type SignalOption, withoutSignal } from "./signal-option.js";
import type { Cryptography, SignerOptions, SignOptions } from "./types.js";
import type { WebSigner } from "./web-signer.js";

/**
 * Signs tokens with one key. Keep it: it reads the key and the options once.
 *
 * @example
 * ```ts
 * const signer = new Signer(key, { issuer: "https://login.example", audience: "api", expiresIn: "15m" });
 * const token = signer.sign({ sub: user.id, scope: "read" });
 * ```
 */
export class Signer {
  #raw: RawSigner | undefined;
  readonly #leavesNonce: boolean;
  readonly #elsewhere: Elsewhere | undefined;
  readonly #alg: string;
  readonly #engine: EngineChoice;
  /** The key that WebCrypto holds, from the first signature that it makes. */
  #web: WebSigner | undefined;
  /** Whether `node:crypto` has made the last signature, so that it has the key. */
  #isWithNode = false;

  /**
   * @param key An HMAC secret, a private key, or a key that is kept elsewhere: of `Key.fromCryptoKey`, or an
   * `ExternalSigner`. The last two sign with `signAsync` only.
   * @param options Applied to every token, and the engine.
   * @throws {CountersignError} `KEY_USAGE`: the key may not sign. `KEY_INVALID`: it is not a key. `OPTION_INVALID`.
   */
  constructor(key: Key | ExternalSigner, options?: SignerOptions) {
    const [engine, others] = takeEngine<SignOptions>(options);
    this.#engine = new EngineChoice(engine);
    const { key: signing, release: releaseKey } = signingKey(key);
    try {
      this.#alg = signing.alg;
      this.#raw = callModule(tokens, () => new RawSigner(signing.raw(), others));
      this.#leavesNonce = signing.type === "private";
      this.#elsewhere = signing.kept();
    } finally {
      releaseKey();
    }
  }

  /**
   * Signs one token.
   *
   * @param claims A plain object. A claim in it replaces a default: with `exp`, the token does not get the default 15
   * minutes.
   * @param options For this token. They replace the signer's own.
   * @returns The compact token.
   * @throws {CountersignError} `CLAIMS_NOT_SERIALIZABLE`: JSON cannot represent a value. `CLAIM_INVALID`: a registered claim
   * has the wrong type. `OPTION_INVALID`: also if a claim and an option set the same thing. `KEY_USAGE`: the key is kept
   * elsewhere, and needs `signAsync`.
   * @example
   * ```ts
   * const token = signer.sign({ sub: "alice" }, { expiresIn: "5m" });
   * ```
   */
  sign(claims: object, options?: SignOptions): string;
  sign(claims: object, options?: SignOptions, callback?: unknown): string {
    if (!Signer.#isSigner(this)) throw notThis(this);
    refuseCallback(options, callback);
    const raw = this.#raw ?? throwFreed("signer");
    const json = toJson(claims);
    return this.#engine.synchronously(() => {
      const { stackPointer } = tokens;
      try {
        const length = options === undefined ? writeInput(json) : undefined;
        return length === undefined ? raw.sign_with(json, options) : readOutput(raw.sign(length, currentTime()));
      } catch (thrown) {
        throw tokens.recover(thrown, stackPointer);
      } finally {
        this.#wipe();
      }
    });
  }

  /**
   * Signs one token with any key, also with one that is kept elsewhere. Claims and options are checked before anybody is
   * asked for a signature. Where there is no `node:crypto`, WebCrypto computes what it computes faster: see the option
   * `engine`. It then also holds the private key, until this signer is freed and collected.
   *
   * @param claims As for `sign`.
   * @param options As for `sign`; `signal`: stops waiting.
   * @returns The compact token.
   * @throws {CountersignError} Rejects as `sign` throws. `KEY_UNAVAILABLE`: the service that has the key failed, took too long, or
   * returned no signature that its public half verifies. `KEY_USAGE`: the `CryptoKey` may not sign. Rejects with the
   * reason of `signal` once that is aborted.
   * @example
   * ```ts
   * const token = await signer.signAsync({ sub: "alice" }, { signal: AbortSignal.timeout(2000) });
   * ```
   */
  signAsync(claims: object, options?: SignOptions & SignalOption): Promise<string>;
  async signAsync(claims: object, options?: SignOptions & SignalOption, callback?: unknown): Promise<string> {
    if (!Signer.#isSigner(this)) throw notThis(this);
    refuseCallback(options, callback);
    const { signal, others } = withoutSignal<SignOptions>(options);
    const raw = this.#raw ?? throwFreed("signer");
    const asksWebCrypto = this.#engine.asksWebCrypto(this.#alg);
    if (this.#elsewhere === undefined && asksWebCrypto) {
      this.#web ??= this.#engine.signer(this.#alg, () => callWithSecrets(tokens, () => raw.private_key()) as Bytes);
    }
    const web = asksWebCrypto ? this.#web : undefined;
    if (this.#elsewhere === undefined && web === undefined) return this.sign(claims, others);
    const json = toJson(claims);
    const unsigned = callModule(tokens, () => raw.prepare(json, others));
    if (web === undefined) return signed(unsigned, [this.#elsewhere], signal);
    const [token, isSigned] = await web.sign(unsigned, signal);
    this.#engine.record(isSigned ? "webcrypto" : "wasm");
    return token;
  }

  /**
   * Wipes what signing has left on the stack: the nonce of a signature, which reveals the private key, or the key on its way to
   * `node:crypto`. Once that has it, it leaves nothing. Wiping takes a microsecond.
   */
  #wipe(): void {
    if (!this.#leavesNonce) return;
    const isByNode = this.#engine.isByNode;
    if (!(isByNode && this.#isWithNode)) tokens.wipeStack();
    this.#isWithNode = isByNode;
  }

  /** What computed the last signature: `"wasm"`, `"node:crypto"` or `"webcrypto"`; `undefined` before the first. */
  get engine(): Cryptography | undefined {
    if (!Signer.#isSigner(this)) throw notThis(this);
    return this.#engine.last;
  }

  /** Frees the signer. The memory of the key is wiped when nothing else uses it. */
  free(): void {
    if (!Signer.#isSigner(this)) throw notThis(this);
    release(this.#raw);
    this.#raw = undefined;
    this.#web = undefined;
  }

  /** Does the same as `free()`, for `using`. */
  [dispose](): void {
    this.free();
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("Signer");
  }

  static #isSigner(value: unknown): value is Signer {
    return typeof value === "object" && value !== null && #raw in value;
  }
}
