// The exports map: the file for each runtime's conditions, and the findings of publint and arethetypeswrong.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { resolveExport } from "../runtimes/exports-map.mjs";
import { manifest, read, root, tool } from "./package.mjs";

/** What an entry is under each set of conditions, as Node itself resolves it. */
const ENTRIES = {
  countersign: {
    import: "inline/index.js",
    require: "cjs/inline/index.js",
    workerd: "workerd/index.js",
    "edge-light": "edge-light/index.js",
  },
  "countersign/jwe": {
    import: "inline/jwe.js",
    require: "cjs/inline/jwe.js",
    workerd: "workerd/jwe.js",
    "edge-light": "edge-light/jwe.js",
  },
  "countersign/jwt": {
    import: "inline/jwt.js",
    require: "cjs/inline/jwt.js",
    workerd: "workerd/jwt.js",
    "edge-light": "edge-light/jwt.js",
  },
  "countersign/lite": {
    import: "inline/lite.js",
    require: "cjs/inline/lite.js",
    workerd: "workerd/lite.js",
    "edge-light": "edge-light/lite.js",
  },
  "countersign/verify": {
    import: "inline/verify.js",
    require: "cjs/inline/verify.js",
    workerd: "workerd/verify.js",
    "edge-light": "edge-light/verify.js",
  },
  "countersign/jws": {
    import: "inline/jws.js",
    require: "cjs/inline/jws.js",
    workerd: "workerd/jws.js",
    "edge-light": "edge-light/jws.js",
  },
  "countersign/password": {
    import: "inline/password.js",
    require: "cjs/inline/password.js",
    workerd: "workerd/password.js",
    "edge-light": "edge-light/password.js",
  },
  "countersign/argon2": {
    import: "inline/argon2.js",
    require: "cjs/inline/argon2.js",
    workerd: "workerd/argon2.js",
    "edge-light": "edge-light/argon2.js",
  },
  "countersign/formats": {
    import: "inline/formats.js",
    require: "cjs/inline/formats.js",
    workerd: "workerd/formats.js",
    "edge-light": "edge-light/formats.js",
  },
  "countersign/post-quantum": {
    import: "inline/post-quantum.js",
    require: "cjs/inline/post-quantum.js",
    workerd: "workerd/post-quantum.js",
    "edge-light": "edge-light/post-quantum.js",
  },
  "countersign/http": { import: "http.js", require: "cjs/http.js", workerd: "http.js", "edge-light": "http.js" },
  "countersign/decode": everywhere("decode.js"),
  "countersign/dpop": everywhere("dpop.js"),
  "countersign/issuers": everywhere("issuers.js"),
  "countersign/key-ring": {
    import: "inline/key-ring.js",
    require: "cjs/inline/key-ring.js",
    workerd: "workerd/key-ring.js",
    "edge-light": "edge-light/key-ring.js",
  },
  "countersign/import": everywhere("import.js"),
  "countersign/session": everywhere("session.js"),
  "countersign/strength": everywhere("strength.js"),
  "countersign/testing": {
    import: "inline/testing.js",
    require: "cjs/inline/testing.js",
    workerd: "workerd/testing.js",
    "edge-light": "edge-light/testing.js",
  },
  "countersign/better-auth": everywhere("better-auth.js"),
  ...Object.fromEntries(
    ["elysia", "express", "fastify", "h3", "hono", "mcp", "nest", "next", "sveltekit", "trpc"].map((name) => {
      return [`countersign/${name}`, everywhere(`adapters/${name}.js`)];
    }),
  ),
  "countersign/slim": everywhere("slim/index.js"),
  "countersign/jwe/slim": everywhere("slim/jwe.js"),
  "countersign/jwt/slim": everywhere("slim/jwt.js"),
  "countersign/jws/slim": everywhere("slim/jws.js"),
  "countersign/lite/slim": everywhere("slim/lite.js"),
  "countersign/verify/slim": everywhere("slim/verify.js"),
  "countersign/key-ring/slim": everywhere("slim/key-ring.js"),
  "countersign/password/slim": everywhere("slim/password.js"),
  "countersign/argon2/slim": everywhere("slim/argon2.js"),
  "countersign/formats/slim": everywhere("slim/formats.js"),
  "countersign/post-quantum/slim": everywhere("slim/post-quantum.js"),
  // Scripts, which nothing imports.
  ...Object.fromEntries(
    ["argon2", "formats", "password"].map((name) => {
      const path = `pool/${name}-worker.js`;
      return [`countersign/${name}/worker.js`, { import: path, require: path, workerd: path, "edge-light": path }];
    }),
  ),
  "countersign/jwe.wasm": { import: "jwe.wasm", require: "jwe.wasm", workerd: "jwe.wasm", "edge-light": "jwe.wasm" },
  "countersign/jwt.wasm": { import: "jwt.wasm", require: "jwt.wasm", workerd: "jwt.wasm", "edge-light": "jwt.wasm" },
  "countersign/lite.wasm": {
    import: "lite.wasm",
    require: "lite.wasm",
    workerd: "lite.wasm",
    "edge-light": "lite.wasm",
  },
  "countersign/verify.wasm": {
    import: "verify.wasm",
    require: "verify.wasm",
    workerd: "verify.wasm",
    "edge-light": "verify.wasm",
  },
  "countersign/argon2.wasm": {
    import: "argon2.wasm",
    require: "argon2.wasm",
    workerd: "argon2.wasm",
    "edge-light": "argon2.wasm",
  },
  "countersign/formats.wasm": {
    import: "formats.wasm",
    require: "formats.wasm",
    workerd: "formats.wasm",
    "edge-light": "formats.wasm",
  },
  "countersign/post-quantum.wasm": {
    import: "post-quantum.wasm",
    require: "post-quantum.wasm",
    workerd: "post-quantum.wasm",
    "edge-light": "post-quantum.wasm",
  },
  "countersign/password.wasm": {
    import: "password.wasm",
    require: "password.wasm",
    workerd: "password.wasm",
    "edge-light": "password.wasm",
  },
};

