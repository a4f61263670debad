// What is in the tarball: everything the exports map names, nothing that was not meant to be there, and within budget.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { manifest, packedFiles, root } from "./package.mjs";

const files = packedFiles();

/** Gzipped, in bytes. */
const BUDGETS = {
  "dist/argon2.wasm": 44 * 1024,
  "dist/formats.wasm": 138 * 1024,
  "dist/jwe.wasm": 162 * 1024,
  "dist/jwt.wasm": 182 * 1024,
  "dist/lite.wasm": 83 * 1024,
  "dist/password.wasm": 94 * 1024,
  "dist/post-quantum.wasm": 19 * 1024,
  "dist/verify.wasm": 49 * 1024,
};

/** The name of each module of the package. */
const MODULE_NAMES = Object.keys(BUDGETS).map((path) => path.match(/^dist\/([\w-]+)\.wasm$/)[1]);

/** The folders of JavaScript and declarations: once as ES modules, once, but for two conditions, as CommonJS. */
const MODULES = String.raw`((adapters|decode|dpop|http|import|inline|issuers|key-ring|lite|load|platform|pool|remote|session|slim|stores|strength|verify)/)?[a-z-]+(0|1|2|3|64)?(-script)?(\.d\.ts|\.js)|(glue|printable)/(argon2|formats|jwe|jwt|password|post-quantum)\.js|(glue|packed)/(lite|verify)\.js`;
const EXPECTED = [
  /^(CHANGELOG\.md|LICENSE-APACHE|LICENSE-MIT|README\.md|package\.json)$/,
  /^dist\/(argon2|formats|jwe|jwt|lite|password|post-quantum|verify)\.wasm(\.d\.ts)?$/,
  new RegExp(`^dist/(cjs/)?(${MODULES})$`),
  /^dist\/(edge-light|workerd)\/(argon2|formats|index|jwe|jws|jwt|key-ring|lite|password|post-quantum|testing|verify)(\.d\.ts|\.js)$/,
  /^dist\/cdn\/((argon2|jwt|lite|verify)\.js|README\.md|integrity\.json)$/,
  /^dist\/cjs\/package\.json$/,
  /^dist\/cli\/(main|needed-limits|shared|token-report|commands\/[a-z]+)\.js$/,
  /^[a-z0-9-]+(\/slim)?\/package\.json$/,
  /^dist\/pool\/(argon2|formats|password)-worker\.js$/,
];

test("carries_nothing_that_was_not_meant_to_be_there", () => {
  assert.deepEqual(
    files.filter((path) => !EXPECTED.some((pattern) => pattern.test(path))),
    [],
  );
});

