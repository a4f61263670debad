/** Values of tokens and keys in sentences. */

import { shown } from "/report/text.js";

/** A value of a token or key: bounded, and harmless wherever it is shown. */
export function quoted(value) {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return `“${shown(text.length > 80 ? `${text.slice(0, 80)}…` : text)}”`;
}
