/** Finds the key set of an issuer by its metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3). */

import { withTimeout } from "../deadline.js";
import { invalid } from "../options.js";
import { readText } from "../remote/limits.js";
import { allowedUrl, fetchOfPlatform, type RemoteKeySetOptions, readSettings } from "../remote/options.js";
import { cancelBody, expectResponse, type JwksFetch } from "../remote/response.js";
import { asJwksUnavailable, JwksUnavailable, reasonOfFetch } from "../remote/unavailable.js";

/** The most bytes of the metadata. Large issuers write about 5 KB. */
const MAX_BYTES = 131_072;

type Init = Parameters<JwksFetch>[1];

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
  const { fetch: ask = fetchOfPlatform } = options;
  return {
    ...options,
    fetch: async (_, init) => {
      const jwksUrl = await askForJwksUrl(issuer, init, ask, options);
      return ask(jwksUrl, new URL(jwksUrl).origin === new URL(issuer).origin ? init : withoutOwnHeaders(init));
    },
  };
}

/** The caller's header fields may hold credentials, which are for the issuer's own server. */
function withoutOwnHeaders(init: Init): Init {
  return { ...init, headers: { accept: init.headers.accept ?? "application/json" } };
}

/**
 * Asks once where the key set is.
 *
 * @throws {CountersignError} `JWKS_UNAVAILABLE`: no metadata, or of another issuer. `OPTION_INVALID`: the issuer is no
 * allowed URL, or an option.
 */
export async function findJwksUrl(issuer: string, options?: RemoteKeySetOptions): Promise<string> {
  const { fetch: ask, headers, timeoutMs } = readSettings(issuer, options);
  const tooSlow = () => new JwksUnavailable("timeout", "the issuer's server took too long");
  try {
    return await withTimeout(timeoutMs, tooSlow, (signal) =>
      askForJwksUrl(issuer, { headers: { ...headers }, redirect: "manual", signal }, ask, options ?? {}),
    );
  } catch (thrown) {
    const message = "the issuer's server cannot be reached";
    const [error] = asJwksUnavailable(reasonOfFetch(thrown), message, thrown).parts;
    throw error;
  }
}

async function askForJwksUrl(
  issuer: string,
  init: Init,
  ask: JwksFetch,
  options: RemoteKeySetOptions,
): Promise<string> {
  let response = await ask(discoveryUrl(issuer), init);
  expectResponse(response);
  if (response.status === 404) {
    cancelBody(response);
    response = await ask(oauthUrl(issuer), init);
    expectResponse(response);
  }
  if (response.status !== 200 || response.redirected) {
    cancelBody(response);
    throw new JwksUnavailable("status", "the issuer's server answered with a status other than 200", response.status);
  }
  const metadata = parse(await readText(response.body, MAX_BYTES, init.signal, "the issuer's metadata"));
  // RFC 8414 §3.3: otherwise the metadata must not be used.
  if (metadata.issuer !== issuer) throw new JwksUnavailable("content", "the metadata is of another issuer");
  return expectAllowed(metadata.jwks_uri, options);
}

/** The server is at fault if the address is none that keys may be fetched from. */
function expectAllowed(url: unknown, { allowInsecureLoopback, dangerouslyAllowHttp }: RemoteKeySetOptions): string {
  if (typeof url !== "string") throw new JwksUnavailable("content", 'the metadata has no "jwks_uri"');
  try {
    return allowedUrl(url, {
      allowInsecureLoopback: allowInsecureLoopback === true,
      dangerouslyAllowHttp: dangerouslyAllowHttp === true,
    });
  } catch {
    throw new JwksUnavailable("content", 'the "jwks_uri" of the metadata is not https');
  }
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
