/** Reads and writes JSON bodies. */

/** A response about a person. No cache may keep it. */
export function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", ...headers } });
}

/** An error in the words of RFC 6749 §5.2, which the other endpoints use too, so that a client reads only one kind. */
export function failure(
  status: number,
  error: string,
  description: string,
  headers: Record<string, string> = {},
): Response {
  return json(status, { error, error_description: description }, headers);
}

/** The longest JSON body in bytes. */
const MAX_BYTES = 4096;

/** The strings of a request's JSON object, which has these members and no others; or the response that says what is wrong. */
export async function readStrings<Name extends string>(
  request: Request,
  names: readonly Name[],
): Promise<Record<Name, string> | Response> {
  const body = await readObject(request);
  if (body instanceof Response) return body;
  const fault = (description: string) => failure(400, "invalid_request", description);
  if (Object.keys(body).some((name) => !names.includes(name as Name)))
    return fault(`the body has more than ${names.join(" and ")}`);
  const missing = names.find((name) => typeof body[name] !== "string");
  return missing === undefined ? (body as Record<Name, string>) : fault(`${missing} is not a string`);
}

async function readObject(request: Request): Promise<Record<string, unknown> | Response> {
  // A page of another origin can send a form or plain text without permission, but not this type.
  const type = (request.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return failure(415, "invalid_request", "the body is not application/json");
  const text = await readText(request, MAX_BYTES);
  if (text === null) return failure(413, "invalid_request", `the body is longer than ${MAX_BYTES} bytes`);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Answered below.
  }
  return failure(400, "invalid_request", "the body is not a JSON object");
}

/**
 * The body's text, or `null` if it is longer than `maxBytes`. Of a longer body it reads and
 * discards a little more: a client that is still sending when the response arrives may lose the response.
 */
async function readText(request: Request, maxBytes: number): Promise<string | null> {
  const decoder = new TextDecoder("utf-8");
  let text = "";
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (4 * maxBytes < length) return null;
    if (length <= maxBytes) text += decoder.decode(chunk, { stream: true });
  }
  return maxBytes < length ? null : text + decoder.decode();
}
