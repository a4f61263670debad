/** Converts the password hashes of Firebase. */

import { invalid } from "../options.js";
import { decoded } from "./encoding.js";
import { bytesOf, isAbsent, malformed, type Row, rowOf, unsupported } from "./row.js";
import * as write from "./write.js";

/** A user from `firebase auth:export`, or from `listUsers` of the Admin SDK. Other properties are ignored. */
export interface FirebaseUser {
  /** Base64, in either alphabet. Absent for users who log in with a provider. */
  passwordHash?: string | null;
  /** Base64, in either alphabet. The Admin SDK calls it `passwordSalt`. */
  salt?: string | null;
  passwordSalt?: string | null;
  /** In the Admin SDK. A provider `password` without a hash is refused: the hash was not exported. */
  providerData?: readonly { readonly providerId: string }[] | null;
}

/**
 * The hash parameters of a project. In the console: Authentication, Users, the menu above the list. They are the same for all
 * users. Keep them secret: whoever has them and a row can try passwords.
 */
export interface FirebaseProject {
  /** `base64_signer_key`. */
  signerKey: string;
  /** `base64_salt_separator`, `Bw==` in most projects. */
  saltSeparator: string;
  /** `rounds`, 8 in most projects. */
  rounds: number;
  /** `mem_cost`, 14 in most projects. */
  memCost: number;
}

/**
 * Converts the hash of a user of Firebase Authentication to `$fbscrypt$v=1,n=14,r=8,p=1,ss=…,sk=…$<salt>$<hash>`. The text
 * contains the project's signer key, which is needed to check it. `countersign/formats` reads it.
 *
 * @param user The row.
 * @param project The hash parameters of the project.
 * @returns The text to store, or `null` for a user without a password.
 * @throws {CountersignError} `HASH_MALFORMED`: the salt is missing, a property is not base64, the hash is redacted, or the hash is missing from a
 * user of the Admin SDK with the provider `password`, or from a row that has no `localId`, `uid` or providers. Pass `passwordHash: null` for one who logs in by link. `HASH_UNSUPPORTED`: the hash
 * is not Firebase's scrypt. This happens if the user was imported with another algorithm and has never logged in.
 * `OPTION_INVALID`: a parameter of the project is missing or has the wrong type.
 *
 * @example
 * ```ts
 * const project = { signerKey: "jxspr8Ki0RYy…", saltSeparator: "Bw==", rounds: 8, memCost: 14 };
 * const stored = fromFirebase(user, project);
 * ```
 */
export function fromFirebase(user: FirebaseUser, project: FirebaseProject): string | null {
  const given = readProject(project);
  const parameters = {
    memoryCost: parameter(given, "memCost", 1, 31),
    rounds: parameter(given, "rounds", 1, 255),
    saltSeparator: key(given, "saltSeparator"),
    signerKey: key(given, "signerKey"),
  };
  const row = rowOf(user, ["passwordHash", "passwordSalt", "salt", ...MARKS]);
  if (row.passwordHash === undefined && hasPassword(row.providerData)) {
    throw malformed(
      'row has the provider "password" and no "passwordHash": export it with the permission to read hashes, or pass null',
    );
  }
  if (row.passwordHash === undefined && MARKS.every((name) => isAbsent(row[name]))) {
    throw malformed('row has no "passwordHash", and no "localId" or "uid" either: it seems to be of another system');
  }
  if (isAbsent(row.passwordHash)) return null;
  if (row.passwordHash === REDACTED) {
    throw malformed(
      'row\'s "passwordHash" is "REDACTED" in base64: export it with the permission "firebaseauth.configs.getHashConfig"',
    );
  }
  const tag = bytesOf(row, "passwordHash", "base64");
  const salt = bytesOf(row, isAbsent(row.passwordSalt) ? "salt" : "passwordSalt", "base64");
  // The hash is the encrypted signer key, so both have the same length.
  if (tag.length !== parameters.signerKey.length) {
    throw unsupported(
      "row's \"passwordHash\" is not as long as the signer key, so it is not made by Firebase's scrypt",
    );
  }
  return write.firebase(parameters, salt, tag);
}

/** Firebase writes it, `REDACTED` in base64, for an account that may not read the hashes. */
const REDACTED = "UkVEQUNURUQ=";

/** Every user of an export or of the Admin SDK has some of them. */
const MARKS = ["localId", "uid", "providerData", "providerUserInfo"];

/** The Admin SDK leaves the hash out if its account may not read it, and for one user that `getUser` returns. */
function hasPassword(providers: unknown): boolean {
  try {
    return Array.isArray(providers) && providers.some((provider) => provider?.providerId === "password");
  } catch {
    throw malformed("row cannot be read");
  }
}

function readProject(project: unknown): Row {
  if (typeof project !== "object" || project === null) throw invalid("project is not an object");
  const names = ["memCost", "rounds", "saltSeparator", "signerKey"];
  let row: Row;
  let unknown: string | undefined;
  try {
    row = rowOf(project, names);
    unknown = Object.keys(project).find((name) => !names.includes(name));
  } catch {
    throw invalid("project cannot be read");
  }
  // The console has other names for them.
  if (unknown !== undefined)
    throw invalid(`unknown option ${JSON.stringify(unknown)}: a project has ${names.join(", ")}`);
  return row;
}

function parameter(project: Row, name: "memCost" | "rounds", least: number, most: number): number {
  const value = project[name];
  if (Number.isSafeInteger(value) && least <= (value as number) && (value as number) <= most) return value as number;
  throw invalid(`option "${name}" is not a whole number from ${least} to ${most}`);
}

/** The longest key that is read, in characters. A stored hash has at most 1024. */
const MOST_KEY = 512;

function key(project: Row, name: "saltSeparator" | "signerKey"): Uint8Array {
  const value = project[name];
  const isText = typeof value === "string" && value !== "" && value.length <= MOST_KEY;
  const bytes = isText ? decoded(value, "base64") : undefined;
  if (bytes === undefined) throw invalid(`option "${name}" is not base64`);
  return bytes;
}
