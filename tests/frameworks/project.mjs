// A project that uses a framework, in a folder outside this checkout.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { started } from "../../tools/command.mjs";
import { COMMON } from "./list.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const MINUTES = 60_000;
/** Of the end of a log that is shown. */
const SHOWN_LINES = 30;

/** Packs the package into a folder, and gives the path of the tarball. */
export function packTo(folder) {
  const { stdout, status, stderr } = spawnSync(
    ...started("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]),
    { cwd: join(root, "pkg"), encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
  return join(folder, JSON.parse(stdout)[0].filename);
}

/** Writes a project's files. */
export function makeProject(directory, { files = {}, scripts = {} }) {
  const manifest = { name: "app", version: "0.0.0", private: true, scripts };
  for (const [path, text] of Object.entries({ ...COMMON, ...files, "package.json": JSON.stringify(manifest) })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const execute = (command) => executeIn(directory, command);
  return {
    directory,
    execute,
    environment: environmentOf(directory),
    install: (packages) => execute(`npm install --no-audit --no-fund --prefer-offline ${packages.join(" ")}`),
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Runs a command. One that fails, or takes too long, throws the end of its output. */
async function executeIn(directory, command) {
  const child = spawn(command, {
    cwd: directory,
    // A group of its own, so that it ends with everything it started.
    detached: true,
    env: environmentOf(directory),
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const late = setTimeout(() => kill(child), 8 * MINUTES);
  const status = await new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal)));
  clearTimeout(late);
  if (status !== 0) throw new Error(`\`${command.slice(0, 80)}\` ends with ${status}:\n${tail(output)}`);
}

/** Ends a process and all that it started. */
export function kill(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** The last lines of a log. */
export function tail(text) {
  return text.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
}

/** Newer tools need Node 22, which is among this repository's tools. */
function environmentOf(directory) {
  const paths = [join(directory, "node_modules/.bin"), join(root, "node_modules/node22/bin"), process.env.PATH];
  // Started by `npm run`, npm would pass its own settings on: this workspace's, not the project's.
  const outer = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  return {
    ...Object.fromEntries(outer),
    CI: "1",
    ASTRO_TELEMETRY_DISABLED: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    PATH: paths.join(delimiter),
    WRANGLER_SEND_METRICS: "false",
  };
}
