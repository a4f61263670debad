/** Draws the lifetime of a token as a bar: its start, its end, and the current time. */

import { element } from "./dom.js";
import { clock, relative } from "./time.js";

/** Draws the bar for claims at `now` (seconds), or says that there is no time to draw. */
export function drawLifetime(place, claims, now) {
  const { exp } = claims ?? {};
  if (!isTime(exp)) {
    place.replaceChildren(element("p", { class: "hint" }, claims ? "It has no expiry." : "The claims cannot be read."));
    return;
  }
  const start = isTime(claims.nbf) ? claims.nbf : isTime(claims.iat) ? claims.iat : Math.min(now, exp - 60);
  const from = Math.min(start, now);
  const until = Math.max(exp, now);
  const whole = Math.max(until - from, 1);
  const at = (time) => `${((time - from) / whole) * 100}%`;

  const valid = element("div", { class: "valid" });
  valid.style.left = at(Math.min(start, exp));
  valid.style.right = `calc(100% - ${at(exp)})`;
  const marker = element("div", { class: "now" });
  marker.style.left = at(now);

  const over = exp <= now;
  const early = now < start;
  const state = over ? "over" : early ? "not yet valid" : "valid";
  // "valid" would contradict a verdict about the key or the signature.
  const said = over ? "expired" : early ? "not yet valid" : "not expired";
  const drawn = element(
    "div",
    { class: over || early ? "lifetime over" : "lifetime", "data-state": state },
    element(
      "div",
      { class: "bar", role: "img", "aria-label": `The token is ${said}: from ${clock(start)} until ${clock(exp)}` },
      valid,
      marker,
    ),
    element(
      "p",
      { class: "ends" },
      element("span", {}, `${isTime(claims.nbf) ? "valid from" : "issued"} ${clock(start)}`),
      element("strong", {}, over ? `expired ${relative(exp, now)}` : early ? `begins ${relative(start, now)}` : said),
      element("span", {}, `expires ${clock(exp)}${over ? "" : `, ${relative(exp, now)}`}`),
    ),
  );
  place.replaceChildren(drawn);
}

function isTime(value) {
  return typeof value === "number" && Number.isFinite(value);
}
