// What is in the WebAssembly modules: bytes by crate and the largest functions.
//
// npm run weights [-- --modules jwt,jwe] [--functions 100]    writes .cache/weights.md, as the build does, and prints its tables
// npm run weights -- --write                                  also the tables of docs/weights.md
//
// It reads what the last build compiled, which still has the names of functions. wasm-opt then makes it smaller. The share
// of the compressed size is what gzip saves when it gets the code without that crate.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Failure, isProgram, main, root } from "../command.mjs";
import { functionNamesOf, functionsOf, importsOf } from "./binary.mjs";
import { trapOnPanic } from "./panics.mjs";

/** The page with everything. It changes with every build, so it is not committed. */
export const PAGE = ".cache/weights.md";
/** The page that is committed. Its tables are between two marks. */
export const SUMMARY = "docs/weights.md";
const MARKS = ["<!-- figures: begin -->", "<!-- figures: end -->"];
/** How many crates the summary names: the largest of all modules together, and beside them the largest of each module. */
const NAMED = 18;
const NAMED_OF_EACH = 2;
/** Every module has these: our own code, Rust's libraries, the bindings. They do not count as the largest of a module. */
const IN_EVERY_MODULE = new Set([
  "alloc",
  "core",
  "countersign",
  "dlmalloc",
  "exports and others",
  "js_sys",
  "std",
  "wasm_bindgen",
]);

/** What tells wasm-bindgen the types of exports and imports. It runs them, and takes them out of the module. */
const DESCRIPTOR = /__wbindgen_describe|WasmDescribe/;

const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** What a module weighs, and its functions by crate. */
export function weightOf(module) {
  const compiled = join(root, `.cache/wasm/npm-${module}.wasm`);
  if (!existsSync(compiled)) throw new Failure(`there is no compiled module "${module}": run npm run build`);
  const functions = namedFunctions(trapOnPanic(readFileSync(compiled)));
  const crates = new Map();
  for (const { crate, body } of functions) crates.set(crate, (crates.get(crate) ?? 0) + body.length);
  const built = readFileSync(join(root, `pkg/dist/${module}.wasm`));
  const sizes = { bytes: built.length, gzipped: gzipped(built), brotli: brotliCompressSync(built).length };
  return { module, sizes, functions, crates };
}

/** The modules of the package. */
export const builtModules = () =>
  readdirSync(join(root, "pkg/dist"))
    .filter((name) => name.endsWith(".wasm"))
    .map((name) => name.slice(0, -".wasm".length));

/** The tables of the summary. */
export function summaryOf(modules) {
  const total = new Map();
  for (const { crates } of modules)
    for (const [crate, bytes] of crates) total.set(crate, (total.get(crate) ?? 0) + bytes);
  const sorted = descending(total);
  const ofEach = new Set(
    modules.flatMap(({ crates }) =>
      descending(crates)
        .filter((crate) => !IN_EVERY_MODULE.has(crate))
        .slice(0, NAMED_OF_EACH),
    ),
  );
  const named = sorted.filter((crate, place) => place < NAMED || ofEach.has(crate));
  const others = ({ crates }) =>
    [...crates].reduce((sum, [crate, bytes]) => sum + (named.includes(crate) ? 0 : bytes), 0);
  const inKilobytes = (bytes = 0) => (bytes === 0 ? "" : (bytes / 1000).toFixed(1));
  return `| module | bytes | gzipped | brotli |
|---|---:|---:|---:|
${modules.map(({ module, sizes }) => row([`\`${module}.wasm\``, ...Object.values(sizes).map((size) => size.toLocaleString("en"))])).join("\n")}

| KB of code before \`wasm-opt\` | ${modules.map(({ module }) => module).join(" | ")} |
|---|${modules.map(() => "---:|").join("")}
${named.map((crate) => row([crate, ...modules.map(({ crates }) => inKilobytes(crates.get(crate)))])).join("\n")}
${row(["other crates", ...modules.map((own) => inKilobytes(others(own)))])}
`;
}

const descending = (bytes) => [...bytes.keys()].sort((left, right) => bytes.get(right) - bytes.get(left));

const row = (cells) => `| ${cells.join(" | ")} |`;

/** Writes the tables into the committed page. */
export function writeSummary(modules) {
  const path = join(root, SUMMARY);
  const [before, after] = textAround(readFileSync(path, "utf8"));
  writeFileSync(path, `${before}${MARKS[0]}\n${summaryOf(modules)}${MARKS[1]}${after}`);
}

/** The tables that the committed page has. */
export function committedSummary() {
  const text = readFileSync(join(root, SUMMARY), "utf8");
  const [before, after] = textAround(text);
  return text.slice(before.length + MARKS[0].length + 1, text.length - after.length - MARKS[1].length);
}

function textAround(text) {
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark));
  return [text.slice(0, begin), text.slice(end + MARKS[1].length)];
}

/** Writes the page with everything, and returns its path. */
export function writePage(modules, count = 100) {
  mkdirSync(dirname(join(root, PAGE)), { recursive: true });
  const parts = modules.map((own) => chapterOf(own, count));
  writeFileSync(join(root, PAGE), `# What is in the modules\n\n${summaryOf(modules)}\n${parts.join("\n")}`);
  return PAGE;
}

function chapterOf({ module, functions, crates }, count) {
  const largest = functions.toSorted((left, right) => right.body.length - left.body.length).slice(0, count);
  const heaviest = [...crates].sort(([, left], [, right]) => right - left);
  const share = sharesOf(functions);
  const number = (crate) => functions.filter((own) => own.crate === crate).length;
  return `## ${module}.wasm

| crate | functions | bytes | gzipped |
|---|---:|---:|---:|
${heaviest.map(([crate, bytes]) => row([crate, number(crate), bytes, share(crate)])).join("\n")}

| function | crate | bytes |
|---|---|---:|
${largest.map(({ name, crate, body }) => row([`\`${readable(name)}\``, crate, body.length])).join("\n")}
`;
}

function namedFunctions(wasm) {
  const names = functionNamesOf(wasm);
  const imported = importsOf(wasm).filter(({ isFunction }) => isFunction).length;
  return functionsOf(wasm)
    .map((body, index) => {
      const name = names.get(imported + index) ?? "";
      return { name, crate: crateOf(name), body };
    })
    .filter(({ name }) => !DESCRIPTOR.test(name));
}

/** What gzip saves without a crate. */
function sharesOf(functions) {
  const sizeOf = (some) => gzipped(Buffer.concat(some.map(({ body }) => body)));
  const all = sizeOf(functions);
  return (crate) => all - sizeOf(functions.filter((other) => other.crate !== crate));
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

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({
      options: {
        modules: { type: "string", default: builtModules().join(",") },
        functions: { type: "string", default: "100" },
        write: { type: "boolean" },
      },
    });
    const modules = values.modules.split(",").map(weightOf);
    console.log(`${summaryOf(modules)}\n${writePage(modules, Number(values.functions))} has all crates and functions`);
    if (values.write) writeSummary(modules);
  });
}
