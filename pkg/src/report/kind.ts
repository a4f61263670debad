/** What a text seems to be: a token, a key or a stored hash. */

import { derOfBase64 } from "./keys.js";
import { reportOnToken } from "./token.js";

const COMPACT = /^(?:["']|(?:authorization:\s*)?bearer\s+)*ey[\w-]+=*\.[\w-]*=*\.[\w-]*=*(?:\.[\w-]*\.[\w-]*)?["']?$/i;

/** A compact JWS or JWE; not one that holds a key (RFC 7517 §7). */
export function isToken(text: string): boolean {
  if (!COMPACT.test(text)) return false;
  const { header } = reportOnToken(text, 0);
  return !/^jwk(-set)?\+json$/.test(String(header?.cty));
}

/** JSON, PEM, a key in the format of another program, or an encrypted JWK. A stored hash begins otherwise. */
export function isKey(text: string): boolean {
  const isJson = /^\{\s*("|\})/.test(text);
  return (
    isJson ||
    /-----BEGIN |^LS0tLS1CRUdJTi|^---- BEGIN |^PuTTY-User-Key|^ssh-|^ecdsa-sha2-/.test(text) ||
    COMPACT.test(text) ||
    derOfBase64(text) !== undefined
  );
}

/** Formats of stored hashes that no import reads are still named. */
export function looksLikeHash(text: string): boolean {
  return (
    !text.includes("\n") &&
    /^([$*{!_:#]|\d\||pbkdf2|sha\d*[$:]|md5[$:]|scrypt:|argon2|bcrypt|[0-9a-f]{32,}|[./A-Za-z0-9+=]{13,88}$|SCRAM)/i.test(
      text,
    )
  );
}
