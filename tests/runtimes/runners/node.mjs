// Node.js: ESM, CommonJS, the slim entries, and the two halves imported one by one.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { printResult, resultOf } from "./process.mjs";

const suite = 'import { run } from "./suite/conformance.mjs";\nimport { vectors } from "./suite/vectors.mjs";\n';
// Node has a second realm at hand, so what it makes is really foreign.
const realm =
  'import { runInNewContext } from "node:vm";\nglobalThis.otherRealm = runInNewContext("({ Date, Uint8Array })");\n';

/** Programs, by the way they come to the package. */
const programs = {
  esm: `${suite}${realm}import * as index from "countersign";
import * as jws from "countersign/jws";
import * as jwe from "countersign/jwe";
const countersign = { ...index, ...jws, jwe };
`,
  commonjs: `${suite}${realm}import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const countersign = require("./commonjs.cjs");
`,
  halves: `${suite}${realm}import * as jwt from "countersign/jwt";
import * as jws from "countersign/jws";
import * as password from "countersign/password";
import * as jwe from "countersign/jwe";
const countersign = { ...jwt, ...jws, ...password, jwe };
`,
  slim: `${suite}${realm}import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as jwt from "countersign/jwt/slim";
import * as jws from "countersign/jws/slim";
import * as password from "countersign/password/slim";
import * as jwe from "countersign/jwe/slim";
const wasm = (name) => readFileSync(createRequire(import.meta.url).resolve("countersign/" + name + ".wasm"));
jwt.initSync(wasm("jwt"));
await password.init(wasm("password"));
jwe.initSync(wasm("jwe"));
const countersign = { ...jwt, ...jws, ...password, jwe };
`,
};

/** Runs the suite in the Node at `binary`, which comes to the package by `way`. */
export async function node(consumer, binary, way) {
  if (way === "commonjs")
    writeFileSync(
      join(consumer.directory, "commonjs.cjs"),
      'module.exports = { ...require("countersign"), ...require("countersign/jws"), jwe: require("countersign/jwe") };\n',
    );
  const file = `${way}.mjs`;
  writeFileSync(join(consumer.directory, file), programs[way] + printResult);
  return resultOf(binary, [file], consumer.directory);
}
