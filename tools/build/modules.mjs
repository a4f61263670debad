// Builds a wasm module and its JavaScript glue from Rust: compile, bind, optimize, encode.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Failure, root, run } from "../command.mjs";
import { encodePrintable } from "./binary-to-text.mjs";
import { keepInstance } from "./fixed-instance.mjs";
import { shortenImports } from "./imports.mjs";
import { nameByResemblance } from "./order.mjs";
import { encodePacked, PACKED } from "./packed.mjs";
import { trapOnPanic } from "./panics.mjs";
import { step } from "./step.mjs";

const TARGET = "wasm32-unknown-unknown";
const crateInputs = ["Cargo.lock", "Cargo.toml", "rust-toolchain.toml", "src", "tools/module"];
const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const locked = process.env.CI ? ["--locked"] : [];

// Not `--all-features`: the result would not load in Node 20.
const wasmFeatures = [
  "--enable-bulk-memory",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
  "--enable-simd",
];

// The Cargo profile of each module.
const profiles = {
  argon2: "argon2",
  formats: "password",
  jwe: "release",
  jwt: "release",
  lite: "lite",
  password: "password",
  "post-quantum": "post-quantum",
  verify: "lite",
};
// The level of wasm-opt. At `-O3`, checking a token takes 1% less time than at `-Oz`, and the compressed module is as small.
const LEVELS = {
  argon2: "-Os",
  formats: "-Os",
  jwe: "-Oz",
  jwt: "-O3",
  lite: "-Oz",
  password: "-Os",
  "post-quantum": "-O3",
  verify: "-Oz",
};
// Compiler flags of each module, for all crates.
const codeFlags = {
  // The caller of Argon2's block function adds blocks itself. It is compiled for size, but this still unrolls it by two.
  argon2: ["-Ctarget-feature=+simd128", ...blockFlags(), "-Cllvm-args=-unroll-partial-threshold=30"],
  jwe: tokenFlags(10),
  // With 18, checking a token takes 2% less time than with 10, for 2 KB. With 30 it takes 1% less again, but a start takes longer.
  jwt: tokenFlags(10),
  lite: tokenFlags(5),
  password: ["-Ctarget-feature=+simd128", ...schemeFlags()],
  verify: tokenFlags(5),
};
// The modules that encrypt so few blocks with AES that its small implementation is fast enough: four in Firebase's scrypt, and a
// private key under a passphrase, of which PBKDF2 takes all the time.
const LITTLE_AES = ["formats", "jwt"];
// Flags for the link-time optimization of all crates, not for compiling a single crate.
const linkFlags = { password: inlineLittle() };
/** All flags, for the benchmark that fails when they stop paying. */
export const compilerFlags = { codeFlags, linkFlags };

// The module with the rare formats is compiled like the one without.
const codeFlagsOf = (name) => [
  ...(codeFlags[name === "formats" ? "password" : name] ?? []),
  ...(LITTLE_AES.includes(name) ? ['--cfg=aes_backend_soft="compact"'] : []),
];
const linkFlagsOf = (name) => linkFlags[name === "formats" ? "password" : name] ?? [];

// A little inlining makes the token module both smaller and faster than none. SHA-2 with vector instructions makes tokens 17%
// faster and the module smaller. wasm cannot multiply two 64-bit numbers to 128 bits, so integers of RSA, P-256 and P-521 use
// 32-bit limbs: checking is faster, and nothing is larger.
function tokenFlags(inlined) {
  return ["-Ctarget-feature=+simd128", '--cfg=cpubits="32"', `-Cllvm-args=-inline-threshold=${inlined}`];
}

// LLVM flags for Argon2's block function, which takes nearly all the time of a hash. They do not change the result.
// docs/decisions/0024-compiler-flags.md has the figures; benches/decisions/flags.mjs fails when the flags stop paying.
function blockFlags() {
  return [...passwordFlags(), "-Cno-vectorize-loops", ...inlineLittle()];
}

