/** Reads JSON as strictly as tokens are read: repeated names, lone surrogates and numbers that would change are refused. */

import { InputError } from "./failure.js";
import { mistakeInJson } from "./key-mistakes.js";
import { json } from "./text.js";

/** A JSON object. `what` names the text in errors. */
export async function parseStrict(text: string, what: string): Promise<Record<string, unknown>> {
  const value = parsed(text, what);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`${what}: not a JSON object`);
  }
  return value as Record<string, unknown>;
}

/** Any JSON value. */
export function parsed(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The platform's message quotes the text, which may be a secret.
    throw new InputError(`${what}: not JSON${mistakeInJson(text)}`);
  }
  expectUnique(text, what);
  return value;
}

/** The strings, braces, brackets, colons and numbers of a JSON text. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]|-?\d[\d.eE+-]*/g;

function expectUnique(text: string, what: string): void {
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('"')) last = JSON.parse(token);
    else if (token === ":") {
      const names = open.at(-1);
      if (names?.has(last)) throw new InputError(`${what}: the name ${json(last)} is repeated`);
      names?.add(last);
    } else if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (/^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) {
      throw new InputError(`${what}: a whole number is beyond 2^53, and JavaScript would change it`);
    }
  }
}
