/** Metadata that tells clients where an authorization server (RFC 8414) and a protected resource (RFC 9728) are. */

import { flag, invalid, type OptionReader, readOptions, unchecked } from "../options.js";
import { parseUrl } from "../parse-url.js";
import { scopeOption } from "../scope.js";
import { type ProofVerifier, proofVerifierOption } from "./proof.js";
import { type DocumentHandler, serveDocument } from "./public-document.js";

/** A handler for metadata. */
export interface MetadataHandler extends DocumentHandler<Record<string, unknown>> {
  /** The path that clients ask, such as `/.well-known/oauth-authorization-server`. Serve the handler there. */
  readonly path: string;
  /** The whole URL. For a protected resource, it is the option `resourceMetadata` of `bearerGuard`. */
  readonly url: string;
}

/** Options of {@link authorizationServerMetadata}. A URL may be a path, such as `"/token"`, of the issuer's origin. */
export interface AuthorizationServerMetadataOptions {
  /** The issuer, as the tokens name it: an `https:` URL without query and fragment. `http:` only for this machine. */
  issuer: string;
  /** The URL of `tokenEndpoint`. */
  tokenEndpoint: string;
  /** The URL of `jwksEndpoint`. Default: none. */
  jwksEndpoint?: string;
  /** The URL of `revocationEndpoint`. Default: none. */
  revocationEndpoint?: string;
  /** The grants of the token endpoint. Default `["password"]`; with sessions, pass `["password", "refresh_token"]`. */
  grantTypes?: readonly string[];
  /** The scopes that clients may ask for: text or a list. Default: not told. */
  scopes?: string | readonly string[];
  /** That of `tokenEndpoint`: the algorithms of proofs (RFC 9449 §5.1). Default: not told. */
  dpop?: ProofVerifier;
  /** The URL of a page for developers. Default: none. */
  documentation?: string;
  /** More members, or other values of those above. */
  more?: Record<string, unknown>;
}

/** Options of {@link protectedResourceMetadata}. A URL may be a path, such as `"/docs"`, of the resource's origin. */
export interface ProtectedResourceMetadataOptions {
  /** The identifier of the API, as the `aud` of the tokens names it: an `https:` URL without fragment. */
  resource: string;
  /** The issuers whose tokens it accepts. Default: not told. */
  authorizationServers?: readonly string[];
  /** The scopes that its tokens may need: text or a list. Default: not told. */
  scopes?: string | readonly string[];
  /** That of `bearerGuard`: the algorithms of proofs. Default: not told. */
  dpop?: ProofVerifier;
  /** That of `bearerGuard`: whether every token must be bound to a key. Default `false`. */
  requireDpop?: boolean;
  /** Its name for people. Default: none. */
  name?: string;
  /** The URL of a page for developers. Default: none. */
  documentation?: string;
  /** More members, or other values of those above. */
  more?: Record<string, unknown>;
}

/**
 * Makes a handler that tells clients about your login server (RFC 8414).
 *
 * It says that clients do not authenticate (`"none"`), and that there is no authorization endpoint, so
 * `response_types_supported` is empty: some clients require it (RFC 8414 §2), although §3.2 leaves out empty lists.
 *
 * @param options See {@link AuthorizationServerMetadataOptions}.
 * @returns The handler, with the `document`, and the `path` where to serve it. It answers `GET` and `HEAD`; 405 otherwise. Pages of
 * every origin may read the answer.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing, of the wrong type, or not a URL.
 *
 * @example
 * ```ts
 * const metadata = authorizationServerMetadata({ issuer: "https://login.example", tokenEndpoint: "/token" });
 * if (pathname === metadata.path) return metadata(request);
 * ```
 */
export function authorizationServerMetadata(options: AuthorizationServerMetadataOptions): MetadataHandler {
  const read = readOptions(options, {
    issuer: identifier("query and fragment", (url) => url.search === "" && url.hash === ""),
    tokenEndpoint: required(textOption),
    jwksEndpoint: textOption,
    revocationEndpoint: textOption,
    grantTypes: listOption,
    scopes: scopeOption,
    dpop: proofVerifierOption,
    documentation: textOption,
    more: unchecked<Record<string, unknown>>(),
  });
  const { issuer } = read;
  const at = (name: keyof typeof read) => urlAt(name, read[name] as string | undefined, issuer);
  return metadata("oauth-authorization-server", issuer, {
    issuer,
    token_endpoint: at("tokenEndpoint"),
    jwks_uri: at("jwksEndpoint"),
    revocation_endpoint: at("revocationEndpoint"),
    scopes_supported: filled(read.scopes),
    response_types_supported: [],
    grant_types_supported: read.grantTypes ?? ["password"],
    token_endpoint_auth_methods_supported: ["none"],
    revocation_endpoint_auth_methods_supported: read.revocationEndpoint === undefined ? undefined : ["none"],
    service_documentation: at("documentation"),
    dpop_signing_alg_values_supported: read.dpop?.algorithms,
    ...read.more,
  });
}

