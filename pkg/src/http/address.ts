/** The address that a request comes from. */

import { headerOf, type RequestLike } from "./request.js";

/** What `onNode` knows about its requests. */
const connections = new WeakMap<object, string | undefined>();

/** Remembers the address of the connection that a request came over. */
export function setAddress(request: object, address: string | undefined): void {
  connections.set(request, address);
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
  const host = parse(v4.replace(/%.*/, ""));
  if (host === undefined) return address;
  if (!host.includes(":")) return host;
  // An IPv4 address in the spelling that URLs have for it.
  const mapped = host.match(/^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/);
  if (mapped !== null) return v4Of(Number.parseInt(mapped[1] as string, 16), Number.parseInt(mapped[2] as string, 16));
  const [head = "", tail = ""] = host.split("::");
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = new Array<string>(8 - before.length - after.length).fill("0");
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}

function v4Of(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}

const groupsOf = (part: string) => (part === "" ? [] : part.split(":"));

/** The address in the one spelling that URLs have; `undefined` if it is none. */
function parse(address: string): string | undefined {
  try {
    const { hostname } = new URL(`http://${address.includes(":") ? `[${address}]` : address}`);
    return hostname.replace(/[[\]]/g, "");
  } catch {
    return undefined;
  }
}
