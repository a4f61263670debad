/**
 * Whether the process has address space for another thread, where `ulimit -v` limits it, as on shared hosting. V8 ends the whole
 * process if it cannot reserve the space of a thread, so this is asked before. Only Linux tells; elsewhere the answer is yes.
 */

import { builtin } from "../builtin.js";

/** A thread of Node 20 to 24 takes 580 MiB, nearly all of it reserved and never used. */
const THREAD_BYTES = 1024 ** 3;

/** @param starting How many threads have been started and may not have reserved their space yet. */
export function hasAddressSpace(starting: number): boolean {
  // Deno might ask its user for permission to read.
  if ("Deno" in globalThis || "Bun" in globalThis) return true;
  try {
    const read = (name: string) => builtin("fs")?.readFileSync(`/proc/self/${name}`, "latin1") ?? "";
    // No number: unlimited.
    const limit = /^Max address space +(\d+)/m.exec(read("limits"))?.[1];
    if (limit === undefined) return true;
    const usedKib = /^VmSize:\s+(\d+) kB/m.exec(read("status"))?.[1] ?? 0;
    return (starting + 1) * THREAD_BYTES <= Number(limit) - Number(usedKib) * 1024;
  } catch {
    // No such file, or no permission to read it.
    return true;
  }
}
