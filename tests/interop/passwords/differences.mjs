// How a hash by another release differs from one by the pinned release, beside its salt and its tag.

import { READ } from "./formats.mjs";

/**
 * What differs, in words; an empty list if nothing does.
 *
 * @param old A hash by the pinned release.
 * @param stored A hash of `password` by the other release, with the same options.
 */
export function differences(old, stored, password, PasswordHasher) {
  const hasher = new PasswordHasher({ accept: READ });
  const before = shape(hasher, old);
  try {
    const after = shape(hasher, stored);
    const found = Object.keys(before).filter((name) => before[name] !== after[name]);
    if (!hasher.verify(password, stored).ok) return ["we do not accept it"];
    return found.map((name) => `${name}: ${after[name]} instead of ${before[name]}`);
  } catch (error) {
    return [`we refuse it: ${error.code}: ${error.message}`];
  }
}

function shape(hasher, stored) {
  const { format, scheme, ...costs } = hasher.describe(stored);
  const parameters = [...stored.matchAll(/(?<=[$,])[a-z]+(?==)/g)].map(([name]) => name);
  return { scheme, format, costs: JSON.stringify(costs), parameters: parameters.join(), length: stored.length };
}
