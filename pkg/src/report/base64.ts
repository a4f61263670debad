/** Reads base64 as leniently as Node's `Buffer` does, to show what somebody pasted. The core reads strictly. */

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
 * The bytes of a key in a text of base64: DER, as some servers show their public keys, a sequence as long as the text says; or a
 * file of PKCS#12 or Java, which the core names in its error.
 */
export function derOfBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/\s/g, "");
  if (bare.length < 40 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  const bytes = fromBase64(bare);
  const begins = (...first: number[]) => first.every((byte, index) => bytes[index] === byte);
  const isKeyStore =
    begins(0xfe, 0xed, 0xfe, 0xed) || begins(0xce, 0xce, 0xce, 0xce) || begins(0x30, 0x80, 0x02, 0x01, 0x03);
  return isKeyStore || isSequence(bytes) ? bytes : undefined;
}

/** Whether bytes are one sequence of DER, and nothing after it. */
function isSequence(bytes: Uint8Array): boolean {
  const [tag, first = 0, ...more] = bytes.subarray(0, 5);
  if (tag !== 0x30) return false;
  if (first < 0x80) return bytes.length === first + 2;
  const count = first - 0x80;
  const length = more.slice(0, count).reduce((sum, byte) => sum * 256 + byte, 0);
  return 1 <= count && count <= 3 && bytes.length === length + count + 2;
}
