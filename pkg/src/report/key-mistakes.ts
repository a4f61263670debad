/** Says what is wrong with the text of a key, where that is certain. No message contains a part of the key. */

import { lengthOfDer, type Member, membersOf } from "./der.js";
import { blockOfPem } from "./pem.js";

/** A line of PEM that begins or ends a block, however many hyphens it has. Word processors make dashes of two. */
const BOUNDARY = /^[ \t]*([-\u2010-\u2015]{1,8})(BEGIN|END) ([A-Z0-9 ]{1,64}?)([-\u2010-\u2015]{0,8})[ \t]*\r?$/gm;

/** The first line of PEM whose hyphens are not five on both sides, as it should be. A last line with fewer was cut. */
export function wrongBoundary(text: string): string | undefined {
  for (const { 0: line, 1: before, 2: word, 3: label, 4: after = "", index } of text.matchAll(BOUNDARY)) {
    const isCut = before === "-----" && text.slice(index + line.length).trim() === "";
    if (!isCut && after !== "" && (before !== "-----" || after !== "-----")) return `-----${word} ${label}-----`;
  }
  return undefined;
}

/** The label that the one block of a PEM should have, if its content is certain, and has another. */
export function wrongLabel(text: string): string | undefined {
  const start = text.indexOf("-----BEGIN ");
  if (start === -1 || text.lastIndexOf("-----BEGIN ") !== start) return undefined;
  const { label, bytes } = blockOfPem(text.slice(start)) ?? {};
  const right = bytes !== undefined && lengthOfDer(bytes) === bytes.length ? labelOf(bytes) : undefined;
  return right === label ? undefined : right;
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;

/** The label of DER, told by the first members of its sequence: those of PKCS#8, PKCS#1, SEC 1, SPKI or X.509. */
function labelOf(bytes: Uint8Array): string | undefined {
  const [first, second, third] = membersOf(bytes);
  const is = (member: Member | undefined, tag: number) => member?.tag === tag;
  if (is(first, INTEGER) && first?.content.length === 1) {
    const [version] = first.content;
    if (version === 1 && is(second, OCTET_STRING)) return "EC PRIVATE KEY";
    if (is(second, SEQUENCE) && is(third, OCTET_STRING)) return "PRIVATE KEY";
    if (version === 0 && is(second, INTEGER) && is(third, INTEGER)) return "RSA PRIVATE KEY";
  }
  if (is(first, INTEGER) && is(second, INTEGER) && third === undefined) return "RSA PUBLIC KEY";
  if (is(first, SEQUENCE) && is(second, BIT_STRING) && third === undefined) return "PUBLIC KEY";
  if (is(first, SEQUENCE) && is(second, OCTET_STRING) && third === undefined) return "ENCRYPTED PRIVATE KEY";
  // A certificate of X.509 has the tag of its version first; a request has not.
  const isCertificate = is(first, SEQUENCE) && first?.content[0] === 0xa0 && is(second, SEQUENCE);
  return isCertificate && is(third, BIT_STRING) ? "CERTIFICATE" : undefined;
}

/** Why a text is not JSON, as the end of an error's message. */
export function mistakeInJson(text: string): string {
  if (/^\s*[{[]\s*(?:\{\s*)?'/.test(text))
    return ": its strings are in single quotes, as Python prints them, and JSON has double ones";
  if (/^\s*[{[]\s*(?:\{\s*)?[\u201c\u201d\u201e]/.test(text))
    return ": its quotation marks are typographic, and JSON has straight ones";
  const comma = needlessComma(text);
  if (comma !== undefined) return `: a comma stands before "}" or "]"${placeOf(text, comma)}`;
  try {
    JSON.parse(text);
  } catch (thrown) {
    // The rest of the platform's message quotes the text.
    const position = / at position (\d{1,9})(?: \(line \d+ column \d+\))?$/.exec(String(thrown))?.[1];
    if (position !== undefined) return placeOf(text, Number(position));
  }
  return "";
}

/** The place of the first comma after the last member of an object or array. */
function needlessComma(text: string): number | undefined {
  let comma: number | undefined;
  let isString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (isString && character === "\\") index += 1;
    else if (character === '"') isString = !isString;
    else if (isString) continue;
    else if (character === "}" || character === "]") {
      if (comma !== undefined) return comma;
    } else if (character === ",") comma = index;
    if (isString || !/[,\s]/.test(character)) comma = undefined;
  }
  return undefined;
}

function placeOf(text: string, position: number): string {
  const lines = text.slice(0, position).split("\n");
  return ` in line ${lines.length}, at character ${(lines.at(-1) ?? "").length + 1}`;
}

/** The types of keys and the curves that JWKs have here, and how others write them. */
const TYPES = { EC: /^ec$/i, RSA: /^rsa$/i, OKP: /^okp$/i, oct: /^oct$/i, AKP: /^akp$/i };
const CURVES = {
  "P-256": /^(?:p-?256|secp256r1|prime256v1|nist[ -]?p-?256)$/i,
  "P-384": /^(?:p-?384|secp384r1|nist[ -]?p-?384)$/i,
  "P-521": /^(?:p-?521|secp521r1|nist[ -]?p-?521)$/i,
  Ed25519: /^ed-?25519$/i,
  X25519: /^x-?25519$/i,
};

/** The curves, in a sentence. */
export const CURVE_NAMES = "P-256, P-384, P-521, Ed25519 and X25519";

/** What a JWK should have instead, by the message about it. */
export function mistakeInJwk(message: string, { kty, crv }: { kty?: unknown; crv?: unknown }): string {
  if (/^JWK member "kty" is not a supported /.test(message))
    return `: ${meant(kty, TYPES) ?? "EC, RSA, OKP, oct and AKP are supported"}`;
  if (!/^JWK member "crv" is not a supported /.test(message)) return "";
  const right = meant(crv, CURVES);
  return `: ${right ?? "EC has P-256, P-384 and P-521, and OKP has Ed25519 and X25519"}`;
}

function meant(value: unknown, names: Record<string, RegExp>): string | undefined {
  const name = Object.keys(names).find((each) => names[each]?.test(String(value)));
  return name === undefined || name === value ? undefined : `write "${name}"`;
}
