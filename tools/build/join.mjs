// Joins the compiled files into fewer, larger ones. Each file that a runtime loads adds half a millisecond or more to the
// start. So the code that fetches keys is in the file that checks tokens; bundlers remove it if it is not used.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { rollup } from "rollup";
import { Failure, root } from "../command.mjs";
import { filesUnder, step } from "./step.mjs";

/** The files that the exports map names, and the instances, which tests import. */
const ENTRIES =
  /^((edge-light|inline|slim|workerd)\/(?!(lite|verify)\.).+|adapters\/(?!guard\.).+|better-auth|decode|dpop|http|import|issuers|session|strength|load\/instances)\.js$/;

/** Generated files, which are not joined. */
const GENERATED = /^(glue|packed|printable)\/|^pool\/(argon2|formats|password)-script\.js$|\.wasm(\?module)?$/;

/** The worker script, which is bundled separately. */
const WORKER = /^pool\/worker-script\./;

/**
 * The joined files that several entries share, and the source files in each. They must be shared, so that all entries have one
 * error class, one `Key` class and one instance of each module. A source file in none of them goes into the entry that uses it.
 */
const SHARED = {
  "load/instances":
    /^(body-reader|builtin|bytes|callback|claims|crypto-key|deadline|elsewhere|engine-option|errors|handle|loopback|once|options|parse-url|private-jwk|schema|signal-option|token-signer|load\/(binary-to-text|instances|source))\.js$/,
  guard:
    /^(adapters\/guard|http\/(answer|bearer|cookies|cross-site|proof|reply|request|request-token|verify-token))\.js$/,
  "load/slim": /^load\/slim\.js$/,
  jwe: /^(decrypting-elsewhere|decryption-keys|encryption-key|external-decrypter|jwe(-types)?|load\/encryption|web-decrypter)\.js$/,
  jws: /^jws(-types)?\.js$/,
  node: /^http\/(address|node|node-body|node-response)\.js$/,
  "post-quantum": /^(post-quantum|load\/post-quantum)\.js$/,
  "key-ring": /^key-ring(\/.+)?\.js$/,
  stores: /^(lifetime|scope|secrets|session\/mac|stores\/.+)\.js$/,
  password: /^(hashing|password(-types)?|policy-hints|load\/passwords|pool\/.+)\.js$/,
  testing: /^testing\.js$/,
  tokens:
    /^(engine|external-signer|jwt|key|key-set|known-headers|mac-verifier|node-key|option-hints|token-cache|load\/(shared-buffer|tokens)|platform|remote(\/.+)?|signer|types|verifier|web-crypto|web-signer)\.js$/,
};

/**
 * `countersign/lite`: the files of `countersign/jwt` with another module, so that the classes and their types are the same. They
 * are joined on their own, because they keep a module of their own. Only errors are shared with the other entries.
 */
const LITE = smaller("lite", {});

/** `countersign/verify`: the same, without what signs and what reads single keys. */
const VERIFY = smaller("verify", {
  "callback.js": "verify/callback.js",
  "key.js": "verify/key.js",
  "lite/unsupported.js": "verify/unsupported.js",
  "mac-verifier.js": "verify/mac-verifier.js",
});

function smaller(name, instead) {
  return {
    entries: new RegExp(`^(edge-light|inline|slim|workerd)/${name}\\.js$`),
    shared: { [`${name}/tokens`]: /^(?!load\/(binary-to-text|packed|slim)\.|(edge-light|inline|slim|workerd)\/)/ },
    instead: {
      "engine.js": "lite/engine.js",
      "errors.js": "joined/errors.js",
      "glue/jwt.js": `glue/${name}.js`,
      "option-hints.js": "lite/option-hints.js",
      "platform.js": "lite/platform.js",
      ...instead,
    },
    isOutside: (path) => path === "joined/errors.js",
    /** The joined file that has the errors. */
    renamed: { "joined/errors.js": "load/instances.js" },
  };
}

/** The command line. It is joined on its own, so that no part of it gets into another entry. */
const COMMAND_LINE = {
  entries: /^cli\/(main|commands\/.+)\.js$/,
  // What most commands need. Each of the other files is loaded only by the commands that use it.
  shared: {
    "cli/token-report": /^(cli\/findings|report\/token)\.js$/,
    "cli/shared":
      /^(cli\/(?!main\.|commands\/|(?:findings|partial-file|progress|rows|systems)\.)|report\/(algorithms|bare-token|base64|certificate|der|documents|failure|key-mistakes|needed-limits|read-keys|recognize|segment|stored-hash|strict-json|text)\.)/,
  },
};

