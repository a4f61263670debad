/** A file of rows that has another name until it is complete. */

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { Failure, usage } from "./failure.js";
import { cleanups, codeOf, nameInMessage, PRIVATE_MODE, placeWhole, unwritable, writing } from "./files.js";
import { MAX_ROW_BYTES } from "./rows.js";

/** Where rows go. */
export interface Sink {
  write(row: number, text: string): void | Promise<void>;
  close(): void;
  finish(): void;
  /** Closes what the call will not finish. */
  abandon(): void;
}

/** How a file is begun. */
export interface Beginning {
  /** Whether an earlier call has written the first rows. */
  isResumed: boolean;
  /** Whether it replaces what is there. */
  force: boolean;
}

/** The name of a file until it is complete. */
export function partialOf(path: string): string {
  return `${path}.partial`;
}

/** Refuses a file that cannot be begun, before any other is. */
export function expectStartable(path: string, { isResumed, force }: Beginning): void {
  const partial = partialOf(path);
  // Of a link, the link itself counts, wherever it leads.
  const exists = writing(partial, () => lstatSync(partial, { throwIfNoEntry: false })) !== undefined;
  if (isResumed && !exists) throw usage(`there is nothing to resume: ${nameInMessage(partial)} does not exist`);
  if (!isResumed && !force && exists) throw alreadyThere(partial);
}

function alreadyThere(partial: string): Failure {
  return new Failure("FILE_EXISTS", `${nameInMessage(partial)} exists: --resume continues it, --force begins again`);
}

/** A file that has another name until it is complete. */
export class PartialFile implements Sink {
  readonly #path: string;
  readonly #partial: string;
  readonly #force: boolean;
  readonly #isResumed: boolean;
  readonly #descriptor: number;
  /** The last row that an earlier call has written, and its text. */
  #before: { row: number; text: string } | undefined;
  #waiting = "";
  #hasRows = false;
  #isClosed = false;
  readonly #tell = () =>
    process.stderr.write(`${nameInMessage(this.#partial)} has the rows until here: --resume continues\n`);

  constructor(path: string, { isResumed, force, isKept }: Beginning & { isKept: boolean }) {
    this.#path = path;
    this.#partial = partialOf(path);
    this.#force = force;
    this.#isResumed = isResumed;
    expectStartable(path, { isResumed, force });
    this.#descriptor = isResumed ? opened(this.#partial) : created(this.#partial, force);
    if (isResumed) {
      writing(this.#partial, () => {
        this.#before = lastRow(this.#descriptor, this.#partial);
        makePrivate(this.#descriptor);
      });
    }
    if (isKept) cleanups.add(this.#tell);
  }

  write(row: number, text: string): void {
    if (this.#before !== undefined && row <= this.#before.row) {
      if (row < this.#before.row || text === this.#before.text) return;
      throw new Failure("INPUT_INVALID", `${nameInMessage(this.#partial)} is of another export: --force begins again`);
    }
    this.#hasRows = true;
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
    writing(this.#partial, () => {
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
    });
  }

  /** Without rows, there is nothing to go on with, and the file would only stand in the way of the next call. */
  abandon(): void {
    this.close();
    if (this.#isResumed || this.#hasRows) return;
    cleanups.delete(this.#tell);
    writing(this.#partial, () => removeOld(this.#partial));
  }

  finish(): void {
    cleanups.delete(this.#tell);
    placeWhole(this.#partial, this.#path, this.#force);
  }
}

/** A new file. Another user may have put a link or a file that everybody can read in its place: it is never written to. */
function created(partial: string, force: boolean): number {
  try {
    if (force) removeOld(partial);
    return openSync(partial, "wx", PRIVATE_MODE);
  } catch (thrown) {
    throw codeOf(thrown) === "EEXIST" ? alreadyThere(partial) : unwritable(thrown, partial);
  }
}

function removeOld(partial: string): void {
  try {
    unlinkSync(partial);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT") throw thrown;
  }
}

/** The file of an earlier call, to go on with. */
function opened(partial: string): number {
  let descriptor: number;
  try {
    // Windows has no such flag.
    descriptor = openSync(partial, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
  } catch (thrown) {
    throw unwritable(thrown, partial);
  }
  const found = fstatSync(descriptor);
  const user = process.geteuid?.() ?? found.uid;
  if (found.isFile() && found.uid === user) return descriptor;
  closeSync(descriptor);
  const reason = found.isFile() ? "it belongs to another user" : "it is not a regular file";
  throw new Failure("FILE_UNWRITABLE", `cannot write ${nameInMessage(partial)}: ${reason}`);
}

function makePrivate(descriptor: number): void {
  try {
    fchmodSync(descriptor, PRIVATE_MODE);
  } catch (thrown) {
    // The file system has no modes.
    if (!["ENOSYS", "ENOTSUP", "EPERM"].includes(codeOf(thrown) ?? "")) throw thrown;
  }
}

/** How every row begins. */
const BEGINNING = '{"row":';

/** Cuts off a line that was not finished, and returns the last whole one. The file is then at its end. */
function lastRow(descriptor: number, name: string): { row: number; text: string } | undefined {
  const { size } = fstatSync(descriptor);
  const length = Math.min(size, 2 * MAX_ROW_BYTES);
  const tail = Buffer.alloc(length);
  readSync(descriptor, tail, 0, length, size - length);
  const end = tail.lastIndexOf(10) + 1;
  const last = wholeRow(tail, end, name);
  ftruncateSync(descriptor, size - length + end);
  // Reading moves the place where the next line goes.
  for (let place = 0; place < size - length + end; ) place += skip(descriptor, size - length + end - place);
  return last;
}

/** The last whole row. A file that has none may hold the beginning of the first. */
function wholeRow(tail: Buffer, end: number, name: string): { row: number; text: string } | undefined {
  const foreign = new Failure(
    "INPUT_INVALID",
    `${nameInMessage(name)} was not written by an import: --force begins again`,
  );
  const rest = tail.toString("latin1", end);
  if (!rest.startsWith(BEGINNING) && !BEGINNING.startsWith(rest)) throw foreign;
  if (end === 0) return undefined;
  const start = tail.lastIndexOf(10, end - 2) + 1;
  const text = tail.subarray(start, end).toString("utf8");
  try {
    const { row } = JSON.parse(text);
    if (Number.isSafeInteger(row)) return { row, text };
  } catch {
    // Not written by this command.
  }
  throw foreign;
}

function skip(descriptor: number, length: number): number {
  return readSync(descriptor, Buffer.alloc(Math.min(length, 65_536)), 0, Math.min(length, 65_536), null);
}
