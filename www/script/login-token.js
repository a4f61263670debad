/** The token of a log-in: shows it, and checks it in this page with the same core that issued it. */

import { KeySet, Verifier } from "/pkg/dist/inline/jwt.js";
import { drawChecks } from "./checks.js";
import { meaningOf } from "./codes.js";
import { byId, say } from "./dom.js";
import { drawLifetime } from "./lifetime.js";
import { measured, timed } from "./time.js";
import { drawAnatomy, painted, read } from "./token-view.js";

/** The claims that this page requires of a token. */
const EXPECTED = { issuer: "countersign-demo", audience: "countersign-demo-api" };

let ticking;
let shown = 0;

/** Shows a token, or that there is none. */
export async function showToken(token) {
  clearInterval(ticking);
  shown++;
  byId("token-empty").hidden = token !== null;
  byId("token-full").hidden = token === null;
  say(byId("token-copied"), "", "");
  if (token === null) return;

  byId("token-text").replaceChildren(...painted(token));
  drawAnatomy(byId("token-anatomy"), token);
  const claims = read(token)?.claims;
  drawLifetime(byId("token-lifetime"), claims, Date.now() / 1000);
  say(byId("token-verdict"), "", "Fetching the public key…");

  const mine = shown;
  const verifier = await publicVerifier();
  // Another token may have come meanwhile.
  if (mine !== shown) return;
  if (verifier === null) return say(byId("token-verdict"), "bad", "The public key could not be fetched.");
  const { result, milliseconds } = timed(() => check(verifier, token));
  tell(result);
  byId("token-how").textContent = `How it was checked here, in ${measured(milliseconds)}`;
  ticking = setInterval(() => {
    tell(check(verifier, token));
    drawLifetime(byId("token-lifetime"), claims, Date.now() / 1000);
  }, 1000);
}

async function publicVerifier() {
  try {
    const response = await fetch("/.well-known/jwks.json");
    return new Verifier(KeySet.fromJwks(await response.json()), EXPECTED);
  } catch {
    return null;
  }
}

/** Checks the token as any server with the public key would. */
function check(verifier, token) {
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
