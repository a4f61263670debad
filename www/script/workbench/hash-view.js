/** Draws what a stored hash is, what it costs, and what is weak about it. */

import { shown } from "/report/text.js";
import { element } from "../dom.js";
import { cost, drawCost } from "./cost.js";
import { drawFindings } from "./result-view.js";

/** The members of a description, in words and with their units. */
const NAMES = {
  scheme: ["Scheme"],
  format: ["Format"],
  memoryKib: ["Memory", (value) => `${value} KiB`],
  passes: ["Passes"],
  lanes: ["Lanes"],
  cost: ["Cost", (value) => `2^${value}`],
  blockSize: ["Block size"],
  parallelism: ["Parallelism"],
  iterations: ["Iterations"],
  rounds: ["Rounds"],
  pepper: ["Pepper"],
  bound: ["Bound to", () => "an account"],
};

/** Draws a report. */
export function drawHashReport(place, { description, withoutPassword, readBy, findings }) {
  const general = element("div");
  const isRefused = findings.some(({ level }) => level === "error");
  const title = withoutPassword
    ? "It is no hash"
    : description === null
      ? "It is refused"
      : "What there is to say about it";
  drawFindings(general, findings, title);
  if (description === null) return place.replaceChildren(general);
  const facts = Object.entries(description).map(([name, value]) => {
    const [title, write = String] = NAMES[name] ?? [name];
    return [title, shown(write(value))];
  });
  const memory = memoryOf(description);
  if (memory !== undefined) facts.push(["One check needs", `${memory} of memory`]);
  facts.push(["Read by", readBy.join(", ")]);
  const scale = element("div", { class: "apart-small" });
  const { scheme, memoryKib, passes } = description;
  if (scheme === "argon2id" && memoryKib !== undefined) drawCost(scale, cost(memoryKib, passes));
  // A refusal comes before the costs, which may look fine.
  place.replaceChildren(
    ...(isRefused ? [general] : []),
    element(
      "dl",
      { class: "facts" },
      facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
    scale,
    ...(isRefused ? [] : [general]),
    element("p", { class: "hint" }, "Check a password with it, right or wrong, to see how long this device takes."),
  );
}

/** The memory of Argon2 and of scrypt (RFC 7914: 128 · N · r bytes). The other schemes need next to none. */
function memoryOf({ scheme, memoryKib, cost: log2, blockSize }) {
  if (memoryKib !== undefined) return mib(memoryKib / 1024);
  if (blockSize !== undefined && log2 !== undefined && scheme !== "yescrypt")
    return mib((128 * 2 ** log2 * blockSize) / 2 ** 20);
  return undefined;
}

const mib = (value) => `${Number(value.toPrecision(3))} MiB`;
