// Which tests execute which places of a file, as V8 counts it.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Runs `work` with a folder for V8's reports, and gives for each of the files the places that were executed: a function that
 * takes an offset.
 */
export async function covered(files, work) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-coverage-"));
  try {
    await work({ NODE_V8_COVERAGE: folder });
    const reports = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
    return new Map(files.map((file) => [file, executed(file, reports)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function executed(file, reports) {
  const url = pathToFileURL(file).href;
  // The innermost range around a place says whether it was executed, in each process on its own.
  const processes = reports
    .flatMap(({ result }) => result.filter((script) => script.url === url))
    .map(({ functions }) =>
      functions
        .flatMap(({ ranges }) => ranges)
        .sort((one, other) => one.endOffset - one.startOffset - (other.endOffset - other.startOffset)),
    );
  return (offset) =>
    processes.some((ranges) => {
      const innermost = ranges.find(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset);
      return innermost !== undefined && innermost.count > 0;
    });
}
