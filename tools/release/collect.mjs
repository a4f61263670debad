// Collects what a release consists of: `node tools/release/collect.mjs FOLDER`, after `npm run build`. The package as npm serves
// it, the crate, what is inside the modules (CycloneDX), the notes, the hashes of the files for CDNs, and the checksum of each.

import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { absoluteLinks, treeOfVersion } from "../build/javascript.mjs";
import { Failure, isProgram, main, root, run } from "../command.mjs";
import { cargoTool } from "../setup/cargo-tool.mjs";
import { notesOf, version } from "./version.mjs";

const SUMS = "SHA256SUMS";
const BILL = `countersign-${version}.cdx`;

async function collect() {
  const [given] = process.argv.slice(2);
  if (given === undefined) throw new Failure("usage: node tools/release/collect.mjs FOLDER");
  const folder = resolve(given);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run("npm", ["pack", "--silent", "--workspace", "pkg", "--pack-destination", folder]);
  await run("cargo", ["package", "--quiet", "--locked", "--package", "countersign", "--no-verify", "--allow-dirty"]);
  const crate = `countersign-${version}.crate`;
  copyFileSync(join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "package", crate), join(folder, crate));
  await writeBill(folder);
  const cdn = join(root, "pkg/dist/cdn");
  copyFileSync(join(cdn, "integrity.json"), join(folder, `countersign-${version}.integrity.json`));
  writeFileSync(join(folder, "NOTES.md"), notes(notesOf(version), readFileSync(join(cdn, "README.md"), "utf8")));
  const sums = readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}  ${name}\n`,
    );
  writeFileSync(join(folder, SUMS), sums.join(""));
  process.stdout.write(sums.join(""));
}

/** The notes of a release. On its page, a relative link would lead nowhere. */
export function notes(changes, cdn) {
  return absoluteLinks(`${changes}\n\n${sectionOf(cdn)}`, [], treeOfVersion());
}

/** A text as a section: its title becomes a heading below that of the release. */
function sectionOf(text) {
  return text.replace(/^# .*$/m, "## From a CDN");
}

/** The crates that are compiled into the modules. The package itself has no dependency at run time. */
async function writeBill(folder) {
  const program = await cargoTool("cargo-cyclonedx", "0.5.9", ["cyclonedx", "--version"]);
  const options = ["--format", "json", "--all-features", "--target", "wasm32-unknown-unknown"];
  await run(program, ["cyclonedx", ...options, "--override-filename", BILL]);
  // It names the crate by the folder that it was in.
  const bill = readFileSync(join(root, `${BILL}.json`), "utf8");
  const here = pathToFileURL(root).href.replace(/\/$/, "");
  writeFileSync(join(folder, `${BILL}.json`), bill.replaceAll(here, "file://."));
  // It writes beside the Cargo.toml of every crate in the workspace.
  const { packages } = JSON.parse(await run("cargo", ["metadata", "--no-deps", "--format-version", "1"]));
  for (const { manifest_path } of packages) rmSync(join(dirname(manifest_path), `${BILL}.json`), { force: true });
}

if (isProgram(import.meta.url)) await main(collect);
