// What runs in a runtime: prepares and measures the tasks there, one after another, and reports each.

import { compare } from "./measure.mjs";
import { prepare, tasks } from "./tasks.mjs";

/** The tasks that this runtime measures. `only` is a part of their names. */
export function chosen({ only = "", details = false, once = false }) {
  const wanted = tasks.filter((task) => (details || !task.detail) && (once || !task.once));
  return wanted.filter(({ id, section }) => `${section}: ${id}`.toLowerCase().includes(only.toLowerCase()));
}

/** Measures them and passes each result to `report`. What fails is a result too. */
export async function run(options, report) {
  for (const task of chosen(options)) report(await measured(task, options.effort));
}

async function measured(task, effort) {
  const { id, section } = task;
  try {
    const { reference, calls, failed } = await prepare(task);
    return { id, section, reference, rows: await compare(calls, reference, effort), failed };
  } catch (error) {
    return { id, section, error: String(error?.message ?? error).split("\n")[0] };
  }
}
