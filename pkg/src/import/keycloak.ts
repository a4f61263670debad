/** Converts the password hashes of a Keycloak export. */

import { unpadded } from "./encoding.js";
import { bytesOf, countOf, isAbsent, malformed, type Row, rowOf, textOf, unsupported } from "./row.js";
import { expectShape } from "./shape.js";
import * as write from "./write.js";

/** A credential of a Keycloak export: an element of a user's `credentials`, or a row of the table `credential`. */
export interface KeycloakCredential {
  /** `password`. Credentials of other types are ignored. */
  type?: string;
  /** JSON: `{"value": "<base64>", "salt": "<base64>"}`. The table calls it `secret_data`. */
  secretData?: string;
  secret_data?: string;
  /** JSON: `{"hashIterations": 210000, "algorithm": "pbkdf2-sha512"}`. The table calls it `credential_data`. */
  credentialData?: string;
  credential_data?: string;
  /** Before Keycloak 8, these stood in place of the two in JSON: the hash and its salt in base64. */
  hashedSaltedValue?: string;
  salt?: string;
  hashIterations?: number;
  /** `pbkdf2`, `pbkdf2-sha256` or `pbkdf2-sha512`. */
  algorithm?: string;
}

/**
 * Converts the hash of a Keycloak user: PBKDF2 to `$pbkdf2-sha512$<iterations>$<salt>$<tag>`, Argon2 (the default since
 * Keycloak 25) to `$argon2id$…`. A hash of the bcrypt provider stays as it is.
 *
 * @param credentials A user's credentials, or one of them.
 * @returns The text to store, or `null` if there is no credential of type `password`.
 * @throws {CountersignError} `HASH_MALFORMED`: a property is missing or malformed. `HASH_UNSUPPORTED`: the algorithm belongs to
 * another provider.
 * @example
 * ```ts
 * const stored = fromKeycloak(user.credentials);
 * ```
 */
export function fromKeycloak(credentials: KeycloakCredential | readonly KeycloakCredential[]): string | null {
  const rows = listed(credentials).map((one) => rowOf(one, NAMES));
  const passwords = rows.filter(({ type }) => isAbsent(type) || type === "password");
  if (passwords.length > 1) throw malformed('row has several credentials of type "password"');
  const [password] = passwords;
  // Rows of other tables may have a "type" too. In a list of credentials, those of other types need nothing else.
  const isOne = password === undefined && !Array.isArray(credentials);
  if (isOne && [...DATA, "hashedSaltedValue"].every((name) => rows[0]?.[name] === undefined))
    throw malformed('row has no "secretData"');
  return password === undefined ? null : storedOf(password);
}

const DATA = ["secretData", "secret_data", "credentialData", "credential_data"];
/** The members of a credential before Keycloak 8. */
const FORMER = ["hashedSaltedValue", "salt", "hashIterations", "algorithm"];
const NAMES = ["type", ...DATA, ...FORMER];

function listed(credentials: unknown): unknown[] {
  try {
    return Array.isArray(credentials) ? Array.from(credentials as unknown[]) : [credentials];
  } catch {
    throw malformed("row cannot be read");
  }
}

function storedOf(credential: Row): string {
  if (!isAbsent(credential.hashedSaltedValue) && DATA.every((name) => isAbsent(credential[name])))
    return formerOf(credential);
  const secret = json(credential, ["secretData", "secret_data"], ["value", "salt"]);
  const data = json(
    credential,
    ["credentialData", "credential_data"],
    ["algorithm", "hashIterations", "additionalParameters"],
  );
  const algorithm = textOf(data, "algorithm");
  if (algorithm === "bcrypt") return expectShape(textOf(secret, "value"), "bcrypt", "value");
  const [tag, salt] = [bytesOf(secret, "value", "base64"), bytesOf(secret, "salt", "base64")];
  if (algorithm === "argon2") return argon2(data, salt, tag);
  const digest = /^pbkdf2(?:-(sha256|sha512))?$/.exec(algorithm);
  if (digest === null)
    throw unsupported('row\'s "algorithm" is none of argon2, bcrypt, pbkdf2, pbkdf2-sha256 and pbkdf2-sha512');
  return write.pbkdf2((digest[1] ?? "sha1") as write.Digest, countOf(data, "hashIterations"), salt, tag);
}

/** A credential before Keycloak 8, which had only PBKDF2 of its own. */
function formerOf(credential: Row): string {
  const algorithm = textOf(credential, "algorithm");
  const digest = /^pbkdf2(?:-(sha256|sha512))?$/.exec(algorithm);
  if (digest === null) throw unsupported('row\'s "algorithm" is none of pbkdf2, pbkdf2-sha256 and pbkdf2-sha512');
  const [tag, salt] = [bytesOf(credential, "hashedSaltedValue", "base64"), bytesOf(credential, "salt", "base64")];
  return write.pbkdf2((digest[1] ?? "sha1") as write.Digest, countOf(credential, "hashIterations"), salt, tag);
}

/** Argon2's versions as Keycloak writes them, and as a PHC string does. */
const VERSIONS: ReadonlyMap<unknown, number> = new Map([
  ["1.3", 19],
  ["1.0", 16],
]);

/** Keycloak writes each parameter as a list of one string. */
function argon2(data: Row, salt: Uint8Array, tag: Uint8Array): string {
  const names = ["hashLength", "memory", "parallelism", "type", "version"];
  const more = rowOf(data.additionalParameters ?? {}, names, 'row\'s "additionalParameters"');
  const parameters: Record<string, unknown> = {};
  for (const name of names) {
    const value = more[name];
    parameters[name] = Array.isArray(value) && value.length === 1 ? value[0] : value;
  }
  const { type, version: given } = parameters;
  if (type !== "id" && type !== "i" && type !== "d") throw malformed('row\'s "type" is none of id, i and d');
  const version = VERSIONS.get(typeof given === "number" ? String(given) : given);
  if (version === undefined) throw malformed('row\'s "version" is neither 1.3 nor 1.0');
  const [memory, lanes] = [countOf(parameters, "memory"), countOf(parameters, "parallelism")];
  const passes = countOf(data, "hashIterations");
  const length = isAbsent(parameters.hashLength) ? tag.length : countOf(parameters, "hashLength");
  if (tag.length !== length) throw malformed('row\'s "value" is not as long as its "hashLength": it may be cut short');
  // A stated length shows that nothing is missing.
  const isWhole = !isAbsent(parameters.hashLength) || (tag.length >= 16 && tag.length % 4 === 0);
  if (tag.length < 8 || !isWhole) throw malformed(`row's hash has ${tag.length} bytes: it may be cut short`);
  return `$argon2${type}$v=${version}$m=${memory},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** The longest JSON that is read. */
const MOST_JSON = 16_384;

/** The members of an object in JSON, under the first of `keys` that is there. */
function json(credential: Row, keys: readonly [string, string], names: readonly string[]): Row {
  const key = keys.find((one) => !isAbsent(credential[one])) ?? keys[0];
  const text = textOf(credential, key, MOST_JSON);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed(`row's "${key}" is not JSON`);
  }
  return rowOf(parsed, names);
}
