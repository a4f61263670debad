// Cases that sign claims.

import { answers, fails, NOW, token } from "./make-compact.mjs";
import { hmacKey, hs256 } from "./make-material.mjs";

export const withKid = hmacKey("with_kid", "HS256", hs256.secret, { kid: "2026-11" });

/** The claims that a token issued at `NOW` gets by default. */
export const STAMPS = { exp: NOW + 900, iat: NOW };
export const header = (key, more = {}) => ({ alg: key.alg, typ: "JWT", ...more });

/** A case whose token has this header and these claims, in this order. */
export function signs(name, source, { key = hs256, claims = {}, options, now = NOW, payload, head = header(key) }) {
  const ok = token({ by: key, header: head, payload });
  return answers("sign", `signs_${name}`, source, { claims, key: key.name, options, now }, ok);
}

export function refuses(name, source, { key = hs256.name, claims = {}, options, now = NOW }, error) {
  return fails("sign", `refuses_to_sign_${name}`, source, { claims, key, options, now }, error);
}
