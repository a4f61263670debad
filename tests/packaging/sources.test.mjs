// The shape of the sources: where the boundary may be named, and that TypeScript stays thin. imports.test.mjs has the layers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { read, root } from "./package.mjs";

// Tests stand last in a file, and may look at everything.
const rust = sources("src", ".rs").map(({ path, code }) => ({ path, code: code.split("#[cfg(test)]\nmod tests")[0] }));
const listed = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
const tracked = listed.filter((path) => existsSync(root + path));

test("has_the_same_error_codes_in_rust_and_typescript", () => {
  const declared = read("src/error.rs").match(/^error_codes! \{\n([\s\S]*?)^\}/m)[1];
  const inRust = [...declared.matchAll(/^ {4}\w+ = "([A-Z_]+)",$/gm)].map(([, code]) => code);
  const union = read("pkg/src/errors.ts").match(/export type ErrorCode =([\s\S]*?);/)[1];
  const inTypeScript = [...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code);
  assert.ok(20 < inRust.length);
  assert.deepEqual([...inTypeScript].sort(), [...inRust].sort());
});

test("speaks_to_javascript_in_the_boundary_alone_and_reads_no_clock", () => {
  const forbidden = {
    "only src/wasm speaks to JavaScript": /\b(wasm_bindgen|js_sys|serde_wasm_bindgen)\b/,
    "the core reads no clock": /\b(SystemTime|Instant)::|std::time::(SystemTime|Instant)/,
  };
  const core = rust.filter(({ path }) => !path.startsWith("src/wasm"));
  assert.ok(20 < core.length);
  for (const { path, code } of core) {
    for (const [why, pattern] of Object.entries(forbidden)) assert.doesNotMatch(code, pattern, `${path}: ${why}`);
  }
});

