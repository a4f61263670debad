// Deno, without any permission, and Bun: both by the bare name, out of node_modules.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { COPY } from "../consumer.mjs";
import { printResult, resultOf } from "./process.mjs";

const program = `import * as index from "countersign";
import * as jws from "countersign/jws";
import { enablePostQuantum } from "countersign/post-quantum";
import * as jwe from "countersign/jwe";
import * as decode from "countersign/decode";
import * as lite from "countersign/lite";
import * as onlyVerify from "countersign/verify";
import * as formats from "${COPY}/formats";
import { run } from "./suite/conformance.mjs";
import { vectors } from "./suite/vectors.mjs";
enablePostQuantum();
const countersign = { ...index, ...jws, jwe, decode, lite, onlyVerify, formats };
${printResult}`;

/** Runs the suite in Deno. */
export async function deno(consumer, binary) {
  return resultOf(
    binary,
    ["run", "--no-prompt", "--no-check", "--cached-only", write(consumer, "deno.mjs")],
    consumer.directory,
  );
}

/** Runs the suite in Bun. */
export async function bun(consumer, binary) {
  return resultOf(binary, ["run", "--no-install", write(consumer, "bun.mjs")], consumer.directory);
}

function write(consumer, file) {
  writeFileSync(join(consumer.directory, file), program);
  return file;
}
