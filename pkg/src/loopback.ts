/** Which host names are this machine's own. */

/**
 * RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3: whether a host name, as a URL parser has normalized it, is of this machine.
 */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
