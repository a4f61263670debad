// What this package promises itself, beside what was measured.

import { figure, times } from "./figures.mjs";

const NODES = ["Node 20", "Node 24"];
const OTHERS = ["workerd", "workerd without node:crypto", "Deno", "Bun", "Chromium"];
const EVERYWHERE = ["Node 20", "Node 22", "Node 24", "workerd", "Deno", "Bun", "Chromium"];
const both = (...algorithms) => algorithms.flatMap((alg) => [`sign ${alg}`, `verify ${alg}`]);
const PAIRS = both("ES256", "RS256", "PS256");
const ARGON2 = "Argon2id (19,456 KiB, 2 passes, 1 lane)";
const argon2 = [`${ARGON2}, hash`, `${ARGON2}, verify`];

/** At least so many times as fast as a peer, in each of these tasks and runtimes. */
const FASTER = [
  ["HS256, sign and verify", "fast-jwt", 2, both("HS256"), NODES],
  ["HS256, sign and verify", "jose", 10, both("HS256"), NODES],
  ["EdDSA, sign and verify", "jose", 1.3, both("EdDSA"), NODES],
  ["EdDSA, sign and verify", "fast-jwt", 1, both("EdDSA"), NODES],
  ["ES256, RS256 and PS256, sign and verify", "fast-jwt", 1, PAIRS, NODES],
  ["ES256, RS256 and PS256, sign and verify", "jose", 1.1, PAIRS, OTHERS],
  ["Argon2id, hash and verify", "hash-wasm", 2, argon2, EVERYWHERE],
  ["Argon2id, hash and verify", "argon2 (native)", 1, argon2, EVERYWHERE],
];

/** Rows of what, the goal, the worst of what was measured with its place, and whether the goal is reached. */
export function goals(results) {
  const rows = FASTER.map(([what, peer, least, tasks, places]) => {
    const found = ratios(results, tasks, places, peer);
    if (found.length === 0) return undefined;
    const [worst] = found.sort((one, other) => one.ratio - other.ratio);
    const reached = found.filter(({ ratio }) => least <= ratio).length;
    const shown = `${times(worst.ratio)} (${worst.id.replace(`${ARGON2}, `, "")}, ${worst.runtime})`;
    return [what, `${least}× as fast as ${peer}`, shown, `${reached} of ${found.length}`];
  });
  return [...rows, repeated(results), ...refused(results), keys(results), ...start(results)].filter(Boolean);
}

function ratios({ tasks }, ids, places, peer) {
  return tasks
    .filter(({ id, runtime, rows }) => ids.includes(id) && places.includes(runtime) && rows?.[peer] !== undefined)
    .map(({ id, runtime, rows }) => ({ id, runtime, ratio: rows[peer].ratio.median }));
}

function repeated(results) {
  const ids = ["HS256", "EdDSA", "ES256", "RS256"].map((alg) => `repeated ${alg}`);
  const found = ratios(results, ids, NODES, "fast-jwt, cache");
  if (found.length === 0) return undefined;
  const mean = found.reduce((sum, { ratio }) => sum + ratio, 0) / found.length;
  return ["repeated tokens, on average", "1.5× as fast as fast-jwt's cache", times(mean), yes(1.5 <= mean)];
}

function refused({ tasks }) {
  return ["HS256", "ES256"].map((alg) => {
    const found = tasks.filter(({ id, rows }) => id === `refused and accepted, ${alg}` && rows !== undefined);
    if (found.length === 0) return undefined;
    const most = Math.max(...found.flatMap(({ rows }) => Object.values(rows).map(({ ratio }) => ratio.median)));
    return [`refused token, ${alg}`, "as fast as an accepted one", `takes ${times(most)}`, yes(most <= 1.05)];
  });
}

function keys({ tasks }) {
  const found = tasks.filter(({ id, rows }) => id === "keys in a set, HS256" && rows !== undefined);
  if (found.length === 0) return undefined;
  const most = Math.max(...found.flatMap(({ rows }) => Object.values(rows).map(({ ratio }) => ratio.median)));
  return ["1 to 1,000 keys in a set, HS256", "at most 1.1 times the time", `takes ${times(most)}`, yes(most <= 1.1)];
}

function start({ startUp = {} }) {
  return [
    ["countersign/jwt", 20],
    ["countersign", 22],
  ].map(([entry, most]) => {
    const found = ["import", "require"].map((how) => startUp[`Node 20, ${how}`]?.[entry]?.median).filter(Boolean);
    if (found.length === 0) return undefined;
    const slowest = Math.max(...found);
    return [
      `import of ${entry} to first verified token, Node 20`,
      `${most} ms`,
      `${figure(slowest)} ms`,
      yes(slowest <= most),
    ];
  });
}

const yes = (reached) => (reached ? "yes" : "no");
