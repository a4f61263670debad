// Prints what is in the WebAssembly modules: bytes by crate and the largest functions, as Markdown.
//
// node tools/build/contents.mjs [--modules jwt,jwe] [--functions 40] > contents.md
//
// It reads what the last `npm run build` compiled, which still has the names of functions. wasm-opt then removes about a fifth.
// The share of the compressed size is what gzip saves when it gets the code without that crate.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Failure, main, root } from "../command.mjs";
import { functionNamesOf, functionsOf, importsOf } from "./binary.mjs";
import { trapOnPanic } from "./panics.mjs";

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

function pageOf(module, count) {
  const compiled = join(root, `.cache/wasm/npm-${module}.wasm`);
  if (!existsSync(compiled)) throw new Failure(`there is no compiled module "${module}": run npm run build`);
  const functions = namedFunctions(trapOnPanic(readFileSync(compiled)));
  const crates = new Map();
  for (const own of functions) crates.set(own.crate, [...(crates.get(own.crate) ?? []), own]);
  const built = readFileSync(join(root, `pkg/dist/${module}.wasm`));
  const largest = functions.toSorted((left, right) => right.body.length - left.body.length).slice(0, count);
  return `## ${module}.wasm

${built.length} bytes, ${gzipped(built)} gzipped, ${brotliCompressSync(built).length} with brotli

| crate | functions | bytes | gzipped |
|---|---:|---:|---:|
${[...crates]
  .map(([crate, own]) => ({ crate, own, bytes: bytesOf(own) }))
  .toSorted((left, right) => right.bytes - left.bytes)
  .map(({ crate, own, bytes }) => `| ${crate} | ${own.length} | ${bytes} | ${shareOf(crate, functions)} |`)
  .join("\n")}

| function | bytes |
|---|---:|
${largest.map(({ name, body }) => `| \`${readable(name)}\` | ${body.length} |`).join("\n")}
`;
}

function namedFunctions(wasm) {
  const names = functionNamesOf(wasm);
  const imported = importsOf(wasm).filter(({ isFunction }) => isFunction).length;
  return functionsOf(wasm).map((body, index) => {
    const name = names.get(imported + index) ?? "";
    return { name, crate: crateOf(name), body };
  });
}

const bytesOf = (functions) => functions.reduce((sum, { body }) => sum + body.length, 0);

function shareOf(crate, functions) {
  const rest = functions.filter((other) => other.crate !== crate);
  const codeOf = (some) => Buffer.concat(some.map(({ body }) => body));
  return gzipped(codeOf(functions)) - gzipped(codeOf(rest));
}

// Rust mangles a path as its segments, each after its length: legacy names begin with `_ZN`, the others name their crate after `C`.
// An implementation counts to the crate of the path that it names first: `<T as base64ct::Encoding>` to base64ct.
function crateOf(name) {
  const [first = ""] = segmentsOf(name);
  const legacy = first.match(/(?<![\w.])([a-z]\w*)\.\./)?.[1] ?? first.match(/^\w+$/)?.[0];
  return legacy ?? name.match(/^_R.*?Cs\w*?_\d+([a-z_]\w*?)(?=\d|N|$)/)?.[1] ?? "exports and others";
}

function segmentsOf(name) {
  const segments = [];
  let rest = name.match(/^_ZN(.*)E$/)?.[1] ?? "";
  for (let length = Number.parseInt(rest, 10); length > 0; length = Number.parseInt(rest, 10)) {
    const start = String(length).length;
    segments.push(rest.slice(start, start + length));
    rest = rest.slice(start + length);
  }
  return segments;
}

const readable = (name) => {
  const path = segmentsOf(name).slice(0, -1).join("::");
  return (path === "" ? name : path)
    .replaceAll("..", "::")
    .replace(
      /\$(LT|GT|u20|u7b|u7d|RF|C)\$/g,
      (_, code) => ({ LT: "<", GT: ">", u20: " ", u7b: "{", u7d: "}", RF: "&", C: "," })[code],
    );
};

await main(async () => {
  const { values } = parseArgs({
    options: {
      modules: { type: "string", default: "jwt,jwe,password,argon2,formats" },
      functions: { type: "string", default: "40" },
    },
  });
  for (const module of values.modules.split(",")) console.log(pageOf(module, Number(values.functions)));
});
