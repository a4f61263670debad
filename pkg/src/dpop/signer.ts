/** Makes DPoP proofs (RFC 9449 §4) with a key that no script can read. */

import { base64url, runtimeLacks } from "../bytes.js";
import { CountersignError } from "../errors.js";
import { forgetKeyPair, keptKeyPair } from "./key-store.js";

/** Options of `DpopSigner.create`: where the key comes from. */
export interface DpopSignerOptions {
  /**
   * A name under which IndexedDB keeps the key, such as `"login"`, so that a page has it again after a reload, and in every
   * tab. Default: the key lives as long as the object.
   */
  keepAs?: string;
  /** A key pair of your own: ECDSA on P-256, of `crypto.subtle`. Default: a new one, whose private key cannot be exported. */
  keyPair?: { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
}

/** What a proof is for. */
export interface ProofOptions {
  /** The method of the request, such as `"POST"`. */
  method: string;
  /** The absolute URL of the request. Its query and its fragment are left out of the proof. */
  url: string | URL;
  /** The access token that the request has. Default: none, as for a request of tokens. */
  accessToken?: string | undefined;
  /** The nonce that the server gave last, in `DPoP-Nonce`. Default: none. */
  nonce?: string | undefined;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
/** So that a page that asks many servers does not keep more and more nonces. */
const MOST_NONCES = 64;

/**
 * Makes DPoP proofs with ES256. In a page, keep one and use it for all requests of a login.
 *
 * It uses only WebCrypto, which browsers have on `https:` pages and on `localhost`, and Node, Deno, Bun and Workers everywhere.
 *
 * @example
 * ```ts
 * const signer = await DpopSigner.create({ keepAs: "login" });
 *
 * const answer = await signer.fetch("/token", { method: "POST", body: new URLSearchParams({ username, password }) });
 * const { access_token: accessToken } = await answer.json();
 * const me = await signer.fetch("/users/me", { accessToken });
 * ```
 */
export class DpopSigner {
  /** The thumbprint of the public key (RFC 7638, SHA-256): the `cnf.jkt` of the tokens, and the parameter `dpop_jkt`. */
  readonly thumbprint: string;
  readonly #jwk: object;
  readonly #privateKey: CryptoKey;
  readonly #keptAs: string | undefined;
  /** The newest nonce of each origin. */
  readonly #nonces = new Map<string, string>();

  private constructor(privateKey: CryptoKey, jwk: object, thumbprint: string, keptAs: string | undefined) {
    this.#privateKey = privateKey;
    this.#jwk = jwk;
    this.thumbprint = thumbprint;
    this.#keptAs = keptAs;
  }

  /**
   * Makes a signer, with a new key or with the one that was kept.
   *
   * @param options See {@link DpopSignerOptions}.
   * @throws {CountersignError} `OPTION_INVALID`: an option is unknown or of the wrong type, or both are there.
   * `STORE_UNAVAILABLE`: IndexedDB is missing or fails. `INTERNAL`: there is no WebCrypto, as on a page without `https:`.
   */
  static async create(options: DpopSignerOptions = {}): Promise<DpopSigner> {
    if (typeof options !== "object" || options === null) throw invalid("options are not an object");
    const { keepAs, keyPair, ...rest } = options;
    const [unknown] = Object.keys(rest);
    if (unknown !== undefined) throw invalid(`unknown option "${unknown}"`);
    if (keepAs !== undefined && (typeof keepAs !== "string" || keepAs === "")) {
      throw invalid('option "keepAs" is not a non-empty string');
    }
    if (keyPair !== undefined && keepAs !== undefined) throw invalid('option "keepAs" is not for a "keyPair"');
    const { subtle } = globalThis.crypto ?? {};
    if (subtle === undefined) throw runtimeLacks("crypto.subtle", ": a page needs https");
    const make = () => subtle.generateKey(ALGORITHM, false, ["sign", "verify"]) as Promise<CryptoKeyPair>;
    const pair = keyPair ?? (keepAs === undefined ? await make() : await keptKeyPair(keepAs, make));
    const { namedCurve } = (pair.privateKey?.algorithm ?? {}) as Partial<typeof ALGORITHM>;
    if (namedCurve !== ALGORITHM.namedCurve) throw invalid('option "keyPair" is not an ECDSA key pair on P-256');
    // Not "jwk": in Node 20, that export can wait forever for the job that made the key. SEC 1 §2.3.3: 4, then x, then y.
    const point = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
    const [x, y] = [base64url(point.subarray(1, 33)), base64url(point.subarray(33))];
    // RFC 7638 §3.2: these members, in this order.
    const jwk = { crv: ALGORITHM.namedCurve, kty: "EC", x, y };
    return new DpopSigner(pair.privateKey, jwk, await sha256(JSON.stringify(jwk)), keepAs);
  }

