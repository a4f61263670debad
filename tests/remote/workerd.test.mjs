// On the real workerd: sets that isolates share through KV and the Cache API, and requests that end in the middle.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { forged, Issuer, withHeaders } from "./issuer.mjs";
import { certificates } from "./trust.mjs";
import { startWorkers } from "./workerd.mjs";

let issuer;
let workers;
before(async () => {
  issuer = await Issuer.start(certificates);
  workers = await startWorkers({ origin: issuer.origin, ca: certificates.ca });
});
after(async () => {
  await workers?.stop();
  await issuer?.close();
});
beforeEach(() => {
  issuer.requests = [];
});

/** An isolate's answer for a token. */
async function check(isolate, set, token = issuer.token(), options = {}) {
  const answer = await fetch(`${workers.urls[isolate]}/${set}/${token}`, options);
  return answer.json();
}
const good = { sub: "alice", status: "fresh", told: [] };

for (const [set, what] of [
  ["kv", "kv"],
  ["web", "the_default_cache"],
  ["named", "a_cache_of_its_own"],
]) {
  test(`shares_a_set_through_${what}`, async () => {
    issuer.at(set, withHeaders({ "Cache-Control": "max-age=120" }));
    assert.deepEqual(await check(0, set), good);
    assert.deepEqual(issuer.requests, [set]);
    await pause(200); // It is put there beside the answer.
    assert.deepEqual(await check(1, set), good);
    assert.deepEqual(issuer.requests, [set], "the other isolate has it from the cache");
    assert.equal((await check(1, set, forged())).code, "KEY_NOT_FOUND");
    assert.deepEqual(issuer.requests, [set], "and knows from it when the server was asked");
  });
}

test("keeps_in_kv_the_set_and_its_times", async () => {
  const [{ name, metadata }] = await (await fetch(`${workers.urls[0]}/stored`)).json();
  assert.match(name, /^countersign-jwks-1-[0-9a-f]{64}$/);
  assert.equal(metadata.expiresAt - metadata.fetchedAt, 120_000);
  assert.ok(3715 <= metadata.seconds && metadata.seconds <= 3720, String(metadata.seconds));
});

test("goes_on_for_others_when_the_request_that_began_it_ends", async () => {
  issuer.at("kept", (response, { jwks }) => setTimeout(() => response.end(jwks()), 800));
  await leave("kept");
  assert.deepEqual(await check(0, "kept"), good);
  assert.deepEqual(issuer.requests, ["kept"]);
});

test("begins_again_when_what_a_request_began_is_lost_with_it", async () => {
  issuer.at("abandoned", () => {});
  await leave("abandoned");
  issuer.at("abandoned", "good");
  const start = performance.now();
  const answers = await Promise.all([1, 2, 3].map(() => check(0, "abandoned")));
  assert.deepEqual(answers, [good, good, good]);
  // The time that a request may take: the cache's, the server's and a little.
  assert.ok(performance.now() - start < 5000);
  assert.deepEqual(issuer.requests, ["abandoned", "abandoned"]);
});

test("begins_again_when_it_is_lost_while_others_wait_for_it", async () => {
  issuer.at("waited-for", () => {});
  const left = leave("waited-for");
  while (issuer.requests.length === 0) await pause(10);
  issuer.at("waited-for", "good");
  const start = performance.now();
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => check(0, "waited-for"))), [good, good, good]);
  assert.ok(performance.now() - start < 5000);
  await left;
  assert.deepEqual(issuer.requests, ["waited-for", "waited-for"]);
});

/** A request that begins to fetch and ends before there is an answer. */
async function leave(set) {
  assert.equal(await (await fetch(`${workers.urls[0]}/${set}/${issuer.token()}?leave`)).text(), "left");
}
