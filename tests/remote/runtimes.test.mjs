// The same answers in every runtime that fetches, each with its own fetch over real TLS.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { MARK, resultOf } from "../runtimes/runners/process.mjs";
import { forged, Issuer } from "./issuer.mjs";
import { caPath, certificates } from "./trust.mjs";
import { ACCEPTED, REFUSED, SLOW } from "./verdicts.mjs";
import { startWorkers } from "./workerd.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (path) => join(root, "node_modules", path);

/** Each is given a program and says how it is run; all trust our authority. */
const RUNTIMES = {
  node_20: [bin("node20/bin/node"), (main) => [main]],
  node_22: [bin("node22/bin/node"), (main) => [main]],
  node_24: [bin("node24/bin/node"), (main) => [main]],
  deno: [bin(".bin/deno"), (main) => ["run", "--allow-all", "--no-prompt", `--cert=${caPath}`, main]],
  bun: [bin(".bin/bun"), (main) => ["run", main]],
};

// Some take what came before a connection broke for all there is: then it is the JSON that is refused.
const MAY_SAY_OTHERWISE = ["reset-in-the-body", "shorter-than-announced"];

let issuer;
let consumer;
let given;
before(async () => {
  issuer = await Issuer.start(certificates);
  issuer.at("first", "good");
  given = {
    origin: issuer.origin,
    names: [...ACCEPTED, ...Object.keys(REFUSED)],
    slow: Object.keys(REFUSED).filter((name) => REFUSED[name] === SLOW),
    token: issuer.token(),
    forged: forged(),
  };
  consumer = makeConsumer();
  const program = new URL("program.mjs", import.meta.url).href;
  const main = `import * as countersign from "countersign/jwt";
import { run } from ${JSON.stringify(program)};
console.log(${JSON.stringify(MARK)} + JSON.stringify(await run(countersign, ${JSON.stringify(given)})));
`;
  writeFileSync(join(consumer.directory, "main.mjs"), main);
});
after(async () => {
  consumer?.remove();
  await issuer?.close();
});

for (const [name, [command, args]] of Object.entries(RUNTIMES)) {
  const skip = existsSync(command) || process.env.CI ? false : `there is no ${dirname(command)}`;
  test(`fetches_and_refuses_alike_in_${name}`, { skip }, async () => {
    issuer.requests = [];
    judge(await resultOf(command, args("main.mjs"), consumer.directory));
  });
}

test("fetches_and_refuses_alike_in_workerd", async () => {
  const workers = await startWorkers({ origin: issuer.origin, ca: certificates.ca });
  try {
    issuer.requests = [];
    const answer = await fetch(`${workers.urls[0]}/program`, { method: "POST", body: JSON.stringify(given) });
    judge(await answer.json());
  } finally {
    await workers.stop();
  }
});

function judge({ verdicts, first, storm }) {
  const expected = Object.fromEntries([
    ...ACCEPTED.map((name) => [name, "sub: alice"]),
    ...Object.entries(REFUSED).map(([name, message]) => [name, `JWKS_UNAVAILABLE: ${message}`]),
  ]);
  for (const name of MAY_SAY_OTHERWISE) {
    if (verdicts[name].startsWith("JWKS_UNAVAILABLE: ")) verdicts[name] = expected[name];
  }
  assert.deepEqual(verdicts, expected);
  assert.deepEqual(first, ["sub: alice"]);
  assert.deepEqual(storm, ['KEY_NOT_FOUND: no key for the token\'s "kid" and "alg"']);
  assert.deepEqual(issuer.requests, [...given.names, "first"], "one request each, and none for what was led to");
}
