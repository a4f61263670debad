/** Draws a judgment: the verdict, the next step, the checks in their order, and what was and was not checked. */

import { shown } from "/report/text.js";
import { element } from "../dom.js";
import { drawActions } from "./misplaced.js";

const SIGNS = { passed: "✓", refused: "✕", partly: "!", unchecked: "" };
const SPOKEN = { passed: "passed", refused: "refused", partly: "passed in part", unchecked: "not checked" };

/** The color and the sign of each state. The word is always written beside it. */
const KINDS = {
  valid: ["good", "✓"],
  partly: ["warn", "!"],
  invalid: ["bad", "✕"],
  unchecked: ["plain", "?"],
};

/** Draws the verdict, or what to do first. */
export function drawVerdict(line, { state, title, detail, error }) {
  const said = JSON.stringify([state, title, detail, error]);
  if (line.dataset.said === said) return;
  line.dataset.said = said;
  line.dataset.state = state;
  if (state === "empty") {
    line.className = "verdict big plain";
    line.replaceChildren(element("p", {}, "Paste a token above."));
    return;
  }
  const [kind, sign] = KINDS[state];
  line.className = `verdict big ${kind}`;
  line.replaceChildren(
    element("span", { class: "sign", "aria-hidden": "true" }, sign),
    element(
      "div",
      {},
      element("strong", {}, title),
      element("p", {}, detail),
      error === undefined ? null : element("p", { class: "reason" }, ...broken(error.code), ": ", shown(error.message)),
    ),
  );
}

/** A long code may be broken after its underscores. */
const broken = (code) =>
  code.split(/(?<=_)/).flatMap((piece, index) => (index === 0 ? [piece] : [element("wbr"), piece]));

/** Draws the next step; `act` receives its action. */
export function drawAdvice(place, advice, act) {
  const said = JSON.stringify(advice ?? null);
  if (place.dataset.said === said) return;
  place.dataset.said = said;
  if (!advice) return place.replaceChildren();
  const { text, action, actions = action ? [action] : [] } = advice;
  const buttons = element("div", { class: "row" });
  drawActions(buttons, actions, act, "token-act");
  place.replaceChildren(element("p", {}, element("b", {}, "Next: "), text), ...(actions.length > 0 ? [buttons] : []));
}

/** Draws the checks. */
export function drawSteps(place, steps) {
  const state = JSON.stringify(steps);
  if (place.dataset.state === state) return;
  place.dataset.state = state;
  const items = steps.map(({ id, name, what, state: how }) =>
    element(
      "li",
      { class: how === "unchecked" ? "unreached" : how, "data-step": id },
      element("span", { class: "sign", "aria-hidden": "true" }, SIGNS[how]),
      element("strong", {}, name, element("span", { class: "sr-only" }, `: ${SPOKEN[how]}`)),
      element("span", { class: "what" }, what),
    ),
  );
  place.replaceChildren(...(items.length === 0 ? [] : [element("ol", { class: "checks across" }, items)]));
}

/** Draws what was checked and what was not. */
export function drawScope(place, scope) {
  const said = JSON.stringify(scope ?? null);
  if (place.dataset.said === said) return;
  place.dataset.said = said;
  if (scope === undefined) return place.replaceChildren();
  const list = (title, items) =>
    element(
      "div",
      {},
      element("h3", {}, title),
      element(
        "ul",
        { class: "plain" },
        items.map((item) => element("li", {}, item)),
      ),
    );
  place.replaceChildren(
    element(
      "div",
      { class: "columns even scope" },
      list("Checked", scope.checked),
      list("Not checked", scope.unchecked),
    ),
  );
}

const LEVELS = { error: "Wrong", warning: "Look at this", note: "Note" };

/** Draws findings of a report, each with its level in words. */
export function drawFindings(place, findings, title = "What there is to say about it") {
  if (findings.length === 0) return place.replaceChildren();
  place.replaceChildren(
    element("h3", { class: "apart" }, title),
    element(
      "ul",
      { class: "findings" },
      findings
        .slice(0, 100)
        .map(({ level, message }) =>
          element("li", { class: level }, element("b", {}, `${LEVELS[level]}: `), shown(message)),
        ),
    ),
  );
}
