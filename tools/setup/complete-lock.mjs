// Adds to package-lock.json the packages for other systems that `npm install` left out. npm does so when it cannot see
// them in the registry it is given, and `npm ci` then refuses the lock file, on every system. Run it after a change of
// the development tools, with `node tools/setup/complete-lock.mjs`; a test says when it is needed.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isProgram, root } from "../command.mjs";

const lockPath = join(root, "package-lock.json");

/** The optional dependencies that the lock file names and does not describe: where each belongs, and its version. */
export function missingPackages({ packages }) {
  return Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => /^\d/.test(version) && versionSeenFrom(packages, parent, name) !== version)
      .map(([name, version]) => ({
        // Beside its parent, where the usual place is taken by another version.
        path: `${packages[`node_modules/${name}`] === undefined ? "" : `${parent}/`}node_modules/${name}`,
        name,
        version,
      })),
  );
}

// As Node resolves: in the package's own node_modules, then in those further out.
function versionSeenFrom(packages, parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const found = packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === "") return found?.version;
  }
}

// Such packages say in their names what they are for.
function describe({ name, version }) {
  const last = name.split("/").at(-1);
  const os = last.match(/aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|windows/)?.[0];
  const cpu = last.match(/aarch64|arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64|64$/)?.[0];
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not say which system it is for`);
  const libc = os === "linux" ? last.match(/musl|glibc|gnu/)?.[0] : undefined;
  return {
    version,
    cpu: [{ 64: "x64", aarch64: "arm64" }[cpu] ?? cpu],
    dev: true,
    ...(libc === undefined ? {} : { libc: [libc === "musl" ? "musl" : "glibc"] }),
    optional: true,
    os: [os === "windows" ? "win32" : os],
  };
}

if (isProgram(import.meta.url)) {
  const lock = JSON.parse(readFileSync(lockPath, "utf8"));
  const missing = missingPackages(lock);
  for (const found of missing) lock.packages[found.path] = describe(found);
  const sorted = Object.entries(lock.packages).sort(([left], [right]) => left.localeCompare(right, "en"));
  writeFileSync(lockPath, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(`${missing.length} packages were added`);
}
