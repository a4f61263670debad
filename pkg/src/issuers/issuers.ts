/** `Issuers`: chooses the keys and rules for a token by its `iss`, and applies the rules that the core does not know. */

import { MAX_TOKEN_LENGTH, readToken } from "../decode/read.js";
import { CountersignError } from "../errors.js";
import { isInstance, notOurs } from "../handle.js";
import { Verifier } from "../jwt.js";
import { type AsyncVerifier, KeySource } from "../key-set.js";
import { invalid } from "../options.js";
import type { RemoteKeySetOptions } from "../remote.js";
import type { Claims, Cryptography, Verified, VerifierOptions, VerifyOptions } from "../types.js";
import { expectIssuerUrl, findJwksUrl } from "./discovery.js";
import { type ClaimRule, type Issuer, type ReadIssuer, readIssuer, readVerifyOptions } from "./issuer.js";

/**
 * Several issuers, for `Verifier` and `verifyAsync` in place of keys. The `iss` of a token, which is not checked yet, only
 * chooses among these. The keys and rules of that issuer then decide, and its name must be the `iss` that was signed.
 *
 * Create them once and keep them, because they remember fetched keys.
 *
 * @example
 * ```ts
 * const issuers = new Issuers([entra({ tenant: tenantId }), { issuer: "https://login.example", discovery: true }]);
 * const verifier = new Verifier(issuers, { audience: "https://api.example" });
 * const { claims } = await verifier.verifyAsync(token);
 * ```
 */
export class Issuers extends KeySource {
  readonly #issuers: readonly ReadIssuer[];

  /**
   * Does not fetch anything yet.
   *
   * @param issuers One issuer or several, each with other names.
   * @throws {CountersignError} `OPTION_INVALID`: an issuer is not as {@link Issuer} says, or two have the same name. `KEY_INVALID`: its
   * `keys` hold what is no key.
   */
  constructor(issuers: Issuer | readonly Issuer[]) {
    super();
    const all = [issuers].flat().map((issuer) => readIssuer(issuer as Issuer));
    if (all.length === 0) throw invalid("issuers are an empty array");
    const names = all.flatMap((issuer) => issuer.names);
    if (new Set(names).size !== names.length) throw invalid("two issuers have the same name");
    this.#issuers = all;
  }

  /** Always `undefined`: each issuer has keys of its own. */
  get keySet(): undefined {
    return undefined;
  }

  /** @internal */
  override get namesIssuers(): true {
    return true;
  }

