// Generates the entries of the package: TypeScript files that load a module and export what callers use. There is one for
// each way to get the module and each part of the package. They go into pkg/src, where the compiler and editors find them,
// and are not committed.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../command.mjs";
import { PACKED } from "./packed.mjs";
import { step } from "./step.mjs";

/** The parts of the package: the modules that each loads, the files in pkg/src that it exports, and the way it lacks. */
const PARTS = {
  index: { modules: ["jwt", "password"], exports: ["jwt", "password", "remote"] },
  jwt: { modules: ["jwt"], exports: ["jwt", "remote"] },
  jws: { modules: ["jwt"], exports: ["jws"] },
  lite: { modules: ["lite"], exports: ["jwt", "remote"] },
  jwe: { modules: ["jwe"], exports: ["jwe"] },
  password: { modules: ["password"], exports: ["password"] },
  argon2: { modules: ["argon2"], exports: ["password"] },
  formats: { modules: ["formats"], exports: ["password"] },
  "post-quantum": { modules: ["post-quantum"], exports: ["post-quantum"] },
  "key-ring": { modules: ["jwt"], exports: ["key-ring"] },
  verify: { modules: ["verify"], exports: ["verify"] },
  testing: { modules: ["jwt"], exports: ["testing"], without: "slim" },
};

/**
 * The modules: the function that loads each, its file, and how to tell that it is loaded. A loader with `glue` serves the
 * password modules, so it takes the glue as an argument, and a worker script where the runtime may have threads.
 */
const MODULES = {
  jwt: { load: "loadTokens", from: "load/tokens", instance: "tokens", loaded: "tokens.loaded" },
  // These two are compiled like `jwt`. `join.mjs` then puts their own glue and engine in.
  lite: { load: "loadTokens", from: "load/tokens", instance: "tokens", loaded: "tokens.loaded" },
  verify: { load: "loadTokens", from: "load/tokens", instance: "tokens", loaded: "tokens.loaded" },
  "post-quantum": {
    load: "loadPostQuantum",
    from: "load/post-quantum",
    instance: "postQuantum",
    loaded: "postQuantum.loaded",
  },
  jwe: { load: "loadEncryption", from: "load/encryption", instance: "encryption", loaded: "encryption.loaded" },
  password: {
    load: "loadPasswords",
    from: "load/passwords",
    glue: true,
    instance: "passwords",
    loaded: 'passwords.covers("password")',
  },
  formats: {
    load: "loadFormats",
    from: "load/passwords",
    glue: true,
    instance: "passwords",
    loaded: 'passwords.covers("formats")',
  },
  argon2: {
    load: "loadArgon2",
    from: "load/passwords",
    glue: true,
    instance: "passwords",
    loaded: 'passwords.covers("argon2")',
  },
};

/** The ways to get a module: what the first line of an entry says about it, and the code of the entry. */
const WAYS = {
  inline: { about: "for any runtime. The module is inside the JavaScript", write: inline },
  workerd: {
    about: "for Cloudflare Workers, which compile an imported `.wasm` file when the Worker is deployed",
    write: (part) => imported(part, ".wasm"),
  },
  "edge-light": {
    about: "for Vercel's edge runtime, which compiles a `.wasm` file that is imported with `?module`",
    write: (part) => imported(part, ".wasm?module"),
  },
  slim: { about: "without its module. Call `init` or `initSync` first", write: slim },
};

/** The names of the folders in pkg/src that this generates. */
export const entryFolders = Object.keys(WAYS);

/** Writes all entries. */
export async function writeEntries() {
  await step("write the entries", { inputs: ["tools/build/entries.mjs", "tools/build/packed.mjs"] }, async () =>
    Object.entries(WAYS).flatMap(([way, { about, write }]) =>
      Object.entries(PARTS).flatMap(([name, part]) => {
        if (part.without === way) return [];
        const path = `pkg/src/${way}/${name}.ts`;
        const entry = name === "index" ? "countersign" : `countersign/${name}`;
        const text = `/** \`${entry}\` ${about}. */\n\n${write({ name, ...part })}`;
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
        return [path];
      }),
    ),
  );
}

/** Loads directly and not through another entry, because each file that is loaded takes time at start-up. */
function inline({ modules, exports }) {
  const loads = modules.map((module) => {
    const { load, from, glue, instance } = MODULES[module];
    const text = `${camelCase(module)}Text`;
    const [folder, decode] = PACKED.includes(module) ? ["packed", "decodePacked"] : ["printable", "decodePrintable"];
    return glue
      ? {
          imports: [
            `import ${text} from "../printable/${module}.js";`,
            `import * as ${module}Glue from "../glue/${module}.js";`,
            `import { ${load}Later } from "../${from}.js";`,
            `import ${module}Script from "../pool/${module}-script.js";`,
          ],
          call: `${load}Later(${module}Glue, () => decodePrintable(${text}), ${module}Script);`,
        }
      : {
          imports: [
            `import ${text} from "../${folder}/${module}.js";`,
            `import { ${instance} } from "../load/instances.js";`,
            `import { ${load} } from "../${from}.js";`,
          ],
          call: `${instance}.loadAtImport(() => ${load}(compileSync(${decode}(${text}))));`,
        };
  });
  const imports = [
    modules.every((module) => PACKED.includes(module))
      ? 'import { decodePacked } from "../load/packed.js";'
      : 'import { decodePrintable } from "../load/binary-to-text.js";',
    ...(modules.some((module) => !MODULES[module].glue) ? ['import { compileSync } from "../load/source.js";'] : []),
    ...loads.flatMap((load) => load.imports),
  ];
  return lines(
    imports,
    loads.map(({ call }) => call),
    reexports(exports),
  );
}

