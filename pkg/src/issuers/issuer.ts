/** What `Issuers` takes: an issuer, its keys and its rules. Reads and checks them. */

import { isInstance } from "../handle.js";
import type { VerificationKeys } from "../jwt.js";
import { expectKey, type Key } from "../key.js";
import { KeySet, KeySource } from "../key-set.js";
import { flag, invalid, optionalObject, readOptions, unchecked } from "../options.js";
import { RemoteKeySet, type RemoteKeySetOptions } from "../remote.js";
import type { Algorithm, VerifierOptions, VerifyOptions } from "../types.js";
import { certificateFetch } from "./certificates.js";
import { discoveryFetch, discoveryUrl } from "./discovery.js";
import { fetchOfOwnKeys } from "./key-issuers.js";
import { type IssuerTemplate, type ReadTemplate, readTemplate } from "./template.js";

/**
 * What a claim must be: equal to this value, to one of these, or such that the function returns `true`. If the claim is an
 * array, the function gets the array, and a value equals none.
 */
export type ClaimRule = ClaimValue | readonly ClaimValue[] | ((value: unknown) => boolean);

type ClaimValue = string | number | boolean;

/** One issuer whose tokens are accepted. Give exactly one of `keys`, `jwksUrl` and `discovery`. */
export interface Issuer {
  /** The `iss` of its tokens, compared whole; several spellings of it; or a template, for issuers with one name per tenant. */
  issuer: string | readonly string[] | IssuerTemplate;
  /** Its keys, as for `Verifier`. */
  keys?: VerificationKeys;
  /** Where it publishes its JWK Set. */
  jwksUrl?: string | URL;
  /**
   * Finds the JWK Set by the issuer's metadata (OpenID Connect Discovery §4, RFC 8414 §3), which must name the same issuer.
   * The metadata is read again whenever the set is. Default `false`.
   */
  discovery?: boolean;
  /** Whether `jwksUrl` answers with a JSON object of certificates in PEM by `kid`, as Firebase does. Default `false`. */
  certificates?: boolean;
  /**
   * The values of the member `issuer` of the keys that may be used, for an address where several issuers publish theirs
   * together, as Microsoft's do. Keys without that member may be used too. Default: the member is not looked at.
   */
  keyIssuers?: readonly string[];
  /** Options of the `RemoteKeySet` behind `jwksUrl` or `discovery`. */
  remote?: RemoteKeySetOptions;
  /** The algorithms that its tokens may have. Default: those of its keys. */
  algorithms?: readonly Algorithm[];
  /** The accepted audience of its tokens, in place of the verifier's option. `null`: they have none. */
  audience?: string | string[] | null;
  /** The claim that names the audience. Default `"aud"`. Access tokens of Amazon Cognito name it in `client_id`. */
  audienceClaim?: string;
  /** What further claims must be, by their names: `{ tid: "…" }`. */
  claims?: Readonly<Record<string, ClaimRule>>;
  /** Options for its tokens, in place of the verifier's own. */
  rules?: Omit<VerifyOptions, "audience" | "issuer" | "now" | "schema">;
}

/** An issuer after its members were read and checked. */
export interface ReadIssuer {
  /** Its names; none if it has a template. */
  readonly names: readonly string[];
  readonly template: ReadTemplate | undefined;
  readonly keys: VerificationKeys;
  readonly algorithms: readonly string[] | undefined;
  readonly audience: string | string[] | null | undefined;
  readonly audienceClaim: string;
  readonly claims: readonly (readonly [name: string, rule: ClaimRule])[];
  readonly rules: VerifyOptions;
}

/** @throws {CountersignError} `OPTION_INVALID`, `KEY_INVALID`. */
export function readIssuer(issuer: Issuer): ReadIssuer {
  if (typeof issuer === "string")
    throw invalid("an issuer is a string: pass { issuer, discovery: true }, or { issuer, jwksUrl }");
  const given = readOptions<{ [Name in keyof Issuer]-?: unknown }>(issuer, {
    issuer: unchecked(),
    keys: unchecked(),
    jwksUrl: unchecked(),
    discovery: flag,
    certificates: flag,
    keyIssuers: readNonEmptyTexts,
    remote: optionalObject<object>(),
    algorithms: readNonEmptyTexts,
    audience: readAudience,
    audienceClaim: readName,
    claims: readClaims,
    rules: optionalObject<object>(),
  });
  const template = isTemplate(given.issuer) ? readTemplate(given.issuer) : undefined;
  const names = template === undefined ? readNames(given.issuer) : [];
  return {
    names,
    template,
    keys: keysOf(given as unknown as Issuer, names),
    algorithms: given.algorithms as readonly string[] | undefined,
    audience: given.audience as ReadIssuer["audience"],
    audienceClaim: (given.audienceClaim as string | undefined) ?? "aud",
    claims: given.claims as [string, ClaimRule][],
    rules: readRules(given.rules),
  };
}

