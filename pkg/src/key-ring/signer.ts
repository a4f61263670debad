/** Signs with the key of a ring whose time it is. */

import { KIND, type Kind, kindOf, lost, notOurs } from "../handle.js";
import { Signer } from "../jwt.js";
import { Key } from "../key.js";
import { invalid } from "../options.js";
import type { SignOptions } from "../types.js";
import type { SharedRing } from "./shared-ring.js";

/** The lifetime that `Signer` gives tokens by default, in seconds. */
const DEFAULT_LIFETIME = 900;

/** A signer whose key changes. It goes wherever a `Signer` goes that may be asynchronous: `Sessions`, `tokenEndpoint`. */
export class RingSigner {
  readonly #ring: SharedRing;
  readonly #options: SignOptions;
  /** The default lifetime, if that of `Signer` is too long. */
  readonly #lifetime: number | undefined;
  #last: { readonly key: Key; readonly signer: Signer } | undefined;

  /** @internal Call `signer()` of a `KeyRing`. */
  constructor(ring: SharedRing, options: SignOptions = {}) {
    this.#ring = ring;
    this.#options = checked(options);
    const lives = ring.settings.schedule.livesMs / 1000;
    this.#lifetime = lives < DEFAULT_LIFETIME && this.#options.expiresIn === undefined ? lives : undefined;
  }

  /**
   * Signs one token.
   *
   * @param claims As for `sign` of `Signer`.
   * @param options For this token. They replace the signer's own.
   * @returns The compact token. It lives for 15 minutes by default, or for `tokensLiveFor` if that is shorter.
   * @throws {CountersignError} As `sign` of `Signer`. `OPTION_INVALID`: also if the token would have no `exp`, or live longer than
   * `tokensLiveFor`; or if the secret does not decrypt the keys. `STORE_UNAVAILABLE`: the store has failed for too long.
   * @example
   * ```ts
   * const token = await ring.signer({ issuer: "https://login.example" }).sign({ sub: "alice" });
   * ```
   */
  async sign(claims: object, options?: SignOptions): Promise<string> {
    if (!RingSigner.#isSigner(this)) throw notOurs(this, lost("signer.sign(claims)"));
    const { signingKey } = await this.#ring.current();
    const lifetime = this.#lifetime;
    const all = lifetime === undefined ? options : withLifetime(lifetime, claims, options);
    const token = await this.#signerOf(signingKey).signAsync(claims, all);
    const expires = expiryOf(token) * 1000;
    const { livesMs, skewMs } = this.#ring.settings.schedule;
    // The time of issue may come from another server, so its clock may be ahead.
    if (expires <= Date.now() + livesMs + skewMs) return token;
    throw invalid('the token would live longer than option "tokensLiveFor" allows');
  }

  /** The same as `sign`. */
  signAsync(claims: object, options?: SignOptions): Promise<string> {
    return RingSigner.prototype.sign.call(this, claims, options);
  }

  /** @internal Vue leaves objects with this property as they are: its proxies could not reach the private fields. */
  get __v_skip(): true {
    return true;
  }

  /** @internal */
  get [KIND](): Kind {
    return kindOf("RingSigner");
  }

  static #isSigner(value: unknown): value is RingSigner {
    return typeof value === "object" && value !== null && #ring in value;
  }

  #signerOf(key: Key): Signer {
    // The one before may still be signing, so it is not freed here.
    if (this.#last?.key !== key) this.#last = { key, signer: new Signer(key, this.#options) };
    return this.#last.signer;
  }
}

/** The options of a token with this lifetime, unless they or its claims say when it ends. */
function withLifetime(expiresIn: number, claims: object, options: SignOptions = {}): SignOptions {
  try {
    const hasEnd = (claims as { exp?: unknown }).exp !== undefined || options.expiresIn !== undefined;
    return hasEnd || typeof options !== "object" || Array.isArray(options) ? options : { ...options, expiresIn };
  } catch {
    // Of `null`, or of a `Proxy`. The signer says what is wrong with them.
    return options;
  }
}

/** A deep copy of the options, which a signer has accepted: a mistake shows at start-up, and a later change changes no token. */
function checked(options: SignOptions): SignOptions {
  // Only for the check: it signs nothing.
  const key = Key.fromSecret("only to check the options of a signer", { alg: "HS256" });
  try {
    new Signer(key, options).free();
  } finally {
    key.free();
  }
  try {
    return structuredClone(options);
  } catch {
    throw invalid("options cannot be read");
  }
}

/** The `exp` of a token that was just signed; infinity without one. */
function expiryOf(token: string): number {
  const payload = token.slice(token.indexOf(".") + 1, token.lastIndexOf("."));
  const { exp } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: number };
  return exp ?? Number.POSITIVE_INFINITY;
}