function everywhere(path) {
  return { import: path, require: `cjs/${path}`, workerd: path, "edge-light": path };
}

test("lists_every_entry", () => {
  const subpaths = [...Object.keys(ENTRIES).map((entry) => entry.replace("countersign", ".")), "./package.json"];
  assert.deepEqual(Object.keys(manifest.exports).sort(), subpaths.sort());
});

for (const condition of ["import", "require", "workerd", "edge-light"]) {
  test(`resolves_every_entry_under_${condition}`, () => {
    const entries = Object.keys(ENTRIES);
    const resolver = condition === "require" ? "require.resolve" : "import.meta.resolve";
    const program = `
      import { createRequire } from "node:module";
      const require = createRequire(${JSON.stringify(`${root}tests/packaging/`)});
      console.log(JSON.stringify(${JSON.stringify(entries)}.map((entry) => ${resolver}(entry))));`;
    const flags = condition === "import" || condition === "require" ? [] : [`--conditions=${condition}`];
    const output = execFileSync(process.execPath, [...flags, "--input-type=module", "--eval", program], {
      cwd: root,
      encoding: "utf8",
    });
    const found = JSON.parse(output).map((path) => path.split("/pkg/dist/").at(-1));
    assert.deepEqual(
      Object.fromEntries(entries.map((entry, index) => [entry, found[index]])),
      Object.fromEntries(entries.map((entry) => [entry, ENTRIES[entry][condition]])),
    );
  });
}

// Resolvers that do not know "exports" look for a file or a folder of that name.
test("has_a_folder_for_every_entry_that_names_the_same_files", () => {
  const entries = Object.entries(manifest.exports).filter(([subpath, { require }]) => subpath !== "." && require);
  assert.ok(15 < entries.length);
  for (const [subpath, { import: esm, require: cjs }] of entries) {
    const folder = join(root, "pkg", subpath);
    const fields = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const found = [fields.main, fields.module, fields.types].map((path) => join(folder, path));
    assert.deepEqual(
      found,
      [cjs.default, esm.default, esm.types].map((path) => join(root, "pkg", path)),
    );
  }
});

