/** The address that a request comes from. */

import { headerOf, type RequestLike } from "./request.js";

/** What `onNode` knows about its requests. */
const connections = new WeakMap<object, string>();

/** Remembers the address of the connection that a request came over. */
export function setAddress(request: object, address: string | undefined): void {
  if (address !== undefined) connections.set(request, address);
}

/**
 * The address of the client: from the header that the proxy sets, or of the connection if no header is named. `undefined` if
 * it is not known. Of several addresses in the header, the last one is that which the proxy itself saw.
 */
export function addressOf(request: RequestLike, header: string | undefined): string | undefined {
  if (header !== undefined) return headerOf(request, header)?.split(",").at(-1)?.trim();
  const { socket } = request as { socket?: { remoteAddress?: unknown } };
  const address = connections.get(request) ?? socket?.remoteAddress;
  return typeof address === "string" ? address : undefined;
}

/**
 * The network that is limited as one: an IPv4 address, or the first 64 bits of an IPv6 address, because one customer has at
 * least that many. Anything else counts as itself.
 */
export function networkOf(address: string): string {
  // Some proxies add the port, which is another one for each connection.
  const [, inBrackets, v4 = inBrackets ?? address] = address.match(/^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/) ?? [];
  const host = parse(v4.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, ""));
  if (host === undefined) return address;
  if (!host.includes(":")) return host;
  // An IPv4 address in the spelling that URLs have for it.
  const [, high, low] = host.match(/^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/) ?? [];
  if (high !== undefined && low !== undefined) return v4Of(Number.parseInt(high, 16), Number.parseInt(low, 16));
  const [head = "", tail] = host.split("::");
  const [before, after] = [head, tail ?? ""].map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  const groups = [...(before ?? []), ...new Array<string>(zeros).fill("0"), ...(after ?? [])];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

function v4Of(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}

/** The address in the one spelling that URLs have; `undefined` if it is none. */
function parse(address: string): string | undefined {
  try {
    const { hostname } = new URL(`http://${address.includes(":") ? `[${address}]` : address}`);
    return hostname.replace(/^\[|\]$/g, "");
  } catch {
    return undefined;
  }
}