test("carries_the_texts", () => {
  for (const path of ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"])
    assert.ok(files.includes(path), path);
});

test("carries_every_file_that_an_entry_names", () => {
  const named = [manifest.main, manifest.module, manifest.types, ...targets(manifest.exports)];
  for (const path of named) assert.ok(files.includes(path.replace(/^\.\//, "")), path);
});

test("carries_every_file_that_a_file_imports", () => {
  let imports = 0;
  for (const path of files.filter((name) => /\.(js|ts)$/.test(name))) {
    for (const [, specifier] of text(path).matchAll(/^(?:import|export)\b[^";]*"(\.[^"]*)";/gm)) {
      const { pathname } = new URL(specifier, `file:///${path}`);
      const target = pathname.slice(1);
      const wanted = path.endsWith(".d.ts") ? target.replace(/\.js$/, ".d.ts") : target;
      assert.ok(files.includes(wanted), `${path} imports ${specifier}`);
      imports += 1;
    }
  }
  assert.ok(50 < imports, `only ${imports} imports were found`);
});

test("depends_on_nothing_at_run_time", () => {
  for (const field of ["dependencies", "optionalDependencies", "bundledDependencies", "scripts"]) {
    assert.equal(manifest[field], undefined, field);
  }
  for (const path of files.filter((name) => name.endsWith(".js"))) {
    const code = text(path).replace(/^ *\*.*$/gm, "");
    // The command line runs only where these are.
    const allowed = path.startsWith("dist/cli/") ? /^(\.\.?\/|node:)/ : /^\.\.?\//;
    for (const [, specifier] of code.matchAll(/(?:\bfrom |\bimport |\brequire\()"([^"]*)"/g)) {
      assert.match(specifier, allowed, path);
    }
  }
});

test("leaves_what_only_the_check_of_strength_needs_to_whoever_uses_it", () => {
  const all = Object.keys(manifest.peerDependencies);
  assert.deepEqual(manifest.peerDependenciesMeta, Object.fromEntries(all.map((name) => [name, { optional: true }])));
  const peers = all.filter((name) => name.startsWith("@zxcvbn-ts/"));
  const entries = files.filter((name) => name.endsWith(".js") && !name.startsWith("dist/cli/"));
  const loading = entries.filter((name) => /\bimport\("/.test(text(name)));
  assert.deepEqual(loading, ["dist/cjs/strength.js", "dist/strength.js"]);
  for (const path of loading) {
    assert.deepEqual(
      Array.from(text(path).matchAll(/\bimport\("([^"]*)"\)/g), ([, name]) => name),
      peers,
    );
  }
});

test("takes_the_types_of_two_frameworks_for_their_adapters_and_no_others", () => {
  const found = {};
  for (const path of files.filter((name) => name.endsWith(".d.ts"))) {
    const code = text(path).replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
    for (const [, specifier] of code.matchAll(/\b(?:from |import\()"([^."][^"]*)"/g)) found[path] = specifier;
  }
  const peers = { "adapters/hono": "hono", "adapters/trpc": "@trpc/server" };
  for (const [path, name] of Object.entries(peers)) {
    for (const folder of ["dist", "dist/cjs"]) assert.equal(found[`${folder}/${path}.d.ts`], name);
    assert.ok(name in manifest.peerDependencies);
  }
  const others = Object.entries(found).filter(([path]) => !/adapters\/(hono|trpc)\.d\.ts$/.test(path));
  assert.deepEqual(
    others.filter(([, name]) => !name.startsWith("@zxcvbn-ts/")),
    [],
  );
});

test("reads_no_file_and_waits_for_nothing_while_it_loads", () => {
  for (const path of files.filter((name) => /^dist\/.*\.js$/.test(name))) {
    assert.doesNotMatch(text(path), /^(?:const .*= )?await /m, `${path} has a top-level await`);
    // Examples in comments may import from `node:`.
    if (path.startsWith("dist/cli/")) continue;
    const code = text(path).replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
    // A member may be called `node`, and an answer may name `node:crypto`.
    assert.doesNotMatch(
      code,
      /import\.meta|\b(?:from |import |import\(|require\()"node:|\b__dirname\b|readFileSync\(new/,
      path,
    );
  }
});

test("loads_no_module_with_the_handlers_and_the_sessions", () => {
  for (const name of ["http", "session", "stores"]) {
    const imported = [...text(`dist/${name}.js`).matchAll(/^(?:import|export) .*from "(.*)";$/gm)].map(
      ([, from]) => from,
    );
    assert.deepEqual(
      imported.filter((from) => !["./guard.js", "./load/instances.js", "./node.js", "./stores.js"].includes(from)),
      [],
      name,
    );
    assert.ok(imported.length > 0);
  }
});

test("names_the_command_line_and_keeps_it_out_of_every_entry", () => {
  assert.deepEqual(manifest.bin, { countersign: "dist/cli/main.js" });
  assert.match(text("dist/cli/main.js"), /^#!\/usr\/bin\/env node\n/);
  const own = files.filter((path) => path.startsWith("dist/cli/"));
  assert.ok(10 < own.length);
  for (const path of files.filter((name) => name.endsWith(".js") && !own.includes(name))) {
    assert.doesNotMatch(text(path), /["/]cli\//, path);
  }
  // It uses what everybody can import, and loads modules only when a command needs them.
  const imports = own.flatMap((path) =>
    Array.from(text(path).matchAll(/\b(from |import\()"(\.[^"]*)"/g), ([, how, specifier]) => [
      how,
      new URL(specifier, `file:///${path}`).pathname.slice(1),
    ]),
  );
  const outside = imports.filter(([, path]) => !path.startsWith("dist/cli/"));
  for (const [how, path] of outside) {
    assert.match(
      path,
      how === "from "
        ? /^dist\/(decode|import)\.js$/
        : /^dist\/(decode|issuers|inline\/(formats|jwe|jwt|password|post-quantum))\.js$/,
    );
  }
  const bytes = own.reduce((sum, path) => sum + gzipSync(text(path), { level: 9 }).length, 0);
  assert.ok(bytes <= 88 * 1024, `${bytes} bytes`);
});

test("adds_little_to_a_bundle_with_the_sessions", async () => {
  const { outputFiles } = await build({
    bundle: true,
    format: "esm",
    stdin: { contents: 'export * from "countersign/session";', resolveDir: `${root}tests` },
    write: false,
  });
  const { length } = gzipSync(outputFiles[0].contents, { level: 9 });
  assert.ok(length <= 12.5 * 1024, `${length} bytes`);
});

// esbuild keeps a class whose member has a computed name, unless the build says that making the class has no effect.
test("leaves_the_signer_out_of_a_page_that_only_verifies", async () => {
  const bundled = async (names) => {
    const { outputFiles } = await build({
      bundle: true,
      format: "esm",
      stdin: { contents: `export { ${names} } from "countersign/jwt";`, resolveDir: `${root}tests` },
      write: false,
    });
    return outputFiles[0].text;
  };
  const parts = ["RawSigner", "external signer"];
  const [both, verifier] = [await bundled("Signer, Verifier"), await bundled("RemoteKeySet, Verifier")];
  for (const part of parts) assert.ok(both.includes(part) && !verifier.includes(part), part);
});

test("looks_only_in_password_modules_for_an_instance_that_was_replaced", () => {
  for (const name of ["argon2", "formats", "password"]) assert.match(text(`dist/glue/${name}.js`), /__wbg_reset_state/);
  const others = MODULE_NAMES.filter((name) => !["argon2", "formats", "password"].includes(name));
  assert.equal(others.length, 5);
  for (const name of others) {
    assert.doesNotMatch(text(`dist/glue/${name}.js`), /__wbg_(reset_state|inst\b|instance_id|call_guard)/);
  }
});

test("keeps_the_adapters_thin", () => {
  const adapters = files.filter((path) => /^dist\/adapters\/.*\.js$/.test(path));
  assert.equal(adapters.length, 10);
  for (const path of adapters) {
    const bytes = gzipSync(text(path), { level: 9 }).length;
    assert.ok(bytes <= 3 * 1024, `${path}: ${bytes} bytes`);
  }
});

test("names_no_path_of_the_machine_that_built_it", () => {
  for (const path of files) {
    const content = readFileSync(`${root}pkg/${path}`);
    for (const place of [root, homedir(), ".cargo/registry"])
      assert.ok(!content.includes(place), `${path} names ${place}`);
  }
});

for (const name of MODULE_NAMES) {
  const bytes = readFileSync(`${root}pkg/dist/${name}.wasm`);

  test(`carries_the_same_${name}_module_as_a_file_and_inline`, async () => {
    const isPacked = name === "lite" || name === "verify";
    const { default: encoded } = await import(`${root}pkg/dist/${isPacked ? "packed" : "printable"}/${name}.js`);
    assert.ok((isPacked ? decodePacked(encoded) : decodePrintable(encoded)).equals(bytes));
  });

  // Only messages of panics name them, and the build leaves those out.
  test(`names_no_source_file_in_${name}`, () => {
    assert.doesNotMatch(bytes.toString("latin1"), /\/\w+\.rs\b/);
  });

  test(`exports_no_test_function_from_${name}`, () => {
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map((entry) => entry.name);
    // A function in the table has its name in the glue only.
    const glue = text(`dist/glue/${name}.js`);
    const called = Array.from(glue.matchAll(/^(?:export function| {4}static| {3}) ?(\w+)\(/gm), ([, found]) => found);
    // The module of ML-DSA throws no errors.
    const own = name === "post-quantum" ? "expands_to" : "set_error_class";
    assert.ok(exported.includes("__stack_pointer") && called.includes(own));
    assert.deepEqual(
      [...exported, ...called].filter((found) => /test|trap|debug/.test(found)),
      [],
    );
  });

  test(`calls_every_place_of_the_table_of_${name}`, () => {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), importsOf(bytes));
    assert.ok(exports.functions instanceof WebAssembly.Table && 2 <= exports.functions.length);
    const places = Array.from(text(`dist/glue/${name}.js`).matchAll(/\bfunctionAt\((\d+)\)\(/g), ([, place]) =>
      Number(place),
    );
    assert.deepEqual(
      [...new Set(places)].sort((one, other) => one - other),
      Array.from({ length: exports.functions.length }, (_, place) => place),
    );
  });

  test(`keeps_the_${name}_module_within_its_budget`, (context) => {
    const path = `dist/${name}.wasm`;
    const size = gzipSync(bytes, { level: 9 }).length;
    context.diagnostic(`${path}: ${bytes.length} bytes, ${size} gzipped, ${BUDGETS[path]} allowed`);
    assert.ok(size <= BUDGETS[path], `${path} is ${size} bytes gzipped, over its budget of ${BUDGETS[path]}`);
  });
}

for (const name of ["argon2", "formats", "password"]) {
  test(`carries_the_same_worker_of_${name}_as_a_file_and_as_a_text`, async () => {
    const { default: script } = await import(`${root}pkg/dist/pool/${name}-script.js`);
    assert.equal(script, text(`dist/pool/${name}-worker.js`));
    assert.doesNotMatch(script, /\b(import|require)\b/);
  });
}

/** What tools/build/packed.mjs wrote, decoded as its comments say and not by the package. */
function decodePacked(text) {
  const packed = Buffer.from(text, "base64");
  const bytes = Buffer.alloc(packed.readUIntBE(0, 3));
  const likelihoods = new Map();
  let [code, range, next, at, state, distance] = [packed.readUInt32BE(3), 2 ** 32 - 1, 7, 0, 0, 1];
  const bit = (place) => {
    const likelihood = likelihoods.get(place) ?? 2048;
    const bound = Math.floor(range / 4096) * likelihood;
    const answer = code < bound ? 0 : 1;
    [code, range] = answer === 0 ? [code, bound] : [code - bound, range - bound];
    const learned = answer === 0 ? (4096 - likelihood) >> 4 : -(likelihood >> 4);
    if (place !== undefined) likelihoods.set(place, likelihood + learned);
    for (; range < 2 ** 24; next += 1) [code, range] = [code * 256 + (packed[next] ?? 0), range * 256];
    return answer;
  };
  const bits = (count, place, node = 1) => (count === 0 ? node : bits(count - 1, place, node * 2 + bit(place(node))));
  const number = (base) => {
    const size = bits(5, (node) => base + node) - 32;
    return bits(size, (node) => (node < 8 ? base + 32 + size * 8 + node : undefined));
  };
  while (at < bytes.length) {
    const isCopy = bit(state);
    if (isCopy === 1) {
      const again = bit(8 + state);
      const length = number(16 + 256 * again);
      if (again === 0) distance = number(528 + 284 * Math.min(length - 2, 3));
      for (const end = at + length; at < end; at += 1) bytes[at] = bytes[at - distance];
    } else {
      const base = 1664 + 768 * ((bytes[at - 1] ?? 0) >> 5);
      const expected = (bytes[at - distance] ?? 0) | 256;
      bytes[at] = bits(8, (node) => {
        const read = Math.floor(Math.log2(node));
        const agrees = state % 2 === 1 && node === expected >> (8 - read);
        return base + node + (agrees ? 256 + 256 * ((expected >> (7 - read)) & 1) : 0);
      });
      at += 1;
    }
    state = (state * 2 + isCopy) % 8;
  }
  return bytes;
}

/** What tools/build/binary-to-text.mjs wrote, decoded by its description and not by the package. */
function decodePrintable(text) {
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const rest = characters.filter((character) => !" !#\"\\'`$<>&{".includes(character));
  const letters = text.slice(0, 512).match(/../g);
  const table = letters.map((pair) =>
    Number.parseInt(
      pair.replace(/./g, (letter) => "0123456789abcdef"[letter.charCodeAt(0) - 97]),
      16,
    ),
  );
  const place = (code) =>
    (code.length === 1 ? 0 : 1 + " !#".indexOf(code[0])) * rest.length + rest.indexOf(code.at(-1));
  return Buffer.from(
    text
      .slice(512)
      .match(/[ !#]?./gs)
      .map((code) => table[place(code)]),
  );
}

/** All files of the package that `path` loads, with itself. */
function reached(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.endsWith(".js")) return seen;
  for (const [, specifier] of text(path).matchAll(/^(?:import|export)\b[^";]*"(\.[^"]*)";/gm)) {
    reached(new URL(specifier, `file:///${path}`).pathname.slice(1), seen);
  }
  return seen;
}

test("carries_the_worker_only_where_there_may_be_threads", () => {
  const scripts = (path) => [...reached(path)].filter((found) => /pool\/\w+-script\.js$/.test(found));
  for (const [name, script] of [
    ["index", "dist/pool/password-script.js"],
    ["password", "dist/pool/password-script.js"],
    ["argon2", "dist/pool/argon2-script.js"],
    ["formats", "dist/pool/formats-script.js"],
  ]) {
    for (const folder of ["inline", "slim"]) assert.deepEqual(scripts(`dist/${folder}/${name}.js`), [script], folder);
    for (const folder of ["workerd", "edge-light"]) {
      assert.ok(reached(`dist/${folder}/${name}.js`).has("dist/password.js"));
      assert.deepEqual(scripts(`dist/${folder}/${name}.js`), [], folder);
    }
  }
});

// Next's build rewrites calls of `WebAssembly.compile` into invalid code, even in functions that nothing calls.
test("compiles_no_module_in_a_file_that_an_edge_entry_loads", () => {
  const compiling = (path) => [...reached(path)].filter((found) => /WebAssembly\.compile/.test(text(found)));
  const entries = [...new Set(targets(manifest.exports))]
    .map((path) => path.replace(/^\.\//, ""))
    // A program of a worker thread is loaded by no other file.
    .filter((path) => path.endsWith(".js") && !path.startsWith("dist/cjs/") && !path.startsWith("dist/pool/"));
  for (const folder of ["edge-light", "workerd", "inline", "slim"]) {
    assert.ok(11 <= entries.filter((path) => path.startsWith(`dist/${folder}/`)).length, folder);
  }
  for (const path of entries) {
    const [, slim] = path.match(/^dist\/slim\/(.*)\.js$/) ?? [];
    // These two share no file with the others.
    const own = slim === "lite" || slim === "verify" ? path : "dist/load/slim.js";
    assert.deepEqual(compiling(path), slim === undefined ? [] : [own], path);
  }
});

test("keeps_argon2_out_of_the_token_module_and_tokens_out_of_the_password_module", () => {
  const [jwt, password] = ["jwt", "password"].map((name) => readFileSync(`${root}pkg/dist/${name}.wasm`));
  const jwe = readFileSync(`${root}pkg/dist/jwe.wasm`);
  assert.ok(jwe.includes("A256GCM") && !jwe.includes("argon2") && !jwe.includes("PS384"));
  assert.ok(jwt.includes("HS256") && !jwt.includes("argon2") && !jwt.includes("A256GCM"));
  const lite = readFileSync(`${root}pkg/dist/lite.wasm`);
  assert.ok(lite.includes("HS256") && !lite.includes("argon2") && !lite.includes("A256GCM"));
  const verify = readFileSync(`${root}pkg/dist/verify.wasm`);
  for (const words of ["is given both as a claim", "PEM", "secret is empty"]) {
    assert.ok(lite.includes(words) && !verify.includes(words), words);
  }
  assert.ok(password.includes("argon2") && password.includes('bcrypt version "2x"') && !password.includes("HS256"));
  const formats = readFileSync(`${root}pkg/dist/formats.wasm`);
  assert.ok(formats.includes("not yescrypt's numbers") && !password.includes("not yescrypt's numbers"));
  const argon2 = readFileSync(`${root}pkg/dist/argon2.wasm`);
  assert.ok(argon2.includes("argon2") && !argon2.includes('bcrypt version "2x"') && !argon2.includes("HS256"));
});

test("links_from_its_texts_to_what_it_carries_or_to_this_version_of_the_repository", () => {
  const tree = `https://github.com/countersign/countersign/blob/v${manifest.version}/`;
  const rewritten = [];
  for (const path of files.filter((name) => name.endsWith(".md"))) {
    const links = [...text(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
    for (const target of links.filter((link) => !/^(https?:|mailto:|#)/.test(link))) {
      assert.ok(files.includes(target.split("#")[0]), `${path}: ${target}`);
    }
    rewritten.push(...links.filter((link) => link.startsWith(tree)).map((link) => link.slice(tree.length)));
  }
  assert.ok(rewritten.includes("SECURITY.md") && rewritten.includes("examples/recipes/README.md"));
  for (const target of rewritten) assert.ok(existsSync(root + target.split("#")[0]), target);
});

/** Something for everything that a module imports, of which nothing is called. */
function importsOf(bytes) {
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(bytes))) {
    imports[module] ??= {};
    imports[module][name] = () => undefined;
  }
  return imports;
}

function text(path) {
  return readFileSync(`${root}pkg/${path}`, "utf8");
}

function targets(entry) {
  return typeof entry === "string" ? [entry] : Object.values(entry).flatMap(targets);
}
