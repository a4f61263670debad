// Test runners, compilers and bundlers, and libraries that wrap objects: about half a minute each with the installation.

import { readFileSync } from "node:fs";
import { EXPECTED, PROGRAM } from "../program.mjs";

const expected = JSON.stringify(EXPECTED);

const JEST_TEST = `const { use } = require("./program.cjs");
test("works", async () => expect(await use()).toEqual(${expected}));
`;
export const VITEST_TEST = `import { expect, test } from "vitest";
import { use } from "./program.mjs";
test("works", async () => expect(await use()).toEqual(${expected}));
`;

const { exports } = JSON.parse(readFileSync(new URL("../../../pkg/package.json", import.meta.url), "utf8"));
/** Imports every subpath whose name matches, and uses types of one. */
const subpaths = (pattern) => `${Object.keys(exports)
  .filter((path) => pattern.test(path))
  .map((path, index) => `import * as part${index} from "countersign${path.slice(1)}";\nconsole.log(part${index});\n`)
  .join("")}import { Key } from "countersign/jwt";
const kid: string | undefined = Key.generate("EdDSA").kid;
// @ts-expect-error: it is not a number.
const wrong: number = Key.generate("EdDSA").alg;
console.log(kid, wrong);
`;
const MODULES = subpaths(/^[^.]*\.[^.]*$/);
const ALL = subpaths(/^(?!.*\.(js|json)$)/);

/** A program for bundlers, which prints one line. */
const BUNDLED = `import { use } from "./program.mjs";
use().then((result) => console.log(JSON.stringify(result)));
`;
/** Runs what a bundler made, the first file that matches. */
const checkBundle = (pattern) => `const file = require("fs").readdirSync("dist").find((name) => ${pattern}.test(name));
const text = require("child_process").execFileSync("node", ["dist/" + file]);
require("assert").deepEqual(JSON.parse(text), ${expected});
`;

