/** The access token: shows it, and checks it in this page with the same core that issued it. */

import { KeySet, Verifier } from "/pkg/dist/inline/jwt.js";
import { drawChecks } from "./checks.js";
import { meaningOf } from "./codes.js";
import { byId, say } from "./dom.js";
import { drawLifetime } from "./lifetime.js";
import { measured, timed } from "./time.js";
import { drawAnatomy, painted, read } from "./token-view.js";

/** The claims that this page requires of a token. */
const EXPECTED = { issuer: "countersign-demo", audience: "countersign-demo-api" };

let shown = null;
let verifier = null;

/** Shows a token, or that there is none. */
export async function showToken(token) {
  const before = shown;
  shown = token;
  byId("token-empty").hidden = token !== null;
  byId("token-full").hidden = token === null;
  say(byId("token-copied"), "", "");
  if (token === null) return;

  byId("token-text").replaceChildren(...painted(token));
  drawAnatomy(byId("token-anatomy"), token);
  drawLifetime(byId("token-lifetime"), read(token)?.claims, Date.now() / 1000);
  if (before === null) say(byId("token-verdict"), "", "Fetching the public key…");
  await fetchKeys(token);
  // Another token may have come meanwhile.
  if (token !== shown) return;
  if (verifier === null) return say(byId("token-verdict"), "bad", "The public key could not be fetched.");
  const { result, milliseconds } = timed(() => check(token));
  tell(result);
  byId("token-how").textContent = `How it was checked here, in ${measured(milliseconds)}`;
}

/** Checks and draws the token again, as time passes. */
export function updateToken() {
  if (shown === null || verifier === null) return;
  tell(check(shown));
  drawLifetime(byId("token-lifetime"), read(shown)?.claims, Date.now() / 1000);
}

/** Fetches the public keys, unless that of the token is known already. */
async function fetchKeys(token) {
  if (verifier !== null && check(token).error?.code !== "KEY_NOT_FOUND") return;
  try {
    const response = await fetch("/.well-known/jwks.json");
    verifier = new Verifier(KeySet.fromJwks(await response.json()), EXPECTED);
  } catch {
    // Told by the caller, if there is no verifier yet.
  }
}

/** Checks the token as any server with the public key would. */
function check(token) {
  try {
    return { verified: verifier.verify(token), error: null };
  } catch (error) {
    return { verified: null, error };
  }
}

/** Shows the result of the check. */
function tell({ verified, error }) {
  const line = byId("token-verdict");
  if (error !== null) {
    say(line, "bad", `${error.code}: ${error.message}`, meaningOf(error));
  } else {
    const { header, claims } = verified;
    const detail = `${header.alg}, key ${header.kid.slice(0, 8)}… from /.well-known/jwks.json; issuer, audience, time.`;
    say(line, "good", `Checked in this browser: it is ${claims.sub}’s.`, detail);
  }
  const place = byId("token-checks");
  const outcome = error?.code ?? "ok";
  if (place.dataset.outcome === outcome) return;
  place.dataset.outcome = outcome;
  drawChecks(place, error, { across: true });
}