test("gives_import_of_commonjs_its_names", async () => {
  const [esm, cjs] = await Promise.all(
    ["inline", "cjs/inline"].map((folder) => import(`${root}pkg/dist/${folder}/jwt.js`)),
  );
  const names = Object.keys(cjs).filter((name) => name !== "default" && name !== "module.exports");
  assert.deepEqual(names, Object.keys(esm));
});

for (const [conditions, file] of [
  // Nitro with experimental.wasm, and without.
  [["workerd", "edge-light", "wintercg", "unwasm", "import"], "edge-light/jwt.js"],
  [["workerd", "edge-light", "wintercg", "import"], "inline/jwt.js"],
  // Jest's edge environment, and webpack's edge builds.
  [["edge-light", "require"], "cjs/inline/jwt.js"],
  [["edge-light", "module", "require"], "edge-light/jwt.js"],
]) {
  test(`takes_${file}_under_${conditions.join("_")}`, () => {
    const resolved = resolveExport(manifest, "./jwt", conditions);
    assert.equal(resolved, `./dist/${file}`);
  });
}

test("puts_the_types_first_in_every_branch", () => {
  const branches = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [] : [entry, ...Object.values(entry)],
  );
  const typed = branches.filter((branch) => typeof branch === "object" && "types" in branch);
  assert.ok(20 < typed.length);
  for (const branch of typed) assert.equal(Object.keys(branch)[0], "types");
});

test("has_one_interface_under_every_condition", () => {
  for (const name of ["index", "jwe", "jwt", "jws", "lite", "password", "verify"]) {
    const exported = (folder) => read(`pkg/dist/${folder}/${name}.d.ts`).match(/^export .*$/gm);
    assert.ok(0 < exported("inline").length);
    for (const folder of ["workerd", "edge-light", "cjs/inline"])
      assert.deepEqual(exported(folder), exported("inline"), folder);
  }
});

test("keeps_jws_in_an_entry_of_its_own_with_the_keys_of_the_others", async () => {
  const [index, jwt, jws] = await Promise.all(
    ["countersign", "countersign/jwt", "countersign/jws"].map((entry) => import(entry)),
  );
  for (const name of ["signJws", "verifyJws", "signJwsJson", "verifyJwsJson"]) {
    assert.equal(typeof jws[name], "function", name);
    assert.ok(!(name in index) && !(name in jwt), name);
  }
  for (const name of ["Key", "KeySet", "CountersignError"]) assert.equal(jws[name], jwt[name], name);
  for (const name of ["sign", "verify", "Signer", "Verifier"]) assert.ok(!(name in jws), name);
});

test("pleases_publint", async () => {
  const { messages } = await publint({ pkgDir: `${root}pkg`, strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  );
});

test("pleases_arethetypeswrong", () => {
  // The .wasm entries are not JavaScript: their declarations say what a bundler gives for them, which no resolver knows.
  const names = ["argon2", "formats", "jwe", "jwt", "lite", "password", "post-quantum", "verify"];
  const modules = names.map((name) => `${name}.wasm`);
  const others = [...modules, ...["argon2", "formats", "password"].map((name) => `${name}/worker.js`)];
  const args = ["--pack", "pkg", "--exclude-entrypoints", ...others, "--format", "json"];
  // Into a file: the program ends before a pipe has taken in all that it says.
  const folder = mkdtempSync(join(tmpdir(), "countersign-types-"));
  const said = join(folder, "said.json");
  const output = openSync(said, "w");
  spawnSync(process.execPath, [tool("@arethetypeswrong/cli/dist/index.js"), ...args], {
    cwd: root,
    stdio: ["ignore", output, "ignore"],
  });
  closeSync(output);
  const { analysis } = JSON.parse(readFileSync(said, "utf8"));
  rmSync(folder, { recursive: true });
  // node10 is TypeScript's way of resolving for Node before 12.7: it knows no exports map, and cannot find a subpath.
  const problems = analysis.problems.filter(({ resolutionKind }) => resolutionKind !== "node10");
  assert.deepEqual(problems, []);
  const readable = Object.keys(manifest.exports).filter((subpath) => !/\.(wasm|js)$/.test(subpath));
  assert.equal(Object.keys(analysis.entrypoints).length, readable.length);
});