test("lets_no_token_function_reach_what_only_a_jws_may_have", () => {
  const reading = rust.find(({ path }) => path === "src/jose/header.rs").code;
  assert.match(
    reading,
    /fn read\(object: &'a Object<'a>\) -> Result<Self, Error> \{\s+Self::read_with_extensions\(object, &\[\]\)/,
  );
  const tokens = rust.filter(({ path }) => /^src\/(jwt|jwe|wasm\/(jwt|jwe))\b/.test(path));
  assert.ok(tokens.some(({ path }) => path === "src/jwt/verify.rs"));
  for (const { path, code } of tokens) {
    assert.doesNotMatch(code, /read_with_extensions|unencoded/, path);
    // A token uses the header's text, the signature check and the missing signature of JWS. The public names of JWS are next to the others.
    const names = [...code.matchAll(/\bjws(?:::(\w+))?/g)].map(([, name]) => name);
    const allowed = path === "src/jwt.rs" ? [undefined] : ["header", "signature", "unsigned"];
    assert.ok(
      names.every((name) => allowed.includes(name)),
      `${path} uses ${names}`,
    );
  }
});

test("names_no_feature_of_one_module_in_the_other", () => {
  assert.ok(
    rust.some(({ path }) => path.startsWith("src/wasm/jwt")) &&
      rust.some(({ path }) => path.startsWith("src/wasm/password")),
  );
  for (const { path, code } of rust) {
    if (path.startsWith("src/wasm/jwt")) assert.doesNotMatch(code, /\bpassword\b/, path);
    if (path.startsWith("src/wasm/password")) assert.doesNotMatch(code, /\bjwt\b/, path);
  }
});

// Rust decides everything: TypeScript passes arguments and returns results.
const BUDGETS = {
  "pkg/src/encryption-key.ts": 250,
  "pkg/src/jwe.ts": 220,
  "pkg/src/jwt.ts": 132,
  "pkg/src/signer.ts": 103,
  "pkg/src/verifier.ts": 275,
  "pkg/src/jws.ts": 165,
  "pkg/src/password.ts": 180,
  "pkg/src/load/instances.ts": 150,
};

for (const [path, budget] of Object.entries(BUDGETS)) {
  test(`keeps_${path}_thin`, () => {
    const code = withoutComments(read(path));
    const lines = code.split("\n").filter((line) => line.trim() !== "").length;
    assert.ok(10 < lines && lines <= budget, `${lines} lines of code, ${budget} allowed`);
    const logic =
      /crypto\.subtle|getRandomValues|\batob\b|\bbtoa\b|\.split\(|Date\.now|\.normalize\(|["'`](HS256|EdDSA|\$argon2)/;
    assert.doesNotMatch(code.replace(/^.*\btype\b.*$/gm, ""), logic);
  });
}

test("tracks_no_generated_file", () => {
  const generated =
    /^(pkg\/(dist|src\/(edge-light|inline|slim|workerd)|README|LICENSE|CHANGELOG)|target\/|node_modules\/|\.cache\/|\.data\/)|\.(wasm|tgz)$|\/node_modules\//;
  assert.deepEqual(
    tracked.filter((path) => generated.test(path)),
    [],
  );
});

test("names_no_machine_in_a_tracked_file", () => {
  // Spelled in two parts, or this file would name them.
  const places = [
    ["/ro", "ot/"],
    ["/ho", "me/"],
    ["/Us", "ers/"],
    ["C:\\", "Users"],
  ].map((parts) => parts.join(""));
  // A checkout at the top of the disk has a name that may well be a word.
  if (2 < root.split("/").length - 1) places.push(root.slice(0, -1));
  for (const path of tracked) {
    const content = readFileSync(root + path);
    if (content.includes(0)) continue; // Not text.
    for (const place of places) assert.ok(!content.includes(place), `${path} names ${place}`);
  }
});

// Spelled in parts, or this file would break its own rules.
const GENERATE = ["generateKey", "Pair"].join("");
const WEB_GENERATE = ["subtle.generate", "Key("].join("");

test("generates_no_key_pair_whose_jwk_export_can_deadlock", () => {
  const scripts = tracked.filter((path) => /\.[cm]?[jt]s$|\.md$/.test(path));
  const found = scripts.flatMap((path) => unsafeGenerations(read(path)).map((call) => `${path}: ${call}`));
  assert.deepEqual(found, [], "use makeKeyPair of tests/interop/key-pair.mjs, which says why");
  for (const [example, count] of [
    [`${GENERATE}Sync("ec", { namedCurve: "P-256" });`, 1],
    [`crypto.${GENERATE}("rsa", { modulusLength: Number(2) }, done);`, 1],
    [`${GENERATE}Sync("ec", { publicKeyEncoding, privateKeyEncoding });`, 0],
    [`await crypto.${WEB_GENERATE}a); await subtle.exportKey("jwk", key);`, 1],
    [`await crypto.${WEB_GENERATE}a); await subtle.exportKey("pkcs8", key);`, 0],
  ]) {
    assert.equal(unsafeGenerations(example).length, count, example);
  }
});

/** The calls that generate a key pair and keep it as key objects. Other libraries' functions of that name give CryptoKeys. */
function unsafeGenerations(text) {
  const call = new RegExp(`(?<!(?:jose|oauth|peer)\\.)\\b${GENERATE}(?:Sync)?\\((?:[^()]|\\([^()]*\\))*\\)`, "g");
  const unsafe = [...text.matchAll(call)]
    .map(([found]) => found)
    .filter((found) => !found.includes("publicKeyEncoding") || !found.includes("privateKeyEncoding"));
  const exportsJwk = text.includes(WEB_GENERATE) && /\bexportKey\(\s*["']jwk["']/.test(text);
  return exportsJwk ? [...unsafe, "a JWK export of a WebCrypto key that was generated"] : unsafe;
}

function sources(folder, extension) {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path, extension);
    return path.endsWith(extension) ? [{ path, code: withoutComments(read(path)) }] : [];
  });
}

// Good enough for these sources: no string in them holds a comment's opening other than in a URL.
function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"])\/\/.*$/gm, "$1");
}
