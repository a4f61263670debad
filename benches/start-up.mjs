// From the import of a library to its first verified token, and the memory of a process that verifies tokens, each in fresh
// processes that take turns.

import { execFileSync, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { summary } from "./measure.mjs";
import { nodeOf, root, serve } from "./runtimes.mjs";

/** Signed with HS256 and 32 bytes of 7; good until 2100. */
const INPUT = [
  { alg: "HS256", typ: "JWT" },
  { sub: "alice", iss: "https://login.example", exp: 4_102_444_800 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .join(".");
const TOKEN = `${INPUT}.${createHmac("sha256", Buffer.alloc(32, 7)).update(INPUT).digest("base64url")}`;
const ISSUER = JSON.stringify("https://login.example");

/** The part of a program that is timed. It defines `verify`, which gives the claims. */
const PROGRAMS = {
  "an empty module": `await load("./empty.cjs");
    const verify = () => ({ sub: "alice" });`,
  "countersign/jwt": ourProgram("countersign/jwt"),
  countersign: ourProgram("countersign"),
  jose: `const { jwtVerify } = await load("jose");
    const verify = async () => (await jwtVerify(token, secret, { issuer: ${ISSUER} })).payload;`,
  jsonwebtoken: `const { default: all, ...others } = await load("jsonwebtoken");
    const verify = () => (all ?? others).verify(token, secret, { issuer: ${ISSUER} });`,
  "fast-jwt": `const { createVerifier } = await load("fast-jwt");
    const verify = createVerifier({ key: secret, allowedIss: ${ISSUER} }).bind(undefined, token);`,
  "hono/jwt": `const hono = await load("hono/jwt");
    const verify = () => hono.verify(token, "\\x07".repeat(32), { alg: "HS256", iss: ${ISSUER} });`,
  "@tsndr/cloudflare-worker-jwt": `const tsndr = await load("@tsndr/cloudflare-worker-jwt");
    const verify = async () => (await (tsndr.default ?? tsndr).verify(token, "\\x07".repeat(32), { algorithm: "HS256", throwError: true })).payload;`,
  "@node-rs/jsonwebtoken": `const { verifySync } = await load("@node-rs/jsonwebtoken");
    const verify = () => verifySync(token, secret, { iss: ["https://login.example"] });`,
};

function ourProgram(entry) {
  return `const ours = await load("${entry}");
    const verifier = new ours.Verifier(ours.Key.fromSecret(secret, { alg: "HS256" }), { issuer: ${ISSUER} });
    const verify = () => verifier.verify(token).claims;`;
}

/** The ways to a library: a runtime, and `import` or `require`. */
const WAYS = [
  ...[20, 22, 24].flatMap((major) =>
    ["import", "require"].map((how) => [`Node ${major}, ${how}`, nodeOf(major), ["--no-warnings"], how]),
  ),
  [
    "Deno",
    join(root, "node_modules/.bin/deno"),
    ["run", "--allow-all", "--no-check", "--cached-only", "--node-modules-dir=manual"],
    "import",
  ],
  ["Bun", join(root, "node_modules/.bin/bun"), ["run", "--no-install"], "import"],
];

/** By way and library: the milliseconds from import to claims, in the median of so many processes. */
export function startUp(processes, only = "") {
  const found = {};
  inFolder((folder) => {
    for (const [way, program, args, how] of WAYS.filter(([name]) => name.includes(only))) {
      if (existsSync(program)) found[way] = startUpOf(folder, program, args, how, processes);
    }
  });
  return found;
}

function startUpOf(folder, program, args, how, processes) {
  const names =
    how === "import" ? Object.keys(PROGRAMS) : Object.keys(PROGRAMS).filter((name) => !/jose|tsndr/.test(name));
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const rows = {};
  for (let round = 0; round < processes; round += 1) {
    for (const name of Object.keys(times)) {
      const file = write(
        folder,
        name,
        how,
        `const before = performance.now();
${PROGRAMS[name]}
const claims = await verify();
const after = performance.now();
if (claims.sub !== "alice") throw new Error("other claims");
console.log(after - before);`,
      );
      const { status, stdout, stderr } = spawnSync(program, [...args, file], { cwd: root, encoding: "utf8" });
      if (status === 0) times[name].push(Number(stdout));
      else {
        rows[name] = {
          error:
            stderr
              .trim()
              .split("\n")
              .find((line) => /Error/.test(line))
              ?.slice(0, 120) ?? "failed",
        };
        delete times[name];
      }
    }
  }
  for (const [name, all] of Object.entries(times)) rows[name] = summary(all);
  return rows;
}

/** A file in the checkout, where the libraries are found, that imports or requires the library. */
function write(folder, name, how, code) {
  const file = join(folder, `${name.replaceAll(/\W/g, "-")}.${how === "import" ? "mjs" : "cjs"}`);
  const head = `const token = ${JSON.stringify(TOKEN)}; const secret = Buffer.alloc(32, 7);\n`;
  // A static specifier, as in a program.
  const inlined = code.replaceAll(/await load\((".*?")\)/g, how === "import" ? "await import($1)" : "require($1)");
  const body = how === "import" ? inlined : `(async () => {\n${inlined}\n})();`;
  writeFileSync(file, (how === "import" ? 'import { Buffer } from "node:buffer";\n' : "") + head + body);
  return file;
}

function inFolder(work) {
  // Where the peers of benches/package.json are found too.
  const peers = join(root, "benches/node_modules");
  const folder = mkdtempSync(join(existsSync(peers) ? peers : join(root, ".cache"), "start-up-"));
  try {
    writeFileSync(join(folder, "empty.cjs"), "");
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** By library: the peak of a Node process's memory, in MiB, that has verified 20,000 tokens, and of one that only starts. */
export function memory(processes) {
  return inFolder((folder) => {
    const found = {};
    const peaks = (name, code) => {
      const file = write(folder, name, "import", `${code}\nconsole.log(process.resourceUsage().maxRSS / 1024);`);
      const all = Array.from({ length: processes }, () =>
        Number(execFileSync(nodeOf(20), [file], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })),
      );
      return summary(all);
    };
    for (const [name, code] of Object.entries(PROGRAMS)) {
      try {
        found[name] = peaks(name, `${code}\nfor (let index = 0; index < 20_000; index += 1) await verify();`);
      } catch {
        found[name] = { error: "does not run" };
      }
    }
    return found;
  });
}

const WORKERS = {
  "an empty Worker": "",
  "countersign/jwt": `import { Key, verify } from "countersign/jwt";
    const check = () => verify(token, Key.fromSecret(secret, { alg: "HS256" }), { issuer: ${ISSUER} }).claims;`,
  countersign: `import { Key, verify } from "countersign";
    const check = () => verify(token, Key.fromSecret(secret, { alg: "HS256" }), { issuer: ${ISSUER} }).claims;`,
  jose: `import { jwtVerify } from "jose";
    const check = async () => (await jwtVerify(token, secret, { issuer: ${ISSUER} })).payload;`,
  "hono/jwt": `import { verify } from "hono/jwt";
    const check = () => verify(token, "\\x07".repeat(32), { alg: "HS256", iss: ${ISSUER} });`,
};

/** By library: the milliseconds from the start of workerd to the answer of a Worker that has verified a token. */
export async function workerStartUp(processes) {
  const folders = {};
  const times = Object.fromEntries(Object.keys(WORKERS).map((name) => [name, []]));
  try {
    for (const [name, code] of Object.entries(WORKERS)) {
      folders[name] = mkdtempSync(join(tmpdir(), "countersign-bench-"));
      const contents = `${code || 'const check = () => ({ sub: "alice" });'}
const token = ${JSON.stringify(TOKEN)}, secret = new Uint8Array(32).fill(7);
export default { fetch: async () => Response.json(await check()) };`;
      await build({
        bundle: true,
        conditions: ["workerd", "worker", "browser"],
        entryNames: "worker",
        external: ["cloudflare:*"],
        format: "esm",
        loader: { ".wasm": "copy" },
        logLevel: "error",
        minify: true,
        outdir: folders[name],
        stdin: { contents, resolveDir: join(root, "benches") },
      });
      rmSync(join(folders[name], "stdin.js"), { force: true });
    }
    for (let round = 0; round < processes; round += 1) {
      for (const [name, folder] of Object.entries(folders)) {
        const start = performance.now();
        const { child, ask } = await serve(folder, "worker.js", []);
        const { sub } = await ask({});
        times[name].push(performance.now() - start);
        child.kill();
        rmSync(join(folder, "config.capnp"));
        if (sub !== "alice") throw new Error("other claims");
      }
    }
  } finally {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true });
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, summary(all)]));
}