// LLVM flags for the module with every scheme. scrypt needs vectorized loops (25% of its time), so loops are not vectorized
// only where the vectors would need more registers than a processor has, as in Argon2. bcrypt needs its rounds inlined while
// its crate is compiled (20% of its time), so there is no limit on inlining here.
function schemeFlags() {
  return [...passwordFlags(), "-Cllvm-args=-vectorizer-consider-reg-pressure"];
}

function passwordFlags() {
  return [
    // Keeps the sixteen words of a round in memory while four of them are computed. As locals, they would need more
    // registers than a processor has, and the engines would spill them: 377 moves to and from the stack instead of 74.
    "-Cllvm-args=-earlycse-mssa-optimization-cap=0",
    // Keeps `2 * (a * b)` as written. LLVM would double a factor before it is truncated, which costs one more instruction
    // for each of 512 products in a block.
    "-Cllvm-args=-opt-disable=reassociate",
    // Keeps offsets in load and store instructions, where the engines add them at no cost.
    "-Cllvm-args=-disable-lsr",
    // Adds blocks with vector instructions: load, add, store, which are three steps. With more steps, LLVM would also
    // vectorize the 32-bit multiplications, which JavaScriptCore splits up again (twice the time).
    "-Cllvm-args=-slp-recursion-max-depth=3",
    // More unrolling makes the module larger and no hash faster.
    "-Cllvm-args=-unroll-threshold=60",
  ];
}

// More inlining makes the module larger and no hash faster.
function inlineLittle() {
  return ["-Cllvm-args=-inline-threshold=25", "-Cllvm-args=-inlinehint-threshold=25"];
}

/**
 * Makes `<out>/<name>.wasm`, `<out>/glue/<name>.js` and `<out>/printable/<name>.js` (or `packed`) for each name, with their
 * types. `features` are Cargo features beyond the module's own.
 */
export async function buildModules(names, { out, features = [] }) {
  const bindgen = await buildBindgen();
  const bound = [];
  for (const name of names) {
    const compiled = await compile(name, features);
    // Runs while the next module is compiled: wasm-opt and the linker use one processor each.
    const binding = bind(name, compiled, bindgen, {
      out,
      table: await import("./table.mjs"),
      level: features.length === 0 ? LEVELS[name] : undefined,
    });
    // `Promise.all` below reports a failure.
    binding.catch(() => undefined);
    bound.push(binding);
  }
  await Promise.all(bound);
}

/**
 * Makes the same files for `npm start`, compiled in a fraction of the time: with little optimization, without wasm-opt and
 * without the table of functions. All modules are compiled with the same flags, so that they share their crates.
 */
export async function buildDemoModules(names, { out }) {
  // While the modules compile. `await` below reports a failure.
  const building = buildBindgen();
  building.catch(() => undefined);
  const compiled = [];
  for (const name of names) compiled.push(await compileForDemo(name));
  const bindgen = await building;
  await Promise.all(names.map((name, index) => bind(name, compiled[index], bindgen, { out })));
}

async function compileForDemo(name) {
  const copy = `.cache/wasm/demo-${name}.wasm`;
  const command = ["rustc", ...locked, "--lib", "--crate-type", "cdylib", "--target", TARGET, "--profile", "demo"];
  command.push("--package", "countersign", "--no-default-features", "--features", `npm-${name}`);
  command.push("--", "-C", "link-arg=--export=__stack_pointer", "-C", "strip=debuginfo");
  await step(`compile ${name} for the demo`, { inputs: crateInputs, key: command }, async () => {
    await run("cargo", command, { show: true });
    copyInto(join(targetFolder, TARGET, "demo", "countersign.wasm"), copy);
    return [copy];
  });
  return copy;
}

async function buildBindgen() {
  const program = process.platform === "win32" ? "bindgen.exe" : "bindgen";
  const copy = `.cache/bin/${program}`;
  await step("the program that generates the glue", { inputs: ["Cargo.lock", "tools/bindgen"] }, async () => {
    // In a folder that is removed afterwards: the crates of this program take 180 MB, and nothing else uses them.
    const folder = ".cache/bindgen";
    const command = ["build", "--quiet", ...locked, "--package", "bindgen", "--profile", "tool"];
    await run("cargo", [...command, "--target-dir", folder], { show: true });
    copyInto(join(root, folder, "tool", program), copy);
    rmSync(join(root, folder), { recursive: true, force: true });
    return [copy];
  });
  return copy;
}