  /**
   * Makes a proof for one request: the value of its header `DPoP`.
   *
   * @param options See {@link ProofOptions}.
   * @throws {CountersignError} `OPTION_INVALID`: `url` is not an absolute URL, or `method` is not a string.
   */
  async proof({ accessToken, method, nonce, url }: ProofOptions): Promise<string> {
    const { origin, pathname } = parse(url);
    if (typeof method !== "string") throw invalid('option "method" is not a string');
    const header = { typ: "dpop+jwt", alg: "ES256", jwk: this.#jwk };
    // Members that are `undefined` are left out.
    const claims = {
      jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
      htm: method,
      htu: origin + pathname,
      iat: Math.floor(Date.now() / 1000),
      ath: accessToken === undefined ? undefined : await sha256(accessToken),
      nonce,
    };
    const input = `${encode(header)}.${encode(claims)}`;
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    const signature = await crypto.subtle.sign(algorithm, this.#privateKey, new TextEncoder().encode(input));
    return `${input}.${base64url(new Uint8Array(signature))}`;
  }

  /**
   * As the platform's `fetch`, with a proof, and with `Authorization: DPoP …` if there is an `accessToken`.
   *
   * It remembers the `DPoP-Nonce` of each origin. If a server demands a nonce (`use_dpop_nonce`), it sends the request once more.
   * The server must then expose `DPoP-Nonce` to pages of other origins. A redirect fails, because the proof names the first URL:
   * it rejects with a `TypeError`, unless `redirect` is `"manual"`.
   *
   * @param init As for `fetch`, and `accessToken`.
   * @returns The response. Errors of `fetch` reach you unchanged.
   */
  readonly fetch = async (
    input: string | URL | Request,
    init: RequestInit & { accessToken?: string | undefined } = {},
  ): Promise<Response> => {
    const { accessToken, ...rest } = init;
    const request = new Request(input, rest);
    const { origin } = parse(request.url);
    const sent = this.#nonces.get(origin);
    const response = await this.#send(request.clone(), origin, accessToken);
    if (this.#nonces.get(origin) === sent || !(await demandsNonce(response))) return response;
    await response.body?.cancel();
    return this.#send(request, origin, accessToken);
  };

  /** Removes a key that was kept, for example after a log-out. The object itself can still make proofs. */
  async forget(): Promise<void> {
    if (this.#keptAs !== undefined) await forgetKeyPair(this.#keptAs);
  }

  async #send(request: Request, origin: string, accessToken: string | undefined): Promise<Response> {
    const { method, url } = request;
    const nonce = this.#nonces.get(origin);
    request.headers.set("DPoP", await this.proof({ method, url, accessToken, nonce }));
    if (accessToken !== undefined) request.headers.set("Authorization", `DPoP ${accessToken}`);
    // Followed, it would take the body and a proof to where the server says.
    const response = await fetch(request, { redirect: "manual" });
    const isRedirect = response.type === "opaqueredirect" || REDIRECTS.includes(response.status);
    if (isRedirect && request.redirect !== "manual")
      throw new TypeError("the server redirects, and a proof names one URL");
    const next = response.headers.get("DPoP-Nonce");
    if (next !== null) {
      if (this.#nonces.size >= MOST_NONCES) this.#nonces.clear();
      this.#nonces.set(origin, next);
    }
    return response;
  }
}

/** The statuses that `fetch` follows. */
const REDIRECTS = [301, 302, 303, 307, 308];

/** RFC 9449 §8 and §9: an authorization server says so in the body, an API in `WWW-Authenticate`. */
async function demandsNonce(response: Response): Promise<boolean> {
  const { headers, status } = response;
  if (status !== 400 && status !== 401) return false;
  if (headers.get("WWW-Authenticate")?.includes('error="use_dpop_nonce"')) return true;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return (body as { error?: unknown } | null)?.error === "use_dpop_nonce";
}

async function sha256(text: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

const encode = (value: object) => base64url(new TextEncoder().encode(JSON.stringify(value)));

function parse(url: string | URL): URL {
  try {
    return new URL(url);
  } catch {
    throw invalid('option "url" is not an absolute URL');
  }
}

/** Not that of `options.ts`, whose module reads options for servers. */
const invalid = (message: string) => new CountersignError("OPTION_INVALID", message);
