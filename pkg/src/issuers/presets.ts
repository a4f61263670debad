/**
 * Well-known issuers: their names, where their keys are, and what is peculiar about their tokens. The sources are the
 * issuers' own documentation and the metadata that they publish.
 */

import { invalid } from "../options.js";
import type { RemoteKeySetOptions } from "../remote.js";
import type { Algorithm } from "../types.js";
import type { ClaimRule, Issuer } from "./issuer.js";
import type { IssuerTemplate } from "./template.js";

/** What every preset takes beside its own options. */
export interface PresetOptions {
  /** The accepted audience of this issuer's tokens, in place of the verifier's option. */
  audience?: string | string[];
  /** What further claims must be, by their names. */
  claims?: Readonly<Record<string, ClaimRule>>;
  /** Options of the `RemoteKeySet` that fetches the keys. */
  remote?: RemoteKeySetOptions;
}

const RSA: readonly Algorithm[] = ["RS256"];

/** An issuer of a preset: what the caller gives is added to it. */
function preset(issuer: Issuer, { audience, claims, remote, ...others }: PresetOptions = {}): Issuer {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`unknown option ${JSON.stringify(unknown)}`);
  return {
    ...issuer,
    ...(audience !== undefined && { audience }),
    ...(remote !== undefined && { remote }),
    claims: { ...issuer.claims, ...claims },
  };
}

/** Options of {@link entra}. */
export interface EntraOptions {
  /**
   * The tenant's identifier, a GUID; several of them; or a function that returns whether a tenant is accepted. `"common"` and
   * names such as `"contoso.onmicrosoft.com"` are refused, because no token has them in its `iss`.
   */
  tenant: string | readonly string[] | IssuerTemplate["tenants"];
  /**
   * The version of the tokens. An API gets `"1.0"` unless `requestedAccessTokenVersion` is 2 in its manifest. Default
   * `"2.0"`.
   */
  version?: "1.0" | "2.0";
}

/**
 * Microsoft Entra ID, formerly Azure AD. The claim `tid` must be the tenant of `iss`, and `ver` the version. Scopes are in
 * `scp`: give `bearerGuard` the option `scopeClaim: "scp"`.
 *
 * With several tenants, keys that Microsoft publishes for one tenant alone are left out. Private accounts have such keys: to
 * accept these, add `entra({ tenant: "9188040d-6c67-4c5b-b112-36a304b66dad" })`.
 *
 * @throws {CountersignError} `OPTION_INVALID`: a tenant is not a GUID.
 * @example
 * ```ts
 * const issuers = new Issuers(entra({ tenant: "8eaef023-2b34-4da1-9baa-8bc8c9d6a490" }));
 * const verifier = new Verifier(issuers, { audience: clientId });
 * ```
 */
