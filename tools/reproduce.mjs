// Builds the package again in another folder and compares the bytes.

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { parseArgs } from "node:util";
import { ask, Failure, isProgram, main, root, run } from "./command.mjs";

const USAGE = `node tools/reproduce.mjs [--modules jwt,…]   builds these files again, and compares the result with pkg/
node tools/reproduce.mjs --published 1.2.3   builds the tag v1.2.3, and compares the result with the package on npm`;

/** Builds the files of this checkout elsewhere. Returns how many files were compared. */
export async function reproduceHere(modules) {
  return inOtherFolder(async (folder) => {
    const listed = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    for (const path of listed.split("\0").filter(Boolean)) {
      cpSync(join(root, path), join(folder, path), { recursive: true, force: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    await buildIn(folder, modules);
    const isMade = (path) => modules === undefined || modules.some((name) => isOfModule(path, name));
    // What a build compiles, and not the texts that it copies.
    return compare(join(folder, "pkg/dist"), join(root, "pkg/dist"), isMade);
  });
}

/**
 * Builds a published version from its tag, and compares all of the package: a `package.json` that is not of the tag could run a
 * program when it is installed. Returns how many files were compared.
 */
export async function reproducePublished(version) {
  // Without the text of the caller in it, which Git might take for an option.
  const tags = ask("git", ["tag", "--list"])?.split("\n") ?? [];
  if (!tags.includes(`v${version}`))
    throw new Failure(
      `this clone has no tag v${version}: give a version such as 1.2.3, and run git fetch --tags before`,
    );
  return inOtherFolder(async (folder) => {
    const [source, made, served] = ["source", "made", "served"].map((name) => join(folder, name));
    await run("git", ["clone", "--quiet", "--no-local", "--branch", `v${version}`, root, source]);
    // Before what takes long: a version that failed half way may be absent.
    const integrity = await unpack(`countersign@${version}`, root, served);
    await run("npm", ["ci", "--silent"], { cwd: source });
    await buildIn(source);
    await unpack("./pkg", source, made);
    const count = compare(join(made, "package"), join(served, "package"), () => true);
    console.log(`${integrity}  the package on npm`);
    return count;
  });
}

/** Packs or downloads a package, and unpacks it. Returns its hash, as lock files have it. */
async function unpack(spec, cwd, folder) {
  mkdirSync(folder);
  await run("npm", ["pack", "--silent", spec, "--pack-destination", folder], { cwd });
  const [name] = readdirSync(folder);
  // By its name alone: some programs called tar take what stands before the colon of `C:\…` for a host.
  await run("tar", ["-xzf", name], { cwd: folder });
  return `sha512-${createHash("sha512")
    .update(readFileSync(join(folder, name)))
    .digest("base64")}`;
}

async function inOtherFolder(work) {
  // A longer path than that of most checkouts: a path that gets into a module changes its length. It has a space and a letter that
  // is not ASCII, as the names of people and their folders have.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "countersign is built here again, für dich-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildIn(folder, modules) {
  const args = ["tools/build.mjs", ...(modules === undefined ? [] : ["--modules", modules.join(",")])];
  // Nothing of the first build may be used again.
  await run(process.execPath, args, { cwd: folder, env: { CARGO_TARGET_DIR: join(folder, "target") } });
}

const isOfModule = (path, name) =>
  [`${name}.wasm`, `${name}.wasm.d.ts`, join("glue", `${name}.js`), join("base64", `${name}.js`)].includes(path);

function compare(ours, theirs, isCompared) {
  const paths = new Set([...filesOf(ours), ...filesOf(theirs)]);
  const compared = [...paths].filter((path) => isCompared(path)).sort();
  if (compared.length === 0) throw new Failure(`there is nothing to compare in ${theirs}: run npm run build first`);
  const different = compared.filter((path) => digest(join(ours, path)) !== digest(join(theirs, path)));
  for (const path of compared.filter((path) => path.endsWith(".wasm"))) {
    console.log(`${digest(join(ours, path))}  ${path}${different.includes(path) ? " differs" : ""}`);
  }
  if (different.length !== 0) throw new Failure(`not the same bytes: ${different.join(", ")}`);
  return compared.length;
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + sep.length));
}

function digest(path) {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return `absent from ${dirname(path)}`;
  }
}

/** The options, or a failure that says which there are. */
function optionsOf(args) {
  try {
    const text = { type: "string" };
    return parseArgs({ args, options: { help: { type: "boolean", short: "h" }, modules: text, published: text } })
      .values;
  } catch (thrown) {
    throw new Failure(`${thrown.message.split(/[.\n]/)[0]}\n${USAGE}`);
  }
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { help, modules, published } = optionsOf(process.argv.slice(2));
    if (help) return console.log(USAGE);
    const count =
      published === undefined ? await reproduceHere(modules?.split(",")) : await reproducePublished(published);
    console.log(`${count} files are the same, byte for byte`);
  });
}
