/** Draws the parts of a stored hash (a PHC string). */

import { element } from "./dom.js";

const NAMES = { v: "version", m: "memory, KiB", t: "passes", p: "lanes" };

/** Draws the parts, or nothing where there is nothing to take apart. */
export function drawPhc(place, stored) {
  const [empty, scheme, ...segments] = stored.split("$");
  if (empty !== "" || !scheme) return place.replaceChildren();
  const tail = segments.filter((segment) => !segment.includes("="));
  const settings = segments
    .filter((segment) => segment.includes("="))
    .flatMap((segment) => segment.split(","))
    .map((setting) => setting.split("=", 2))
    .map(([name, value]) => [NAMES[name] ?? name, value]);
  const parts = [["scheme", scheme], ...settings, ["salt", tail[0]], ["hash", tail[1]]];
  place.replaceChildren(
    element(
      "ul",
      { class: "phc", "aria-label": "The parts of the stored hash" },
      parts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => element("li", {}, name, element("b", {}, value))),
    ),
  );
}
