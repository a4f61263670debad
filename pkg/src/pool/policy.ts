/** Policies between threads. They are plain data; bytes in them are keys, of which no copy is left lying about. */

import { copyOfBytes } from "../bytes.js";

/**
 * A copy to be handed over for good. Its keys are copies in memory of their own, which is put on the list `transferred`:
 * transferred with the message, it leaves none here.
 */
export function copyToHandOver(value: unknown, transferred: ArrayBuffer[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    const bytes = copyOfBytes("policy", value);
    transferred.push(bytes.buffer);
    return bytes;
  }
  if (Array.isArray(value)) return value.map((member) => copyToHandOver(member, transferred));
  const members = Object.entries(value).map(([name, member]) => [name, copyToHandOver(member, transferred)]);
  return Object.fromEntries(members);
}

/** Wipes the keys in a policy that was handed over. */
export function wipeKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (ArrayBuffer.isView(value)) new Uint8Array(value.buffer, value.byteOffset, value.byteLength).fill(0);
  else for (const member of Object.values(value)) wipeKeys(member);
}
