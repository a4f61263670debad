// Engines without WebAssembly. The package cannot work there. The import succeeds, and every call gives one coded error.

const PROGRAM = `import { EncryptionKey } from "countersign/jwe";
import { Key, Signer, Verifier, decodeUnverified, hashPassword, hashPasswordAsync, verifyPassword } from "countersign";
import { bearerGuard } from "countersign/http";
const print = globalThis.print ?? ((text) => console.log(text));
const outcome = (error) => print(error.code + ": " + error.message);
const calls = [
  () => Key.generate("HS256"),
  () => Key.fromJwk({ kty: "oct", k: "AAAA", alg: "HS256" }),
  () => decodeUnverified("a.b.c"),
  () => EncryptionKey.generate("A256KW"),
  () => hashPassword("correct horse"),
  () => verifyPassword("correct horse", "$argon2id$"),
];
for (const call of calls) {
  try {
    call();
    print("works");
  } catch (error) {
    outcome(error);
  }
}
hashPasswordAsync("correct horse").then(() => print("works"), outcome);
`;
const LINES = 7;
const MESSAGE =
  "INTERNAL: this runtime has no WebAssembly, which this package needs: --jitless and Lockdown Mode turn it off";

/** Reads the lines that the program printed, among others. */
const CHECK = `const assert = require("assert");
const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter((line) => /^(works|[A-Z_]+: |undefined: )/.test(line));
assert.deepEqual(lines, Array(${LINES}).fill(${JSON.stringify(MESSAGE)}));
`;

const BUNDLE = "esbuild engine.mjs --bundle --format=iife --platform=browser --outfile=bundle.js";

export const ENGINES = [
  {
    name: "Node with --jitless",
    packages: [],
    files: { "engine.mjs": PROGRAM, "check.cjs": CHECK },
    run: ["node --jitless engine.mjs > out.txt", "node check.cjs < out.txt"],
  },
  {
    name: "iOS in Lockdown Mode, simulated: WebAssembly is deleted",
    packages: ["esbuild@0.28.2"],
    files: { "engine.mjs": PROGRAM, "check.cjs": CHECK, "lockdown.mjs": "delete globalThis.WebAssembly;\n" },
    run: [BUNDLE, "node --import ./lockdown.mjs bundle.js > out.txt", "node check.cjs < out.txt"],
  },
  {
    name: "QuickJS (quickjs-emscripten)",
    packages: ["quickjs-emscripten@0.32.0", "esbuild@0.28.2"],
    files: {
      "engine.mjs": PROGRAM,
      "check.cjs": CHECK,
      "host.mjs": `import { readFileSync } from "node:fs";
import { getQuickJS } from "quickjs-emscripten";
const engine = await getQuickJS();
const context = engine.newContext();
const print = context.newFunction("print", (text) => console.log(context.getString(text)));
context.setProp(context.global, "print", print);
context.unwrapResult(context.evalCode(readFileSync("bundle.js", "utf8")));
context.runtime.executePendingJobs();
`,
    },
    run: [BUNDLE, "node host.mjs > out.txt", "node check.cjs < out.txt"],
  },
  {
    name: "Hermes 0.12, React Native's engine, through Metro",
    packages: [
      "hermes-engine-cli@0.12.0",
      "metro@0.87.1",
      "@react-native/metro-babel-transformer@0.86.3",
      "@react-native/babel-preset@0.86.3",
      "@babel/core@7.29.7",
    ],
    files: {
      "engine.mjs": PROGRAM,
      "check.cjs": CHECK,
      "build.cjs": `const Metro = require("metro");
Metro.loadConfig()
  .then((config) => {
    config.transformer.babelTransformerPath = require.resolve("@react-native/metro-babel-transformer");
    return Metro.runBuild(config, { entry: "engine.mjs", out: "bundle.js", platform: "ios", minify: false, dev: false });
  })
  .then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
`,
      "metro.config.js": "module.exports = { resolver: { sourceExts: ['mjs', 'js', 'cjs', 'json'] } };\n",
    },
    run: [
      "node build.cjs",
      "node_modules/hermes-engine-cli/linux64-bin/hermes bundle.js > out.txt",
      "node check.cjs < out.txt",
    ],
  },
  {
    name: "Fastly Compute (js-compute, StarlingMonkey)",
    packages: ["@fastly/js-compute@3.46.0"],
    files: {
      // The package is imported, and called, while the tool makes a snapshot of the started program.
      "engine.mjs": `${PROGRAM}addEventListener("fetch", (event) => event.respondWith(new Response("hello")));\n`,
      "check.cjs": CHECK,
    },
    run: ["js-compute-runtime engine.mjs app.wasm > out.txt", "node check.cjs < out.txt"],
  },
];
