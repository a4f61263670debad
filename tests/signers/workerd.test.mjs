// On the real workerd: the Worker of docs/keys-elsewhere.md, whose signing key is a binding that nobody can export.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Key, verify } from "countersign/jwt";
import { block, read, root } from "../docs/blocks.mjs";
import { bundleWorker, freePort, serveWorkerd } from "../docs/server.mjs";

// Within the checkout, where the package is found.
const directory = join(root, ".cache", "signers", "worker");
const own = Key.generate("ES256");
const { d, ...half } = own.toJwk({ private: true });

const text = (value) => JSON.stringify(JSON.stringify(value));
const configuration = (port, modules) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-07-01",
  modules = [
${modules.map((name) => `    (name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}"),`).join("\n")}
  ],
  bindings = [
    (name = "PUBLIC_JWK", json = ${text(half)}),
    (name = "SIGNING_KEY", cryptoKey = (
      jwk = ${text({ ...half, d })},
      algorithm = (json = ${text({ name: "ECDSA", namedCurve: "P-256" })}),
      extractable = false,
      usages = [sign],
    )),
  ],
);
`;

let server;
before(async () => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "entry.js"), block(read("docs/keys-elsewhere.md"), "js", "// key-binding.js\n"));
  const modules = await bundleWorker({ directory, entry: "entry.js" });
  const port = await freePort();
  writeFileSync(join(directory, "config.capnp"), configuration(port, modules));
  server = await serveWorkerd({ directory, port });
});
after(() => server?.stop());

test("signs_with_a_key_that_is_a_binding", async () => {
  for (let count = 0; count < 3; count += 1) {
    const token = await (await fetch(server.url)).text();
    const { header, claims } = verify(token, own.publicKey(), { issuer: "https://login.example", audience: "api" });
    assert.deepEqual([header, claims.sub], [{ alg: "ES256", typ: "JWT", kid: "2026-11" }, "alice"]);
  }
});
