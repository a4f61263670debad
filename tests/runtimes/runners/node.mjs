// Node.js: ESM, CommonJS, the slim entries, the two halves imported one by one, and with the module with every format.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SLOW } from "../conformance.mjs";
import { COPY } from "../consumer.mjs";
import { printResult, resultOf, without } from "./process.mjs";

const suite = 'import { run } from "./suite/conformance.mjs";\nimport { vectors } from "./suite/vectors.mjs";\n';
// Node has a second realm at hand, so what it makes is really foreign.
const realm =
  'import { runInNewContext } from "node:vm";\nglobalThis.otherRealm = runInNewContext("({ Date, Uint8Array })");\n';

/** The ways on which everything runs. The others come to the same module in the same runtime, and leave slow files out. */
const WHOLE = ["esm", "formats"];

/** The files that are left out on this way to the package. */
export const leftOut = (way) => (WHOLE.includes(way) ? [] : SLOW);

/** Programs, by the way they come to the package. */
const programs = {
  esm: `${suite}${realm}import * as index from "countersign";
import * as jws from "countersign/jws";
import { enablePostQuantum } from "countersign/post-quantum";
import * as jwe from "countersign/jwe";
import * as decode from "countersign/decode";
import * as lite from "countersign/lite";
import * as onlyVerify from "countersign/verify";
import * as formats from "${COPY}/formats";
enablePostQuantum();
const countersign = { ...index, ...jws, jwe, decode, lite, onlyVerify, formats };
`,
  commonjs: `${suite}${realm}import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const countersign = require("./commonjs.cjs");
`,
  halves: `${suite}${realm}import * as jwt from "countersign/jwt";
import * as jws from "countersign/jws";
import { enablePostQuantum } from "countersign/post-quantum";
import * as password from "countersign/password";
import * as jwe from "countersign/jwe";
import * as decode from "countersign/decode";
import * as lite from "countersign/lite";
import * as onlyVerify from "countersign/verify";
import * as formats from "${COPY}/formats";
enablePostQuantum();
const countersign = { ...jwt, ...jws, ...password, jwe, decode, lite, onlyVerify, formats };
`,
  // Every vector of passwords on the module with every format.
  formats: `${suite}${realm}import * as jwt from "countersign/jwt";
import * as jws from "countersign/jws";
import { enablePostQuantum } from "countersign/post-quantum";
import * as password from "countersign/formats";
import * as jwe from "countersign/jwe";
import * as decode from "countersign/decode";
import * as lite from "countersign/lite";
import * as onlyVerify from "countersign/verify";
enablePostQuantum();
const countersign = { ...jwt, ...jws, ...password, jwe, decode, lite, onlyVerify };
`,
  slim: `${suite}${realm}import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as jwt from "countersign/jwt/slim";
import * as jws from "countersign/jws/slim";
import * as postQuantum from "countersign/post-quantum/slim";
import * as password from "countersign/password/slim";
import * as jwe from "countersign/jwe/slim";
import * as decode from "countersign/decode";
import * as lite from "countersign/lite/slim";
import * as onlyVerify from "countersign/verify/slim";
import * as formats from "${COPY}/formats/slim";
const wasm = (name) => readFileSync(createRequire(import.meta.url).resolve("countersign/" + name + ".wasm"));
jwt.initSync(wasm("jwt"));
postQuantum.initSync(wasm("post-quantum"));
postQuantum.enablePostQuantum();
await password.init(wasm("password"));
jwe.initSync(wasm("jwe"));
lite.initSync(wasm("lite"));
onlyVerify.initSync(wasm("verify"));
await formats.init(wasm("formats"));
const countersign = { ...jwt, ...jws, ...password, jwe, decode, lite, onlyVerify, formats };
`,
};

/** Runs the suite in the Node at `binary`, which comes to the package by `way`. */
export async function node(consumer, binary, way) {
  if (way === "commonjs")
    writeFileSync(
      join(consumer.directory, "commonjs.cjs"),
      `const [jwe, decode, lite, onlyVerify] = ["jwe", "decode", "lite", "verify"].map((name) => require("countersign/" + name));
const formats = require("${COPY}/formats");
require("countersign/post-quantum").enablePostQuantum();
module.exports = { ...require("countersign"), ...require("countersign/jws"), jwe, decode, lite, onlyVerify, formats };
`,
    );
  const file = `${way}.mjs`;
  writeFileSync(join(consumer.directory, file), programs[way] + without(leftOut(way)) + printResult);
  return resultOf(binary, [file], consumer.directory);
}
