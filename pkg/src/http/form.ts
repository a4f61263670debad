/** Reads an HTML form from a request's body, strictly and with a limit on its length. */

/** The parameters of the form, or what is wrong with the body. */
export type Form =
  | { readonly parameters: ReadonlyMap<string, string> }
  | { readonly status: 400 | 413; readonly problem: string };

/**
 * Reads a body of `application/x-www-form-urlencoded` in UTF-8, of at most `maxBytes`.
 *
 * `URLSearchParams` is not strict enough. It turns bytes that are not UTF-8 into U+FFFD, so that two passwords become the
 * same, and it accepts repeated parameters, which RFC 6749 §3.2 forbids. As that section requires, a parameter without a
 * value counts as absent.
 */
export async function readForm(request: Request, maxBytes: number): Promise<Form> {
  if (!isForm(request.headers.get("Content-Type"))) {
    return { status: 400, problem: "the body is not application/x-www-form-urlencoded" };
  }
  const bytes = await readBytes(request, maxBytes);
  if (bytes === null) return { status: 413, problem: `the body is longer than ${maxBytes} bytes` };
  const parameters = new Map<string, string>();
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    for (const pair of text.split("&")) {
      const [name, value] = decodePair(pair);
      if (name === "" && value === "") continue;
      if (parameters.has(name)) return { status: 400, problem: "a parameter is repeated" };
      parameters.set(name, value);
    }
  } catch {
    return { status: 400, problem: "the body is not UTF-8 in URL encoding" };
  }
  for (const [name, value] of parameters) if (value === "") parameters.delete(name);
  return { parameters };
}

/** Whether a `Content-Type` is that of a form. If it has a charset, that must be UTF-8. */
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
 * Reads up to `maxBytes` more without keeping them. A client that is still sending when the response arrives may lose both
 * the connection and the response. After `maxBytes`, the connection is cut anyway.
 */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<void> {
  for (let left = maxBytes; 0 < left; ) {
    const { done, value } = await reader.read();
    if (done) return;
    left -= value.byteLength;
  }
  await reader.cancel();
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
