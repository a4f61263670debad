// The adapters in Workers, Bun and Deno, with the same requests.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort, program, serveWorker } from "../docs/server.mjs";
import { testFramework } from "./cases.mjs";

const STANDARD = ["hono", "h3", "elysia", "next", "sveltekit"];
const folder = fileURLToPath(new URL(".", import.meta.url));
const asking = (url) => (path, init) => fetch(url + path, { redirect: "manual", ...init });

const directory = mkdtempSync(join(tmpdir(), "countersign-adapters-"));
const running = [];
after(async () => {
  await Promise.all(running.map(({ stop }) => stop()));
  rmSync(directory, { recursive: true, force: true });
});

const worker = await serveWorker({
  directory,
  entry: join(folder, "worker.mjs"),
  compatibilityDate: "2026-01-01",
  texts: {},
  kv: { binding: "KV", values: {} },
});
running.push(worker);
for (const name of STANDARD) testFramework(`${name} in workerd`, asking(`${worker.url}/${name}`));

const DENO = ["run", "--allow-all", "--no-prompt", "--no-check", "--cached-only", "--node-modules-dir=manual"];
const RUNTIMES = { bun: ["run", "--no-install"], deno: DENO };
for (const [runtime, args] of Object.entries(RUNTIMES)) {
  const command = fileURLToPath(new URL(`../../node_modules/.bin/${runtime}`, import.meta.url));
  const start = async (framework) => {
    const port = await freePort();
    const env = { FRAMEWORK: framework, PORT: String(port) };
    const server = await program(command, [...args, join(folder, "program.mjs")], { cwd: folder, port, env });
    running.push(server);
    return server.url;
  };
  const [standard, express, fastify] = await Promise.all(["standard", "express", "fastify"].map(start));
  for (const name of STANDARD) testFramework(`${name} in ${runtime}`, asking(`${standard}/${name}`));
  testFramework(`Express in ${runtime}`, asking(express));
  testFramework(`Fastify in ${runtime}`, asking(fastify));
}
