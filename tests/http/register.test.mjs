// POST /register on workerd: who gets an account, and what everyone else is told.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chosenHeaders, PASSWORD, System } from "./system.mjs";

let system;
before(async () => {
  system = await System.start();
});
after(() => system.close());

async function refused(response, status, error, description) {
  assert.equal(response.status, status);
  assert.deepEqual(await response.json(), { error, error_description: description });
  assert.equal(response.headers.get("Cache-Control"), "no-store");
}

test("makes an account", async () => {
  const response = await system.register("alice");
  assert.equal(response.status, 201);
  assert.deepEqual(chosenHeaders(response), { "cache-control": "no-store", "content-type": "application/json" });
  assert.deepEqual(await response.json(), { username: "alice" });
  assert.equal((await system.token("alice")).status, 200);
});

test("folds capitals, so that no two names differ in them only", async () => {
  const response = await system.register("Bob-The.Builder_2");
  assert.deepEqual(await response.json(), { username: "bob-the.builder_2" });
  assert.equal((await system.register("BOB-the.builder_2")).status, 409);
  assert.equal((await system.token("BOB-THE.BUILDER_2")).status, 200);
});

test("refuses a name that is taken, and leaves its account as it is", async () => {
  await system.register("carol");
  await refused(
    await system.register("carol", "another good password"),
    409,
    "username_taken",
    "this user name is taken",
  );
  assert.equal((await system.token("carol")).status, 200);
  assert.equal((await system.token("carol", "another good password")).status, 400);
});

test("gives a name to one of several users who register it at the same time", async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => system.register("dave", `${PASSWORD} ${index}`)),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
  const winner = answers.findIndex(({ status }) => status === 201);
  assert.equal((await system.token("dave", `${PASSWORD} ${winner}`)).status, 200);
});

const NAME_RULE =
  "a user name is 3 to 32 letters a-z, digits, dots, hyphens and underscores, and starts with a letter or digit";

for (const name of [
  "",
  "ab",
  "a".repeat(33),
  ".abc",
  "-abc",
  "_abc",
  "a b c",
  "a/../b",
  "älice",
  "аlice",
  "abc\n",
  "a\u0000bc",
]) {
  test(`refuses the user name ${JSON.stringify(name)}`, async () => {
    await refused(await system.register(name), 400, "invalid_request", NAME_RULE);
  });
}

const BAD_PASSWORDS = [
  ["", "the password is shorter than 15 characters"],
  ["fourteen chars", "the password is shorter than 15 characters"],
  // 28 UTF-16 units, 14 characters.
  ["🦔🐎🔋🧷🍀🌙🌊🔥🎈🎻🍎🧊🚲🪁", "the password is shorter than 15 characters"],
  // 15 code points, but 14 once composed.
  ["fourteen chare\u0301", "the password is shorter than 15 characters"],
  [`${"abcdefghij".repeat(25)}1234567`, "the password is longer than 256 characters"],
  ["aaaaaaaaaaaaaaaaaaaa", "the password repeats a few characters"],
  ["121212121212121212", "the password repeats a few characters"],
  ["a lone surrogate \ud800", "the password is not valid Unicode"],
];

for (const [password, description] of BAD_PASSWORDS) {
  test(`refuses a password: ${description} (${[...password].length} code points)`, async () => {
    await refused(await system.register("erin", password), 400, "invalid_request", description);
  });
}

test("takes any 15 characters, and any 256", async () => {
  const passwords = {
    "fifteen-ascii": "fifteen chars!!",
    "fifteen-emoji": "🦔🐎🔋🧷🍀🌙🌊🔥🎈🎻🍎🧊🚲🪁🧭",
    longest: "ÀÉ\t☃ ".repeat(52).slice(0, 256),
  };
  for (const [name, password] of Object.entries(passwords)) {
    assert.equal((await system.register(name, password)).status, 201, name);
    assert.equal((await system.token(name, password)).status, 200, name);
  }
});

const BAD_BODIES = [
  ["{", "the body is not a JSON object"],
  ["", "the body is not a JSON object"],
  ["[]", "the body is not a JSON object"],
  ["null", "the body is not a JSON object"],
  ['"alice"', "the body is not a JSON object"],
  ["{}", "username is not a string"],
  [`{"username":["frank"],"password":"${PASSWORD}"}`, "username is not a string"],
  ['{"username":"frank","password":123456789012345}', "password is not a string"],
  ['{"username":"frank"}', "password is not a string"],
  [`{"username":"frank","password":"${PASSWORD}","scopes":["admin"]}`, "the body has more than username and password"],
];

for (const [body, description] of BAD_BODIES) {
  test(`refuses the body ${body || "(empty)"}`, async () => {
    await refused(await system.registerRaw(body), 400, "invalid_request", description);
  });
}

test("refuses other content types, which other origins' pages can send", async () => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
    const response = await system.registerRaw(JSON.stringify({ username: "frank", password: PASSWORD }), {
      "Content-Type": type,
    });
    await refused(response, 415, "invalid_request", "the body is not application/json");
  }
});

test("refuses a body over 4096 bytes", async () => {
  const response = await system.register("frank", "long ".repeat(1000));
  await refused(response, 413, "invalid_request", "the body is longer than 4096 bytes");
});

test("answers other methods with what is allowed", async () => {
  const response = await system.get("/register");
  assert.equal(response.headers.get("Allow"), "POST");
  await refused(response, 405, "method_not_allowed", "the method is not POST");
});

test("writes nothing to the log", () => assert.equal(system.log, ""));

test("limits how often a name can be tried", async () => {
  for (let times = 0; times < 21; times += 1) assert.equal((await system.register("often")).status, times ? 409 : 201);
  const answer = await system.register("often");
  assert.match(answer.headers.get("Retry-After"), /^[12]$/);
  await refused(answer, 429, "slow_down", "too many registrations: try again later");
  // These are no failed attempts to log in.
  assert.equal((await system.token("often")).status, 200);
});

test("limits registrations from one address", async (t) => {
  const limited = await System.start({ ADDRESS_HEADER: "X-From" });
  t.after(() => limited.close());
  const register = async (username, from) => {
    const headers = { "Content-Type": "application/json", "X-From": from };
    return (await limited.registerRaw(JSON.stringify({ username, password: PASSWORD }), headers)).status;
  };
  // A taken name costs no hash.
  const seen = [];
  for (let times = 0; times < 52; times += 1) seen.push(await register(`user-${times % 3}`, "192.0.2.7"));
  assert.deepEqual([seen.indexOf(201), seen.lastIndexOf(201), seen.indexOf(429)], [0, 2, 51]);
  assert.equal(await register("another", "192.0.2.8"), 201);
});
