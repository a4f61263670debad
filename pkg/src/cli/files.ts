/** Reads and writes files. A file is written as a whole or not at all. */

import { randomBytes } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { shown } from "../report/text.js";
import { IN_UTF16, isUtf16 } from "../report/utf16.js";
import { Failure } from "./failure.js";
import { looksLikeName } from "./looks-secret.js";

/** The most bytes of a key, a key set, a token or other input that is read as a whole. */
export const MAX_INPUT_BYTES = 8_388_608;

/** The mode of a file with a secret, and of one that everybody may read. */
export const PRIVATE_MODE = 0o600;
export const PUBLIC_MODE = 0o644;

/** Temporary files and locks, which a signal removes. */
const unfinished = new Set<string>();

/** More to do when a signal stops the command. */
export const cleanups = new Set<() => void>();

/** Removes what a command that was stopped has not finished. */
export function removeUnfinished(): void {
  for (const cleanup of cleanups) cleanup();
  for (const path of unfinished) remove(path);
  unfinished.clear();
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone, or cannot be removed: the name says what it is.
  }
}

/** The name of a file in a message. A text that is no file, and does not look like the name of one, may be a secret. */
export function nameInMessage(path: string): string {
  if (path === "-") return "standard input";
  return isShown(path) ? shown(path) : "the file";
}

function isShown(path: string): boolean {
  // What this program adds to a name tells nothing about it.
  const [, given = path] = /^(.*)\.(?:lock|partial)$/s.exec(path) ?? [];
  return looksLikeName(given) || isThere(path) || isThere(given);
}

/** Whether something has this name, such as a link that leads nowhere. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** The bytes of a file, or of standard input for `-`. */
export function readBytes(path: string): Uint8Array {
  const name = nameInMessage(path);
  let descriptor: number | undefined;
  try {
    descriptor = path === "-" ? 0 : openSync(path, "r");
    const bytes = readAll(descriptor, name);
    if (isUtf16(bytes)) throw inUtf16(name);
    return bytes;
  } catch (thrown) {
    throw unreadable(thrown, name);
  } finally {
    if (descriptor !== undefined && path !== "-") closeSync(descriptor);
  }
}

/** The error for a file in UTF-16. */
export function inUtf16(name: string): Failure {
  return new Failure("INPUT_INVALID", `${name} ${IN_UTF16}`);
}

function readAll(descriptor: number, name: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(65_536);
    const length = readSome(descriptor, chunk);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, length));
    total += length;
    if (MAX_INPUT_BYTES < total) throw new Failure("INPUT_INVALID", `${name} is longer than ${MAX_INPUT_BYTES} bytes`);
  }
}

function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk, 0, chunk.length, null);
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code === "EOF") return 0;
      // Standard input may be a pipe that does not block.
      if (code !== "EAGAIN") throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** An error of the operating system about a file that was to be read. */
export function unreadable(thrown: unknown, name: string): unknown {
  const reason = reasonOf(codeOf(thrown));
  return reason === undefined ? thrown : new Failure("FILE_UNREADABLE", `cannot read ${name}: ${reason}`);
}

/** An error of the operating system about a file that was to be written. */
export function unwritable(thrown: unknown, path: string): unknown {
  const code = codeOf(thrown);
  const reason = code === "ENOENT" ? noFolder(path) : code === "ENAMETOOLONG" ? "the name is too long" : reasonOf(code);
  return reason === undefined
    ? thrown
    : new Failure("FILE_UNWRITABLE", `cannot write ${nameInMessage(path)}: ${reason}`);
}

/** Does something with a file that is written, and gives plain reasons for what the operating system refuses. */
export function writing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw unwritable(thrown, path);
  }
}

function noFolder(path: string): string {
  return isShown(path) ? `there is no folder ${shown(dirname(path))}` : "there is no such folder";
}

export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : undefined;
}

