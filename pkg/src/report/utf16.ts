/** Tells text in UTF-16 from text in UTF-8, which is what is read everywhere. */

/** The start of a UTF-16 text. */
const SAMPLE_BYTES = 64;

/**
 * Whether bytes are text in UTF-16, as `>` of Windows PowerShell writes it. Every second byte of its ASCII is zero. Random bytes are
 * not taken for it, also if they begin with the two of a byte order mark.
 */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const sample = bytes.subarray(hasMark ? 2 : 0, SAMPLE_BYTES);
  const pairs = sample.length >> 1;
  if (pairs < (hasMark ? 1 : 3)) return false;
  const zeros = (offset: number) =>
    Array.from({ length: pairs }, (_, index) => sample[2 * index + offset]).filter((byte) => byte === 0).length;
  const [even, odd] = [zeros(0), zeros(1)];
  // With the mark, some letters may be others than those of ASCII.
  const least = hasMark ? pairs / 2 : pairs;
  return (even === 0 && least <= odd) || (odd === 0 && least <= even);
}

/** What to say about a text in UTF-16. */
export const IN_UTF16 = "is UTF-16, as PowerShell writes it: save it as UTF-8";
