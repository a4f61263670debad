/** ML-DSA, whose module is loaded with the first token or key that needs it. */

/** Enables it if a key, or the name of an algorithm, needs it. */
export async function enableFor(text) {
  if (!/"AKP"|ML-DSA-\d\d/.test(text) && !hasIdentifier(text)) return;
  // A build without the module has nothing to enable, and the key or token is refused as one of an unknown algorithm.
  const { enablePostQuantum } = await import("/pkg/dist/inline/post-quantum.js");
  enablePostQuantum?.();
}

/** The object identifiers of ML-DSA, 2.16.840.1.101.3.4.3.17 to .19 (RFC 9881 §2), without the last byte. */
const IDENTIFIER = String.fromCharCode(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03);

/** Whether PEM, or DER in base64, is of such a key. */
function hasIdentifier(text) {
  const body = text.replace(/-----[^-]*-----/g, "").replace(/\s/g, "");
  if (20_000 < body.length || !/^[A-Za-z0-9+/]+=*$/.test(body)) return false;
  try {
    const der = atob(body);
    const at = der.indexOf(IDENTIFIER);
    const last = der.charCodeAt(at + IDENTIFIER.length);
    return at !== -1 && 0x11 <= last && last <= 0x13;
  } catch {
    return false;
  }
}
