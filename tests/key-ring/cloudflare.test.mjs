// A ring in D1 and in Durable Objects, in workerd: many requests at once, rotations, and a workerd that was killed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeHeaderUnverified } from "countersign/jwt";
import { serveInWorkerd } from "../stores/cloudflare/workerd.mjs";

const server = serveInWorkerd(new URL("cloudflare/worker.mjs", import.meta.url), "SessionStoreObject");

const kidOf = ({ value }) => decodeHeaderUnverified(value).kid;

for (const store of ["d1", "object"]) {
  test(`shares_the_keys_in_${store}`, async () => {
    const call = (job, number, argument = "") => server.ask({ store, job, number, argument });
    const tokens = await Promise.all(Array.from({ length: 24 }, (_, index) => call("sign", index % 6)));
    const kids = new Set(tokens.map(kidOf));
    assert.equal(kids.size, 1);
    assert.deepEqual(await call("published", 5), { value: [...kids] });
    assert.deepEqual(await call("verify", 3, tokens[0].value), { value: "alice" });

    const { value: rotation } = await call("rotate", 0, '{"withdraw":true}');
    assert.equal(kids.has(rotation.kid), false);
    // Another isolate looks after a quarter of a second.
    await sleep(300);
    assert.equal(kidOf(await call("sign", 1)), rotation.kid);
    assert.deepEqual(await call("verify", 2, tokens[0].value), { code: "KEY_NOT_FOUND" });

    const signing = Array.from({ length: 12 }, (_, index) => call("sign", index % 6).catch(() => undefined));
    await server.kill();
    await Promise.all(signing);
    await server.start();
    assert.equal(kidOf(await call("sign", 0)), rotation.kid);
    assert.deepEqual(await call("published", 1), { value: [rotation.kid] });
  });
}
