/** Converts the password hashes of a Keycloak export. */

import { unpadded } from "./encoding.js";
import { bytesOf, countOf, isAbsent, malformed, member, textOf, unsupported } from "./row.js";
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
  const all: readonly KeycloakCredential[] = Array.isArray(credentials) ? credentials : [credentials];
  const passwords = all.filter((one) => {
    const type = member(one, "type");
    return isAbsent(type) || type === "password";
  });
  if (passwords.length > 1) throw malformed('row has several credentials of type "password"');
  const [password] = passwords;
  return password === undefined ? null : storedOf(password);
}

function storedOf(credential: KeycloakCredential): string {
  const secret = json(credential, "secretData", "secret_data");
  const data = json(credential, "credentialData", "credential_data");
  const algorithm = textOf(data, "algorithm");
  if (algorithm === "bcrypt") return textOf(secret, "value");
  const [tag, salt] = [bytesOf(secret, "value", "base64"), bytesOf(secret, "salt", "base64")];
  if (algorithm === "argon2") return argon2(data, salt, tag);
  const digest = /^pbkdf2(?:-(sha256|sha512))?$/.exec(algorithm);
  if (digest === null)
    throw unsupported('row\'s "algorithm" is none of argon2, bcrypt, pbkdf2, pbkdf2-sha256 and pbkdf2-sha512');
  return write.pbkdf2((digest[1] ?? "sha1") as write.Digest, countOf(data, "hashIterations"), salt, tag);
}

/** Argon2's versions as Keycloak writes them, and as a PHC string does. */
const VERSIONS: ReadonlyMap<unknown, number> = new Map([
  ["1.3", 19],
  ["1.0", 16],
]);

/** Keycloak writes each parameter as a list of one string. */
function argon2(data: unknown, salt: Uint8Array, tag: Uint8Array): string {
  const more = member(data, "additionalParameters") ?? {};
  const parameter = (name: string): unknown => {
    const value = member(more, name, 'row\'s "additionalParameters"');
    return Array.isArray(value) && value.length === 1 ? value[0] : value;
  };
  const type = parameter("type");
  if (type !== "id" && type !== "i" && type !== "d") throw malformed('row\'s "type" is none of id, i and d');
  const given = parameter("version");
  const version = VERSIONS.get(typeof given === "number" ? String(given) : given);
  if (version === undefined) throw malformed('row\'s "version" is neither 1.3 nor 1.0');
  const memory = countOf({ memory: parameter("memory") }, "memory");
  const lanes = countOf({ parallelism: parameter("parallelism") }, "parallelism");
  const passes = countOf(data, "hashIterations");
  return `$argon2${type}$v=${version}$m=${memory},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(tag)}`;
}

function json(
  credential: KeycloakCredential,
  ...names: ("secretData" | "secret_data" | "credentialData" | "credential_data")[]
): unknown {
  const name = names.find((one) => !isAbsent(member(credential, one))) ?? names[0];
  const text = textOf(credential, name ?? "");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed(`row's "${name}" is not JSON`);
  }
}
