/**
 * `countersign/testing`: an issuer for tests. It has keys, metadata, a key set, and signs tokens of any shape, without a
 * network. Not for production: it exists to make wrong tokens too.
 */

import { base64url } from "./bytes.js";
import { sign } from "./jwt.js";
import { Key } from "./key.js";
import { KeySet } from "./key-set.js";
import { invalid, readOptions, unchecked } from "./options.js";
import type { AsymmetricAlgorithm, SignOptions } from "./types.js";

export { CountersignError, type ErrorCode } from "./errors.js";

/** The event of a logout token. */
const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** Options of `TestIssuer`. */
export interface TestIssuerOptions {
  /** The algorithm of its keys. Default `"ES256"`, which is made fast; RSA keys take a second. */
  alg?: AsymmetricAlgorithm;
  /** Where its key set is. Default: the issuer's address with `/.well-known/jwks.json`. */
  jwksUrl?: string;
}

/** The ways in which a token of `TestIssuer` can be wrong. */
export type TestFault =
  | "altered"
  | "expired"
  | "not-yet-valid"
  | "unknown-key"
  | "unsigned"
  | "without-expiry"
  | "without-issuer"
  | "wrong-audience"
  | "wrong-issuer"
  | "wrong-key";

/** Options of `TestIssuer.token`. */
export interface TestTokenOptions {
  /** The way in which the token is wrong. Default: it is right. */
  fault?: TestFault;
  /** Options for `sign`, such as `typ` or `expiresIn`. */
  sign?: SignOptions;
}

/**
 * An issuer for tests.
 *
 * @example
 * ```ts
 * const issuer = new TestIssuer("https://login.example");
 * const keys = new RemoteKeySet(issuer.jwksUrl, { fetch: issuer.fetch });
 * const token = issuer.token({ sub: "alice", aud: "api" });
 * const { claims } = await verifyAsync(token, keys, { issuer: issuer.issuer, audience: "api" });
 * ```
 */
