// The order of the layers: what each may import, beside itself. ARCHITECTURE.md draws it in outline.

const jose = ["crypto", "options", "error"];
const jws = ["jose", ...jose];
const tokens = ["jws", ...jws];

/** Of src/, by the name of the file or folder. */
export const RUST_LAYERS = {
  wasm: ["nested", "jwe", "jwt", "password", "post_quantum", ...tokens],
  // A JWE that contains a signed token or claims. Nothing else of JWE knows claims.
  nested: ["jwe", "jwt", ...tokens],
  jwe: tokens,
  jwt: tokens,
  jws,
  jose,
  crypto: ["post_quantum", "error"],
  post_quantum: [],
  password: ["options", "error"],
  options: ["error"],
  error: [],
};

/** `undefined` for the crate's root, which declares them all. */
export function rustLayer(file) {
  if (file === "src/lib.rs") return undefined;
  return file === "src/jwe/nested.rs" ? "nested" : file.match(/^src\/([^/.]+)/)[1];
}

/** Of pkg/src, by the files that belong to each; a file that belongs to none is an error. */
const TYPESCRIPT_FILES = {
  // The build generates them.
  entries: /^(inline|workerd|edge-light|slim)\//,
  // A program, not an entry: it uses the entries, as everybody does.
  cli: /^cli\//,
  // What the command line and the workbench say about tokens, keys and hashes.
  report: /^report\//,
  adapters: /^adapters\//,
  betterAuth: /^better-auth\.ts$/,
  http: /^http(\/|\.)/,
  dpop: /^dpop(\/|\.)/,
  session: /^session(\/|\.)/,
  keyRing: /^key-ring(\/|\.)/,
  stores: /^stores\//,
  import: /^import(\/|\.)/,
  strength: /^strength(\/|\.)/,
  decode: /^decode(\/|\.)/,
  issuers: /^issuers(\/|\.)/,
  testing: /^testing\.ts$/,
  jwe: /^(decrypting-elsewhere|decryption-keys|encryption-key|external-decrypter|jwe|web-decrypter)\.ts$/,
  jws: /^jws(-types)?\.ts$/,
  jwt: /^(jwt|known-headers|signer|token-cache|verifier)\.ts$/,
  remote: /^remote(\/|\.)/,
  postQuantum: /^post-quantum\.ts$/,
  password: /^(account-option|hashing|password|policy-hints)\.ts$|^pool\//,
  keys: /^(external-signer|key|key-set|mac-verifier)\.ts$/,
  // What countersign/verify exports.
  verify: /^verify\.ts$/,
  // In the bundles of countersign/lite and countersign/verify, these take the place of files of `platform` and `keys`.
  lite: /^(lite|verify)\//,
  // What starts a module.
  load: /^load\/(tokens|encryption|passwords|post-quantum|slim)\.ts$/,
  platform: /^(engine|node-key|platform|web-crypto|web-signer)\.ts$/,
  instances: /^(claims|handle|load\/(binary-to-text|instances|packed|shared-buffer|source))\.ts$/,
  base: /^(body-reader|builtin|bytes|callback|crypto-key|deadline|elsewhere|engine-option|errors|lifetime|loopback|once|option-hints|options|jwk-refusal|parse-url|private-jwk|schema|scope|secrets|signal-option|token-signer|types|jwe-types|password-types|generated\.d)\.ts$/,
};

const below = ["instances", "base"];
const keys = ["keys", "platform", ...below];

export const TYPESCRIPT_LAYERS = {
  entries: ["jwe", "jws", "jwt", "keyRing", "postQuantum", "remote", "verify", "password", "testing", "load", ...below],
  cli: ["report", "entries", "decode", "import", "issuers"],
  report: ["entries", "decode"],
  adapters: ["http", "base"],
  betterAuth: ["base"],
  http: ["stores", "base"],
  dpop: ["jwt", "http", "session", "stores", ...keys],
  session: ["stores", "base"],
  keyRing: ["stores", "jwt", "remote", ...keys],
  stores: ["base"],
  import: ["base"],
  strength: ["base"],
  decode: ["base"],
  issuers: ["decode", "jwt", "remote", "stores", ...keys],
  testing: ["jwt", ...keys],
  jwe: below,
  postQuantum: below,
  jws: keys,
  jwt: keys,
  remote: keys,
  password: ["load", ...below],
  keys: ["platform", ...below],
  verify: ["jwt", "remote", ...keys],
  lite: ["platform", "keys", ...below],
  load: ["platform", ...below],
  platform: below,
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
