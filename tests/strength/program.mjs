// Work that must give the same result in every runtime: it runs in each, and the answers are compared.

import { CASES, LEAKED, RANGES } from "./cases.mjs";

/**
 * @param {typeof import("countersign/strength")} strength the entry, as the runtime finds it
 * @param {{ origin: string }} given where the list of leaked passwords is
 */
export async function run({ breachCount, checkPassword }, { origin }) {
  const reports = {};
  for (const [name, [password, options]] of Object.entries(CASES)) {
    reports[name] = await outcome(checkPassword(password, options));
  }
  const counts = {};
  for (const name of Object.keys(RANGES)) {
    const patience = name === "silent" || name === "slow" ? 300 : 10_000;
    const ask = async (prefix) => {
      const answer = await fetch(`${origin}/${name}/range/${prefix}`, {
        headers: { "Add-Padding": "true" },
        signal: AbortSignal.timeout(patience),
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return answer.text();
    };
    counts[name] = await outcome(breachCount(LEAKED, ask));
  }
  const asked = [];
  const ask = (prefix) => {
    asked.push(prefix);
    return "00000000000000000000000000000000000:0";
  };
  const good = await outcome(checkPassword(LEAKED, { breached: ask }));
  const bad = await outcome(checkPassword("passwordpassword", { breached: ask }));
  return { reports, counts, good, bad, asked };
}

function outcome(promise) {
  return promise.then(
    (value) => value,
    ({ name, code, message }) => `${name} ${code}: ${message}`,
  );
}
