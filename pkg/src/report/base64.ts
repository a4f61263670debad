/** Reads base64 as leniently as Node's `Buffer` does, to show what somebody pasted. The core reads strictly. */

import { lengthOfDer } from "./der.js";

/** The bytes of base64. What is no base64 gives no bytes. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const bare = text.replace(/[^A-Za-z0-9+/]/g, "");
  const whole = bare.length % 4 === 1 ? bare.slice(0, -1) : bare;
  const binary = atob(whole);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The bytes of base64url, padded or not. */
export function bytesOfBase64url(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}

/** `-----BEGIN` in base64: some environments hold a whole PEM so. */
export const PEM_IN_BASE64 = /^LS0tLS1CRUdJTi/;

/**
 * The bytes of a key in a text of base64: DER, as some servers show their public keys, as long as it announces; one that was cut,
 * and names its algorithm; or a file of PKCS#12 or Java. The core names the last two in its error.
 */
export function derOfBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/\s/g, "");
  if (bare.length < 40 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  const bytes = fromBase64(bare);
  const begins = (...first: number[]) => first.every((byte, index) => bytes[index] === byte);
  const isKeyStore =
    begins(0xfe, 0xed, 0xfe, 0xed) || begins(0xce, 0xce, 0xce, 0xce) || begins(0x30, 0x80, 0x02, 0x01, 0x03);
  const length = lengthOfDer(bytes);
  return isKeyStore || length === bytes.length || (bytes.length < (length ?? 0) && namesKey(bytes)) ? bytes : undefined;
}

/** The identifiers of RSA, of elliptic curves, and of X25519, X448, Ed25519 and Ed448, in hexadecimal. */
const KEY_OIDS = /06092a864886f70d0101|06072a8648ce3d0201|06032b65(?:6e|6f|70|71)/;

/** Whether the first bytes of DER name the algorithm of a key. They tell one that was cut from a random secret. */
function namesKey(bytes: Uint8Array): boolean {
  const hex = [...bytes.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return KEY_OIDS.test(hex);
}
