// From Rust to a wasm module and its glue: compile, bind, optimize, encode.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Failure, root, run } from "../command.mjs";
import { step } from "./step.mjs";
import { callFromTable, moveIntoTable } from "./table.mjs";

const TARGET = "wasm32-unknown-unknown";
const crateInputs = ["Cargo.lock", "Cargo.toml", "rust-toolchain.toml", "src", "tools/module"];
const targetFolder = resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
const locked = process.env.CI ? ["--locked"] : [];

// Spelled out because the module must load in Node 20: `--all-features` makes one that does not.
const wasmFeatures = [
  "--enable-bulk-memory",
  "--enable-multivalue",
  "--enable-mutable-globals",
  "--enable-nontrapping-float-to-int",
  "--enable-reference-types",
  "--enable-sign-ext",
  "--enable-simd",
];

// The Cargo profile of each module, and flags of its own. SHA-2 on vectors makes tokens a sixth faster and the module
// smaller. Large integers are worked on by limbs of 32 bits, as wasm has no product of two 64-bit numbers: RSA, P-256 and
// P-521 check faster, and nothing is larger.
const profiles = { argon2: "argon2", jwe: "release", jwt: "release", password: "password" };
// And the level of wasm-opt: at `-O3` a check of a token takes a hundredth less time than at `-Oz`, and the module is as
// large when compressed.
const LEVELS = { argon2: "-Os", jwe: "-Oz", jwt: "-O3", password: "-Os" };
const codeFlags = {
  // What calls the function over blocks adds up blocks itself, and is compiled for size here: two at a time all the same.
  argon2: ["-Ctarget-feature=+simd128", ...blockFlags(), "-Cllvm-args=-unroll-partial-threshold=30"],
  jwe: tokenFlags(10),
  // A little more: a check of a token takes two hundredths less time, for 2 KB. At 30 one more, and a start takes longer.
  jwt: tokenFlags(18),
  password: ["-Ctarget-feature=+simd128", ...schemeFlags()],
};
// Flags for one crate: its name, and the flags.
const crateFlags = { password: ["argon2", ...productsAsWritten()] };
// Flags for the optimization of the whole, when all crates are linked, and not for a crate by itself.
const linkFlags = { password: inlineLittle() };

// Inlining a little makes the token module smaller than inlining nothing, and faster.
function tokenFlags(inlined) {
  return ["-Ctarget-feature=+simd128", '--cfg=cpubits="32"', `-Cllvm-args=-inline-threshold=${inlined}`];
}

// How LLVM is to treat Argon2's function over blocks, which is where the time of a hash goes. None of these changes what
// it computes; together they save a fifth of the time in V8 and a third in JavaScriptCore. Measured on Node 20 and Bun.
function blockFlags() {
  return [...passwordFlags(), ...productsAsWritten(), "-Cno-vectorize-loops", ...inlineLittle()];
}

// The product of two halves is doubled, and not one of the halves before it is cut off, which takes an instruction more for
// each of 512 products in a block (a seventh of the time). bcrypt needs it the other way round (a twelfth of its time).
function productsAsWritten() {
  return ["-Cllvm-args=-opt-disable=reassociate"];
}

// The same beside the other schemes. scrypt needs its loops on vectors (a quarter of its time), so loops are left as they
// are only where vectors would be more than a processor has registers, which Argon2's are. bcrypt needs its rounds inlined
// where its crate is compiled (a fifth).
function schemeFlags() {
  return [...passwordFlags(), "-Cllvm-args=-vectorizer-consider-reg-pressure"];
}

function passwordFlags() {
  return [
    // The sixteen words of a round stay in memory while four of them are worked on. All in locals, they are more than a
    // processor has registers, and the engines spill them: 377 moves to and from the stack instead of 74.
    "-Cllvm-args=-earlycse-mssa-optimization-cap=0",
    // Offsets stay in the instructions that load and store, where the engines add them for nothing.
    "-Cllvm-args=-disable-lsr",
    // Blocks are added up on vectors: what is stored, the sum, what was loaded, which is three steps. No more than that,
    // or the multiplications of 32 bits by 32 would follow, which JavaScriptCore takes apart (twice the time).
    "-Cllvm-args=-slp-recursion-max-depth=3",
    // What is unrolled beyond the little makes the module larger and no hash faster.
    "-Cllvm-args=-unroll-threshold=60",
  ];
}

// And so with what is inlined.
function inlineLittle() {
  return ["-Cllvm-args=-inline-threshold=25", "-Cllvm-args=-inlinehint-threshold=25"];
}

/**
 * Makes `<out>/<name>.wasm`, `<out>/glue/<name>.js` and `<out>/base64/<name>.js` for each name, with their types.
 * `features` are Cargo features beyond the module's own.
 */
export async function buildModules(names, { out, features = [] }) {
  const [bindgen, wrapper] = await buildPrograms();
  const bound = [];
  for (const name of names) {
    const compiled = await compile(name, features, wrapper);
    // While the next one is compiled: wasm-opt and the linker take one processor each.
    const binding = bind(name, compiled, bindgen, {
      out,
      level: features.length === 0 ? LEVELS[name] : undefined,
    });
    // If it fails meanwhile, that is heard of below.
    binding.catch(() => undefined);
    bound.push(binding);
  }
  await Promise.all(bound);
}

async function buildPrograms() {
  const programs = ["bindgen", "rustc-with"].map((name) => (process.platform === "win32" ? `${name}.exe` : name));
  const copies = programs.map((program) => `.cache/bin/${program}`);
  await step("the program that generates the glue", { inputs: ["Cargo.lock", "tools/bindgen"] }, async () => {
    await run("cargo", ["build", "--quiet", ...locked, "--package", "bindgen"], { show: true });
    for (const [index, program] of programs.entries()) copyInto(join(targetFolder, "debug", program), copies[index]);
    return copies;
  });
  return copies;
}

