/** Reads a form of `multipart/form-data` (RFC 7578), as strictly as one in URL encoding. */

/** A list of names and values, or what is wrong with the body. */
export type Parts = { readonly pairs: [name: string, value: Uint8Array][] } | { readonly problem: string };

const MALFORMED = { problem: "the body is not multipart/form-data" };
/** A character for each byte. */
type ByteText = string;

/** RFC 2046 §5.1.1. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

/** The boundary that a `Content-Type` names, or `null` if it has none or several. */
export function boundaryOf(contentType: string): string | null {
  if (contentType.match(/[;, \t"]boundary[ \t]*=/gi)?.length !== 1) return null;
  const [, quoted, plain] = contentType.match(/;[ \t]*boundary=(?:"([^"\\]*)"|([^;, \t"]*))[ \t]*(?:;|$)/i) ?? [];
  const boundary = quoted ?? plain ?? "";
  return BOUNDARY.test(boundary) ? boundary : null;
}

/**
 * Reads the parts between the boundaries. There may be nothing before the first one, and after the last one only a line
 * break. A part is a field of text: one that is a file, or in another encoding than UTF-8, is refused.
 */
export function readMultipart(bytes: Uint8Array, boundary: string): Parts {
  // The text has a line break before each boundary, also before the first.
  const [before, ...parts] = `\r\n${byteText(bytes)}`.split(`\r\n--${boundary}`);
  const end = parts.pop();
  if (before !== "" || (end !== "--" && end !== "--\r\n")) return MALFORMED;
  const pairs: [string, Uint8Array][] = [];
  for (const part of parts) {
    const read = readPart(part);
    if ("problem" in read) return read;
    pairs.push([read.name, Uint8Array.from(read.value, (character) => character.charCodeAt(0))]);
  }
  return { pairs };
}

function readPart(part: ByteText): { name: string; value: ByteText } | { problem: string } {
  const split = part.indexOf("\r\n\r\n");
  if (!part.startsWith("\r\n") || split === -1) return MALFORMED;
  const headers = new Map<string, string>();
  for (const line of part.slice(2, split).split("\r\n")) {
    // Looked at first: with a lone line break in it, the pattern below would take quadratic time.
    if (/[\r\n]/.test(line)) return MALFORMED;
    const [, name, value] = line.match(/^([!#$%&'*+.^`|~\w-]+):[ \t]*(.*)$/) ?? [];
    if (name === undefined || value === undefined || headers.has(name.toLowerCase())) return MALFORMED;
    headers.set(name.toLowerCase(), value);
  }
  const name = fieldName(headers.get("content-disposition") ?? "");
  if (name === null) return MALFORMED;
  if (name === undefined) return { problem: "a part of the body is a file" };
  const type = headers.get("content-type") ?? "text/plain";
  const encoding = headers.get("content-transfer-encoding") ?? "binary";
  if (!/^text\/plain(; *charset="?(utf-?8|us-ascii)"?)?$/i.test(type) || !/^([78]bit|binary)$/i.test(encoding)) {
    return { problem: "a part of the body is not text in UTF-8" };
  }
  return { name, value: part.slice(split + 4) };
}

/** The name of a field: `undefined` for a file, `null` if it cannot be read in exactly one way. */
function fieldName(disposition: string): string | null | undefined {
  const [, rest] = disposition.match(/^form-data((?:; *[\w*-]+=(?:"[^"\\]*"|[^"\\;, ]+))*)$/i) ?? [];
  const parameters = [...(rest ?? "").matchAll(/; *([\w*-]+)=(?:"([^"]*)"|([^;]*))/g)];
  if (parameters.some(([, key]) => /^filename\*?$/i.test(key ?? ""))) return undefined;
  const [parameter, ...more] = parameters;
  if (parameter === undefined || more.length > 0 || parameter[1]?.toLowerCase() !== "name") return null;
  return parameter[2] ?? parameter[3] ?? null;
}

function byteText(bytes: Uint8Array): ByteText {
  let text = "";
  for (let start = 0; start < bytes.length; start += 4096) {
    text += String.fromCharCode(...bytes.subarray(start, start + 4096));
  }
  return text;
}
