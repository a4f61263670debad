/** Listens to abort signals. Many calls may share a signal: Node warns of more than ten listeners on one. */

interface Waiting {
  readonly calls: Set<() => void>;
  readonly listener: () => void;
}

/** The functions to call when a signal is aborted. Each signal has one listener. */
const all = new WeakMap<AbortSignal, Waiting>();

/** Calls `call` when the signal is aborted. Returns a function that undoes this. Throws what `addEventListener` throws. */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
  const waiting = all.get(signal) ?? createWaiting();
  waiting.calls.add(call);
  const stop = () => {
    waiting.calls.delete(call);
    if (waiting.calls.size > 0 || all.get(signal) !== waiting) return;
    all.delete(signal);
    signal.removeEventListener("abort", waiting.listener);
  };
  if (all.has(signal)) return stop;
  all.set(signal, waiting);
  try {
    // A signal that is no platform object may call the listener at once.
    signal.addEventListener("abort", waiting.listener);
  } catch (error) {
    all.delete(signal);
    throw error;
  }
  return stop;
}

function createWaiting(): Waiting {
  const calls = new Set<() => void>();
  const listener = () => {
    for (const call of [...calls]) call();
  };
  return { calls, listener };
}