function imported({ modules, exports }, extension) {
  const loads = modules.map((module) => {
    const { load, from, glue } = MODULES[module];
    return {
      imports: [
        `import ${camelCase(module)}Module from "../${module}${extension}";`,
        ...(glue ? [`import * as ${module}Glue from "../glue/${module}.js";`] : []),
        `import { ${load} } from "../${from}.js";`,
      ],
      call: `${load}(${glue ? `${module}Glue, ` : ""}${camelCase(module)}Module);`,
    };
  });
  return lines(
    loads.flatMap((load) => load.imports),
    loads.map(({ call }) => call),
    reexports(exports),
  );
}

function slim({ name, modules, exports }) {
  const [module] = modules;
  if (name !== module) return name === "index" ? slimIndex(exports) : slimAlias(module, exports);
  const { load, from, glue, instance, loaded } = MODULES[module];
  return `${
    glue ? `import * as glue from "../glue/${module}.js";\n` : ""
  }import { ${instance} } from "../load/instances.js";
import { ${load} } from "../${from}.js";
import { loadFrom, loadFromSync, type WasmInput, type WasmSource } from "../load/slim.js";
${glue ? `import script from "../pool/${module}-script.js";\n` : ""}
${reexports(exports).join("\n")}
export type { WasmInput, WasmSource };

/**
 * Loads the module from a file, a response or a URL. Does nothing when called again.
 *
 * @param input \`countersign/${module}.wasm\`: compiled, as bytes, as a \`Response\`, or the URL to fetch it from; or a promise
 * of one of these.
 * @throws {CountersignError} \`OPTION_INVALID\`: anything else, a response with an error status, or a module of another
 * version of the package. \`INTERNAL\`: the page may not compile WebAssembly.
 * @example
 * \`\`\`ts
 * await init(fetch("/assets/${module}.wasm"));
 * \`\`\`
 */
export async function init(input: WasmInput | Promise<WasmInput>): Promise<void> {
  if (!${loaded}) await loadFrom(input, load);
}

/**
 * Loads the module synchronously. Does nothing when called again.
 *
 * @param source \`countersign/${module}.wasm\`: compiled, or as bytes.
 * @throws {CountersignError} \`OPTION_INVALID\`: anything else, or a module of another version of the package.
 * \`INTERNAL\`: the page may not compile WebAssembly.
 * @example
 * \`\`\`ts
 * initSync(readFileSync("${module}.wasm"));
 * \`\`\`
 */
export function initSync(source: WasmSource): void {
  if (!${loaded}) loadFromSync(source, load);
}

function load(source: WasmSource): void {
  ${load}(${glue ? "glue, source, script" : "source"});
}
`;
}

/** A part that uses the module of another, and its \`init\`. */
function slimAlias(module, exports) {
  return lines(reexports(exports), [
    `export { init, initSync, type WasmInput, type WasmSource } from "./${module}.js";`,
  ]);
}

function slimIndex(exports) {
  return `import { expectInputs, type WasmInput, type WasmSource } from "../load/slim.js";
import { init as initTokens, initSync as initTokensSync } from "./jwt.js";
import { init as initPasswords, initSync as initPasswordsSync } from "./password.js";

${reexports(exports).join("\n")}
export type { WasmInput, WasmSource };

/**
 * Loads one module or both. Does nothing for a module that is loaded.
 *
 * @param inputs \`countersign/jwt.wasm\` and \`countersign/password.wasm\`: each compiled, as bytes, as a \`Response\`, or the
 * URL to fetch it from; or a promise of one of these.
 * @throws {CountersignError} \`OPTION_INVALID\`: anything else, a response with an error status, or a module of another
 * version of the package. \`INTERNAL\`: the page may not compile WebAssembly.
 * @example
 * \`\`\`ts
 * await init({ jwt: fetch("/assets/jwt.wasm"), password: fetch("/assets/password.wasm") });
 * \`\`\`
 */
export async function init(inputs: {
  jwt?: WasmInput | Promise<WasmInput>;
  password?: WasmInput | Promise<WasmInput>;
}): Promise<void> {
  const { jwt, password } = expectInputs(inputs);
  await Promise.all([
    jwt === undefined ? undefined : initTokens(jwt),
    password === undefined ? undefined : initPasswords(password),
  ]);
}

/**
 * Loads one module or both synchronously. Does nothing for a module that is loaded.
 *
 * @param sources \`countersign/jwt.wasm\` and \`countersign/password.wasm\`: each compiled, or as bytes.
 * @throws {CountersignError} \`OPTION_INVALID\`: anything else, or a module of another version of the package.
 * \`INTERNAL\`: the page may not compile WebAssembly.
 * @example
 * \`\`\`ts
 * initSync({ jwt: readFileSync("jwt.wasm"), password: readFileSync("password.wasm") });
 * \`\`\`
 */
export function initSync(sources: { jwt?: WasmSource; password?: WasmSource }): void {
  const { jwt, password } = expectInputs(sources);
  if (jwt !== undefined) initTokensSync(jwt);
  if (password !== undefined) initPasswordsSync(password);
}
`;
}

/** A module's name as a part of identifiers. */
const camelCase = (module) => module.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

function reexports(files) {
  return files.map((file) => `export * from "../${file}.js";`);
}

/** Groups of lines, with an empty line between two groups. */
function lines(...groups) {
  return `${groups.map((group) => group.join("\n")).join("\n\n")}\n`;
}