export class TestIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** Where `fetch` finds its key set. */
  readonly jwksUrl: string;
  /** The addresses that `fetch` was asked for, in their order. */
  readonly requests: string[] = [];
  /** While this is a number, `fetch` answers everything with that status. */
  failing: number | undefined;
  readonly #alg: AsymmetricAlgorithm;
  #published: Key[] = [];
  #count = 0;

  /**
   * @param issuer The `iss` of its tokens, a URL. Default `"https://issuer.test"`.
   * @param options See {@link TestIssuerOptions}.
   * @throws {CountersignError} `OPTION_INVALID`.
   */
  constructor(issuer = "https://issuer.test", options: TestIssuerOptions = {}) {
    const { alg, jwksUrl } = readOptions(options, {
      alg: unchecked<AsymmetricAlgorithm>(),
      jwksUrl: unchecked<string>(),
    });
    if (typeof issuer !== "string" || !URL.canParse(issuer)) throw invalid("the issuer is not a URL");
    this.issuer = issuer;
    this.jwksUrl = jwksUrl ?? `${issuer.replace(/\/$/, "")}/.well-known/jwks.json`;
    this.#alg = alg ?? "ES256";
    this.#published = [this.#newKey()];
  }

  /**
   * Answers as the issuer's server: its key set and its metadata (OpenID Connect Discovery §4, RFC 8414 §3), and 404 for
   * anything else. It needs no `this`, so pass it as the option `fetch`.
   */
  readonly fetch = async (url: string | URL | Request, _init?: RequestInit): Promise<Response> => {
    const { href } = new URL(url instanceof Request ? url.url : url);
    this.requests.push(href);
    if (this.failing !== undefined) return new Response("", { status: this.failing });
    if (href === new URL(this.jwksUrl).href) return Response.json(this.jwks());
    const { origin, pathname } = new URL(this.issuer);
    const path = pathname.replace(/\/$/, "");
    const places = [
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
    ];
    if (!places.includes(href)) return new Response("not found", { status: 404 });
    return Response.json({
      issuer: this.issuer,
      jwks_uri: this.jwksUrl,
      authorization_endpoint: `${origin}${path}/authorize`,
      token_endpoint: `${origin}${path}/token`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [this.#alg],
    });
  };

  /** The key set that `fetch` answers with. */
  jwks(): { keys: object[] } {
    const set = new KeySet(this.#published.map((key) => key.publicKey()));
    try {
      return set.toJwks();
    } finally {
      set.free();
    }
  }

  /** The keys of the tokens, for code that takes keys and not an address. */
  keySet(): KeySet {
    return new KeySet(this.#published.map((key) => key.publicKey()));
  }

  /**
   * Signs a token.
   *
   * @param claims Its claims. `iss` is the issuer's, and `exp` is in 15 minutes, unless they are here.
   * @param options See {@link TestTokenOptions}.
   * @returns The compact token.
   * @throws {CountersignError} `OPTION_INVALID`, and as `sign`.
   * @example
   * ```ts
   * const expired = issuer.token({ sub: "alice", aud: "api" }, { fault: "expired" });
   * ```
   */
  token(claims: object = {}, options: TestTokenOptions = {}): string {
    const { fault, sign: signOptions } = readOptions(options, {
      fault: unchecked<TestFault>(),
      sign: unchecked<SignOptions>(),
    });
    const make =
      fault === undefined ? (all: object) => this.#signed(all, signOptions) : this.#faults(signOptions)[fault];
    if (make === undefined) throw invalid('option "fault" is not a known fault');
    return make({ iss: this.issuer, ...claims });
  }

  /**
   * Signs a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4), for `verifyLogoutToken`.
   *
   * @param claims Its claims: `aud`, and `sub` or `sid`. `iss`, `iat`, `jti`, `events` and `exp`, in 2 minutes, are the issuer's,
   * unless they are here. `iss`, `jti` or `events` that is `undefined` is left out.
   * @param options See {@link TestTokenOptions}. The `typ` is `logout+jwt` unless `sign` has another.
   * @returns The compact token.
   * @throws {CountersignError} As `token`.
   * @example
   * ```ts
   * const token = issuer.logoutToken({ aud: clientId, sub: "alice" });
   * ```
   */
  logoutToken(claims: object = {}, options: TestTokenOptions = {}): string {
    const { expiresIn, now = new Date() } = options.sign ?? {};
    const all = {
      jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
      events: { [LOGOUT_EVENT]: {} },
      ...(expiresIn === undefined && { exp: Math.floor(now.getTime() / 1000) + 120 }),
      ...claims,
    };
    return this.token(all, { ...options, sign: { typ: "logout+jwt", ...options.sign, now } });
  }

  /**
   * Makes a new key, which signs from now on.
   *
   * @param options `keep`: how many older keys stay published. Default 1.
   */
  rotate({ keep = 1 }: { keep?: number } = {}): void {
    const kept = this.#published.slice(0, keep);
    for (const key of this.#published.slice(keep)) key.free();
    this.#published = [this.#newKey(), ...kept];
  }

  #faults(options: SignOptions | undefined): Record<TestFault, (claims: object) => string> {
    const signed = (claims: object, changed?: SignOptions) => this.#signed(claims, { ...options, ...changed });
    const byAnother = (claims: object, kid: string) => {
      const another = Key.generate(this.#alg, { kid });
      try {
        return sign(claims, another, options);
      } finally {
        another.free();
      }
    };
    const now = Math.floor(Date.now() / 1000);
    return {
      altered: (claims) => {
        const [header, , signature] = signed(claims).split(".");
        const payload = signed({ ...claims, admin: true }).split(".")[1];
        return `${header}.${payload}.${signature}`;
      },
      expired: (claims) => signed({ ...claims, iat: now - 7200, exp: now - 3600 }),
      "not-yet-valid": (claims) => signed({ ...claims, nbf: now + 3600, exp: now + 7200 }),
      "unknown-key": (claims) => byAnother(claims, "never-published"),
      unsigned: (claims) => {
        const header = base64url(new TextEncoder().encode('{"alg":"none","typ":"JWT"}'));
        return `${header}.${signed(claims).split(".")[1]}.`;
      },
      "without-expiry": (claims) => signed({ ...claims, exp: undefined }, { expiresIn: null }),
      "without-issuer": (claims) => signed({ ...claims, iss: undefined }),
      "wrong-audience": (claims) => signed({ ...claims, aud: "https://another-audience.test" }),
      "wrong-issuer": (claims) => signed({ ...claims, iss: "https://another-issuer.test" }),
      "wrong-key": (claims) => byAnother(claims, this.#current.kid ?? ""),
    };
  }

  #signed(claims: object, options: SignOptions | undefined): string {
    return sign(claims, this.#current, options);
  }

  get #current(): Key {
    return this.#published[0] as Key;
  }

  #newKey(): Key {
    this.#count += 1;
    return Key.generate(this.#alg, { kid: `test-${this.#count}` });
  }
}