export function entra({ tenant, version = "2.0", ...others }: EntraOptions, options?: PresetOptions): Issuer {
  expectNoMore(others);
  if (version !== "1.0" && version !== "2.0") throw invalid('option "version" is neither "1.0" nor "2.0"');
  const login = "https://login.microsoftonline.com";
  const path = version === "2.0" ? "discovery/v2.0/keys" : "discovery/keys";
  const nameOf = (id: string) => (version === "2.0" ? `${login}/${id}/v2.0` : `https://sts.windows.net/${id}/`);
  // Keys name the issuer in the form of version 2 also where tokens of version 1 are signed with them. A key of one tenant,
  // such as that of private accounts, is no key of the others.
  const anyTenant = [`${login}/{tenantid}/v2.0`, "https://sts.windows.net/{tenantid}/"];
  const shared = { algorithms: RSA, claims: { ver: version }, keyIssuers: anyTenant };
  if (typeof tenant === "string") {
    const id = expectGuid(tenant);
    const keyIssuers = [...anyTenant, `${login}/${id}/v2.0`, `https://sts.windows.net/${id}/`];
    const issuer = { issuer: nameOf(id), jwksUrl: `${login}/${id}/${path}`, keyIssuers };
    return preset({ ...shared, ...issuer, claims: { ...shared.claims, tid: id } }, options);
  }
  const tenants = typeof tenant === "function" ? onlyGuids(tenant) : tenant.map(expectGuid);
  const template: IssuerTemplate = { template: nameOf("{tenantid}"), claim: "tid", tenants };
  return preset({ ...shared, issuer: template, jwksUrl: `${login}/common/${path}` }, options);
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function expectGuid(tenant: string): string {
  const id = typeof tenant === "string" ? tenant.toLowerCase() : "";
  if (GUID.test(id)) return id;
  throw invalid('option "tenant" is not the GUID of a tenant: tokens have no other name of it in "iss"');
}

function onlyGuids(
  accepts: (tenant: string) => boolean | Promise<boolean>,
): (tenant: string) => boolean | Promise<boolean> {
  return (tenant) => (GUID.test(tenant) ? accepts(tenant) : false);
}

/** Options of {@link google}. */
export interface GoogleOptions {
  /** The Workspace domain that the user must belong to (claim `hd`). Default: any account. */
  hostedDomain?: string | readonly string[];
}

/**
 * Google: ID tokens of Sign in with Google and of service accounts. Both spellings of its `iss` are accepted. `aud` is your
 * client's identifier.
 *
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers(google({ hostedDomain: "example.com" })), { audience: clientId });
 * ```
 */
export function google({ hostedDomain, ...others }: GoogleOptions = {}, options?: PresetOptions): Issuer {
  expectNoMore(others);
  return preset(
    {
      issuer: ["https://accounts.google.com", "accounts.google.com"],
      jwksUrl: "https://www.googleapis.com/oauth2/v3/certs",
      algorithms: RSA,
      ...(hostedDomain !== undefined && { claims: { hd: hostedDomain } }),
    },
    options,
  );
}

/**
 * Sign in with Apple. `aud` is your app's bundle identifier or service identifier.
 *
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers(apple()), { audience: "com.example.app" });
 * ```
 */
export function apple(options?: PresetOptions): Issuer {
  const issuer = "https://appleid.apple.com";
  return preset({ issuer, jwksUrl: `${issuer}/auth/keys`, algorithms: RSA }, options);
}

/**
 * Auth0. Its `iss` ends with a slash. `aud` is the API's identifier.
 *
 * @param domain The tenant's domain or your custom domain: `"example.eu.auth0.com"`.
 * @throws {CountersignError} `OPTION_INVALID`: not a host name.
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers(auth0("example.eu.auth0.com")), { audience: "https://api.example" });
 * ```
 */
export function auth0(domain: string, options?: PresetOptions): Issuer {
  const url = `https://${expectHost(domain, "domain")}`;
  return preset(
    { issuer: `${url}/`, jwksUrl: `${url}/.well-known/jwks.json`, algorithms: ["RS256", "PS256"] },
    options,
  );
}

/**
 * Okta. Scopes are an array in `scp`: give `bearerGuard` the option `scopeClaim: "scp"`.
 *
 * @param domain The domain: `"example.okta.com"`.
 * @param server The authorization server's identifier, such as `"default"`. Without it, the org server, whose access tokens
 * only Okta itself can check; its ID tokens are yours to check.
 * @throws {CountersignError} `OPTION_INVALID`: not a host name, or not an identifier.
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers(okta("example.okta.com", "default")), { audience: "api://default" });
 * ```
 */
export function okta(domain: string, server?: string, options?: PresetOptions): Issuer {
  const url = `https://${expectHost(domain, "domain")}`;
  const issuer = server === undefined ? url : `${url}/oauth2/${expectName(server, "server")}`;
  const jwksUrl = server === undefined ? `${url}/oauth2/v1/keys` : `${issuer}/v1/keys`;
  return preset({ issuer, jwksUrl, algorithms: RSA }, options);
}

/** Options of {@link cognito}. */
export interface CognitoOptions {
  /** The region: `"eu-central-1"`. */
  region: string;
  /** The user pool's identifier: `"eu-central-1_Ab3dEfGhI"`. */
  userPool: string;
  /** The app client's identifier, or several. Default: the option `audience` of the verifier. */
  clientId?: string | string[];
  /** The kind of tokens. Default `"access"`. */
  tokenUse?: "access" | "id";
}

/**
 * Amazon Cognito user pools. Access tokens have no `aud`, so their `client_id` is compared with the audience. `token_use` must
 * be the kind of token.
 *
 * @throws {CountersignError} `OPTION_INVALID`: an option is not as described.
 * @example
 * ```ts
 * const issuers = new Issuers(cognito({ region: "eu-central-1", userPool: "eu-central-1_Ab3dEfGhI", clientId }));
 * const { claims } = await verifyAsync(token, issuers);
 * ```
 */
export function cognito(given: CognitoOptions, options?: PresetOptions): Issuer {
  const { region, userPool, clientId, tokenUse = "access", ...others } = given;
  expectNoMore(others);
  if (tokenUse !== "access" && tokenUse !== "id") throw invalid('option "tokenUse" is neither "access" nor "id"');
  const suffix = /^cn-/.test(expectName(region, "region")) ? "amazonaws.com.cn" : "amazonaws.com";
  const issuer = `https://cognito-idp.${region}.${suffix}/${expectName(userPool, "userPool")}`;
  return preset(
    {
      issuer,
      jwksUrl: `${issuer}/.well-known/jwks.json`,
      algorithms: RSA,
      audienceClaim: tokenUse === "access" ? "client_id" : "aud",
      claims: { token_use: tokenUse },
      ...(clientId !== undefined && { audience: clientId }),
    },
    options,
  );
}

/** Options of {@link firebase}. */
export interface FirebaseOptions {
  /** Accepts session cookies of the Admin SDK in place of ID tokens. Default `false`. */
  sessionCookie?: boolean;
}

/**
 * Firebase Authentication and Google Identity Platform: ID tokens, or session cookies. `aud` is the project, which this sets;
 * `sub` is the user's `uid` and must not be empty.
 *
 * @param project The project's identifier.
 * @throws {CountersignError} `OPTION_INVALID`: not an identifier.
 * @example
 * ```ts
 * const { claims } = await verifyAsync(token, new Issuers(firebase("example-project")));
 * ```
 */
export function firebase(project: string, given: FirebaseOptions = {}, options?: PresetOptions): Issuer {
  const { sessionCookie = false, ...others } = given;
  expectNoMore(others);
  const id = expectName(project, "project");
  const api = "https://www.googleapis.com";
  const source = sessionCookie
    ? {
        issuer: `https://session.firebase.google.com/${id}`,
        jwksUrl: `${api}/identitytoolkit/v3/relyingparty/publicKeys`,
        certificates: true,
      }
    : {
        issuer: `https://securetoken.google.com/${id}`,
        jwksUrl: `${api}/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com`,
      };
  const isUser: ClaimRule = (subject) => subject !== "";
  const isPast: ClaimRule = (time) => typeof time === "number" && time <= Date.now() / 1000 + 60;
  return preset({ ...source, algorithms: RSA, audience: id, claims: { sub: isUser, auth_time: isPast } }, options);
}

/**
 * Supabase Auth with signing keys. Projects that still have a shared secret sign with it: read that with `Key.fromSecret`.
 *
 * @param url The project's address: `"https://example.supabase.co"`.
 * @throws {CountersignError} `OPTION_INVALID`: not an `https` address.
 * @example
 * ```ts
 * const { claims } = await verifyAsync(token, new Issuers(supabase("https://example.supabase.co")));
 * ```
 */
export function supabase(url: string, options?: PresetOptions): Issuer {
  const issuer = `${expectUrl(url)}/auth/v1`;
  const jwksUrl = `${issuer}/.well-known/jwks.json`;
  return preset({ issuer, jwksUrl, algorithms: ["ES256", "RS256"], audience: "authenticated" }, options);
}

/**
 * Clerk session tokens. They have no `aud`. Name the origins of your pages, which are in `azp`, with the option `claims`.
 * With session tasks, a user who has not finished them has `sts: "pending"`: demand `sts: "active"` there.
 *
 * @param domain The Frontend API's host: `"clerk.example.com"` or `"example.clerk.accounts.dev"`.
 * @throws {CountersignError} `OPTION_INVALID`: not a host name.
 * @example
 * ```ts
 * const issuers = new Issuers(clerk("clerk.example.com", { claims: { azp: ["https://example.com"] } }));
 * ```
 */
export function clerk(domain: string, options?: PresetOptions): Issuer {
  const issuer = `https://${expectHost(domain, "domain")}`;
  return preset({ issuer, jwksUrl: `${issuer}/.well-known/jwks.json`, algorithms: RSA, audience: null }, options);
}

/** Options of {@link keycloak}. */
export interface KeycloakOptions {
  /** The kind of tokens, which is in the claim `typ`: `"logout"` for `verifyLogoutToken`. Default `"access"`. */
  tokenUse?: "access" | "id" | "logout";
}

/**
 * Keycloak. The claim `typ` tells access tokens from ID tokens, which share their keys and `iss`. An access token has an API
 * in `aud` only if a mapper or a client role puts it there.
 *
 * @param url The server's address, in versions before 17 with `/auth`: `"https://login.example"`.
 * @param realm The realm.
 * @throws {CountersignError} `OPTION_INVALID`: not an `https` address, or not a name.
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers(keycloak("https://login.example", "main")), { audience: "api" });
 * ```
 */
export function keycloak(url: string, realm: string, given: KeycloakOptions = {}, options?: PresetOptions): Issuer {
  const { tokenUse = "access", ...others } = given;
  expectNoMore(others);
  if (!Object.hasOwn(KEYCLOAK_TYPES, tokenUse)) throw invalid('option "tokenUse" is not "access", "id" or "logout"');
  const remote = options?.remote ?? {};
  const allowsHttp = remote.allowInsecureLoopback === true || remote.dangerouslyAllowHttp === true;
  const issuer = `${expectUrl(url, allowsHttp)}/realms/${expectName(realm, "realm")}`;
  return preset(
    {
      issuer,
      jwksUrl: `${issuer}/protocol/openid-connect/certs`,
      claims: { typ: KEYCLOAK_TYPES[tokenUse] },
    },
    options,
  );
}

/** The claim `typ` of Keycloak's tokens. */
const KEYCLOAK_TYPES = { access: ["Bearer", "DPoP"], id: "ID", logout: "Logout" } as const;

/**
 * Cloudflare Access. The token is in the header field `Cf-Access-Jwt-Assertion`. `aud` is the application's AUD tag.
 *
 * @param team The team's name, which is before `.cloudflareaccess.com`.
 * @throws {CountersignError} `OPTION_INVALID`: not a name.
 * @example
 * ```ts
 * const verifier = new Verifier(new Issuers(cloudflareAccess("example")), { audience: aud });
 * const { claims } = await verifier.verifyAsync(request.headers.get("Cf-Access-Jwt-Assertion") ?? "");
 * ```
 */
export function cloudflareAccess(team: string, options?: PresetOptions): Issuer {
  const issuer = `https://${expectName(team, "team")}.cloudflareaccess.com`;
  return preset({ issuer, jwksUrl: `${issuer}/cdn-cgi/access/certs`, algorithms: RSA }, options);
}

/**
 * GitHub Actions. `aud` is what the workflow asks for. **Name the repository with the option `claims`**: every workflow on
 * GitHub gets a token of this issuer.
 *
 * @example
 * ```ts
 * const claims = { repository: "example/app", ref: "refs/heads/main" };
 * const verifier = new Verifier(new Issuers(githubActions({ claims })), { audience: "https://deploy.example" });
 * ```
 */
export function githubActions(options?: PresetOptions): Issuer {
  const issuer = "https://token.actions.githubusercontent.com";
  return preset({ issuer, jwksUrl: `${issuer}/.well-known/jwks`, algorithms: RSA }, options);
}

/**
 * GitLab CI/CD: ID tokens of jobs. `aud` is what the job asks for. **Name the project with the option `claims`**: every job of
 * the server gets a token of this issuer.
 *
 * @param url The server's address. Default `"https://gitlab.com"`.
 * @throws {CountersignError} `OPTION_INVALID`: not an `https` address.
 * @example
 * ```ts
 * const issuers = new Issuers(gitlab(undefined, { claims: { project_path: "example/app", ref_protected: "true" } }));
 * ```
 */
export function gitlab(url = "https://gitlab.com", options?: PresetOptions): Issuer {
  const issuer = expectUrl(url);
  return preset({ issuer, jwksUrl: `${issuer}/oauth/discovery/keys`, algorithms: RSA }, options);
}

/**
 * Kubernetes: tokens of service accounts, whose `sub` is `system:serviceaccount:NAMESPACE:NAME`.
 *
 * @param url The cluster's issuer, exactly as in `iss`. From outside, it answers only if it is public. Inside the cluster, give
 * `remote` a `fetch` that trusts the cluster's certificate and sends the header field `Authorization`.
 * @throws {CountersignError} `OPTION_INVALID`: not an `https` address.
 * @example
 * ```ts
 * const claims = { sub: "system:serviceaccount:shop:checkout" };
 * const verifier = new Verifier(new Issuers(kubernetes("https://oidc.example", { claims })), { audience: "vault" });
 * ```
 */
export function kubernetes(url: string, options?: PresetOptions): Issuer {
  expectUrl(url);
  // Where the keys are differs between managed clusters, so the metadata is asked.
  return preset({ issuer: url, discovery: true }, options);
}

/**
 * Vercel: OIDC tokens of deployments, with the issuer mode "team". `aud` is `https://vercel.com/TEAM` unless the deployment
 * asks for another.
 *
 * @param team The team's slug.
 * @throws {CountersignError} `OPTION_INVALID`: not a name.
 * @example
 * ```ts
 * const claims = { project: "shop", environment: "production" };
 * const verifier = new Verifier(new Issuers(vercel("example", { claims })), { audience: "https://vercel.com/example" });
 * ```
 */
export function vercel(team: string, options?: PresetOptions): Issuer {
  const issuer = `https://oidc.vercel.com/${expectName(team, "team")}`;
  return preset({ issuer, jwksUrl: `${issuer}/.well-known/jwks`, algorithms: RSA }, options);
}

function expectNoMore(others: object): void {
  const [unknown] = Object.keys(others);
  if (unknown === undefined) return;
  const place = /^(?:audience|claims|remote)$/.test(unknown) ? ": pass it in the last argument" : "";
  throw invalid(`unknown option ${JSON.stringify(unknown)}${place}`);
}

/** Only what cannot change the host or the path of an address. */
function expectName(name: string, option: string): string {
  if (typeof name === "string" && /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) return name;
  throw invalid(`option "${option}" is not a name of letters, digits, hyphens, underscores and dots`);
}

function expectHost(host: string, option: string): string {
  const isHost = typeof host === "string" && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(host);
  if (isHost) return host.toLowerCase();
  throw invalid(`option "${option}" is not a host name, such as "login.example"`);
}

/** The address without a slash at its end. */
function expectUrl(url: string, allowsHttp = false): string {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  const isAllowed = parsed?.protocol === "https:" || (allowsHttp && parsed?.protocol === "http:");
  if (parsed === undefined || !isAllowed || parsed.search !== "" || parsed.hash !== "" || parsed.username !== "") {
    throw invalid("the address is not https, or has more than a host and a path");
  }
  return url.replace(/\/+$/, "");
}