// The linked package decides the optimization level of link-time optimization. That is our crate, except for Argon2: our
// crate is compiled for size there, so an empty package is linked instead.
async function compile(name, extraFeatures) {
  const features = [`npm-${name}`, ...extraFeatures].join();
  const copy = `.cache/wasm/${features}.wasm`;
  const linked = name === "argon2" ? "module" : "countersign";
  const command = ["rustc", "--quiet", ...locked, "--lib", "--crate-type", "cdylib", "--target", TARGET];
  command.push("--profile", profiles[name], "--package", linked, "--no-default-features", "--features", features);
  command.push("--", "-C", "link-arg=--export=__stack_pointer", ...linkFlagsOf(name));
  const flags = [...remapPaths(), ...codeFlagsOf(name)];
  const env = { CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  const key = [...command, codeFlagsOf(name)];
  await step(`compile ${features}`, { inputs: crateInputs, key }, async () => {
    await run("cargo", command, { show: true, env });
    copyInto(join(targetFolder, TARGET, profiles[name], `${linked}.wasm`), copy);
    return [copy];
  });
  return copy;
}

// Without this, panic locations would contain paths of the build machine, and builds would differ between machines.
function remapPaths() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  return [`--remap-path-prefix=${join(cargoHome, "registry", "src")}=registry`, `--remap-path-prefix=${root}=`];
}

/**
 * `level` is the level of wasm-opt. Without it the module is not optimized, which is enough for the trap tests. Without a
 * `table`, JavaScript calls all functions by name.
 */
async function bind(name, compiled, bindgen, { out, table, level }) {
  const folder = `.cache/glue/${out}`;
  const tools = [
    "binary",
    "binary-to-text",
    "fixed-instance",
    "imports",
    "modules",
    "order",
    "packed",
    "panics",
    "table",
  ].map((tool) => `tools/build/${tool}.mjs`);
  // What else is in package-lock.json has no part in it.
  // The demo is made without binaryen, which is not installed for it.
  const optimizer = table === undefined ? [] : ["node_modules/binaryen/package.json"];
  const inputs = [compiled, bindgen, ...optimizer, ...tools];
  await step(`generate ${out}/${name}.wasm and its glue`, { inputs, key: level }, async () => {
    const trapping = `${folder}/${name}_trap.wasm`;
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, trapping), trapOnPanic(readFileSync(join(root, compiled))));
    await run(join(root, bindgen), [trapping, name, folder]);
    const bound = readFileSync(join(root, folder, `${name}_bg.wasm`));
    const { bytes, names } = table?.moveIntoTable(bound) ?? { bytes: bound };
    const path = `${folder}/${name}_table.wasm`;
    writeFileSync(join(root, path), bytes);
    const optimized = level === undefined ? Buffer.from(bytes) : await optimize(path, level);
    const generated = ["js", "d.ts"].map((type) => readFileSync(join(root, folder, `${name}.${type}`), "utf8"));
    const [glue, types] = exchangeInstances(...keepInstance(...removeAsyncInit(...generated)));
    const [wasm, shortened] = shortenImports(optimized, glue, name);
    const [text, encode] = PACKED.includes(name) ? ["packed", encodePacked] : ["printable", encodePrintable];
    const patched = importWithoutTextCoders(passTextWhole(knowModulesByBrand(shortened)));
    const files = {
      [`${out}/${name}.wasm`]: wasm,
      [`${out}/${name}.wasm.d.ts`]: "declare const module: WebAssembly.Module;\nexport default module;\n",
      [`${out}/${text}/${name}.js`]: `export default ${JSON.stringify(encode(wasm))};\n`,
      [`${out}/${text}/${name}.d.ts`]: "declare const text: string;\nexport default text;\n",
      [`${out}/glue/${name}.js`]: table?.callFromTable(patched, names) ?? patched,
      [`${out}/glue/${name}.d.ts`]: types,
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return Object.keys(files);
  });
}

