/** The tab "Check a token": the decoder. */

import { tokensIn } from "/report/bare-token.js";
import { isToken, recognize } from "/report/recognize.js";
import { reportOnToken } from "/report/token.js";
import { alterPart, claimAdmin, claimNone, cutShort } from "../alter.js";
import { bringIntoView, byId, element, goTo, say } from "../dom.js";
import { drawLifetime } from "../lifetime.js";
import { span } from "../time.js";
import { painted } from "../token-view.js";
import { drawAnatomy } from "./anatomy.js";
import { copy } from "./copy.js";
import { makeExample } from "./example.js";
import { detailAt, judge } from "./judge.js";
import { makeKeyField, soon } from "./key-field.js";
import { linkTo } from "./link.js";
import { misplaced } from "./misplaced.js";
import { wireRemoteKeys } from "./remote-keys.js";
import { drawAdvice, drawFindings, drawScope, drawSteps, drawVerdict } from "./result-view.js";

/** Longer texts are shown without colors, in a box that scrolls. */
const MAX_PAINTED = 20_000;

/** The parts of a token, with their colors. */
const LEGEND = [
  ["header", "header"],
  ["payload", "claims"],
  ["signature", "signature"],
];

const ENCRYPTED_LEGEND = [
  ["header", "header"],
  ["wrapped", "encrypted key"],
  ["vector", "initialization vector"],
  ["payload", "content"],
  ["tag", "tag"],
];

const ALTERATIONS = {
  header: (token) => alterPart(token, 0),
  payload: claimAdmin,
  signature: (token) => alterPart(token, 2),
  none: claimNone,
  cut: cutShort,
};

/** Connects the tab. `openAs` opens a text that is no token in another tab. */
export function wireCheck({ openAs }) {
  const input = byId("token-input");
  const demands = byId("demands");
  let original = "";
  let turn = 0;
  let last;

  const offset = () => Number(demands.elements["demands-clock"].value);
  const now = () => Date.now() / 1000 + offset();

  const judgeNow = async () => {
    turn += 1;
    const mine = turn;
    const given = { token: input.value, reading: key.reading, demands: demandsOf(demands), now: now() };
    const judgment = await judge(given);
    if (mine !== turn) return;
    last = { judgment: withoutWrongKind(judgment, given.token), token: given.token };
    draw(last, given.now);
  };

  const draw = ({ judgment, token }, at) => {
    drawVerdict(byId("token-verdict"), { ...judgment, detail: detailAt(judgment, at) });
    drawAdvice(byId("token-next"), judgment.advice, act);
    drawSteps(byId("token-checks"), judgment.steps);
    drawScope(byId("token-scope"), judgment.scope);
    const { report } = judgment;
    const isAltered = original !== "" && token !== original;
    const isReadable = report !== undefined && (report.header !== null || report.claims !== null);
    byId("contents").hidden = !isReadable && !isAltered;
    if (report === undefined) return;
    byId("alterations").hidden = report.kind !== "JWS" && !isAltered;
    if (report.kind === "JWS") drawLifetime(byId("token-lifetime"), report.claims, at);
    else byId("token-lifetime").replaceChildren();
    drawAnatomy(byId("token-anatomy"), report, judgment.content);
    drawFindings(byId("token-findings"), report.findings);
  };

  const paint = () => {
    const { value } = input;
    const isEncrypted = isToken(value) && value.split(".").length === 5;
    byId("token-legend").replaceChildren(
      ...(isEncrypted ? ENCRYPTED_LEGEND : LEGEND).map(([kind, name]) => element("span", { class: kind }, name)),
    );
    const isLong = MAX_PAINTED < value.length;
    byId("token-editor").classList.toggle("plain", isLong);
    const isPlain = !BEGINS_AS_TOKEN.test(value);
    const paint = isPlain ? [element("span", { class: "plain" }, value)] : painted(value, original || value);
    byId("token-paint").replaceChildren(...(isLong ? [] : paint), "\u200b");
    byId("token-link").disabled = isLong || tokenAlone(value) === undefined;
    byId("token-clear").disabled = value === "" && key.reading.state === "none";
  };

  const put = (token) => {
    say(byId("alteration-told"), "", "");
    input.value = token;
    paint();
    return judgeNow();
  };

  /** What the button of the next step does. */
  const act = async (action) => {
    if (action.open !== undefined) return openAs(action);
    if (action.token !== undefined) {
      original = action.token;
      await put(action.token);
    }
    for (const [name, value] of Object.entries(action.demands ?? {})) {
      const control = demands.elements[name];
      if (typeof value === "boolean") control.checked = value;
      else control.value = value;
    }
    if (action.key !== undefined) await key.set(action.key);
    if (action.propose !== undefined) return remote.propose(action.propose);
    if (action.focus === "key") return key.focus();
    await judgeNow();
    // The button is gone, and the focus with it.
    goTo(byId("result-title"));
  };

  /** On a small screen, the result is out of sight of the fields. */
  const showResult = () => bringIntoView(byId("result-title"));

  const key = makeKeyField(byId("check-key"), {
    id: "check-key",
    label: "Key",
    takesPasswords: true,
    isFetching: true,
    pasted: showResult,
    async openAs(action) {
      // Whatever it is, it is no key of this token.
      await key.set({ text: "" });
      return openAs(action);
    },
    async use() {
      paint();
      await judgeNow();
    },
  });
  const remote = wireRemoteKeys(async (text) => {
    const reading = await key.set({ text, isFetched: true });
    if (reading?.state === "ready") showResult();
    return reading;
  });

  const judgeSoon = soon(judgeNow);
  input.addEventListener("input", () => {
    say(byId("alteration-told"), "", "");
    // A line break is not part of any token, and pasting brings them along. Other texts keep theirs, and so do several tokens.
    const [line = "", more] = input.value.trim().split(/[\r\n]+/, 2);
    // After a token in a line of its own, the next line is something else.
    const isOne = () => tokensIn(line).length === 0 && tokensIn(input.value).length < 2;
    if (more !== undefined && IN_LINES.test(input.value.trim()) && isOne())
      input.value = input.value.replace(/[\r\n]+/g, "");
    paint();
    judgeSoon();
  });
  input.addEventListener("paste", () => {
    // A text that replaces everything is another token.
    if (input.selectionEnd - input.selectionStart !== input.value.length) return;
    original = "";
    // The token may be longer than the window. The focus stays.
    setTimeout(async () => {
      await judgeNow();
      showResult();
    });
  });
  for (const button of document.querySelectorAll("[data-alter]")) {
    button.addEventListener("click", async () => {
      original ||= input.value;
      const alter = ALTERATIONS[button.dataset.alter];
      await put(alter === undefined ? original : alter(original));
      // The result is out of sight here.
      const { state, title, detail } = last.judgment;
      const kind = { valid: "good", partly: "warn", invalid: "bad" }[state] ?? "";
      say(byId("alteration-told"), kind, `${title}.`, detail);
    });
  }
  const tellClock = () => {
    const text = offset() === 0 ? "now" : `${span(offset())} ${offset() < 0 ? "behind" : "ahead"}`;
    byId("demands-clock-text").textContent = text;
    demands.elements["demands-clock"].setAttribute("aria-valuetext", text);
  };
  demands.addEventListener("input", () => {
    tellClock();
    judgeSoon();
  });
  demands.addEventListener("submit", (event) => event.preventDefault());
  byId("token-example").addEventListener("click", () => show(makeExample()));
  byId("token-link").addEventListener("click", () =>
    copy(linkTo(tokenAlone(input.value)), byId("token-told"), "Copied. Anybody with the link has the token."),
  );
  byId("token-clear").addEventListener("click", async () => {
    await show({ token: "", key: { text: "" } });
    input.focus();
  });
  // A token expires while it is looked at. One that is encrypted is not decrypted again for that.
  setInterval(() => {
    const { report } = last?.judgment ?? {};
    if (document.hidden || byId("panel-check").hidden || report === undefined) return;
    if (report.kind === "JWS") return judgeNow();
    const at = now();
    draw({ ...last, judgment: { ...last.judgment, report: reportOnToken(last.token, at) } }, at);
  }, 1000);

  async function show({ token, key: given, demands: wanted = {} }) {
    original = token;
    for (const control of demands.elements) {
      if (control.type === "checkbox") control.checked = false;
      else if (control.type === "range") control.value = "0";
      else if (control.name) control.value = wanted[control.name] ?? "";
    }
    tellClock();
    say(byId("token-told"), "", "");
    if (given !== undefined) await key.set(given);
    await put(token);
  }

  paint();
  judgeNow();
  return {
    show,
    /** Shows a token from another tab, and goes to the result. */
    async open(given) {
      if (given.key === undefined && given.demands === undefined) {
        original = given.token;
        await put(given.token);
      } else await show(given);
      goTo(byId("result-title"));
    },
    propose: remote.propose,
  };
}