/** Names of `VerifyOptions`, so that a misspelled one is refused and each is read once. */
const VERIFY_OPTIONS = {
  issuer: unchecked<VerifyOptions["issuer"]>(),
  audience: unchecked<VerifyOptions["audience"]>(),
  subject: unchecked<string>(),
  typ: unchecked<string>(),
  profile: unchecked<VerifyOptions["profile"]>(),
  requiredClaims: unchecked<string[]>(),
  maxAge: unchecked<number | string>(),
  clockTolerance: unchecked<number | string>(),
  allowMissingExpiry: unchecked<boolean>(),
  allowNumericSubject: unchecked<boolean>(),
  ignoreAudience: unchecked<boolean>(),
  maxTokenLength: unchecked<number>(),
  now: unchecked<Date>(),
  schema: unchecked<VerifyOptions["schema"]>(),
  cache: unchecked<VerifierOptions["cache"]>(),
  engine: unchecked<VerifierOptions["engine"]>(),
};

/** The options that are given. The core checks their values. */
export function readVerifyOptions(options: VerifierOptions = {}): VerifierOptions {
  const given = readOptions(options, VERIFY_OPTIONS);
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function readRules(rules: unknown): VerifyOptions {
  const given = readVerifyOptions(rules as VerifyOptions);
  for (const name of ["audience", "issuer", "now", "schema", "cache", "engine"] as const) {
    if (given[name] !== undefined) throw invalid(`option "rules" has "${name}"`);
  }
  return given;
}

function keysOf(given: Issuer, names: readonly string[]): VerificationKeys {
  const { keys, jwksUrl, discovery, certificates, keyIssuers, remote } = given;
  const ways = [keys, jwksUrl, discovery === true ? discovery : undefined].filter((way) => way !== undefined);
  if (ways.length !== 1) throw invalid('an issuer has not exactly one of "keys", "jwksUrl" and "discovery"');
  if (jwksUrl === undefined && certificates === true) throw invalid('option "certificates" is only for "jwksUrl"');
  if (jwksUrl === undefined && keyIssuers !== undefined) throw invalid('option "keyIssuers" is only for "jwksUrl"');
  if (keys !== undefined) {
    if (remote !== undefined) throw invalid('option "remote" is only for "jwksUrl" and "discovery"');
    return expectKeys(keys);
  }
  if (jwksUrl !== undefined) {
    const options = keyIssuers === undefined ? remote : fetchOfOwnKeys(keyIssuers, remote);
    return new RemoteKeySet(jwksUrl, certificates === true ? certificateFetch(options) : options);
  }
  const [name, another] = names;
  if (name === undefined || another !== undefined) throw invalid('option "discovery" needs one issuer with one name');
  return new RemoteKeySet(discoveryUrl(name), discoveryFetch(name, remote));
}

function expectKeys(keys: unknown): VerificationKeys {
  for (const each of [keys].flat()) {
    if (!isInstance(each, KeySource)) {
      if (!KeySet.isKeySet(each)) expectKey(each, true);
    } else if (each.namesIssuers) {
      throw invalid('option "keys" holds Issuers');
    }
  }
  return keys as Key | KeySet | KeySource;
}

function isTemplate(issuer: unknown): issuer is IssuerTemplate {
  return typeof issuer === "object" && issuer !== null && !Array.isArray(issuer);
}

function readNames(issuer: unknown): string[] {
  const names = [issuer].flat();
  if (names.length === 0 || names.some((name) => typeof name !== "string" || name === "")) {
    throw invalid('option "issuer" is not a string, a non-empty array of strings, or a template');
  }
  return names as string[];
}

function readName(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === "string" && value !== "")) return value as string | undefined;
  throw invalid(`option "${name}" is not a string`);
}

function readAudience(name: string, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  const values = [value].flat();
  if (values.length !== 0 && values.every((each) => typeof each === "string")) return value;
  throw invalid(`option "${name}" is not a string or a non-empty array of strings`);
}

function readNonEmptyTexts(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length !== 0 && value.every((each) => typeof each === "string")) return [...value];
  throw invalid(`option "${name}" is not a non-empty array of strings`);
}

function readClaims(name: string, value: unknown): [string, ClaimRule][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`option "${name}" is not an object`);
  }
  return Object.entries(value).map(([claim, rule]) => {
    const values = [rule].flat();
    const isValid = typeof rule === "function" || (values.length !== 0 && values.every(isClaimValue));
    if (!isValid) throw invalid(`option "${name}" has no value, values or function for ${JSON.stringify(claim)}`);
    return [claim, Array.isArray(rule) ? [...rule] : rule];
  });
}

function isClaimValue(value: unknown): value is ClaimValue {
  return ["string", "number", "boolean"].includes(typeof value);
}
