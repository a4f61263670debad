/** The second part of the bench: claims and options, and the token made from them. */

import { sign } from "/pkg/dist/inline/jwt.js";
import { meaningOf } from "./codes.js";
import { byId, markInvalid, say } from "./dom.js";
import { measured, timed } from "./time.js";

const FIRST_CLAIMS = { sub: "alice", name: "Alice", scope: "profile" };

/** Connects the form: `keyInUse` returns the key, `show` receives the token. */
export function wireClaims(keyInUse, show) {
  const form = byId("claims");
  const json = byId("claims-json");
  const outcome = byId("claims-outcome");
  json.value = JSON.stringify(FIRST_CLAIMS, null, 2);

  const issue = () => {
    const claims = parsed(json.value);
    markInvalid(json, claims === undefined);
    if (claims === undefined) return say(outcome, "bad", "The claims are not JSON.");
    try {
      const { result: token, milliseconds } = timed(() => sign(claims, keyInUse(), options(form)));
      say(outcome, "good", `Signed in ${measured(milliseconds)}; ${token.length} characters.`);
      show(token);
    } catch (error) {
      say(outcome, "bad", `${error.code}: ${error.message}`, meaningOf(error));
    }
  };
  json.addEventListener("input", () => markInvalid(json, parsed(json.value) === undefined));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    issue();
  });
  return { issue };
}

/** The options that are filled in; durations in plain digits are seconds. */
function options(form) {
  const text = (name) => form.elements[name].value.trim() || undefined;
  const duration = (name) => (/^\d+$/.test(text(name) ?? "") ? Number(text(name)) : text(name));
  return {
    expiresIn: duration("expiresIn"),
    notBefore: duration("notBefore"),
    issuer: text("issuer"),
    audience: text("audience"),
    jwtId: form.elements.jwtId.checked || undefined,
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
