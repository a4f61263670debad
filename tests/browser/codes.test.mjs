// Every code of the package has its line of explanation on the pages, and no other has.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { meaningOf, STEPS, stepOf } from "../../www/script/codes.js";

const source = await readFile(new URL("../../pkg/src/errors.ts", import.meta.url), "utf8");
const codes = [...source.matchAll(/^ {2}\| "([A-Z_]+)"/gm)].map(([, code]) => code);

test("there is a line for every code", () => {
  assert.ok(codes.length >= 26);
  const lines = codes.map((code) => meaningOf({ code, message: "" }));
  assert.equal(lines.includes("Something else went wrong."), false);
  assert.equal(new Set(lines).size, codes.length, "each has its own");
});

test("every code about a token belongs to a check", () => {
  const steps = STEPS.map(({ id }) => id);
  // A one-time token is no JWT.
  for (const code of codes.filter((each) => /^(TOKEN_|CLAIM_)/.test(each) && each !== "TOKEN_USED")) {
    assert.ok(steps.includes(stepOf({ code, message: "" })), code);
  }
  assert.equal(stepOf({ code: "TOKEN_MALFORMED", message: "payload is not JSON" }), "claims");
});