  /** @internal */
  override verifier(_withoutKeys: unknown, options?: VerifierOptions): AsyncVerifier {
    if (!(#issuers in this)) throw notOurs(this, "method called on another object");
    return new IssuersVerifier(this.#issuers, withoutIssuer(options));
  }
}

/**
 * Asks an issuer once where its keys are (OpenID Connect Discovery §4, RFC 8414 §3), so that a server that cannot be reached
 * shows at start-up. The option `discovery` of an {@link Issuer} asks later, and again whenever it fetches keys.
 *
 * @param issuer The `iss` of its tokens.
 * @param options Options of the request, and of the `RemoteKeySet`. `headers` go to the issuer's own origin only.
 * @returns An issuer for `Issuers`.
 * @throws {CountersignError} Rejects with `JWKS_UNAVAILABLE`: the server gives no metadata, or that of another issuer.
 * `OPTION_INVALID`: `issuer` is no URL, or it or its key set is not `https`.
 * @example
 * ```ts
 * const issuers = new Issuers(await discover("https://login.example"));
 * ```
 */
export async function discover(issuer: string, options?: RemoteKeySetOptions): Promise<Issuer> {
  expectIssuerUrl(issuer);
  const jwksUrl = await findJwksUrl(issuer, options);
  if (options === undefined) return { issuer, jwksUrl };
  // They may hold credentials, which are for the issuer's own server.
  const { headers, ...others } = options;
  const isOwn = headers !== undefined && new URL(jwksUrl).origin === new URL(issuer).origin;
  return { issuer, jwksUrl, remote: isOwn ? { ...others, headers } : others };
}

/** An issuer, and the verifier with its keys and rules. */
interface Chosen {
  readonly issuer: ReadIssuer;
  readonly verifier: Verifier;
  /** Verifiers for further names of the issuer, such as those of tenants. Only names of valid tokens get in. */
  readonly others: Map<string, Verifier>;
  /** Whether its keys are never fetched. Nothing then has to be awaited. */
  readonly isLocal: boolean;
  /** The options that apply to its tokens, also those that are checked here. */
  readonly options: VerifyOptions;
}

class IssuersVerifier implements AsyncVerifier {
  readonly #byName = new Map<string, Chosen>();
  readonly #all: readonly Chosen[];
  readonly #options: VerifyOptions;
  #last: Verifier | undefined;

  constructor(issuers: readonly ReadIssuer[], options: VerifyOptions) {
    this.#options = options;
    this.#all = issuers.map((issuer) => ({
      issuer,
      // A template has no name: every call gives the one that the token fits.
      verifier: new Verifier(issuer.keys, { ...optionsFor(issuer, options), issuer: issuer.names[0] ?? NO_ISSUER }),
      others: new Map(),
      isLocal: ![issuer.keys].flat().some((keys) => isInstance(keys, KeySource)),
      options: { ...options, ...issuer.rules },
    }));
    for (const chosen of this.#all) {
      for (const name of chosen.issuer.names) this.#byName.set(name, chosen);
    }
  }

