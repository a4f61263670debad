// Node, and the Rust toolchain that rust-toolchain.toml names, with the target wasm32-unknown-unknown.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ask, Failure, root, run } from "../command.mjs";

const TARGET = "wasm32-unknown-unknown";

/** Refuses a Node that is too old to run the tools. */
export function expectNode() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) throw new Failure(`Node 20 or later is needed, and this is ${process.versions.node}`);
}

/** Makes sure that `cargo` can build for this machine and for wasm32. */
export async function prepareRust() {
  if (ask("rustup", ["--version"]) === undefined) return expectOtherRust();
  if (ask("rustup", ["which", "rustc"]) === undefined) await installToolchain();
  if (hasTarget()) return;
  console.log(`adding the Rust target ${TARGET}`);
  await run("rustup", ["target", "add", TARGET], { show: true });
}

// rustup downloads a missing toolchain automatically only where RUSTUP_AUTO_INSTALL allows it, so this asks for it.
async function installToolchain() {
  const channel = readFileSync(join(root, "rust-toolchain.toml"), "utf8").match(/^channel = "(.+)"$/m)?.[1];
  const stable = ask("rustc", ["+stable", "--version"]);
  if (stable?.split(" ")[1] === channel) {
    process.env.RUSTUP_TOOLCHAIN = "stable";
    return;
  }
  console.log(`installing the Rust toolchain ${channel}`);
  await run("rustup", ["toolchain", "install"], { show: true });
}

function expectOtherRust() {
  if (ask("cargo", ["--version"]) === undefined) {
    throw new Failure("Rust is needed: install it with rustup, https://rustup.rs, and try again");
  }
  if (!hasTarget()) {
    throw new Failure(`this Rust cannot compile for ${TARGET}: install rustup, https://rustup.rs, or add the target`);
  }
}

function hasTarget() {
  const sysroot = ask("rustc", ["--print", "sysroot"]);
  return sysroot !== undefined && existsSync(join(sysroot, "lib", "rustlib", TARGET, "lib"));
}
