// No error may carry what it was given: finds the values of a case's input in the text of an error.

/** Shorter strings occur in honest sentences ("HS256", "exp"). */
const SHORTEST = 6;

/** Members whose values are names and may be in a message: algorithms, claims, curves, schemes. */
const NAMES = new Set([
  "alg",
  "enc",
  "crv",
  "kty",
  "use",
  "key_ops",
  "requiredClaims",
  "crit",
  "scheme",
  "accept",
  "normalize",
  "typ",
  "as",
  "format",
  "preset",
]);

/** The strings of an input that no message may hold. */
export function secretsOf(input) {
  const secrets = new Set();
  collect(input, secrets);
  return secrets;
}

function collect(value, secrets) {
  if (typeof value === "string") {
    for (const part of [value, ...value.split(/[.$]/u)])
      if (part.length >= SHORTEST && isValue(part)) secrets.add(part);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, secrets);
  } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    for (const [name, item] of Object.entries(value)) if (!NAMES.has(name)) collect(item, secrets);
  }
}

// The parts of a stored hash that name a scheme or a cost are its format, not its content.
function isValue(part) {
  return !/^(argon2(id|i|d)|pbkdf2(-sha\d+)?|account|pepper|scrypt|SCRAM-SHA-256|\{[A-Z\d-]+|v=\d+|(m|t|p|ln|r|i|l)=.*)$/u.test(
    part,
  );
}

/** The first of `secrets` that the texts of `error` contain, or `undefined`. */
export function leaked(error, secrets) {
  const texts = [error.message, error.code, error.claim, JSON.stringify(error)].filter(
    (text) => typeof text === "string",
  );
  for (const secret of secrets) {
    if (texts.some((text) => text.includes(secret))) return secret;
  }
  return undefined;
}
