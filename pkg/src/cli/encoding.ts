/** Recognizes text that is not UTF-8. */

/** Whether text begins as UTF-16 does: with a byte order mark, or with two characters of ASCII in two bytes each. */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const zeros = [first, second, third, fourth].map((byte) => (byte === 0 ? "0" : "x")).join("");
  return bytes.length >= 4 && (zeros === "x0x0" || zeros === "0x0x");
}
