/** The tab "Passwords": what a stored hash is and costs, checking a password with it, and hashing, off the page’s thread. */

import { recognize } from "/report/recognize.js";
import { meaningOf } from "../codes.js";
import { bringIntoView, byId, element, goTo, markInvalid, say } from "../dom.js";
import { measured } from "../time.js";
import { cost, drawCost, MEMORY_KIB } from "./cost.js";
import { drawHashReport } from "./hash-view.js";
import { soon } from "./key-field.js";
import { drawActions, misplaced } from "./misplaced.js";

/** Connects both forms. `openAs` opens in another tab what is no stored hash. */
export function wirePasswords({ openAs }) {
  const hashing = new Lazy();
  wireHash(hashing);
  return wireCheck(hashing, openAs);
}

/** Loads the module of passwords with the first job. */
class Lazy {
  #hashing;
  #isLoading = false;

  get busy() {
    return this.#isLoading || (this.#hashing?.busy ?? false);
  }

  async run(job, progress) {
    this.#isLoading = true;
    try {
      const { Hashing } = await import("./hashing.js");
      this.#hashing ??= new Hashing();
    } finally {
      this.#isLoading = false;
    }
    return this.#hashing.run(job, progress);
  }

  cancel() {
    this.#hashing?.cancel();
  }
}

/** Loads the module with all formats with the first hash. */
async function reportOn(text) {
  const { reportOnHash } = await import("/report/hash.js");
  return reportOnHash(text);
}

/** The longest stored hash that is looked at. Longer ones are refused by every policy. */
const MAX_STORED = 4096;

function wireHash(hashing) {
  const memory = byId("hash-memory");
  const passes = byId("hash-passes");
  const outcome = byId("hash-outcome");
  memory.min = "0";
  memory.max = String(MEMORY_KIB.length - 1);
  memory.step = "1";
  memory.value = String(MEMORY_KIB.indexOf(19_456));

  const params = () => ({ memoryKib: MEMORY_KIB[Number(memory.value)], passes: Number(passes.value) });
  const tell = () => {
    const { memoryKib, passes: count } = params();
    const texts = [`${Math.round(memoryKib / 1024)} MiB`, `${count} ${count === 1 ? "pass" : "passes"}`];
    for (const [index, slider] of [memory, passes].entries()) {
      slider.setAttribute("aria-valuetext", texts[index]);
      byId(`${slider.id}-text`).textContent = texts[index];
    }
    drawCost(byId("hash-cost"), cost(memoryKib, count));
  };
  for (const slider of [memory, passes]) slider.addEventListener("input", tell);
  tell();

  byId("hash").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (hashing.busy) return;
    const job = { job: "hash", password: byId("hash-password").value, params: params() };
    await watched(hashing, job, outcome, (milliseconds, { stored }) => {
      say(outcome, "good", `Hashed in ${measured(milliseconds)}.`);
      byId("check-stored").value = stored;
      byId("check-stored").dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
  byId("hash-cancel").addEventListener("click", () => {
    hashing.cancel();
    byId("hash-start").focus();
  });
}

function wireCheck(hashing, openAs) {
  const stored = byId("check-stored");
  const verdict = byId("check-verdict");
  const facts = byId("check-facts");
  const clear = () => {
    markInvalid(stored, false);
    say(verdict, "", "");
    facts.replaceChildren();
  };
  const describe = async () => {
    const text = stored.value.trim();
    const place = byId("check-report");
    const found = recognize(text);
    const isHash = found.kind === "hash" || found.kind === "unknown";
    const report = isHash && text !== "" && text.length <= MAX_STORED ? await reportOn(text) : undefined;
    if (stored.value.trim() !== text) return;
    // What looks like a hash in a row may be a part of another hash.
    const other = report?.description == null ? misplaced(found, "hash") : undefined;
    drawActions(byId("check-other"), other?.actions ?? [], openAs, "check-act");
    if (text === "") return place.replaceChildren();
    if (other !== undefined) return place.replaceChildren(element("p", { class: "outcome warn" }, other.text));
    if (MAX_STORED < text.length) {
      return place.replaceChildren(
        element("p", { class: "outcome bad" }, `It is longer than ${MAX_STORED} characters.`),
      );
    }
    drawHashReport(place, report);
  };
  const describeSoon = soon(describe);
  stored.addEventListener("input", () => {
    clear();
    describeSoon();
  });
  byId("check-password").addEventListener("input", clear);

  byId("check").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (hashing.busy) return;
    clear();
    const job = { job: "verify", password: byId("check-password").value, stored: stored.value.trim() };
    await watched(hashing, job, verdict, (milliseconds, { ok, needsRehash, scheme }) => {
      say(verdict, ok ? "good" : "bad", ok ? "The password is right." : "The password is wrong.");
      const rows = {
        ok: String(ok),
        needsRehash: needsRehash ? "true: weaker than the policy asks for" : "false",
        scheme: scheme ?? "null",
        time: `${measured(milliseconds)} on this device`,
      };
      facts.replaceChildren(
        ...Object.entries(rows).flatMap(([name, value]) => [
          element("dt", {}, element("code", {}, name)),
          element("dd", {}, value),
        ]),
      );
    });
    markInvalid(stored, verdict.dataset.said?.includes("HASH_") ?? false);
    bringIntoView(verdict);
  });
  return {
    /** Shows a hash that was pasted elsewhere, and goes to what is said of it. */
    async show(text) {
      stored.value = text;
      clear();
      await describe();
      goTo(byId("check-title"));
    },
  };
}

/** Runs a job: disables the buttons, shows the time, and offers to cancel. */
async function watched(hashing, job, line, done) {
  const starts = [byId("hash-start"), byId("check-start")];
  const cancel = byId("hash-cancel");
  for (const button of starts) button.setAttribute("aria-disabled", "true");
  cancel.disabled = false;
  say(line, "", job.job === "hash" ? "Hashing…" : "Checking…");
  try {
    const { milliseconds, result } = await hashing.run(job, drawProgress);
    done(milliseconds, result);
  } catch (error) {
    if (error.code === undefined) say(line, "warn", error.message);
    else say(line, "bad", `${error.code}: ${error.message}`, meaningOf(error));
  } finally {
    byId("hash-work").hidden = true;
    for (const button of starts) button.removeAttribute("aria-disabled");
    cancel.disabled = true;
  }
}

/** Draws the progress from the elapsed time, because a hash reports nothing until it is done. */
function drawProgress(elapsed, estimate) {
  byId("hash-work").hidden = false;
  const bar = byId("hash-progress");
  if (estimate === null) bar.removeAttribute("value");
  else bar.value = Math.min(elapsed / estimate, 0.98);
  const about = estimate === null ? "" : ` of about ${measured(estimate)}`;
  byId("hash-time").textContent = `${measured(elapsed)}${about}`;
}
