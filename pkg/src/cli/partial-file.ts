/** A file of rows that has another name until it is complete. */

import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { Failure, usage } from "./failure.js";
import { cleanups, PRIVATE_MODE, placeWhole, unwritable } from "./files.js";
import { shown } from "./output.js";
import { MAX_ROW_BYTES } from "./rows.js";

/** Where rows go. */
export interface Sink {
  write(row: number, text: string): void | Promise<void>;
  close(): void;
  finish(): void;
}

/** A file that has another name until it is complete. */
export class PartialFile implements Sink {
  readonly #path: string;
  readonly #partial: string;
  readonly #force: boolean;
  readonly #descriptor: number;
  /** The last row that an earlier call has written, and its text. */
  readonly #before: { row: number; text: string } | undefined;
  #waiting = "";
  #isClosed = false;
  readonly #tell = () => process.stderr.write(`${shown(this.#partial)} has the rows until here: --resume continues\n`);

  constructor(path: string, { isResumed, force, isKept }: { isResumed: boolean; force: boolean; isKept: boolean }) {
    this.#path = path;
    this.#partial = `${path}.partial`;
    this.#force = force;
    const exists = existsSync(this.#partial);
    if (isResumed && !exists) throw usage(`there is nothing to resume: ${shown(this.#partial)} does not exist`);
    if (!isResumed && !force && exists) {
      throw new Failure("FILE_EXISTS", `${shown(this.#partial)} exists: --resume continues it, --force begins again`);
    }
    try {
      this.#descriptor = openSync(this.#partial, isResumed ? "r+" : "w", PRIVATE_MODE);
    } catch (thrown) {
      throw unwritable(thrown, this.#partial);
    }
    if (isResumed) this.#before = lastRow(this.#descriptor, this.#partial);
    if (isKept) cleanups.add(this.#tell);
  }

  write(row: number, text: string): void {
    if (this.#before !== undefined && row <= this.#before.row) {
      if (row < this.#before.row || text === this.#before.text) return;
      throw new Failure("INPUT_INVALID", `${shown(this.#partial)} is of another export: --force begins again`);
    }
    this.#waiting += text;
    if (65_536 < this.#waiting.length) this.#flush();
  }

  #flush(): void {
    const bytes = new TextEncoder().encode(this.#waiting);
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
      }
    } catch (thrown) {
      throw unwritable(thrown, this.#partial);
    }
    this.#waiting = "";
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#flush();
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }

  finish(): void {
    cleanups.delete(this.#tell);
    placeWhole(this.#partial, this.#path, this.#force);
  }
}

/** Cuts off a line that was not finished, and returns the last whole one. The file is then at its end. */
function lastRow(descriptor: number, name: string): { row: number; text: string } | undefined {
  const { size } = fstatSync(descriptor);
  const length = Math.min(size, 2 * MAX_ROW_BYTES);
  const tail = Buffer.alloc(length);
  readSync(descriptor, tail, 0, length, size - length);
  const end = tail.lastIndexOf(10) + 1;
  ftruncateSync(descriptor, size - length + end);
  // Reading moves the place where the next line goes.
  for (let place = 0; place < size - length + end; ) place += skip(descriptor, size - length + end - place);
  if (end === 0) return undefined;
  const start = tail.lastIndexOf(10, end - 2) + 1;
  const text = tail.subarray(start, end).toString("utf8");
  try {
    const { row } = JSON.parse(text);
    if (Number.isSafeInteger(row)) return { row, text };
  } catch {
    // Not written by this command.
  }
  throw new Failure("INPUT_INVALID", `${shown(name)} was not written by an import: --force begins again`);
}

function skip(descriptor: number, length: number): number {
  return readSync(descriptor, Buffer.alloc(Math.min(length, 65_536)), 0, Math.min(length, 65_536), null);
}
