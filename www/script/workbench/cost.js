/** The cost of an Argon2id setting for an attacker, compared with OWASP's minimum. */

import { element } from "../dom.js";

/** The steps of the memory slider. Among them are OWASP's. */
export const MEMORY_KIB = [
  1024, 2048, 4096, 7168, 9216, 12_288, 19_456, 32_768, 47_104, 65_536, 98_304, 131_072, 196_608, 262_144,
];

/** OWASP's settings, which it considers equally strong: KiB and passes, one lane. */
const OWASP = [
  [47_104, 1],
  [19_456, 2],
  [12_288, 3],
  [9216, 4],
  [7168, 5],
];

/** The work of the cheapest of them, in KiB-passes. */
const LEAST = Math.min(...OWASP.map(([memoryKib, passes]) => memoryKib * passes));

/** Whether a setting reaches one of OWASP's, and how many times the work of the cheapest it is. */
export function cost(memoryKib, passes) {
  return {
    enough: OWASP.some(([memory, count]) => memory <= memoryKib && count <= passes),
    times: (memoryKib * passes) / LEAST,
  };
}

/** Draws the cost on a scale that doubles with each step. */
export function drawCost(place, { enough, times }) {
  const least = 1 / 64;
  const most = 128;
  const at = (value) => Math.log2(Math.min(Math.max(value, least), most) / least) / Math.log2(most / least);
  const amount = element("div", { class: "amount" });
  amount.style.width = `${Math.max(at(times), 0.02) * 100}%`;
  const line = element("div", { class: "line" });
  const label = element("p", { class: "label", "aria-hidden": "true" }, "OWASP’s least");
  for (const mark of [line, label]) mark.style.left = `${at(1) * 100}%`;
  const text = wording(enough, times);
  place.replaceChildren(
    element(
      "div",
      { class: enough ? "cost enough" : "cost" },
      element("div", { class: "bar", role: "img", "aria-label": text }, amount, line),
      label,
      element("p", { class: "hint", "aria-hidden": "true" }, text),
    ),
  );
}

function wording(enough, times) {
  const written = Number(times.toPrecision(2));
  if (enough) return `Strong enough to store: ${written} times the work of OWASP’s minimum.`;
  if (times < 1) return `Too weak to store: ${written} times the work of OWASP’s minimum.`;
  return "Too weak to store: enough work, but OWASP asks for at least 7 MiB of memory.";
}