// What is linked says how hard everything is optimized when it is put together: our crate, or, where that is compiled for
// size and Argon2 must not be, a package with nothing in it.
async function compile(name, extraFeatures, wrapper) {
  const features = [`npm-${name}`, ...extraFeatures].join();
  const copy = `.cache/wasm/${features}.wasm`;
  const linked = name === "argon2" ? "module" : "countersign";
  const command = ["rustc", "--quiet", ...locked, "--lib", "--crate-type", "cdylib", "--target", TARGET];
  command.push("--profile", profiles[name], "--package", linked, "--no-default-features", "--features", features);
  command.push("--", "-C", "link-arg=--export=__stack_pointer", ...(linkFlags[name] ?? []));
  const flags = [...remapPaths(), ...(codeFlags[name] ?? [])];
  const env = {};
  if (crateFlags[name] !== undefined) {
    // Cargo compiles a crate again when the flags of all change, and knows nothing of these.
    flags.push(`--cfg=crate_flags=${JSON.stringify(crateFlags[name].join(" "))}`);
    Object.assign(env, { CRATE_FLAGS: crateFlags[name].join("\x1f"), RUSTC_WRAPPER: join(root, wrapper) });
  }
  env.CARGO_ENCODED_RUSTFLAGS = flags.join("\x1f");
  const key = [...command, codeFlags[name], crateFlags[name]];
  await step(`compile ${features}`, { inputs: crateInputs, key }, async () => {
    await run("cargo", command, { show: true, env });
    copyInto(join(targetFolder, TARGET, profiles[name], `${linked}.wasm`), copy);
    return [copy];
  });
  return copy;
}

// Panic locations would carry the paths of the machine that built the module, and make every machine's module another.
function remapPaths() {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  return [`--remap-path-prefix=${join(cargoHome, "registry", "src")}=registry`, `--remap-path-prefix=${root}=`];
}

/** `level` is that of wasm-opt; without one the module stays as it was compiled, which is good enough for a test of traps. */
async function bind(name, compiled, bindgen, { out, level }) {
  const folder = `.cache/glue/${out}`;
  const tools = ["tools/build/modules.mjs", "tools/build/table.mjs"];
  const inputs = [compiled, bindgen, "package-lock.json", ...tools];
  await step(`generate ${out}/${name}.wasm and its glue`, { inputs, key: level }, async () => {
    await run(join(root, bindgen), [compiled, name, folder]);
    const { bytes, names } = moveIntoTable(readFileSync(join(root, folder, `${name}_bg.wasm`)));
    const path = `${folder}/${name}_table.wasm`;
    writeFileSync(join(root, path), bytes);
    const wasm = level === undefined ? Buffer.from(bytes) : await optimize(path, level);
    const [glue, types] = exchangeInstances(
      readFileSync(join(root, folder, `${name}.js`), "utf8"),
      readFileSync(join(root, folder, `${name}.d.ts`), "utf8"),
    );
    const files = {
      [`${out}/${name}.wasm`]: wasm,
      [`${out}/${name}.wasm.d.ts`]: "declare const module: WebAssembly.Module;\nexport default module;\n",
      [`${out}/base64/${name}.js`]: `export default ${JSON.stringify(wasm.toString("base64"))};\n`,
      [`${out}/base64/${name}.d.ts`]: "declare const bytes: string;\nexport default bytes;\n",
      [`${out}/glue/${name}.js`]: callFromTable(passTextWhole(knowModulesByBrand(glue)), names),
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
  const optimized = path.replace("_table.wasm", "_opt.wasm");
  const wasmOpt = join(root, "node_modules", "binaryen", "bin", "wasm-opt");
  await run(process.execPath, [wasmOpt, path, "--gufa", level, "--converge", ...wasmFeatures, "-o", optimized]);
  return readFileSync(join(root, optimized));
}

// A module compiled in another realm, as on Next's edge runtime, is an instance of another `WebAssembly.Module`.
function knowModulesByBrand(glue) {
  const pieces = glue.split("!(module instanceof WebAssembly.Module)");
  if (pieces.length !== 2) throw new Failure(`the glue has ${pieces.length - 1} module checks to replace, not 1`);
  return pieces.join('Object.prototype.toString.call(module) !== "[object WebAssembly.Module]"');
}

// The glue writes the characters of a string one by one, which takes a microsecond for a token; the encoder takes a
// tenth of that. What is not ASCII goes on as before.
function passTextWhole(glue) {
  const slow =
    /const mem = getUint8ArrayMemory0\(\);\s+let offset = 0;\s+for \(; offset < len; offset\+\+\) \{[^}]+\}\s+if \(offset !== len\) \{\s+if \(offset !== 0\) \{\s+arg = arg\.slice\(offset\);\s+\}/g;
  const found = glue.match(slow)?.length ?? 0;
  if (found !== 1) throw new Failure(`the glue has ${found} loops over the characters of a string to replace, not 1`);
  return glue.replace(
    slow,
    `let { read, written: offset } = cachedTextEncoder.encodeInto(arg, getUint8ArrayMemory0().subarray(ptr, ptr + len));
    if (read !== arg.length) {
        arg = arg.slice(read);`,
  );
}

// An instance that was replaced can be taken up again. Only the modules that are started over have one.
function exchangeInstances(glue, types) {
  if (!glue.includes("function scratch_bytes(")) return [glue, types];
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
