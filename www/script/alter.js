/** Changes to tokens that a verifier must notice. */

/** Changes one character in the middle of a part: 0 the header, 1 the claims, 2 the signature. */
export function alterPart(token, part) {
  const parts = token.split(".");
  const segment = parts[part];
  if (!segment) return token;
  const at = Math.floor(segment.length / 2);
  const other = segment[at] === "A" ? "B" : "A";
  parts[part] = segment.slice(0, at) + other + segment.slice(at + 1);
  return parts.join(".");
}

/** Changes the claims to those of an administrator, in valid JSON. */
export function claimAdmin(token) {
  const [header, payload, ...rest] = token.split(".");
  try {
    const text = new TextDecoder().decode(bytesOf(payload));
    const claims = { ...JSON.parse(text), sub: "admin" };
    return [header, base64url(JSON.stringify(claims)), ...rest].join(".");
  } catch {
    return alterPart(token, 1);
  }
}

/** The oldest trick: claims alg "none" and leaves the signature out. */
export function claimNone(token) {
  return `${base64url('{"alg":"none","typ":"JWT"}')}.${token.split(".")[1] ?? ""}.`;
}

/** Cuts off the signature and the end of the claims. */
export function cutShort(token) {
  return token.slice(0, Math.floor(token.lastIndexOf(".") * 0.9));
}

function bytesOf(segment) {
  const binary = atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function base64url(text) {
  const binary = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