/** The parts of a token have colors; those of another text would have no meaning. */
const BEGINS_AS_TOKEN = /^["'`\s]*(?:authorization:\s*)?(?:bearer\s+|dpop\s+)?["'`]?(?:e[wy]|$)/i;

/** A token that is cut into lines, without white space around it. With that, a long text would take quadratic time. */
const IN_LINES = /^["']?(?:(?:authorization:\s*)?bearer\s+)?e[wy][\w\s.=-]*["']?$/i;

/**
 * The token of a text that is one token, which may be cut. A key, a password or a whole command does not get into a link. A token
 * with white space inside does not either, because what comes after it may be something else.
 */
function tokenAlone(text) {
  const { kind, place, tokens, text: token } = recognize(text);
  return kind === "token" && place === undefined && tokens === undefined && text.includes(token) ? token : undefined;
}

/** The judgment of a text that is no token, or more than one: it is named, and the checks say nothing about it. */
function withoutWrongKind(judgment, token) {
  if (judgment.state !== "invalid" || isToken(token)) return judgment;
  const found = recognize(token);
  const other = misplaced(found, "token");
  if (other === undefined) return judgment;
  const isInside = found.kind === "token";
  return {
    state: judgment.state,
    title: isInside ? "Not a token alone" : "Not a token",
    detail: isInside ? "A token is checked without anything around it." : "There is nothing to check in it.",
    steps: [],
    advice: other,
  };
}

/** The requirements that are filled in; durations in plain digits are seconds. */
function demandsOf({ elements }) {
  const text = (name) => elements[name].value.trim() || undefined;
  const duration = (name) => (/^\d+$/.test(text(name) ?? "") ? Number(text(name)) : text(name));
  const all = {
    issuer: text("issuer"),
    audience: text("audience"),
    subject: text("subject"),
    typ: text("typ"),
    clockTolerance: duration("clockTolerance"),
    maxAge: duration("maxAge"),
    allowMissingExpiry: elements.allowMissingExpiry.checked || undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
