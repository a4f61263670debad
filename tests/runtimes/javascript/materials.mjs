// The fixed keys, times and texts of the JavaScript cases.

/** 64 bytes, enough for every HMAC. */
export const secret = Uint8Array.from({ length: 64 }, (_, index) => (index * 37 + 11) % 256);

/** The same in base64url. */
export const secretText = btoa(String.fromCharCode(...secret))
  .replaceAll("+", "-")
  .replaceAll("/", "_")
  .replaceAll("=", "");

/** The private key of RFC 8037 appendix A, and its public half. */
export const ed25519Jwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};

/** An arbitrary second. */
export const seconds = 1_800_000_000;
export const now = new Date(seconds * 1000);

/** The algorithms of the package, and the `alg` that a key of each reports. */
export const algorithms = ["HS256", "HS384", "HS512", "EdDSA", "Ed25519"];

/** An HMAC key. */
export const hmacKey = ({ Key }, options = {}) => Key.fromSecret(secret, { alg: "HS256", ...options });

/** An Ed25519 key with both halves. */
export const ed25519Key = ({ Key }, options = {}) => Key.fromJwk(ed25519Jwk, { alg: "EdDSA", ...options });

/** A key of any algorithm, made from fixed material. */
export function keyFor(countersign, alg) {
  return alg.startsWith("HS") ? hmacKey(countersign, { alg }) : ed25519Key(countersign, { alg });
}

/** A token of `hmacKey` that is good at `now`. */
export const goodToken = (countersign, claims = { sub: "alice" }) =>
  countersign.sign(claims, hmacKey(countersign), { now });

/** The least work a policy may ask for, so that cases about other things are quick. */
export const quick = { params: { memoryKib: 8, passes: 1, lanes: 1 } };

/** Values that are no string, by what they are. */
export const nonStrings = [
  ["undefined", undefined],
  ["null", null],
  ["a_number", 42],
  ["a_bigint", 42n],
  ["a_boolean", true],
  ["a_symbol", Symbol("text")],
  ["a_function", () => "text"],
  ["an_array_of_a_string", ["text"]],
  ["an_object_with_toString", { toString: () => "text" }],
  ["a_String_object", Object("text")],
  ["bytes", new Uint8Array([116, 101, 120, 116])],
];

/** Values that are no object with members, by what they are. */
export const nonObjects = [
  ["null", null],
  ["a_string", "text"],
  ["a_number", 42],
  ["a_bigint", 42n],
  ["a_boolean", true],
  ["a_symbol", Symbol("text")],
  ["an_array", []],
];