export const TESTS = [
  {
    name: "Jest 30 (node, jsdom, edge-runtime)",
    packages: ["jest@30.5.2", "jest-environment-jsdom@30.5.2", "@edge-runtime/jest-environment@4.0.0"],
    files: {
      "node.test.cjs": JEST_TEST,
      "jsdom.test.cjs": `/** @jest-environment jsdom */
const { Key } = require("countersign");
// jsdom has no TextDecoder.
test("says what is missing", () => {
  expect(() => Key.generate("HS256")).toThrow("this runtime has no TextDecoder, which this package needs");
});
`,
      "edge.test.cjs": `/** @jest-environment @edge-runtime/jest-environment */\n${JEST_TEST}`,
      "jest.config.cjs": 'module.exports = { testMatch: ["**/*.test.cjs"], transform: {} };\n',
    },
    run: ["jest"],
  },
  ...["4.1.12", "5.1.2"].map((version) => ({
    name: `Vitest ${version[0]} (forks, threads, vmForks, vmThreads)`,
    packages: [`vitest@${version}`],
    files: { "a.test.mjs": VITEST_TEST },
    run: ["forks", "threads", "vmForks", "vmThreads"].map((pool) => `vitest run --pool=${pool}`),
  })),
  {
    name: "Parcel 2, as it comes",
    packages: ["parcel@2.16.4"],
    files: {
      "main.mjs": BUNDLED,
      "index.html": '<!doctype html><script type="module" src="./main.mjs"></script>\n',
      "check.cjs": checkBundle("/\\.js$/"),
    },
    run: ["parcel build index.html --no-cache --no-source-maps", "node check.cjs"],
  },
  {
    name: "Rspack 2, as it comes",
    packages: ["@rspack/core@2.3.4"],
    files: {
      "main.mjs": BUNDLED,
      "build.mjs": `import { rspack } from "@rspack/core";
const output = { path: process.cwd() + "/dist", filename: "main.cjs" };
rspack({ entry: "./main.mjs", context: process.cwd(), mode: "production", target: "web", output }).run((error, stats) => {
  if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
});
`,
      "check.cjs": checkBundle("/^main/"),
    },
    run: ["node build.mjs", "node check.cjs"],
  },
  {
    name: "webpack 4, with babel-loader",
    packages: ["webpack@4.47.0", "babel-loader@8.4.1", "@babel/core@7.29.7", "@babel/preset-env@7.29.2"],
    files: {
      // Files named .mjs could not import CommonJS by name.
      "main.js": BUNDLED.replace("program.mjs", "program.js"),
      "program.js": PROGRAM,
      "build.cjs": `const presets = [["@babel/preset-env", { targets: { node: "10" } }]];
const loader = { loader: "babel-loader", options: { presets, compact: true, sourceType: "unambiguous" } };
const rules = [{ test: /\\.js$/, include: /node_modules.countersign|main|program/, use: loader }];
const output = { path: process.cwd() + "/dist", filename: "main.cjs" };
require("webpack")({ entry: "./main.js", mode: "production", target: "node", output, module: { rules } }, (error, stats) => {
  if (error || stats.hasErrors()) throw error || new Error(stats.toString());
});
`,
      "check.cjs": checkBundle("/^main/"),
    },
    run: ["NODE_OPTIONS=--openssl-legacy-provider node build.cjs", "node check.cjs"],
  },
  {
    name: "TypeScript 5.9, moduleResolution node10, node16 and bundler, every subpath",
    packages: ["typescript@5.9.3"],
    // The .wasm files are for import, and node10, which does not read "exports", does not find them.
    files: { "old.ts": MODULES, "main.ts": ALL, "main.mts": ALL, "main.cts": MODULES },
    run: [
      "tsc --module esnext --moduleResolution node10 old.ts",
      "tsc --module node16 --moduleResolution node16 main.mts main.cts",
      "tsc --module esnext --moduleResolution bundler main.ts",
    ].map((command) => `${command} --noEmit --strict --skipLibCheck --target es2022 --lib es2022,dom`),
  },
  {
    name: "Vue 3, Pinia 4, MobX 6 and Immer 11, reactive objects",
    packages: ["vue@3.5.45", "pinia@4.1.0", "mobx@6.16.1", "immer@11.2.13"],
    files: {
      "reactive.mjs": `import assert from "node:assert/strict";
import { Key, KeySet, PasswordHasher, RemoteKeySet, Signer, Verifier } from "countersign";
import { EncryptionKey, decrypt, encrypt } from "countersign/jwe";
import { produce } from "immer";
import { makeAutoObservable, observable } from "mobx";
import { createPinia, defineStore, setActivePinia } from "pinia";
import { reactive, readonly, ref, shallowReactive } from "vue";
class Store {
  constructor(members) {
    Object.assign(this, members);
    makeAutoObservable(this);
  }
}
setActivePinia(createPinia());
const pinia = (members) => defineStore("store", { state: () => members })();
const immer = (members) => produce({}, (draft) => Object.assign(draft, members));
const wrappers = { pinia, immer, reactive, readonly, shallowReactive, ref: (value) => ref(value).value, observable, Store: (value) => new Store(value) };
for (const [name, wrap] of Object.entries(wrappers)) {
  const key = Key.generate("EdDSA");
  const held = wrap({
    key,
    set: new KeySet([key]),
    signer: new Signer(key),
    verifier: new Verifier(key),
    remote: new RemoteKeySet("https://login.example/keys"),
    hasher: new PasswordHasher({ params: { memoryKib: 64, passes: 1, lanes: 1 } }),
    secret: EncryptionKey.generate("A256KW"),
  });
  const token = held.signer.sign({ sub: "alice" });
  assert.equal(held.verifier.verify(token).claims.sub, "alice", name);
  assert.equal(new Verifier(held.set).verify(token).claims.sub, "alice", name);
  assert.equal(new Verifier(held.key.publicKey()).verify(token).claims.sub, "alice", name);
  assert.equal(held.remote.state.status, "empty", name);
  assert.equal(held.hasher.verify("right", held.hasher.hash("right")).ok, true, name);
  assert.equal(decrypt(encrypt(new Uint8Array([1]), held.secret), held.secret).plaintext[0], 1, name);
}
`,
    },
    run: ["node reactive.mjs"],
  },
];
