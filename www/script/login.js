/** The page "Log in": register, log in, stay logged in, look at the token, use it. */

import { alterPart } from "./alter.js";
import { bringIntoView, byId, say } from "./dom.js";
import { exchange } from "./exchange.js";
import { wireForms } from "./login-forms.js";
import { showToken, updateToken } from "./login-token.js";
import { wireMeasure, wireReveals } from "./password-field.js";
import { accessToken, endSession, logOut, logOutEverywhere, onOtherTab, refresh, sessions } from "./session.js";
import { drawSessions } from "./session-view.js";
import { read } from "./token-view.js";

/** A token is refreshed when this part of its life is left. */
const LAST_PART = 1 / 4;

/** The access token, for looking at: the requests of the page send cookies. `null`: nobody is logged in. */
let token = null;
let isRefreshing = false;

const news = byId("session-news");
const keepsRefreshing = byId("token-refreshes");
const callButtons = [...document.querySelectorAll("button[data-path]")];

/** Shows who is logged in. `why` is said if nobody is any more. */
async function use(received, why) {
  const [before, user] = [token, subjectOf(received)];
  const isChanged = subjectOf(before) !== user;
  token = received;
  document.body.dataset.user = user ?? "";
  const hadFocus = document.activeElement;
  byId("session").hidden = token === null;
  byId("forms").hidden = token !== null;
  for (const button of callButtons) button.disabled = token === null && button.dataset.token !== "none";
  if (isChanged) {
    byId("session-user").textContent = user ?? "";
    byId("exchange").replaceChildren();
    say(byId("password-outcome"), "", "");
    say(news, user === undefined ? "warn" : "good", user === undefined ? why : `You are logged in as ${user}.`);
    // The element with the focus may be hidden now.
    if (hadFocus !== null && hadFocus !== document.body && hadFocus.closest("[hidden]") !== null) {
      byId(user === undefined ? "login-username" : "session-title").focus();
    }
  }
  await Promise.all([showToken(token), token === null ? undefined : showSessions()]);
}

const subjectOf = (text) => (text === null ? undefined : read(text)?.claims.sub);

async function showSessions() {
  drawSessions(byId("session-list"), await sessions(), async ({ id, client }) => {
    await endSession(id);
    await showSessions();
    say(byId("session-told"), "good", `${client} is logged out.`);
    byId("session-title").focus();
  });
}

/** Looks who is logged in. */
async function look(why) {
  await use(await accessToken(), why);
}

const ELSEWHERE = "You are logged out: the session was ended elsewhere, or was not used for too long.";

/** Replaces the token. */
async function replaceToken() {
  if (isRefreshing || token === null) return;
  isRefreshing = true;
  try {
    await use(await refresh(token), ELSEWHERE);
    if (token !== null) say(byId("token-refreshed"), "good", `Refreshed at ${new Date().toLocaleTimeString()}.`);
  } catch {
    say(byId("token-refreshed"), "bad", "The server does not answer. Trying again…");
  } finally {
    isRefreshing = false;
  }
}

function isDue() {
  const { exp, iat } = read(token)?.claims ?? {};
  return (exp - Date.now() / 1000) / (exp - iat) < LAST_PART;
}

function everySecond() {
  if (token === null) return;
  updateToken();
  if (keepsRefreshing.checked && isDue()) replaceToken();
}

/** Does something with the session, unless the server is away. */
async function doing(work) {
  try {
    await work();
  } catch {
    say(byId("session-told"), "bad", "The server does not answer. Is it still running?");
  }
}

// -- the session --

wireForms(
  async () => {
    await look("");
    return token !== null;
  },
  () => showSessions(),
);

byId("logout").addEventListener("click", () =>
  doing(async () => {
    await logOut();
    await look("You are logged out.");
  }),
);

byId("logout-everywhere").addEventListener("click", () =>
  doing(async () => {
    await logOutEverywhere();
    await look("You are logged out everywhere.");
  }),
);

onOtherTab(() => doing(() => look("You were logged out in another tab or elsewhere.")));

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && token !== null && keepsRefreshing.checked) doing(() => look(ELSEWHERE));
});

// -- the token --

byId("token-refresh").addEventListener("click", replaceToken);

byId("token-copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(token);
    say(byId("token-copied"), "good", "Copied.");
  } catch {
    say(byId("token-copied"), "bad", "The browser does not allow it.");
  }
});

// -- the API --

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

wireReveals();
wireMeasure(byId("register-password"), byId("register-measure"), byId("register-password-hint"), 15);
wireMeasure(byId("password-next"), byId("password-measure"), byId("password-hint"), 15);
await look("").catch(() => say(news, "bad", "The server does not answer. Is it still running?"));
document.body.dataset.ready = "yes";
setInterval(everySecond, 1000);
