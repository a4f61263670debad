/** The row of checks: those that a token passed, the one that refused it, those that were never reached. */

import { STEPS, stepOf } from "./codes.js";
import { element } from "./dom.js";

const SIGNS = { passed: "✓", refused: "✕", unreached: "" };
const SPOKEN = { passed: "passed", refused: "refused", unreached: "not reached" };

/** Draws the checks for a verification's error, or for its success (`null`). */
export function drawChecks(place, error, { across = false } = {}) {
  const refusing = error === null ? STEPS.length : STEPS.findIndex(({ id }) => id === stepOf(error));
  const items = STEPS.map(({ id, name, what }, index) => {
    const state = index < refusing ? "passed" : index === refusing ? "refused" : "unreached";
    return element(
      "li",
      { class: state, "data-step": id },
      element("span", { class: "sign", "aria-hidden": "true" }, SIGNS[state]),
      element("strong", {}, name, element("span", { class: "sr-only" }, `: ${SPOKEN[state]}`)),
      element("span", { class: "what" }, what),
    );
  });
  place.replaceChildren(element("ol", { class: across ? "checks across" : "checks" }, items));
}
