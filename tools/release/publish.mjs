// Publishes one part of a release: node tools/release/publish.mjs npm|crate|jsr FOLDER
//
// FOLDER is what tools/release/collect.mjs has written; for JSR, what tools/release/jsr.mjs has.
//
// No registry takes a version twice. So this asks first, and publishes nothing if an earlier run of the workflow has published the same
// bytes. Other bytes under the same version fail it.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ask, Failure, isProgram, main, root, run, started } from "../command.mjs";
import { version } from "./version.mjs";

const PARTS = { npm: publishToNpm, crate: publishCrate, jsr: publishToJsr };

async function publishToNpm(folder) {
  const file = join(folder, `countersign-${version}.tgz`);
  const versions = [view("countersign", "versions") ?? []].flat();
  const found = versions.includes(version) ? view(`countersign@${version}`, "dist.integrity") : undefined;
  if (isPublished(found, integrityOf(readFileSync(file)), "npm")) return;
  const args = ["publish", "--provenance", "--access", "public", "--tag", tagOf(version, versions), file];
  await run("npm", args, { show: true });
}

/** What npm says about a package; `undefined` if it has none of this name and version. */
function view(spec, field) {
  const [program, args] = started("npm", ["view", spec, field, "--json"]);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return readView({ status, stdout, stderr });
}

/** Reads the answer of `npm view --json`. An error other than "there is no such package" must not pass for that one. */
export function readView({ status, stdout, stderr }) {
  const answer = stdout.trim() === "" ? undefined : parsed(stdout);
  if (status === 0) return answer;
  if (answer?.error?.code === "E404") return undefined;
  throw new Failure(`npm does not say what it has: ${answer?.error?.summary ?? stderr.trim()}`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`npm answers with what is not JSON: ${text.slice(0, 200)}`);
  }
}

const integrityOf = (bytes) => `sha512-${createHash("sha512").update(bytes).digest("base64")}`;

/** Whether a registry has these bytes. */
export function isPublished(found, own, registry) {
  if (found === undefined) return false;
  if (found !== own)
    throw new Failure(
      `${registry} has other bytes as ${version}, ${found}, and not ${own}: a version cannot be replaced, so release the next one`,
    );
  console.log(`${registry} has ${version} already, with the same bytes`);
  return true;
}

/**
 * The tag for a version: `latest`, which `npm install` takes, unless it is one to try, such as 1.0.0-rc.1, or a higher version is
 * published. Otherwise a fix for an older minor version would take the place of the newest. npm allows no tag that could be a version.
 */
export function tagOf(wanted, versions) {
  if (wanted.includes("-")) return "next";
  const [major, minor, patch] = wanted.split(".").map(Number);
  const isHigher = (other) => {
    const [a, b, c] = other.split(".").map(Number);
    return a - major || b - minor || c - patch;
  };
  // A version such as 1.0.0-rc.1 is not what people install.
  const stable = versions.filter((other) => /^\d+\.\d+\.\d+$/.test(other));
  return stable.some((other) => 0 < isHigher(other)) ? `release-${major}.${minor}` : "latest";
}

async function publishCrate(folder) {
  const own = createHash("sha256")
    .update(readFileSync(join(folder, `countersign-${version}.crate`)))
    .digest("hex");
  if (isPublished(await checksumOfCrate(), own, "crates.io")) return;
  await run("cargo", ["publish", "--locked", "--package", "countersign"], { show: true });
}

/** The SHA-256 that crates.io has for this version, as Cargo writes it into a lock file; `undefined` if Cargo does not find one. */
async function checksumOfCrate() {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  try {
    const dependency = `[package]\nname = "asks"\nversion = "0.0.0"\nedition = "2024"\n[lib]\npath = "lib.rs"\n`;
    writeFileSync(join(folder, "Cargo.toml"), `${dependency}[dependencies]\ncountersign = "=${version}"\n`);
    writeFileSync(join(folder, "lib.rs"), "");
    // If there is none, or no network, publishing says so.
    if (ask("cargo", ["generate-lockfile", "--quiet"], { cwd: folder }) === undefined) return undefined;
    return checksumIn(readFileSync(join(folder, "Cargo.lock"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The checksum of the crate in a lock file. */
export function checksumIn(lock) {
  return /\nname = "countersign"\nversion = ".*"\nsource = ".*"\nchecksum = "([0-9a-f]{64})"\n/.exec(lock)?.[1];
}

/** Deno compares nothing, and passes over a version that JSR has. */
async function publishToJsr(folder) {
  const deno = join(root, "node_modules", "deno", "bin.cjs");
  // The folder is no part of this repository.
  await run(process.execPath, [deno, "publish", "--allow-dirty"], { cwd: folder, show: true });
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const [part, folder] = process.argv.slice(2);
    if (!Object.hasOwn(PARTS, part ?? "") || folder === undefined)
      throw new Failure(`usage: node tools/release/publish.mjs ${Object.keys(PARTS).join("|")} FOLDER`);
    await PARTS[part](resolve(folder));
  });
}
