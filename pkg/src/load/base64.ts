/** Reads the wasm module that the default entry carries as base64. */

/** Decodes canonical base64 by the fastest means the runtime has: this is most of the cost of a cold start. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as unknown as { Buffer?: { from(text: string, encoding: "base64"): unknown } };
  if (typeof Buffer?.from === "function") return Buffer.from(text, "base64") as Uint8Array<ArrayBuffer>;
  const { fromBase64 } = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (typeof fromBase64 === "function") return fromBase64.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
