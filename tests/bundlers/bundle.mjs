// The bundlers, each with nothing but an entry: what they write, by the bundler's name.

import { rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";
import webpack from "webpack";

/** `bundle(directory, entry, target)` writes for "node" or "browser" and gives the script's path in `directory`. */
export const bundlers = {
  esbuild: async (directory, entry, target) => {
    const outfile = join(out("esbuild", target, entry), "main.mjs");
    const { warnings } = await esbuild.build({
      absWorkingDir: directory,
      bundle: true,
      entryPoints: [entry],
      format: "esm",
      logLevel: "silent",
      minify: true,
      outfile,
      platform: target,
    });
    refuseWarnings(warnings.map(({ text }) => text));
    return outfile;
  },

  rollup: async (directory, entry, target) => {
    const file = join(out("rollup", target, entry), "main.mjs");
    const warnings = [];
    const bundle = await rollup({
      input: join(directory, entry),
      onwarn: ({ message }) => warnings.push(message),
      plugins: [nodeResolve({ browser: target === "browser" })],
    });
    await bundle.write({ file: join(directory, file), format: "es" });
    await bundle.close();
    refuseWarnings(warnings);
    return file;
  },

  vite: async (directory, entry, target) => {
    const outDir = out("vite", target, entry);
    const warnings = [];
    const customLogger = {
      ...vite.createLogger("silent"),
      warn: (text) => warnings.push(text),
      warnOnce: (text) => warnings.push(text),
    };
    const page = `${basename(entry, ".mjs")}.html`;
    await writeFile(join(directory, page), `<!doctype html><script type="module" src="./${entry}"></script>`);
    const build =
      target === "node"
        ? { outDir, ssr: entry, rollupOptions: { output: { entryFileNames: "main.mjs" } } }
        : { outDir, rollupOptions: { input: join(directory, page), output: { entryFileNames: "main.mjs" } } };
    // Left to itself, a build for Node leaves packages where they are; here the package is to be in the bundle.
    await vite.build({ build, configFile: false, customLogger, root: directory, ssr: { noExternal: true } });
    refuseWarnings(warnings);
    return join(outDir, "main.mjs");
  },

  webpack: async (directory, entry, target) => {
    const path = out("webpack", target, entry);
    const stats = await new Promise((resolve, reject) => {
      const configuration = {
        context: directory,
        entry: `./${entry}`,
        mode: "production",
        output: { path: join(directory, path) },
        target: target === "node" ? "node" : "web",
      };
      webpack(configuration, (error, found) => (error ? reject(error) : resolve(found)));
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    refuseWarnings([...errors, ...warnings].map(({ message }) => message));
    if (target === "browser") return join(path, "main.js");
    // CommonJS, in a project whose scripts are modules.
    await rename(join(directory, path, "main.js"), join(directory, path, "main.cjs"));
    return join(path, "main.cjs");
  },
};

function out(bundler, target, entry) {
  return join("out", bundler, target, basename(entry, ".mjs"));
}

// Two wasm modules inline are more than the half megabyte that bundlers advise for a page: that advice is no complaint.
const SIZE = /size limit|performance recommendations|can limit the size|chunks are larger than 500 kB/u;

function refuseWarnings(warnings) {
  const complaints = warnings.filter((text) => !SIZE.test(text));
  if (0 < complaints.length) throw new Error(`the bundler complains: ${complaints.join("\n")}`);
}
