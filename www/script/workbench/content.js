/** What was decrypted, as text and as JSON. */

/** The text, or `undefined` for binary data. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The JSON object in a text, if it is one that can be shown. */
export function objectIn(text) {
  if (text === undefined || 65_536 < text.length) return undefined;
  try {
    const value = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    // Deep values would need more stack than there is.
    return isObject && !/[[{]{64}/.test(text.replace(/[^[{]/g, "")) ? value : undefined;
  } catch {
    return undefined;
  }
}
