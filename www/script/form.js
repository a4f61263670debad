/** Forms: one submission at a time, with what is wrong at the field that it is about. */

import { markInvalid, say } from "./dom.js";

/** Runs `work` for each submission, one at a time, with the button out of the way. */
export function onSubmit(form, outcome, work) {
  const button = form.querySelector("[type=submit]");
  for (const field of form.elements) field.addEventListener("input", () => markInvalid(field, false));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    const empty = [...form.elements].find((field) => field.required && field.value === "");
    if (empty !== undefined) {
      refuse(outcome, `the ${empty.labels[0].textContent.trim().toLowerCase()} is missing`, [empty]);
      return;
    }
    form.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
    say(outcome, "", "One moment…");
    try {
      await work(outcome);
    } catch {
      say(outcome, "bad", "The server does not answer. Is it still running?");
    } finally {
      form.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    }
  });
}

/** Shows a reason, and marks the fields that it is about. The first gets the focus. */
export function refuse(outcome, reason, fields) {
  for (const field of fields) markInvalid(field, true);
  fields[0]?.focus();
  say(outcome, "bad", `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`);
}