/** Writes the compiler's output in the folder `compiled` to `pkg/dist`: declarations unchanged, code joined. */
export async function joinJavaScript(compiled) {
  await step("join the JavaScript", { inputs: [compiled, "package-lock.json", "tools/build/join.mjs"] }, async () => {
    const found = filesUnder(compiled).map((path) => path.slice(compiled.length + 1));
    const paths = found.filter((path) => !WORKER.test(path));
    // Of the reports, nobody imports a declaration: they are in the command line, and in the workbench.
    const declarations = paths.filter((path) => path.endsWith(".d.ts") && !path.startsWith("report/"));
    for (const path of declarations) place(path, readFileSync(join(root, compiled, path)));
    const joined = [
      ...(await bundled(compiled, pick(paths, ENTRIES), { shared: SHARED, isOutside: () => false })),
      ...(await bundled(compiled, pick(paths, LITE.entries), LITE)),
      ...(await bundled(compiled, pick(paths, VERIFY.entries), VERIFY)),
      ...(await bundled(compiled, pick(paths, COMMAND_LINE.entries), {
        shared: COMMAND_LINE.shared,
        isOutside: (path) => !/^(cli|report)\//.test(path),
      })),
    ];
    for (const { path, code } of joined) place(path, code);
    return [...declarations, ...joined.map(({ path }) => path)].map((path) => `pkg/dist/${path}`);
  });
}

function place(path, content) {
  const target = join(root, "pkg/dist", path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

const pick = (paths, pattern) => paths.filter((path) => pattern.test(path));

/**
 * The code of the entries and of the shared files, with their paths. What `isOutside` names is imported and not joined. A file in
 * `instead` is replaced by another, and the path of an import in `renamed` too.
 */
async function bundled(compiled, entries, { shared, isOutside, instead = {}, renamed = {} }) {
  // Without its modules, the command line is not built.
  if (entries.length === 0) return [];
  const folder = join(root, compiled);
  const named = (file) => relative(folder, file).replaceAll("\\", "/");
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((path) => [path.replace(/\.js$/, ""), join(folder, path)])),
    // `relativeTo` does it: Rollup takes the folder that the entries share for the root.
    makeAbsoluteExternalsRelative: false,
    // An entry may also export names for other files of the package.
    preserveEntrySignatures: "allow-extension",
    onwarn({ message }) {
      throw new Failure(message);
    },
    plugins: [
      {
        name: "ours",
        resolveId(specifier, importer) {
          if (importer === undefined) return null;
          // An optional peer dependency.
          if (!specifier.startsWith(".")) return { id: specifier, external: true };
          const found = resolve(dirname(importer), specifier);
          const file = named(found) in instead ? join(folder, instead[named(found)]) : found;
          const external = isOutside(named(file)) || (GENERATED.test(named(file)) && "relative");
          // Only entries and generated files have side effects: an entry loads its module.
          return { id: file, external, moduleSideEffects: Boolean(external) || ENTRIES.test(named(file)) };
        },
      },
    ],
  });
  const { output } = await bundle.generate({
    dir: folder,
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: ({ name }) => (isOutside("") && !name.includes("/") ? `cli/${name}.js` : `${name}.js`),
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    manualChunks: (file) => Object.keys(shared).find((name) => shared[name].test(named(file))),
  });
  await bundle.close();
  // Double quotes, as in all other files. Tests of the package search for them.
  const requoted = (code) =>
    code
      .replace(/^((?:import|export) (?:.* from )?)'([^']*)';$/gm, '$1"$2";')
      .replace(/\bimport\('([^']*)'\)/g, 'import("$1")');
  const relativeTo = (path, code) =>
    code.replaceAll(/"(\/[^"]+|[A-Z]:[^"]+)"/g, (text, file) =>
      file.startsWith(folder) ? JSON.stringify(upFrom(path) + (renamed[named(file)] ?? named(file))) : text,
    );
  return output.map(({ fileName, code }) => ({
    path: fileName,
    code: withPureClasses(relativeTo(fileName, requoted(code))),
  }));
}

/**
 * esbuild keeps a class that nothing uses if a member has a computed name, such as `[dispose]`: to compute a name may have an effect.
 * It removes the class as the result of a call that is marked as pure. As a member, the class is called what the member is called,
 * also where a bundler has renamed variables.
 */
function withPureClasses(code) {
  return code.replace(/^class (\w+)(?: extends \w+)? \{\n[\s\S]*?^\}$/gm, (text, name) =>
    /^ {4}(?:get )?\[\w+\]/m.test(text)
      ? `const ${name} = /* @__PURE__ */ (() => ({ ${name}: ${text.replace(`class ${name}`, "class")} }).${name})();`
      : text,
  );
}

/** The way from the folder of a file to the root: `../` for `cli/main.js`. */
function upFrom(path) {
  return "../".repeat(path.split("/").length - 1) || "./";
}