/**
 * Makes a handler that tells clients which authorization servers your API accepts (RFC 9728). Clients of MCP find their way to the
 * log-in with it.
 *
 * @param options See {@link ProtectedResourceMetadataOptions}.
 * @returns The handler, with the `document`, the `path` where to serve it, and the `url` for `bearerGuard`. It answers `GET` and
 * `HEAD`; 405 otherwise. Pages of every origin may read the answer.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing, of the wrong type, or not a URL.
 *
 * @example
 * ```ts
 * const metadata = protectedResourceMetadata({
 *   resource: "https://api.example",
 *   authorizationServers: ["https://login.example"],
 * });
 * const guard = bearerGuard(verifier, { resourceMetadata: metadata.url });
 * ```
 */
export function protectedResourceMetadata(options: ProtectedResourceMetadataOptions): MetadataHandler {
  const read = readOptions(options, {
    resource: identifier("fragment", (url) => url.hash === ""),
    authorizationServers: listOption,
    scopes: scopeOption,
    dpop: proofVerifierOption,
    requireDpop: flag,
    name: textOption,
    documentation: textOption,
    more: unchecked<Record<string, unknown>>(),
  });
  const { dpop, requireDpop, resource } = read;
  if (requireDpop && dpop === undefined) throw invalid('option "requireDpop" needs "dpop"');
  return metadata("oauth-protected-resource", resource, {
    resource,
    authorization_servers: read.authorizationServers?.map((text) => issuerOf("authorizationServers", text)),
    scopes_supported: filled(read.scopes),
    bearer_methods_supported: ["header"],
    resource_name: read.name,
    resource_documentation: urlAt("documentation", read.documentation, resource),
    dpop_signing_alg_values_supported: dpop?.algorithms,
    dpop_bound_access_tokens_required: requireDpop || undefined,
    ...read.more,
  });
}

/** RFC 8414 §3.1 and RFC 9728 §3.1: the well-known part comes between the host and the path of the identifier. */
function metadata(name: string, identifierText: string, members: Record<string, unknown>): MetadataHandler {
  const { origin, pathname, search } = new URL(identifierText);
  const path = `/.well-known/${name}${pathname.replace(/\/$/, "")}`;
  const told = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  return Object.assign(serveDocument(told), { path, url: origin + path + search });
}

const filled = (list: readonly string[]) => (list.length === 0 ? undefined : list);

function urlAt(name: string, text: string | undefined, base: string): string | undefined {
  if (text === undefined) return undefined;
  const url = parseUrl(text, base);
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid(`option "${name}" is not a URL or a path`);
  return url.href;
}

function identifier(without: string, allows: (url: URL) => boolean): OptionReader<string> {
  return (name, value) => {
    const url = typeof value === "string" ? parseUrl(value) : null;
    if (url !== null && isSecure(url) && allows(url)) return value as string;
    throw invalid(`option "${name}" is not an https: URL without ${without}`);
  };
}

function issuerOf(name: string, text: string): string {
  return identifier("query and fragment", (url) => url.search === "" && url.hash === "")(name, text);
}

/** TLS, or a server on this machine, while it is developed. */
function isSecure({ hostname, password, protocol, username }: URL): boolean {
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  return username === "" && password === "" && (protocol === "https:" || (protocol === "http:" && isLocal));
}

const textOption: OptionReader<string | undefined> = (name, value) => {
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw invalid(`option "${name}" is not a non-empty string`);
};

function required<T>(reader: OptionReader<T | undefined>): OptionReader<T> {
  return (name, value) => {
    const read = reader(name, value);
    if (read === undefined) throw invalid(`option "${name}" is missing`);
    return read;
  };
}

const listOption: OptionReader<readonly string[] | undefined> = (name, value) => {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((each) => typeof each === "string" && each !== "")) return [...value];
  throw invalid(`option "${name}" is not a list of non-empty strings`);
};
