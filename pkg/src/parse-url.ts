/** Reads a URL, absolute or from `base`; `null` if it cannot be read. Node 20 has no `URL.parse`. */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
