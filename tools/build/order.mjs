// Puts functions that resemble each other side by side, so that the module compresses better.
//
// gzip finds repetitions at most 32 KB back. A module contains the same code for several curves, key sizes and options, and
// wasm-opt orders functions by how often they are called, which scatters such relatives. The order changes nothing else:
// docs/decisions/0033-order-of-functions.md has the figures.

import { functionsOf, importsOf, nameSection } from "./binary.mjs";

// Two functions resemble each other by the sequences of this many bytes that both have. A sequence that many functions have
// says nothing, so only those of a few functions count.
const LENGTH = 6;
const FEW = 60;
// A little less than gzip looks back.
const WINDOW = 30_000;
// A call of a function below this index takes a byte less. wasm-opt has put the functions there that are called most.
const SHORT_INDEXES = 128;

/**
 * A copy of the module in which every function has a name. `wasm-opt --reorder-functions-by-name` brings them into that order
 * and drops the names.
 */
export function nameByResemblance(wasm) {
  const imported = importsOf(wasm).filter(({ isFunction }) => isFunction).length;
  const order = orderOf(functionsOf(wasm), Math.max(0, SHORT_INDEXES - imported));
  const names = [];
  for (let index = 0; index < imported; index += 1) names[index] = nameOf(index);
  for (const [rank, index] of order.entries()) names[imported + index] = nameOf(imported + rank);
  return Buffer.concat([wasm, nameSection(names)]);
}

const nameOf = (rank) => String(rank).padStart(6, "0");

// The first `kept` functions stay where they are. After them comes, each time, the function with the largest share of sequences
// that the functions shortly before it have too.
function orderOf(functions, kept) {
  const sequences = functions.map(sequencesOf);
  const owners = ownersOf(sequences);
  const likeness = new Float64Array(functions.length);
  const seen = new Map();
  const order = [];
  let [oldest, size] = [0, 0];

  // Counts the sequences of a function that enters the window (`step` 1) or leaves it (-1).
  const move = (index, step) => {
    for (const sequence of sequences[index].keys()) {
      const sharers = owners.get(sequence);
      if (sharers === undefined) continue;
      const before = seen.get(sequence) ?? 0;
      seen.set(sequence, before + step);
      if (before !== (step === 1 ? 0 : 1)) continue;
      for (const sharer of sharers) likeness[sharer] += (step * sequences[sharer].get(sequence)) / sharers.length;
    }
  };
  const place = (index) => {
    order.push(index);
    move(index, 1);
    size += functions[index].length;
    for (; size > WINDOW && oldest < order.length - 1; oldest += 1) {
      move(order[oldest], -1);
      size -= functions[order[oldest]].length;
    }
  };

  const rest = new Set(functions.keys());
  for (const index of [...rest].slice(0, kept)) {
    rest.delete(index);
    place(index);
  }
  while (rest.size > 0) {
    let [next, most] = [-1, -Infinity];
    for (const index of rest) {
      const share = likeness[index] / functions[index].length ** 0.8;
      if (share > most) [next, most] = [index, share];
    }
    rest.delete(next);
    place(next);
  }
  return order;
}

// How often a function has each sequence of bytes. Sequences are hashed (FNV-1): a collision does no harm.
function sequencesOf(bytes) {
  const counts = new Map();
  for (let start = 0; start + LENGTH <= bytes.length; start += 1) {
    let hash = 0;
    for (let at = start; at < start + LENGTH; at += 1) hash = (Math.imul(hash, 0x0100_0193) ^ bytes[at]) >>> 0;
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  return counts;
}

// The functions that have a sequence, if they are at least two and few.
function ownersOf(sequences) {
  const owners = new Map();
  for (const [index, counts] of sequences.entries()) {
    for (const sequence of counts.keys()) {
      const known = owners.get(sequence);
      if (known === undefined) owners.set(sequence, [index]);
      else known.push(index);
    }
  }
  for (const [sequence, { length }] of owners) if (length < 2 || length > FEW) owners.delete(sequence);
  return owners;
}
