/** Timers for which no process stays alive. */

/** Calls `over` after `ms`, unless it is stopped by what is returned. */
export function after(ms: number, over: () => void): () => void {
  const timer = unheld(setTimeout(over, ms));
  return () => clearTimeout(timer);
}

/**
 * The same after so many times `ms`, one after the other: a program that stood still all the while has had one turn and not
 * all of them, and hears in between what has come for it.
 */
export function afterTurns(turns: number, ms: number, over: () => void): () => void {
  let stop = () => {};
  const next = (left: number) => {
    stop = after(ms, () => (left === 1 ? over() : next(left - 1)));
  };
  next(turns);
  return () => stop();
}

function unheld<Timer>(timer: Timer): Timer {
  // An object in Node, Bun and newer versions of Deno; a number in older ones, and in browsers, where nothing is to be done.
  const { unref } = timer as { unref?: () => void };
  if (typeof unref === "function") unref.call(timer);
  else (globalThis as { Deno?: { unrefTimer?(timer: unknown): void } }).Deno?.unrefTimer?.(timer);
  return timer;
}
