// Deep equality that says where two values part. Stricter than most: prototypes, own keys (a "__proto__" of its own
// included) and the sign of zero count.

/** `undefined` when the two are equal, otherwise a sentence about the first place where they differ. */
export function difference(actual, expected, path = "value") {
  if (Object.is(actual, expected)) return undefined;
  if (!isObject(actual) || !isObject(expected)) return `${path} is ${show(actual)}, not ${show(expected)}`;
  if (Array.isArray(actual) !== Array.isArray(expected)) return `${path} is ${show(actual)}, not ${show(expected)}`;
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return `${path} has another prototype`;
  const names = Object.keys(expected);
  const extra = Object.keys(actual).find((name) => !Object.hasOwn(expected, name));
  if (extra !== undefined) return `${path} has ${JSON.stringify(extra)} (${show(actual[extra])}) beyond what it should`;
  for (const name of names) {
    if (!Object.hasOwn(actual, name)) return `${path} lacks ${JSON.stringify(name)}`;
    const found = difference(own(actual, name), own(expected, name), `${path}.${name}`);
    if (found !== undefined) return found;
  }
  if (Array.isArray(expected) && actual.length !== expected.length) return `${path} has length ${actual.length}`;
  return undefined;
}

// `object["__proto__"]` would read the prototype of an object that has no such property of its own.
function own(object, name) {
  return Object.getOwnPropertyDescriptor(object, name).value;
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** A value in a message, short. */
export function show(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch {
    // A cycle, a bigint: its type is enough.
  }
  text ??= Object.is(value, -0) ? "-0" : typeof value === "symbol" ? "a symbol" : String(value);
  return text.length <= 160 ? text : `${text.slice(0, 157)}...`;
}
