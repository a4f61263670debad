// `npm run peers`: does the newest release of other software write password hashes in another way than the pinned release?
//
// It installs the newest releases of npm's packages and of Python's libraries in folders below .cache/peers, lets each hash
// passwords, and compares the hashes with those in stored.json. It fails if one has another format, other costs, its parameters
// in another order or another length, or if we refuse it. Then pin the new release, make its hashes with make-stored.mjs, and
// fix the parser. A newer release that writes the same is only reported.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PasswordHasher } from "countersign/formats";
import { started } from "../../../tools/command.mjs";
import { environment } from "../python.mjs";
import { differences } from "./differences.mjs";
import { FORMATS } from "./formats.mjs";
import { PEERS } from "./peers.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const json = (name) => JSON.parse(readFileSync(path(name), "utf8"));
const root = path("../../../");
const folder = join(root, ".cache", "peers");
const softwareOf = (name) => PEERS.find((peer) => peer.name === name).software;

/** Each makes an installation and returns the function that asks it. */
const NEWEST = [
  { software: softwareOf("npm's packages"), install: installPackages },
  { software: softwareOf("more of npm's packages"), install: installMorePackages },
  {
    software: softwareOf("Python's libraries"),
    // passlib's last release takes no later bcrypt.
    install: () =>
      installPython("peer.py", ["argon2-cffi", "bcrypt==4.0.1", "Django", "passlib", "PyNaCl", "Werkzeug"]),
  },
  {
    software: softwareOf("Python's newer libraries"),
    // The last Werkzeug that makes plain digests.
    install: () => installPython("peer-newer.py", ["argon2-cffi", "bcrypt", "libpass", "pwdlib", "Werkzeug==2.3.8"]),
  },
];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { cases } = json("stored.json");
// stored.json has them in this order.
const rows = FORMATS.flatMap((format) => format.passwords.map((password) => ({ ...format, password })));
let failed = 0;
for (const { software, install } of NEWEST) {
  const ask = install();
  for (const name of software) failed += await compare(name, ask);
}
console.log(failed === 0 ? "no release writes something else" : `${failed} write something else, or are not read`);
process.exitCode = failed === 0 ? 0 : 1;

/** Prints what the newest release of some software does, and returns 1 if it writes something else. */
async function compare(name, ask) {
  const places = [...rows.keys()].filter((place) => rows[place].software === name && rows[place].scheme !== null);
  const jobs = places.map((place) => ({ ...rows[place], op: "hash" }));
  const [version, ...made] = await ask([{ software: name, op: "version" }, ...jobs]);
  const pinned = cases.findLast((one) => one.software === name).version;
  const found = places.flatMap((place, index) => {
    const { format, password } = rows[place];
    const { ok: stored, error } = made[index];
    const problems = error === undefined ? differences(cases[place].stored, stored, password, PasswordHasher) : [error];
    return problems.map((problem) => `  ${format}: ${problem}`);
  });
  const releases = version.ok === pinned ? `${pinned}, the newest` : `${pinned} is pinned, ${version.ok} is the newest`;
  console.log(`${name}: ${releases}${found.length === 0 ? "" : `\n${[...new Set(found)].join("\n")}`}`);
  return found.length === 0 ? 0 : 1;
}

/** The packages of packages.mjs, which reads their versions three folders above itself. */
function installPackages() {
  const { devDependencies, allowScripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const names = softwareOf("npm's packages");
  const own = join(folder, "packages");
  npmInstall(own, names, devDependencies, allowScripts);
  const deep = join(own, "a", "b", "c");
  mkdirSync(deep, { recursive: true });
  copyFileSync(path("packages.mjs"), join(deep, "packages.mjs"));
  writeFileSync(
    join(deep, "run.mjs"),
    `import { readFileSync } from "node:fs";
import { askPackages } from "./packages.mjs";
console.log(JSON.stringify(await askPackages(JSON.parse(readFileSync(0, "utf8")))));
`,
  );
  return (jobs) => run(process.execPath, [join(deep, "run.mjs")], jobs);
}

/** The packages of npm/. */
function installMorePackages() {
  const { dependencies, allowScripts } = json("npm/package.json");
  const own = join(folder, "more");
  npmInstall(own, Object.keys(dependencies), dependencies, allowScripts);
  copyFileSync(path("npm/peer.mjs"), join(own, "peer.mjs"));
  return (jobs) => run(process.execPath, [join(own, "peer.mjs")], jobs);
}

/** Installs the newest releases. A package under another name stays as it is pinned. */
function npmInstall(own, names, pinned, allowScripts) {
  const dependencies = names.map((name) => [name, pinned[name].startsWith("npm:") ? pinned[name] : "latest"]);
  mkdirSync(own, { recursive: true });
  const manifest = { private: true, type: "module", dependencies: Object.fromEntries(dependencies), allowScripts };
  writeFileSync(join(own, "package.json"), JSON.stringify(manifest));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], undefined, own);
}

function installPython(peer, requirements) {
  const file = join(folder, `${peer}.txt`);
  writeFileSync(file, `${requirements.join("\n")}\n`);
  const { why, ask } = environment(file, join("peers", peer.replace(".py", "")));
  return async (jobs) => {
    const reason = await why();
    if (reason !== undefined) throw new Error(reason);
    return ask(path(peer), jobs);
  };
}

/** Runs a program, and returns the JSON that it prints if it was given jobs. */
function run(program, args, jobs, cwd) {
  const { status, stdout, stderr } = spawnSync(...started(program, args), {
    cwd,
    encoding: "utf8",
    input: jobs === undefined ? "" : JSON.stringify(jobs),
    maxBuffer: 2 ** 26,
    timeout: 600_000,
  });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: ${stderr}`);
  return jobs === undefined ? undefined : JSON.parse(stdout);
}
