/** Secrets that can be replaced, and random ids. */

import { type Bytes, base64url } from "./bytes.js";
import { invalid, type OptionReader } from "./options.js";

/** A secret of at least 32 bytes. A string is encoded as UTF-8. */
export type SessionSecret = string | Uint8Array;

const SECRET_BYTES = 32;
const MOST_SECRETS = 8;

/** Reads an option that is one secret, or several. Each is copied. */
export const secretsOption: OptionReader<readonly Bytes[]> = (name, value) => {
  const list: unknown[] = Array.isArray(value) ? [...value] : [value];
  const secrets = list.map((secret) => {
    const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
    if (!(bytes instanceof Uint8Array))
      throw invalid(`option "${name}" is not a string or a Uint8Array, or a list of them`);
    if (bytes.length < SECRET_BYTES) throw invalid(`option "${name}" is shorter than ${SECRET_BYTES} bytes`);
    return new Uint8Array(bytes);
  });
  if (secrets.length === 0 || MOST_SECRETS < secrets.length)
    throw invalid(`option "${name}" is not 1 to ${MOST_SECRETS} secrets`);
  return secrets;
};

/** 128 random bits, as 22 characters. */
export function newId(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(16)));
}