  async verify<C extends object>(token: string, options?: VerifyOptions): Promise<Verified<C>> {
    const own = options === undefined ? undefined : withoutIssuer(options);
    const name = issuerOf(token, own?.maxTokenLength ?? this.#options.maxTokenLength ?? MAX_TOKEN_LENGTH);
    const chosen = this.#byName.get(name) ?? (await this.#byTemplate(name));
    const { issuer } = chosen;
    const kept = issuer.names[0] === name ? chosen.verifier : chosen.others.get(name);
    const verifier = kept ?? chosen.verifier;
    const given = own === undefined && kept !== undefined ? undefined : { ...optionsFor(issuer, own), issuer: name };
    this.#last = verifier;
    const answer = chosen.isLocal ? verifier.attempt<Claims>(token, given) : verifier.verifyAsync<Claims>(token, given);
    const verified = answer instanceof Promise ? await answer : answer;
    if (kept === undefined) this.#keep(chosen, name);
    expectRules(
      issuer,
      name,
      verified,
      own === undefined ? chosen.options : { ...this.#options, ...own, ...issuer.rules },
    );
    return verified as Verified<C>;
  }

  get engine(): Cryptography | undefined {
    return this.#last?.engine;
  }

  free(): void {
    for (const { verifier, others } of this.#all) {
      verifier.free();
      for (const other of others.values()) other.free();
    }
  }

  /** Makes a verifier for a name, so that its next token needs no options. The verifier for the oldest is collected. */
  #keep({ issuer, others }: Chosen, name: string): void {
    if (others.has(name)) return;
    const [oldest] = others.keys();
    if (oldest !== undefined && MOST_NAMES <= others.size) others.delete(oldest);
    others.set(name, new Verifier(issuer.keys, { ...optionsFor(issuer, this.#options), issuer: name }));
  }

  async #byTemplate(name: string): Promise<Chosen> {
    for (const chosen of this.#all) {
      const tenant = chosen.issuer.template?.tenantIn(name);
      if (tenant !== undefined && (await chosen.issuer.template?.accepts(tenant)) === true) return chosen;
    }
    throw new CountersignError("CLAIM_INVALID", '"iss" claim is not an accepted issuer', "iss");
  }
}

/** For how many tenants of an issuer a verifier is kept. */
const MOST_NAMES = 100;

/** Not the name of any issuer: a template accepts no empty tenant. */
const NO_ISSUER = "";

function withoutIssuer(options: VerifyOptions | undefined): VerifyOptions {
  const given = readVerifyOptions(options);
  if (given.issuer !== undefined) throw invalid('option "issuer" is not for Issuers, which bring their names');
  return given;
}

/** The options for the core. An audience in another claim than `aud` is checked here. */
function optionsFor({ audience, audienceClaim, rules }: ReadIssuer, options?: VerifyOptions): VerifyOptions {
  const { audience: general, ...others } = { ...options, ...rules };
  if (audienceClaim !== "aud") return { ...others, ignoreAudience: true };
  const own = audience === undefined ? general : audience;
  return own === undefined || own === null ? others : { ...others, audience: own };
}

/** The `iss` of a token, which nothing has checked. */
function issuerOf(token: string, maxTokenLength: number): string {
  const found = quickIssuer(token, maxTokenLength);
  if (found !== undefined) return found;
  // Refuses what has no issuer with the errors of the core.
  const { iss } = readToken(token, maxTokenLength).claims;
  if (iss === undefined) throw new CountersignError("CLAIM_MISSING", 'missing "iss" claim', "iss");
  if (typeof iss !== "string") throw new CountersignError("CLAIM_INVALID", '"iss" claim is not a string', "iss");
  return iss;
}

/**
 * Finds `iss` without parsing: in text without escapes in which `"iss"` stands once, this is the issuer, or the token is
 * refused later, because the verifier demands this very name as the `iss` of its claims.
 */
function quickIssuer(token: unknown, maxTokenLength: number): string | undefined {
  if (typeof token !== "string" || maxTokenLength < token.length) return undefined;
  const start = token.indexOf(".") + 1;
  const end = token.indexOf(".", start);
  if (end < 0) return undefined;
  try {
    const payload = atob(token.slice(start, end).replaceAll("-", "+").replaceAll("_", "/"));
    if (payload.includes("\\")) return undefined;
    const at = payload.indexOf('"iss":"');
    if (at < 0 || payload.indexOf('"iss"') !== at || payload.indexOf('"iss"', at + 1) !== -1) return undefined;
    const name = payload.slice(at + 7, payload.indexOf('"', at + 7));
    // Beyond ASCII, these are bytes and not characters.
    return /^[\x20-\x7e]+$/.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Checks what the core does not know: the algorithms, the tenant, the audience in another claim, and further claims. */
function expectRules(issuer: ReadIssuer, name: string, { header, claims }: Verified, options: VerifyOptions): void {
  const { algorithms, template, audience = options.audience, audienceClaim } = issuer;
  if (algorithms !== undefined && !algorithms.includes(header.alg)) {
    throw new CountersignError("TOKEN_ALGORITHM_MISMATCH", "token has an algorithm that its issuer does not use");
  }
  if (template !== undefined) expectClaim(claims, template.claim, template.tenantIn(name) as string);
  if (audienceClaim !== "aud" && options.ignoreAudience !== true) expectAudience(claims, audienceClaim, audience);
  for (const [claim, rule] of issuer.claims) expectClaim(claims, claim, rule);
}

function expectAudience(claims: Claims, claim: string, audience: ReadIssuer["audience"]): void {
  if (audience === undefined || audience === null) {
    throw new CountersignError(
      "CLAIM_INVALID",
      `"${claim}" claim is present but no audience is expected: set option "audience"`,
      claim,
    );
  }
  expectClaim(claims, claim, audience);
}

function expectClaim(claims: Claims, name: string, rule: ClaimRule): void {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (value === undefined) throw new CountersignError("CLAIM_MISSING", `missing "${name}" claim`, name);
  const isAccepted = typeof rule === "function" ? rule(value) === true : [rule].flat().includes(value as string);
  if (!isAccepted) throw new CountersignError("CLAIM_INVALID", `"${name}" claim is not an accepted value`, name);
}
