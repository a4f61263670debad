/** The files that an import writes: the rows, and the rows that cannot be read. */

import type { Call } from "./call.js";
import { usage } from "./failure.js";
import { expectAbsent, isSameFile, nameInMessage } from "./files.js";
import { type Beginning, expectStartable, PartialFile, partialOf, type Sink } from "./partial-file.js";

/** Refuses files that cannot be written, before any is begun. */
export function expectFiles(call: Call, source: string): void {
  const [out, rejects] = [call.text("out"), call.text("rejects")];
  if (out !== undefined && rejects !== undefined) expectTwo(out, rejects);
  if (source !== "-") expectOther(source, out, rejects);
  if (out !== undefined) {
    expectAbsent(out, call.has("force"));
    expectStartable(out, beginning(call));
  }
  if (rejects !== undefined) {
    expectAbsent(rejects, beginningOfRejects(call).force);
    expectStartable(rejects, beginningOfRejects(call));
  }
}

function expectTwo(out: string, rejects: string): void {
  const isOne = isSameFile(out, rejects) || isSameFile(out, partialOf(rejects)) || isSameFile(partialOf(out), rejects);
  if (isOne) throw usage("--out and --rejects are the same file");
}

/** The export is read while these files are written. With `--force`, the users may replace it, once they are complete. */
function expectOther(source: string, out: string | undefined, rejects: string | undefined): void {
  const written = {
    out: out === undefined ? [] : [partialOf(out)],
    rejects: rejects === undefined ? [] : [rejects, partialOf(rejects)],
  };
  for (const [option, names] of Object.entries(written)) {
    if (names.some((name) => isSameFile(source, name)))
      throw usage(`${nameInMessage(source)} is a file that --${option} writes: use another name`);
  }
}

function beginning(call: Call): Beginning {
  return { isResumed: call.has("resume"), force: call.has("force") };
}

/** An import that goes on reads all rows again, and so writes all rejects again. */
function beginningOfRejects(call: Call): Beginning {
  return { isResumed: false, force: call.has("force") || call.has("resume") };
}

const NOWHERE: Sink = { write() {}, close() {}, finish() {}, abandon() {} };

/** Where the rows go, and where those go that cannot be read. Neither file is left if the other cannot be made. */
export function filesOf(call: Call, isDry: boolean): [rows: Sink, rejects: Sink] {
  const sink = sinkOf(call, isDry);
  try {
    return [sink, rejectsOf(call)];
  } catch (thrown) {
    sink.abandon();
    throw thrown;
  }
}

/** Where the rows go. */
function sinkOf(call: Call, isDry: boolean): Sink {
  if (isDry) return NOWHERE;
  const out = call.text("out");
  if (out !== undefined) return new PartialFile(out, { ...beginning(call), isKept: true });
  return {
    ...NOWHERE,
    write: (_, text) => {
      if (process.stdout.write(text)) return undefined;
      return new Promise((resolve) => process.stdout.once("drain", () => resolve()));
    },
  };
}

/** Where the rows go that cannot be read. */
function rejectsOf(call: Call): Sink {
  const path = call.text("rejects");
  return path === undefined ? NOWHERE : new PartialFile(path, { ...beginningOfRejects(call), isKept: false });
}
