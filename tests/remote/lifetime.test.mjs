// How long a set is used: what the server says, within the bounds of the options.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { RemoteKeySet } from "countersign/jwt";

const NOW = Date.parse("2026-11-24T12:00:00Z");
mock.timers.enable({ apis: ["Date"], now: NOW });

/** For how many seconds a set with these header fields is used. */
async function life(headers, options = {}) {
  const fetch = async () => new Response('{"keys":[]}', { headers });
  const keys = new RemoteKeySet("https://login.example/keys", { minAge: 60, maxAge: 86_400, ...options, fetch });
  await keys.refresh();
  assert.equal(keys.state.fetchedAt.getTime(), NOW);
  return (keys.state.expiresAt - keys.state.fetchedAt) / 1000;
}

const at = (seconds) => new Date(NOW + 1000 * seconds).toUTCString();
const CASES = [
  // Nothing is said.
  [{}, 600],
  [{ "Cache-Control": "" }, 600],
  [{ "Cache-Control": "public" }, 600],
  [{ "Cache-Control": "max-ages=300, x-max-age=300" }, 600],
  [{ "Cache-Control": 'private="max-age=300"' }, 600],
  // RFC 9111 §5.2.2.1
  [{ "Cache-Control": "max-age=300" }, 300],
  [{ "Cache-Control": "public, MAX-AGE=300 , must-revalidate" }, 300],
  [{ "Cache-Control": 'max-age="300"' }, 300],
  [{ "Cache-Control": 'no-cache-not="a, no-cache", max-age=300' }, 300],
  [{ "Cache-Control": "max-age=300, s-maxage=900" }, 300],
  [{ "Cache-Control": "max-age=900, max-age=300" }, 300],
  [{ "Cache-Control": "max-age=300", Expires: at(900) }, 300],
  // The bounds, and what cannot be read (§4.2.1: stale).
  [{ "Cache-Control": "max-age=0" }, 60],
  [{ "Cache-Control": "max-age=59" }, 60],
  [{ "Cache-Control": "max-age=61" }, 61],
  [{ "Cache-Control": "max-age=86401" }, 86_400],
  [{ "Cache-Control": `max-age=${"9".repeat(400)}` }, 86_400],
  [{ "Cache-Control": "max-age=-300" }, 60],
  [{ "Cache-Control": "max-age=1e9" }, 60],
  [{ "Cache-Control": "max-age=" }, 60],
  [{ "Cache-Control": "max-age" }, 60],
  [{ "Cache-Control": "max-age=Infinity" }, 60],
  // §5.2.2.4, §5.2.2.5
  [{ "Cache-Control": "no-store" }, 60],
  [{ "Cache-Control": "max-age=300, no-store" }, 60],
  [{ "Cache-Control": "no-cache, max-age=300" }, 60],
  // §5.1
  [{ "Cache-Control": "max-age=300", Age: "100" }, 200],
  [{ "Cache-Control": "max-age=300", Age: "290" }, 60],
  [{ "Cache-Control": "max-age=300", Age: "1000" }, 60],
  [{ "Cache-Control": "max-age=300", Age: "-100" }, 300],
  [{ "Cache-Control": "max-age=300", Age: "soon" }, 300],
  [{ "Cache-Control": "max-age=300", Age: "9".repeat(400) }, 60],
  [{ "Cache-Control": `max-age=${"9".repeat(400)}`, Age: "9".repeat(400) }, 60],
  [{ Age: "590" }, 600],
  // §5.3
  [{ Expires: at(300) }, 300],
  [{ Expires: at(300), Age: "100" }, 200],
  [{ Expires: at(300), Date: at(100) }, 200],
  [{ Expires: at(300), Date: "today" }, 300],
  [{ Expires: at(-300) }, 60],
  [{ Expires: "0" }, 60],
  [{ Expires: "-1" }, 60],
  [{ Expires: at(10 ** 9) }, 86_400],
];

for (const [headers, seconds] of CASES) {
  test(`uses_a_set_for_${seconds}_seconds_with_${JSON.stringify(headers).slice(0, 90)}`, async () => {
    assert.equal(await life(headers), seconds);
  });
}

test("has_bounds_that_can_be_moved", async () => {
  const long = { "Cache-Control": "max-age=604800" };
  assert.equal(await life(long, { maxAge: 120 }), 120);
  assert.equal(await life(long, { maxAge: 604_800 }), 604_800);
  assert.equal(await life({ "Cache-Control": "no-store" }, { minAge: 1 }), 1);
  assert.equal(await life({}, { minAge: 900 }), 900);
  assert.equal(await life({}, { maxAge: 300 }), 300);
});

test("reads_an_absurd_header_in_no_time", async () => {
  const start = performance.now();
  await life({ "Cache-Control": `${'a="\\'.repeat(10_000)}${"=,".repeat(10_000)}` });
  assert.ok(performance.now() - start < 1000);
});
