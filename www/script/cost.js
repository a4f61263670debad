/** What an Argon2id setting costs an attacker, next to the least that OWASP asks for. */

import { element } from "./dom.js";

/** The steps of the memory slider. Among them are OWASP's. */
export const MEMORY_KIB = [
  1024, 2048, 4096, 7168, 9216, 12_288, 19_456, 32_768, 47_104, 65_536, 98_304, 131_072, 196_608, 262_144,
];

/** OWASP's settings, which it holds to be equally strong: KiB and passes, one lane. */
const OWASP = [
  [47_104, 1],
  [19_456, 2],
  [12_288, 3],
  [9216, 4],
  [7168, 5],
];

/** How many times OWASP's least a setting is: 1 is exactly one of its settings. */
export function cost(memoryKib, passes) {
  return Math.max(...OWASP.map(([memory, count]) => Math.min(memoryKib / memory, passes / count)));
}

/** Draws the cost on a scale that doubles with each step. */
export function drawCost(place, times) {
  const least = 1 / 64;
  const most = 64;
  const at = (value) => Math.log2(Math.min(Math.max(value, least), most) / least) / Math.log2(most / least);
  const amount = element("div", { class: "amount" });
  amount.style.width = `${Math.max(at(times), 0.02) * 100}%`;
  const line = element("div", { class: "line" }, element("span", {}, "OWASP’s least"));
  line.style.left = `${at(1) * 100}%`;
  const enough = times >= 1;
  const written = times >= 1.05 || times < 0.95 ? `${Number(times.toPrecision(2))} times` : "just";
  const text = enough
    ? `Strong enough: ${written} what OWASP asks for at the least.`
    : `Too weak to store: ${written} what OWASP asks for at the least.`;
  place.replaceChildren(
    element(
      "div",
      { class: enough ? "cost enough" : "cost" },
      element("div", { class: "bar", role: "img", "aria-label": text }, amount, line),
      element("p", { class: "hint", "aria-hidden": "true" }, text),
    ),
  );
}
