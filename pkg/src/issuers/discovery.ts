/** Finds the key set of an issuer by its metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3). */

import { invalid } from "../options.js";
import { readText, withTimeout } from "../remote/limits.js";
import { allowedUrl, type RemoteKeySetOptions } from "../remote/options.js";
import { JwksUnavailable } from "../remote/unavailable.js";

/** The most bytes of the metadata. Large issuers write about 5 KB. */
const MAX_BYTES = 131_072;

type Fetch = NonNullable<RemoteKeySetOptions["fetch"]>;

/** Where OpenID Connect puts the metadata of an issuer. */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/** Where RFC 8414 §3.1 puts it: before the path of the issuer. */
function oauthUrl(issuer: string): string {
  const { origin, pathname } = new URL(issuer);
  return `${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, "")}`;
}

/** Options whose `fetch`, asked for the metadata, answers with the key set that the metadata names. */
export function discoveryFetch(issuer: string, options: RemoteKeySetOptions = {}): RemoteKeySetOptions {
  const ask: Fetch = options.fetch ?? ((url, init) => fetch(url, init));
  return {
    ...options,
    fetch: async (_, init) => {
      const jwksUrl = await askForJwksUrl(issuer, init, ask, options);
      return ask(jwksUrl, new URL(jwksUrl).origin === new URL(issuer).origin ? init : withoutOwnHeaders(init));
    },
  };
}

/** The caller's header fields may hold credentials, which are for the issuer's own server. */
function withoutOwnHeaders(init: RequestInit): RequestInit {
  return { ...init, headers: { accept: new Headers(init.headers).get("accept") ?? "application/json" } };
}

/**
 * Asks once where the key set is.
 *
 * @throws {CountersignError} `JWKS_UNAVAILABLE`: no metadata, or of another issuer. `OPTION_INVALID`: the issuer is no
 * allowed URL.
 */
export async function findJwksUrl(issuer: string, options: RemoteKeySetOptions = {}): Promise<string> {
  expectAllowed(issuer, options);
  const ask: Fetch = options.fetch ?? ((url, init) => fetch(url, init));
  const tooSlow = () => new JwksUnavailable("timeout", "the issuer's server took too long");
  return withTimeout(options.timeoutMs ?? 5000, tooSlow, (signal) => {
    const init: RequestInit = {
      headers: { accept: "application/json", ...options.headers },
      redirect: "manual",
      signal,
    };
    return askForJwksUrl(issuer, init, ask, options);
  });
}

async function askForJwksUrl(
  issuer: string,
  init: RequestInit,
  ask: Fetch,
  options: RemoteKeySetOptions,
): Promise<string> {
  let response = await ask(discoveryUrl(issuer), init);
  if (response.status === 404) {
    response.body?.cancel().catch(() => {});
    response = await ask(oauthUrl(issuer), init);
  }
  if (response.status !== 200 || response.redirected) {
    response.body?.cancel().catch(() => {});
    throw new JwksUnavailable("status", "the issuer's server answered with a status other than 200", response.status);
  }
  const metadata = parse(await readText(response.body, MAX_BYTES, init.signal ?? undefined));
  // RFC 8414 §3.3: otherwise the metadata must not be used.
  if (metadata.issuer !== issuer) throw new JwksUnavailable("content", "the metadata is of another issuer");
  const { jwks_uri } = metadata;
  if (typeof jwks_uri !== "string") throw new JwksUnavailable("content", 'the metadata has no "jwks_uri"');
  return expectAllowed(jwks_uri, options);
}

function expectAllowed(url: string, options: RemoteKeySetOptions): string {
  const { allowInsecureLoopback = false, dangerouslyAllowHttp = false } = options;
  return allowedUrl(url, { allowInsecureLoopback, dangerouslyAllowHttp });
}

function parse(text: string): Record<string, unknown> {
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch {
    // The platform's message quotes the text.
  }
  if (typeof metadata === "object" && metadata !== null) return metadata as Record<string, unknown>;
  throw new JwksUnavailable("not-json", "the issuer's metadata is not a JSON object");
}

/** @throws {CountersignError} `OPTION_INVALID`: not a URL. */
export function expectIssuerUrl(issuer: unknown): asserts issuer is string {
  if (typeof issuer !== "string" || !URL.canParse(issuer)) throw invalid("the issuer is not a URL");
}
