/** Says what a key that was cut lacks, where that is certain: the last line of PEM, or bytes that DER has announced. */

import { derOfBase64 } from "./base64.js";
import { lengthOfDer } from "./der.js";
import { blockOfPem, FIRST_LINE } from "./pem.js";

/** What is missing in a text or in bytes, as the end of an error's message. */
export function missingIn(given: string | Uint8Array): string | undefined {
  if (typeof given !== "string") return missingInDer(given);
  const start = given.lastIndexOf("-----BEGIN ");
  if (start !== -1) return missingInPem(given.slice(start));
  const der = derOfBase64(given);
  return der === undefined ? undefined : missingInDer(der);
}

/** Whether the last block of PEM in a text has no last line. Then nothing can read it. */
export function endsEarly(text: string): boolean {
  const start = text.lastIndexOf("-----BEGIN ");
  return start !== -1 && !/-----END [A-Z0-9 ]{1,64}-----/.test(text.slice(start));
}

function missingInPem(block: string): string | undefined {
  const label = FIRST_LINE.exec(block)?.[1];
  if (label === undefined)
    return /^-----BEGIN [A-Z0-9 ]{0,64}-{0,4}\s*$/.test(block) ? "the text ends in its first line" : undefined;
  if (endsEarly(block)) return `the text ends early, before "-----END ${label}-----"`;
  const bytes = blockOfPem(block)?.bytes;
  return bytes && missingInDer(bytes);
}

function missingInDer(bytes: Uint8Array): string | undefined {
  const count = (lengthOfDer(bytes) ?? 0) - bytes.length;
  if (count <= 0) return undefined;
  return `${count} byte${count === 1 ? " is" : "s are"} missing, so a part of the text was lost`;
}
