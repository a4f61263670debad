// From the import of a package to its first verified token, in fresh processes that take turns. Measured is processor time,
// which other programs do not lengthen; it counts what engines compile in threads of their own.

import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { join } from "node:path";

/** The ratio of the right package's time to the left one's, as `ratioOf` in pairs.mjs gives it; times in microseconds. */
export function startUpRatio({ left, right, module, program, pairs }) {
  const times = { left: [], right: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const side of pair % 2 === 0 ? ["left", "right"] : ["right", "left"]) {
      const folder = { left, right }[side];
      const [bin, ...args] = program;
      const given = [...args, "--input-type=module", "--eval", script(join(folder, `dist/inline/${module}.js`))];
      times[side].push(1000 * Number(execFileSync(bin, given, { encoding: "utf8" })));
    }
  }
  const at = (numbers, share) => [...numbers].sort((one, other) => one - other)[Math.floor(share * numbers.length)];
  const ratios = times.left.map((time, index) => times.right[index] / time);
  const [low, ratio, high] = [0.25, 0.5, 0.75].map((share) => at(ratios, share));
  return { left: at(times.left, 0.5), right: at(times.right, 0.5), ratio, low, high };
}

function script(entry) {
  const input = ["eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMH0"].join(".");
  const token = `${input}.${createHmac("sha256", Buffer.alloc(32, 7)).update(input).digest("base64url")}`;
  return `const start = process.cpuUsage();
const { Key, verify } = await import(${JSON.stringify(entry)});
const { claims } = verify(${JSON.stringify(token)}, Key.fromSecret(Buffer.alloc(32, 7), { alg: "HS256" }));
const { user, system } = process.cpuUsage(start);
if (claims.sub !== "alice") throw new Error("other claims");
console.log((user + system) / 1000);`;
}
