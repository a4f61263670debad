/** A form in a request's body, read strictly and within a bound. */

/** The form's parameters, or what is wrong with the body. */
export type Form =
  | { readonly parameters: ReadonlyMap<string, string> }
  | { readonly status: 400 | 413; readonly fault: string };

/**
 * Reads `application/x-www-form-urlencoded`, UTF-8, of at most `maxBytes`.
 *
 * Stricter than `URLSearchParams`, which turns bytes that are not UTF-8 into U+FFFD (two passwords would become one)
 * and keeps repeated parameters (RFC 6749 §3.2: none may be). A parameter without a value counts as absent (same).
 */
export async function readForm(request: Request, maxBytes: number): Promise<Form> {
  if (!isForm(request.headers.get("Content-Type"))) {
    return { status: 400, fault: "the body is not application/x-www-form-urlencoded" };
  }
  const bytes = await readBytes(request, maxBytes);
  if (bytes === null) return { status: 413, fault: `the body is longer than ${maxBytes} bytes` };
  const parameters = new Map<string, string>();
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    for (const pair of text.split("&")) {
      const [name, value] = decodePair(pair);
      if (name === "" && value === "") continue;
      if (parameters.has(name)) return { status: 400, fault: "a parameter is repeated" };
      parameters.set(name, value);
    }
  } catch {
    return { status: 400, fault: "the body is not UTF-8 in URL encoding" };
  }
  for (const [name, value] of parameters) if (value === "") parameters.delete(name);
  return { parameters };
}

/** Whether a `Content-Type` names a form, in UTF-8 where it names a charset at all. */
function isForm(contentType: string | null): boolean {
  const [type, ...parameters] = (contentType ?? "").split(";").map((part) => part.trim().toLowerCase());
  return (
    type === "application/x-www-form-urlencoded" &&
    parameters.every((parameter) => !parameter.startsWith("charset=") || /^charset="?utf-8"?$/.test(parameter))
  );
}

/** The body, or `null` if it is longer than `maxBytes`. */
async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (maxBytes < Number(request.headers.get("Content-Length") ?? 0)) return null;
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const bytes = new Uint8Array(maxBytes);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    if (maxBytes < length + value.byteLength) {
      await discard(reader, 4 * maxBytes);
      return null;
    }
    bytes.set(value, length);
    length += value.byteLength;
  }
}

/**
 * Reads on for a while without keeping anything: a client that is still sending when the answer comes may lose the
 * answer together with the connection. Who sends much too much is cut off all the same.
 */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<void> {
  for (let left = maxBytes; 0 < left; ) {
    const { done, value } = await reader.read();
    if (done) return;
    left -= value.byteLength;
  }
  await reader.cancel();
}

/** `name=value`, decoded. Throws a `URIError` on what is not URL encoding of UTF-8. */
function decodePair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf("=");
  const name = equals < 0 ? pair : pair.slice(0, equals);
  const value = equals < 0 ? "" : pair.slice(equals + 1);
  return [decode(name), decode(value)];
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
