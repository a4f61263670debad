// Tokens and keys exchanged with Python's libraries, both ways, for every algorithm that each of them has.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { importEntry, makeConsumer } from "../runtimes/consumer.mjs";
import { ALGORITHMS, CLAIMS, importPrivate, importPublic, makeKey, PEERS, tampered } from "./keys.mjs";
import { askPython, whyNoPython } from "./python.mjs";

const LIBRARIES = Object.fromEntries(["PyJWT", "joserfc", "python-jose"].map((name) => [name, PEERS[name]]));

const why = await whyNoPython();
if (why !== undefined && process.env.CI) throw new Error(why);
if (why !== undefined) console.log(`# the exchange with Python is skipped: ${why}`);
const options = { skip: why };

const pairs = Object.entries(LIBRARIES).flatMap(([library, algorithms]) => algorithms.map((alg) => ({ library, alg })));
let countersign;
const exchanges = new Map();
const ask = (jobs) => askPython(fileURLToPath(new URL("peer.py", import.meta.url)), jobs);

/** Python takes a second to start, so all is asked for in two runs: their tokens, then their verdicts on ours. */
function exchange() {
  for (const { library, alg } of pairs) {
    const made = makeKey(alg);
    const ours = importPrivate(countersign, made);
    const tokens = Object.fromEntries(
      Object.entries(ours).map(([form, key]) => [form, countersign.sign(CLAIMS, key, { expiresIn: "15m" })]),
    );
    exchanges.set(`${library} ${alg}`, { library, alg, made, ours, tokens });
  }
  const jobs = [];
  const asked = [];
  const put = (entry, name, job) => {
    jobs.push({ library: entry.library, alg: entry.alg, ...job });
    asked.push((answer) => {
      entry[name] = answer;
    });
  };
  const claims = { ...CLAIMS, exp: Math.floor(Date.now() / 1000) + 900 };
  for (const entry of exchanges.values()) {
    const { ours, tokens, made } = entry;
    put(entry, "theirs", { op: "sign", claims, key: { jwk: made.privateJwk } });
    for (const [form, token] of Object.entries(tokens)) {
      put(entry, `verdict ${form}`, {
        op: "verify",
        token,
        key: { jwk: ours.jwk.toJwk({ private: made.secret !== undefined }) },
      });
    }
    put(entry, "tampered", {
      op: "verify",
      token: tampered(tokens.jwk),
      key: { jwk: made.publicJwk ?? made.privateJwk },
    });
    if (made.secret !== undefined) continue;
    put(entry, "by our pem", { op: "verify", token: tokens.jwk, key: { pem: ours.jwk.toPem() } });
    put(entry, "with our pem", { op: "sign", claims, key: { pem: ours.jwk.toPem({ private: true }) } });
  }
  for (const [index, answer] of ask(jobs).entries()) asked[index](answer);
}

before(async () => {
  if (why !== undefined) return;
  countersign = await importEntry(makeConsumer(), ".");
  exchange();
});

for (const { library, alg } of pairs) {
  test(`${library}_reads_our_${alg}_tokens_and_we_read_its`, options, () => {
    const entry = exchanges.get(`${library} ${alg}`);
    for (const form of Object.keys(entry.tokens)) assertClaims(ok(entry[`verdict ${form}`]));
    assert.match(entry.tampered.error ?? "it was accepted", /signature|decode/i);
    const tokens = [entry.theirs, ...(entry["with our pem"] ? [entry["with our pem"]] : [])].map(ok);
    if (entry["by our pem"]) assertClaims(ok(entry["by our pem"]));
    for (const key of Object.values(importPublic(countersign, entry.made))) {
      for (const token of tokens) {
        assertClaims(countersign.verify(token, key, { issuer: CLAIMS.iss, audience: "web" }).claims);
        assert.throws(() => countersign.verify(tampered(token), key, { ignoreAudience: true }), {
          code: "TOKEN_SIGNATURE_INVALID",
        });
      }
    }
  });
}

test("each_library_has_the_algorithms_that_are_tested_and_no_other_of_ours", options, () => {
  const names = Object.keys(LIBRARIES);
  const answers = ask(names.map((library) => ({ library, op: "algorithms" })));
  for (const [index, library] of names.entries()) {
    const both = ALGORITHMS.filter((alg) => ok(answers[index]).includes(alg));
    assert.deepEqual(both, LIBRARIES[library], library);
  }
});

test("joserfc_gives_our_keys_the_same_thumbprint", options, () => {
  const keys = ["HS256", "RS256", "ES256", "ES384", "ES512", "EdDSA"].map(
    (alg) => importPrivate(countersign, makeKey(alg)).jwk,
  );
  const jobs = keys.map((key) => ({
    library: "joserfc",
    op: "thumbprint",
    key: { jwk: key.toJwk({ private: true }) },
  }));
  assert.deepEqual(
    ask(jobs).map(ok),
    keys.map((key) => key.thumbprint()),
  );
});

function ok(answer) {
  assert.ok("ok" in answer, answer.error);
  return answer.ok;
}

function assertClaims({ iat: _iat, exp, ...claims }) {
  assert.deepEqual(claims, CLAIMS);
  assert.ok(Number.isFinite(exp));
}
