/** Reads base64url segments and JSON leniently, only to show them or to see what they are. Nothing is decided by them. */

import { bytesOfBase64url } from "./base64.js";

/** How deep JSON is shown. The core's JSON reader has the same limit. */
const MAX_DEPTH = 64;

/** The object in a segment of a token, however it is spelled. */
export function objectInSegment(segment: string | undefined): Record<string, unknown> | null {
  try {
    return objectInJson(new TextDecoder().decode(bytesOfBase64url(segment ?? "")));
  } catch {
    return null;
  }
}

/** The object in a text of JSON, if it is one and can be shown. */
export function objectInJson(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    const isShown = typeof value === "object" && value !== null && !Array.isArray(value) && !isDeep(value);
    return isShown ? value : null;
  } catch {
    return null;
  }
}

/** Whether a value is too deep to be shown: writing it would need more stack than there is. */
function isDeep(value: unknown, left = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((each) => isDeep(each, left - 1));
}
