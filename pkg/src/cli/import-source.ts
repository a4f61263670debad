/** The file that an import reads: its format, and its bytes in chunks. */

import { createReadStream, statSync } from "node:fs";
import { extname } from "node:path";
import { isUtf16 } from "../report/utf16.js";
import type { Call } from "./call.js";
import { Failure } from "./failure.js";
import { inUtf16, nameInMessage, unreadable } from "./files.js";
import { type ExportFormat, MAX_ROW_BYTES } from "./rows.js";

/** By the name of the file, or its first character. */
export function formatOf(path: string, first: string): ExportFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".csv" || extension === ".tsv") return "csv";
  if (extension === ".jsonl" || extension === ".ndjson") return "jsonl";
  return first === "{" || first === "[" ? "json" : "csv";
}

/** Where the rows come from. */
interface Source {
  size: number | undefined;
  /** The first character that is not white space. */
  first(): Promise<string>;
  chunks(onBytes: (bytes: number) => void): AsyncIterable<Uint8Array>;
}

export function sourceOf(call: Call, path: string): Source {
  if (path === "-") call.stdinTaken("the export");
  const name = nameInMessage(path);
  let size: number | undefined;
  try {
    if (path !== "-") size = statSync(path).size;
  } catch (thrown) {
    throw unreadable(thrown, name);
  }
  const stream = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 262_144 });
  const chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  return {
    size,
    async first() {
      try {
        for (;;) {
          const { value, done } = await chunks.next();
          if (done === true) return "";
          if (waiting.length === 0 && isUtf16(value)) throw inUtf16(name);
          waiting.push(value);
          waitingBytes += value.length;
          const [first] = Buffer.from(value)
            .toString("utf8")
            .replace(/^\ufeff/, "")
            .trimStart();
          if (first !== undefined) return first;
          if (MAX_ROW_BYTES < waitingBytes)
            throw new Failure("INPUT_INVALID", `${name} begins with more than ${MAX_ROW_BYTES} bytes of white space`);
        }
      } catch (thrown) {
        throw unreadable(thrown, name);
      }
    },
    async *chunks(onBytes) {
      for (;;) {
        const next = waiting.shift() ?? (await chunks.next()).value;
        if (next === undefined) return;
        onBytes(next.length);
        yield next;
      }
    },
  };
}
