/** Reads the user name and the password that a page sends: an HTML form, or JSON. */

import { readBody } from "./body.js";
import { type Form, readForm } from "./form.js";
import { headerOf } from "./request.js";
import type { Refusal } from "./token-refusal.js";

/** What a page sends to log in. */
export interface LoginBody {
  readonly username: string;
  readonly password: string;
  /** Where the user wants to go. */
  readonly next: string | undefined;
}

const NAMES = ["username", "password"] as const;

/** The body, or what is wrong with it. Only `application/json` is read as JSON: a form of another site cannot have that type. */
export async function readLoginBody(request: Request, maxBytes: number): Promise<LoginBody | Refusal> {
  const isJson = /^application\/json[ \t]*(?:$|;)/i.test(headerOf(request, "Content-Type") ?? "");
  const read = await (isJson ? readJson(request, maxBytes) : readForm(request, maxBytes));
  if ("why" in read) return read;
  const missing = NAMES.filter((name) => !read.parameters.has(name));
  if (missing.length > 0) return { why: "missing", missing };
  const [username = "", password = ""] = NAMES.map((name) => read.parameters.get(name));
  return { username, password, next: read.parameters.get("next") };
}

async function readJson(request: Request, maxBytes: number): Promise<Form> {
  const bytes = await readBody(request, maxBytes);
  if (bytes === null) return { why: "too long", problem: `the body is longer than ${maxBytes} bytes` };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const members = Object.entries(JSON.parse(text) as object).filter(([, value]) => value !== "");
    // As in a form, an empty value counts as absent. Nothing but text can be a name or a password.
    const texts = members.filter((each): each is [string, string] => typeof each[1] === "string");
    return { parameters: new Map(texts) };
  } catch {
    return { why: "malformed", problem: "the body is not a JSON object in UTF-8" };
  }
}
