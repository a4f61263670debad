/** What an application gives a user for the right password. */

import { CountersignError } from "../errors.js";
import { invalid, readOptions, unchecked } from "../options.js";
import { scopeOption } from "../scope.js";
import { hasOwn, inKind } from "./answer.js";

/** What a user gets for the right password. */
export interface Grant {
  /** The user: the token's `sub`. */
  subject: string;
  /** The scopes that the user may have. Default: none. */
  scopes?: readonly string[];
  /** More claims for the token, without `sub` and `scope`, which the endpoint sets. */
  claims?: Record<string, unknown>;
  /**
   * More members of the JSON answer, such as `{ user: { name } }`. Without `access_token`, `token_type`, `expires_in`, `scope`
   * and `error`, which the endpoint sets. Everybody who gets the answer can read them.
   */
  fields?: Record<string, unknown>;
  /**
   * More headers of the answer: an object, such as `{ "Set-Cookie": ["a=1; HttpOnly", "b=2"] }`, or a `Headers`. Without
   * `Cache-Control`, `Pragma`, `Content-Type` and `Content-Length`, which the endpoint sets.
   */
  headers?: Headers | Readonly<Record<string, string | readonly string[]>>;
  /** With `sessions`: a text for the user's list of sessions, such as `"Firefox on Linux"`. At most 256 characters. */
  client?: string;
}

/** A grant that was read. */
export interface ReadGrant {
  readonly subject: string;
  readonly client: string;
  readonly claims: object;
  readonly allowed: readonly string[];
  readonly fields: object;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** RFC 6749 §5.1 and §5.2: the members of a response. */
const FIELDS = ["access_token", "token_type", "expires_in", "refresh_token", "scope", "error", "error_description"];
const HEADERS = ["cache-control", "pragma", "content-type", "content-length", "transfer-encoding"];

/**
 * Reads the answer of `authenticate` as strictly as options: nothing but a grant may become a token.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function readGrant(grant: unknown): ReadGrant {
  const kind = inKind(grant);
  if (kind !== "an object" || !hasOwn(grant, "subject")) {
    const what = kind === "an object" ? 'an object without "subject"' : kind;
    throw invalid(
      `authenticate returned ${what}: it must return a grant such as { subject: "alice" }, null for a wrong password, or a Response`,
    );
  }
  const { claims, client, fields, headers, scopes, subject } = readOptions(grant, {
    client: readClient,
    claims: (name, value) => readMembers(name, value, ["sub", "scope"]),
    fields: readFields,
    headers: readHeaders,
    scopes: scopeOption,
    subject: unchecked<string>(),
  });
  if (typeof subject !== "string" || subject === "") throw invalid('option "subject" is not a non-empty string');
  return { subject, claims, client, allowed: scopes, fields, headers };
}

function readClient(name: string, value: unknown = ""): string {
  if (typeof value === "string" && value.length <= 256) return value;
  throw invalid(`option "${name}" is not a string of at most 256 characters`);
}

function readMembers(name: string, value: unknown = {}, reserved: readonly string[] = []): object {
  if (Object.prototype.toString.call(value) !== "[object Object]") throw invalid(`option "${name}" is not an object`);
  // What a class defines would be lost silently.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw invalid(`option "${name}" is not a plain object`);
  }
  const taken = reserved.find((member) => Object.hasOwn(value as object, member));
  if (taken !== undefined) throw invalid(`option "${name}" must not set "${taken}"`);
  return value as object;
}

/** Written as JSON now, so that no token is signed for an answer that cannot be sent. */
function readFields(name: string, value: unknown): object {
  let fields: unknown;
  try {
    fields = JSON.parse(JSON.stringify(readMembers(name, value)));
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    throw invalid(`option "${name}" cannot be written as JSON`);
  }
  return readMembers(name, fields, FIELDS);
}

function readHeaders(name: string, value: unknown = {}): [string, string][] {
  const isHeaders = Object.prototype.toString.call(value) === "[object Headers]";
  const pairs: [string, unknown][] = isHeaders ? [...(value as Headers)] : Object.entries(readMembers(name, value));
  const headers = new Headers();
  for (const [header, values] of pairs) {
    if (HEADERS.includes(header.toLowerCase())) throw invalid(`option "${name}" must not set "${header}"`);
    for (const each of Array.isArray(values) ? values : [values]) appendTo(headers, name, header, each);
  }
  return [...headers];
}

function appendTo(headers: Headers, option: string, name: string, value: unknown): void {
  try {
    if (typeof value !== "string") throw new TypeError();
    headers.append(name, value);
  } catch {
    throw invalid(`option "${option}" has a header that cannot be sent`);
  }
}
