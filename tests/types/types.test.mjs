// Compiles the files beside this one against the built package, in every way TypeScript resolves it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dom = ["ES2022", "DOM"];

/** A consumer's project: the files, and how they are compiled. */
const PROJECTS = {
  checks_every_promise_of_the_interface: {
    files: ["api.ts", "dpop.ts", "passwords.ts", "signers.ts", "verify.ts"],
    module: "NodeNext",
    lib: dom,
  },
  takes_the_types_of_claims_from_a_schema: {
    files: ["schema.ts"],
    module: "NodeNext",
    lib: dom,
    // Those of the libraries are not ours to fix.
    skipLibCheck: true,
  },
  fits_the_types_of_node: {
    files: ["dpop.ts", "node.ts"],
    module: "NodeNext",
    lib: ["ES2022", "ESNext.Disposable"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    // Those of Node need later libraries.
    skipLibCheck: true,
  },
  fits_the_types_of_frameworks: {
    files: ["frameworks.ts"],
    module: "NodeNext",
    lib: ["ES2023", "DOM", "DOM.Iterable", "ESNext.Disposable"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    experimentalDecorators: true,
    // Those of the frameworks are not ours to fix.
    skipLibCheck: true,
  },
  fits_the_types_of_the_mcp_sdk: {
    files: ["mcp.ts"],
    module: "NodeNext",
    lib: ["ES2023", "DOM", "DOM.Iterable", "ESNext.Disposable"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    // Those of the frameworks are not ours to fix.
    skipLibCheck: true,
  },
  has_adapters_that_need_no_types_of_frameworks_under_nodenext: {
    files: ["adapters.ts"],
    module: "NodeNext",
    lib: dom,
  },
  has_adapters_that_need_no_types_of_frameworks_under_node16: { files: ["adapters.ts"], module: "Node16", lib: dom },
  has_adapters_that_need_no_types_of_frameworks_in_bundlers: {
    files: ["adapters.ts"],
    module: "ESNext",
    moduleResolution: "Bundler",
    lib: dom,
  },
  serves_es_modules_and_commonjs_under_nodenext: { files: ["esm.mts", "commonjs.cts"], module: "NodeNext", lib: dom },
  serves_es_modules_and_commonjs_under_node16: { files: ["esm.mts", "commonjs.cts"], module: "Node16", lib: dom },
  serves_bundlers: {
    files: ["api.ts", "passwords.ts", "verify.ts", "esm.mts"],
    module: "ESNext",
    moduleResolution: "Bundler",
    lib: dom,
  },
  serves_bundlers_for_next_edge: {
    files: ["esm.mts"],
    module: "ESNext",
    moduleResolution: "Bundler",
    customConditions: ["edge-light"],
    lib: dom,
  },
  serves_workers: {
    files: ["dpop.ts", "worker.ts"],
    module: "ESNext",
    moduleResolution: "Bundler",
    customConditions: ["workerd"],
    lib: ["ES2022"],
    types: ["@cloudflare/workers-types"],
  },
};

for (const [name, { files, ...options }] of Object.entries(PROJECTS)) {
  test(name, () => {
    const compilerOptions = {
      exactOptionalPropertyTypes: true,
      noEmit: true,
      noUncheckedIndexedAccess: true,
      // The declarations of the package are checked too.
      skipLibCheck: false,
      strict: true,
      target: "ES2022",
      types: [],
      typeRoots: [join(root, "node_modules")],
      ...options,
    };
    const folder = mkdtempSync(join(tmpdir(), "countersign-types-"));
    try {
      const project = join(folder, "tsconfig.json");
      writeFileSync(
        project,
        JSON.stringify({ compilerOptions, files: files.map((file) => join(root, "tests/types", file)) }),
      );
      execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--project", project], {
        encoding: "utf8",
      });
    } catch (error) {
      throw new Error(error.stdout || error.message);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