const REASONS: Record<string, string> = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ELOOP: "it is a link",
  ENAMETOOLONG: "there is no such file",
  ENOENT: "there is no such file",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a directory",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

function reasonOf(code: string | undefined): string | undefined {
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return undefined;
  return REASONS[code] ?? code;
}

/** Refuses a file that exists or has no folder, before any work is done for it. */
export function expectAbsent(path: string, force: boolean): void {
  if (!existsSync(dirname(path)))
    throw new Failure("FILE_UNWRITABLE", `cannot write ${nameInMessage(path)}: ${noFolder(path)}`);
  if (force || !existsSync(path)) return;
  throw new Failure("FILE_EXISTS", `${nameInMessage(path)} exists: use another name, or --force to replace it`);
}

/** Whether two names lead to the same file. It need not exist yet. */
export function isSameFile(one: string, other: string): boolean {
  const [first, second] = [found(one), found(other)];
  // Links, and names that differ in case where the file system does not tell them apart.
  if (first !== undefined && second !== undefined) return first.dev === second.dev && first.ino === second.ino;
  return realNameOf(one) === realNameOf(other);
}

function found(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

/** The name of a file that may not exist yet, in the folder that its path leads to. */
function realNameOf(path: string): string {
  try {
    return join(realpathSync.native(dirname(path)), basename(path));
  } catch {
    return resolve(path);
  }
}

/** Writes a file under another name, and then gives it its own, so that nobody ever sees a part of it. */
export function writeWhole(path: string, data: string | Uint8Array, { mode = PRIVATE_MODE, force = false } = {}): void {
  expectAbsent(path, force);
  const target = targetOf(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  unfinished.add(temporary);
  try {
    writeTemporary(temporary, data, mode);
    if (force) renameSync(temporary, target);
    else linkOrRename(temporary, target);
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") expectAbsent(path, false);
    throw unwritable(thrown, path);
  } finally {
    remove(temporary);
    unfinished.delete(temporary);
  }
}

/** Gives a complete file its own name. */
export function placeWhole(temporary: string, path: string, force: boolean): void {
  expectAbsent(path, force);
  try {
    if (force) renameSync(temporary, targetOf(path));
    else linkOrRename(temporary, targetOf(path));
  } catch (thrown) {
    throw unwritable(thrown, path);
  }
  remove(temporary);
}

/** The file behind a link. Anything else that is no file, such as `/dev/null`, must not be replaced by one. */
export function targetOf(path: string): string {
  return writing(path, () => {
    const named = lstatSync(path, { throwIfNoEntry: false });
    if (named === undefined) return path;
    const target = named.isSymbolicLink() && existsSync(path) ? realpathSync(path) : path;
    if (!statSync(target, { throwIfNoEntry: false })?.isFile()) {
      throw new Failure("FILE_UNWRITABLE", `cannot write ${nameInMessage(path)}: it is not a regular file`);
    }
    return target;
  });
}

function writeTemporary(path: string, data: string | Uint8Array, mode: number): void {
  const descriptor = openSync(path, "wx", mode);
  try {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A link fails if another process has made the file meanwhile. Not every file system has links. */
function linkOrRename(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") throw thrown;
    expectAbsent(target, false);
    renameSync(temporary, target);
  }
}

/** Runs a function while no other process changes the file. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  // Beside the file itself, so that other names of it have the same lock.
  const lock = `${targetOf(path)}.lock`;
  try {
    closeSync(openSync(lock, "wx", PRIVATE_MODE));
  } catch (thrown) {
    if (codeOf(thrown) !== "EEXIST") throw unwritable(thrown, codeOf(thrown) === "ENOENT" ? path : lock);
    throw new Failure(
      "FILE_EXISTS",
      `another process changes ${nameInMessage(path)}: if there is none, remove ${nameInMessage(lock)}`,
    );
  }
  unfinished.add(lock);
  try {
    return await work();
  } finally {
    remove(lock);
    unfinished.delete(lock);
  }
}
