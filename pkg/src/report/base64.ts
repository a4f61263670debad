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