async function optimize(path, level) {
  const [optimized, named, ordered] = ["opt", "named", "ordered"].map((step) =>
    path.replace("_table.wasm", `_${step}.wasm`),
  );
  await wasmOpt(path, optimized, ["--gufa", level, "--converge", "--strip-target-features"]);
  writeFileSync(join(root, named), nameByResemblance(readFileSync(join(root, optimized))));
  // The second pass is among those of `level`, but wasm-opt does not keep its result when it reads a module.
  await wasmOpt(named, ordered, ["--reorder-functions-by-name", "--optimize-stack-ir"]);
  return readFileSync(join(root, ordered));
}

async function wasmOpt(from, to, passes) {
  const program = join(root, "node_modules", "binaryen", "bin", "wasm-opt");
  await run(process.execPath, [program, from, ...passes, ...wasmFeatures, "-o", to]);
}

// On Next's edge runtime, a module comes from another realm and is not an instance of this `WebAssembly.Module`.
function knowModulesByBrand(glue) {
  const pieces = glue.split("!(module instanceof WebAssembly.Module)");
  if (pieces.length !== 2) throw new Failure(`the glue has ${pieces.length - 1} module checks to replace, not 1`);
  return pieces.join('Object.prototype.toString.call(module) !== "[object WebAssembly.Module]"');
}

// The package instantiates synchronously. Its glue goes into bundles as a whole, so it must not contain functions that fetch.
function removeAsyncInit(glue, types) {
  return [
    [glue, /async function __wbg_load\([\s\S]*?\n\}\n\n(?=function initSync)/],
    [types, /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\nexport default function __wbg_init[^\n]*\n/],
  ].map(([text, fetching]) => {
    if (!fetching.test(text)) throw new Failure("the glue has no asynchronous initialization to remove");
    return text
      .replace(fetching, "")
      .replace(/let __wbg_init_promise;\n[\s\S]*?(?=export \{ initSync)/, "")
      .replace("export { initSync, __wbg_init as default };", "export { initSync };");
  });
}

// The glue creates a `TextDecoder` and a `TextEncoder` when it is imported. jsdom has neither, and the import must succeed there:
// the first call then throws an error that says so.
function importWithoutTextCoders(glue) {
  if (!glue.includes("TextDecoder")) return glue;
  if (!/^(let|const) cachedTextDecoder = new TextDecoder\(/m.test(glue))
    throw new Failure("the glue creates no TextDecoder");
  const substitutes = "TextDecoder = class { decode() {} }, TextEncoder = class { encodeInto() {} }";
  return `const { ${substitutes} } = globalThis;\n${glue}`;
}

// The glue copies a string character by character, which takes a microsecond for a token. `TextEncoder` takes a tenth of
// that. Text that is not ASCII is handled as before.
function passTextWhole(glue) {
  const slow =
    /const mem = getUint8ArrayMemory0\(\);\s+let offset = 0;\s+for \(; offset < len; offset\+\+\) \{[^}]+\}\s+if \(offset !== len\) \{\s+if \(offset !== 0\) \{\s+arg = arg\.slice\(offset\);\s+\}/g;
  const found = glue.match(slow)?.length ?? 0;
  // The module of ML-DSA is given bytes only.
  if (!glue.includes("function passStringToWasm0(")) return glue;
  if (found !== 1) throw new Failure(`the glue has ${found} loops over the characters of a string to replace, not 1`);
  return glue.replace(
    slow,
    `let { read, written: offset } = cachedTextEncoder.encodeInto(arg, getUint8ArrayMemory0().subarray(ptr, ptr + len));
    if (read !== arg.length) {
        arg = arg.slice(read);`,
  );
}

// Adds functions to get the current instance and to replace it. Only the password modules need them.
function exchangeInstances(glue, types) {
  if (!glue.includes("export const Question =")) return [glue, types];
  const exchanging = `
export function instance() {
    return wasmInstance;
}

export function exchange(instance) {
    cachedDataViewMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    wasmInstance = instance;
    return wasm = instance.exports;
}
`;
  const typed = `
export function instance(): WebAssembly.Instance;
export function exchange(instance: WebAssembly.Instance): InitOutput;
`;
  return [glue + exchanging, types + typed];
}

function copyInto(from, to) {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(from, join(root, to));
}
