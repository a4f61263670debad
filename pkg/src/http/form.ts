/** Reads an HTML form from a request's body, strictly and with a limit on its length. */

import { readBody } from "./body.js";
import { boundaryOf, readMultipart } from "./multipart.js";
import { headerOf } from "./request.js";
import type { Refusal } from "./token-refusal.js";

/** The parameters of the form, or what is wrong with the body. */
export type Form = { readonly parameters: ReadonlyMap<string, string> } | BadBody;

type BadBody = Extract<Refusal, { readonly why: "malformed" | "too long" }>;

/**
 * Reads a body of `application/x-www-form-urlencoded` or `multipart/form-data` in UTF-8, of at most `maxBytes`.
 *
 * `URLSearchParams` and `Request.formData` are not strict enough. They turn bytes that are not UTF-8 into U+FFFD, so that
 * two passwords become the same, and they accept repeated parameters, which RFC 6749 §3.2 forbids. As that section
 * requires, a parameter without a value counts as absent.
 */
export async function readForm(request: Request, maxBytes: number): Promise<Form> {
  const type = readType(headerOf(request, "Content-Type") ?? "");
  if ("problem" in type) return malformed(type.problem);
  const bytes = await readBody(request, maxBytes);
  if (bytes === null) return { why: "too long", problem: `the body is longer than ${maxBytes} bytes` };
  const fields = type.boundary === undefined ? readUrlEncoded(bytes) : readParts(bytes, type.boundary);
  if ("problem" in fields) return malformed(fields.problem);
  const parameters = new Map(fields.pairs);
  if (parameters.size < fields.pairs.length) return malformed("a parameter is repeated");
  for (const [name, value] of parameters) if (value === "") parameters.delete(name);
  return { parameters };
}

function malformed(problem: string): Form {
  return { why: "malformed", problem };
}

type Fields = { readonly pairs: [name: string, value: string][] } | { readonly problem: string };

/** The boundary if the type is `multipart/form-data`. If there is a charset, it must be UTF-8. */
function readType(contentType: string): { boundary?: string } | { problem: string } {
  const [type, ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every((each) => !each.startsWith("charset=") || /^charset="?utf-?8"?$/.test(each));
  if (type === "application/x-www-form-urlencoded" && isUtf8) return {};
  if (type !== "multipart/form-data" || !isUtf8) {
    return { problem: "the body is not application/x-www-form-urlencoded or multipart/form-data in UTF-8" };
  }
  const boundary = boundaryOf(contentType);
  return boundary === null ? { problem: "the Content-Type has no boundary that can be read" } : { boundary };
}

function readUrlEncoded(bytes: Uint8Array): Fields {
  try {
    const pairs = decodeUtf8(bytes).split("&").map(decodePair);
    return { pairs: pairs.filter(([name, value]) => name !== "" || value !== "") };
  } catch {
    return { problem: "the body is not UTF-8 in URL encoding" };
  }
}

function readParts(bytes: Uint8Array, boundary: string): Fields {
  const parts = readMultipart(bytes, boundary);
  if ("problem" in parts) return parts;
  try {
    return { pairs: parts.pairs.map(([name, value]) => [name, decodeUtf8(value)]) };
  } catch {
    return { problem: "a part of the body is not text in UTF-8" };
  }
}

/** @throws {TypeError} The bytes are not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Decodes `name=value`. Throws a `URIError` if it is not URL-encoded UTF-8. */
function decodePair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf("=");
  const name = equals < 0 ? pair : pair.slice(0, equals);
  const value = equals < 0 ? "" : pair.slice(equals + 1);
  return [decode(name), decode(value)];
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
