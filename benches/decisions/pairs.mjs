// Times two builds of the package against each other, in turns, so that whatever else the machine does happens to both.
// Without the driver in compare.mjs: `node|deno run -A|bun pairs.mjs '{"left":…,"right":…,"names":[…],"pairs":21}'`.

import { tasks } from "./tasks.mjs";

const SAMPLE_MS = 40;
// The engines compile in threads of their own, which wait for a processor on a busy machine.
const WARM_UP_MS = 1500;

/**
 * The ratio of the right side's time to the left side's: the median of `pairs` pairs, and its quartiles. Each side is a
 * function that runs the work so many times and gives the milliseconds.
 */
export async function ratioOf(left, right, pairs) {
  const counts = [await warmUp(left), await warmUp(right)];
  const times = { left: [], right: [] };
  const ratios = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const sample = {
      left: async () => (await left(counts[0])) / counts[0],
      right: async () => (await right(counts[1])) / counts[1],
    };
    const found = {};
    for (const side of pair % 2 === 0 ? ["left", "right"] : ["right", "left"]) {
      found[side] = await sample[side]();
      times[side].push(found[side]);
    }
    ratios.push(found.right / found.left);
  }
  const microseconds = (side) => at(times[side], 0.5) * 1000;
  return {
    left: microseconds("left"),
    right: microseconds("right"),
    ratio: at(ratios, 0.5),
    low: at(ratios, 0.25),
    high: at(ratios, 0.75),
  };
}

/** How often the work fills a sample, once the engine has compiled it for speed. */
async function warmUp(side) {
  let count = 1;
  let spent = 0;
  for (;;) {
    const milliseconds = await side(count);
    spent += milliseconds;
    if (milliseconds < SAMPLE_MS)
      count = Math.ceil(count * Math.min(8, (1.2 * SAMPLE_MS) / Math.max(milliseconds, 0.1)));
    else if (WARM_UP_MS < spent) return count;
  }
}

function at(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(share * sorted.length)];
}

/** One side: the work of a task on a package, in milliseconds of processor time, which other programs do not lengthen. */
export function side(library, name) {
  library.usePlatformCryptography?.(false);
  const call = tasks[name](library);
  return async (count) => {
    const start = process.cpuUsage();
    for (let index = 0; index < count; index += 1) call();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}

const [given] = globalThis.Deno?.args ?? globalThis.process?.argv.slice(2) ?? [];
if (import.meta.main ?? globalThis.process?.argv[1]?.endsWith("pairs.mjs")) {
  const { left, right, names, pairs } = JSON.parse(given);
  const libraries = [await import(left), await import(right)];
  const rows = {};
  for (const name of names) rows[name] = await ratioOf(side(libraries[0], name), side(libraries[1], name), pairs);
  console.log(JSON.stringify(rows));
}
