/** The page "Log in": register, log in, look at the token, use it. */

import { alterPart } from "./alter.js";
import { bringIntoView, byId, say } from "./dom.js";
import { exchange } from "./exchange.js";
import { wireForms } from "./login-forms.js";
import { showToken } from "./login-token.js";
import { wireMeasure, wireReveals } from "./password-field.js";

/** The current token. It is only in memory: every script of the origin could read it from storage. */
let token = null;

const callButtons = [...document.querySelectorAll("button[data-path]")];

function use(received) {
  token = received;
  for (const button of callButtons) button.disabled = token === null && button.dataset.token !== "none";
  byId("exchange").replaceChildren();
  showToken(token);
  if (token !== null) bringIntoView(byId("token-title"));
}

function presented(kind) {
  if (kind === "none") return null;
  return kind === "altered" ? alterPart(token, 1) : token;
}

for (const button of callButtons) {
  button.addEventListener("click", async () => {
    const { path } = button.dataset;
    const line = byId("exchange-status");
    // So that a screen reader announces the same answer twice.
    say(line, "", "");
    try {
      const status = await exchange(byId("exchange"), path, presented(button.dataset.token), token ?? "");
      say(line, "", `${path}: ${status}`);
      bringIntoView(byId("exchange"));
    } catch {
      byId("exchange").replaceChildren("The server does not answer. Is it still running?");
      say(line, "", "The server does not answer.");
    }
  });
}

byId("token-copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(token);
    say(byId("token-copied"), "good", "Copied.");
  } catch {
    say(byId("token-copied"), "bad", "The browser does not allow it.");
  }
});

byId("token-forget").addEventListener("click", () => {
  use(null);
  byId("login-username").focus();
});

wireReveals();
wireMeasure(byId("register-password"), byId("register-measure"), byId("register-password-hint"), 15);
wireForms(use);
