// The order of the layers: what each may import, beside itself. ARCHITECTURE.md draws the same.

const jose = ["crypto", "options", "error"];
const jws = ["jose", ...jose];
const tokens = ["jws", ...jws];

/** Of src/, by the name of the file or folder. */
export const RUST_LAYERS = {
  wasm: ["jwe", "jwt", "password", ...tokens],
  // A signed and then encrypted token is a JWT inside a JWE.
  jwe: ["jwt", ...tokens],
  jwt: tokens,
  jws,
  jose,
  crypto: ["error"],
  password: ["options", "error"],
  options: ["error"],
  error: [],
};

/** `undefined` for the crate's root, which declares them all. */
export const rustLayer = (file) => (file === "src/lib.rs" ? undefined : file.match(/^src\/([^/.]+)/)[1]);

/** Of pkg/src, by the files that belong to each; a file that belongs to none is an error. */
const TYPESCRIPT_FILES = {
  entries: /^(inline|workerd|edge-light|slim|generated)(\/|\.)/,
  index: /^(index|tokens)\.ts$/,
  betterAuth: /^better-auth\.ts$/,
  http: /^http(\/|\.)/,
  import: /^import(\/|\.)/,
  strength: /^strength(\/|\.)/,
  jwe: /^jwe(-types)?\.ts$/,
  jws: /^jws(-types)?\.ts$/,
  jwt: /^(jwt|key|key-set|platform|remote)(\/|\.)/,
  password: /^(calls|password|password-types|pool)(\/|\.)/,
  // What starts a module, and then what all instances share.
  load: /^load\/(tokens|encryption|passwords|base64)\.ts$/,
  instances: /^(handle|trap|claims|load\/\w+)\./,
  base: /^(builtin|bytes|errors|options|types)\.ts$/,
};

const below = ["instances", "base"];

export const TYPESCRIPT_LAYERS = {
  entries: ["index", "jwe", "jws", "jwt", "password", "load", ...below],
  index: ["jwt", "password", ...below],
  betterAuth: ["base"],
  http: ["base"],
  import: ["base"],
  strength: ["base"],
  load: ["jwt", ...below],
  jwe: below,
  jws: ["jwt", ...below],
  jwt: below,
  password: ["load", ...below],
  instances: ["base"],
  base: [],
};

/** The layer of a file of pkg/src. */
export function typeScriptLayer(file) {
  const found = Object.keys(TYPESCRIPT_FILES).find((layer) => TYPESCRIPT_FILES[layer].test(file));
  if (found === undefined)
    throw new Error(`pkg/src/${file} is in no layer: name one in tests/packaging/imports/layers.mjs`);
  return found;
}
