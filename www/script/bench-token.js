/** The third part of the bench: a token that can be edited, and the verifier's answer. */

import { verify } from "/pkg/dist/inline/jwt.js";
import { alterPart, claimAdmin, claimNone, cutShort } from "./alter.js";
import { drawChecks } from "./checks.js";
import { meaningOf } from "./codes.js";
import { byId, say } from "./dom.js";
import { drawLifetime } from "./lifetime.js";
import { span } from "./time.js";
import { drawAnatomy, painted, read } from "./token-view.js";

const ALTERATIONS = {
  header: (token) => alterPart(token, 0),
  payload: claimAdmin,
  signature: (token) => alterPart(token, 2),
  none: claimNone,
  cut: cutShort,
};

/** Connects the editor; returns functions that show an issued token and set the key to check it with. */
export function wireToken() {
  const input = byId("token-input");
  const demands = byId("demands");
  let issued = "";
  let checker = null;

  const now = () => Date.now() / 1000 + Number(demands.elements["demands-clock"].value);

  const judge = () => {
    const token = input.value;
    drawLifetime(byId("token-lifetime"), read(token)?.claims ?? null, now());
    const error = outcome(token, checker, demands, now());
    const line = byId("token-verdict");
    if (token === "") say(line, "", "");
    else if (error === null) say(line, "good", "Accepted.", "Every check has passed.");
    else if (error.code === "OPTION_INVALID") say(line, "warn", `${error.code}: ${error.message}`, meaningOf(error));
    else say(line, "bad", `${error.code}: ${error.message}`, meaningOf(error));
    const checks = byId("token-checks");
    const state = `${error?.code} ${error?.message}`;
    if (checks.dataset.state === state) return;
    checks.dataset.state = state;
    drawChecks(checks, error, { across: true });
  };

  const redraw = () => {
    byId("token-paint").replaceChildren(...painted(input.value, issued), "\u200b");
    drawAnatomy(byId("token-anatomy"), input.value);
    judge();
  };

  const put = (token) => {
    input.value = token;
    redraw();
  };

  input.addEventListener("input", () => {
    // A line break is not part of any token, and pasting brings them along.
    if (/[\r\n]/.test(input.value)) input.value = input.value.replace(/[\r\n]+/g, "");
    redraw();
  });
  for (const button of document.querySelectorAll("[data-alter]")) {
    button.addEventListener("click", () => {
      const alter = ALTERATIONS[button.dataset.alter];
      put(alter === undefined ? issued : alter(issued));
    });
  }
  demands.addEventListener("input", () => {
    const offset = Number(demands.elements["demands-clock"].value);
    const text = offset === 0 ? "now" : `${span(offset)} ${offset < 0 ? "behind" : "ahead"}`;
    byId("demands-clock-text").textContent = text;
    demands.elements["demands-clock"].setAttribute("aria-valuetext", text);
    judge();
  });
  demands.addEventListener("submit", (event) => event.preventDefault());
  setInterval(judge, 1000);

  return {
    show(token) {
      issued = token;
      put(token);
    },
    useKey(key) {
      if (checker?.owned) checker.key.free();
      const owned = key.type === "private";
      checker = { owned, key: owned ? key.publicKey() : key };
      redraw();
    },
  };
}

/** The error that a verifier with these demands answers the token with, or `null` if it accepts it. */
function outcome(token, checker, demands, now) {
  if (checker === null || token === "") return null;
  const text = (name) => demands.elements[name].value.trim() || undefined;
  const tolerance = text("clockTolerance");
  try {
    verify(token, checker.key, {
      issuer: text("issuer"),
      audience: text("audience"),
      subject: text("subject"),
      clockTolerance: /^\d+$/.test(tolerance ?? "") ? Number(tolerance) : tolerance,
      now: new Date(now * 1000),
    });
    return null;
  } catch (error) {
    return error;
  }
}
