/** Takes the bytes out of a block of PEM, only to say what is wrong with them. The core reads keys. */

import { fromBase64 } from "./base64.js";

/** The label of the block that a text begins with, and the bytes in it; `undefined` if the block has no end or is not base64. */
export function blockOfPem(text: string): { label: string; bytes: Uint8Array } | undefined {
  const [first = "", label] = FIRST_LINE.exec(text) ?? [];
  if (label === undefined) return undefined;
  const end = text.indexOf(`-----END ${label}-----`);
  // The line breaks may be spaces, or written as `\n`.
  const body = text.slice(first.length, end).replace(/\\[nr]|\s/g, "");
  return end !== -1 && /^[A-Za-z0-9+/]+={0,2}$/.test(body) ? { label, bytes: fromBase64(body) } : undefined;
}

/** The first line of a block. */
export const FIRST_LINE = /^-----BEGIN ([A-Z0-9 ]{1,64})-----/;
