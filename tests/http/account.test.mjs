// What users do with their sessions and their password, on workerd.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, System } from "./system.mjs";

let system;
before(async () => {
  system = await System.start();
});
after(() => system.close());

/** A user who has just logged in. */
async function logIn(username, password = PASSWORD, headers = {}) {
  await system.register(username);
  const form = new URLSearchParams({ grant_type: "password", username, password });
  const answer = await system.tokenRaw(form, headers);
  assert.equal(answer.status, 200);
  const { access_token: access, refresh_token: refresh } = await answer.json();
  return { access, refresh, id: refresh.split(".")[1] };
}

const ask = (session, path, init = {}) =>
  fetch(system.url + path, { ...init, headers: { Authorization: `Bearer ${session.access}`, ...init.headers } });
const statusOf = async (session) => (await ask(session, "/users/me")).status;
const refresh = (token) => system.tokenRaw(new URLSearchParams({ grant_type: "refresh_token", refresh_token: token }));
const changePassword = (session, current_password, new_password) =>
  ask(session, "/users/me/password", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ current_password, new_password }),
  });
const sessionsOf = async (session) => (await (await ask(session, "/users/me/sessions")).json()).sessions;

test("a session is refreshed, and its old refresh token ends it", async () => {
  const first = await logIn("alice");
  const answer = await refresh(first.refresh);
  const next = await answer.json();
  assert.deepEqual([answer.status, next.token_type, next.scope], [200, "bearer", "profile"]);
  assert.equal(await statusOf({ access: next.access_token }), 200);
  // Within the grace it is a lost answer, and gets the same token again.
  const again = await (await refresh(first.refresh)).json();
  assert.equal(again.refresh_token, next.refresh_token);
  // After another one, it is stolen.
  const third = await (await refresh(next.refresh_token)).json();
  assert.equal((await refresh(first.refresh)).status, 400);
  assert.equal((await refresh(third.refresh_token)).status, 400);
  assert.equal(await statusOf({ access: third.access_token }), 401);
  const types = system.events.filter(({ sessionId }) => sessionId === first.id).map(({ type }) => type);
  assert.deepEqual(types, ["login", "refresh", "repeat", "refresh", "reuse"]);
});

test("a log-out ends the session at once", async () => {
  const session = await logIn("bob");
  const form = new URLSearchParams({ token: session.refresh });
  const revoke = () => fetch(`${system.url}/revoke`, { method: "POST", body: form });
  assert.equal((await revoke()).status, 200);
  assert.equal(await statusOf(session), 401);
  assert.equal((await refresh(session.refresh)).status, 400);
  assert.equal((await revoke()).status, 200);
});

test("a user sees where they are logged in, and logs out there", async () => {
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";
  const here = await logIn("carol", PASSWORD, { "User-Agent": firefox });
  const there = await logIn("carol", PASSWORD, { "User-Agent": "curl/8.9" });
  const list = await sessionsOf(here);
  assert.deepEqual(
    list
      .map(({ client, current, id }) => ({ client, current, id }))
      .sort((a, b) => Number(b.current) - Number(a.current)),
    [
      { client: "Firefox on Linux", current: true, id: here.id },
      { client: "curl", current: false, id: there.id },
    ],
  );
  for (const { ends_at, started_at, used_at } of list) {
    assert.ok(Date.parse(started_at) <= Date.parse(used_at) && Date.parse(used_at) < Date.parse(ends_at));
  }
  const ended = await ask(here, `/users/me/sessions/${there.id}`, { method: "DELETE" });
  assert.deepEqual([ended.status, await ended.json()], [200, { ended: 1 }]);
  assert.deepEqual([await statusOf(here), await statusOf(there)], [200, 401]);
});

test("nobody ends another user's session", async () => {
  const [dave, mallory] = [await logIn("dave"), await logIn("mallory")];
  for (const id of [dave.id, "A".repeat(22)]) {
    const answer = await ask(mallory, `/users/me/sessions/${id}`, { method: "DELETE" });
    assert.equal(answer.status, 404);
    assert.deepEqual(await answer.json(), { error: "not_found", error_description: "there is no such session" });
  }
  assert.equal(await statusOf(dave), 200);
});

test("a user logs out everywhere", async () => {
  const sessions = [await logIn("erin"), await logIn("erin"), await logIn("erin")];
  const other = await logIn("frank");
  const answer = await ask(sessions[0], "/users/me/sessions", { method: "DELETE" });
  assert.deepEqual(await answer.json(), { ended: 3 });
  for (const session of sessions) {
    assert.equal(await statusOf(session), 401);
    assert.equal((await refresh(session.refresh)).status, 400);
  }
  assert.equal(await statusOf(other), 200);
});

test("a new password ends all other sessions", async () => {
  const NEW = "a completely different password";
  const [here, there] = [await logIn("grace"), await logIn("grace")];
  const answer = await changePassword(here, PASSWORD, NEW);
  assert.deepEqual([answer.status, await answer.json()], [200, { ended: 1 }]);
  assert.deepEqual([await statusOf(here), await statusOf(there)], [200, 401]);
  assert.equal((await refresh(here.refresh)).status, 200);
  assert.equal((await refresh(there.refresh)).status, 400);
  assert.equal((await system.token("grace", PASSWORD)).status, 400);
  assert.equal((await system.token("grace", NEW)).status, 200);
});

test("a password is changed by those only who know it, and to a good one", async () => {
  const session = await logIn("heidi");
  const refusals = [
    ["wrong horse battery staple", "a completely different password", "invalid_grant", "the current password is wrong"],
    [PASSWORD, "too short", "invalid_request", "the password is shorter than 15 characters"],
    ["x".repeat(300), "a completely different password", "invalid_grant", "the current password is wrong"],
  ];
  for (const [current, next, error, error_description] of refusals) {
    const answer = await changePassword(session, current, next);
    assert.equal(answer.status, 400);
    assert.deepEqual(await answer.json(), { error, error_description });
  }
  assert.equal((await system.token("heidi")).status, 200);
  assert.equal((await fetch(`${system.url}/users/me/password`, { method: "POST" })).status, 401);
});

test("the current password cannot be guessed there without limit", async () => {
  const session = await logIn("ivan");
  for (let times = 0; times < 7; times += 1) {
    await changePassword(session, "wrong horse battery staple", "a completely different password");
  }
  // The right one is not even looked at, here and at the log-in.
  assert.equal((await changePassword(session, PASSWORD, "a completely different password")).status, 400);
  assert.equal((await system.token("ivan")).status, 400);
});

test("sessions survive a restart", async () => {
  const session = await logIn("judy");
  await system.restart();
  assert.equal(await statusOf(session), 200);
  const next = await refresh(session.refresh);
  assert.equal(next.status, 200);
  assert.equal((await sessionsOf({ access: (await next.json()).access_token })).length, 1);
});

test("answers other methods with what is allowed", async () => {
  const session = await logIn("kim");
  const allowed = {
    "/users/me/password": "POST",
    "/users/me/sessions": "GET, HEAD, DELETE",
    [`/users/me/sessions/${session.id}`]: "DELETE",
    "/revoke": "POST",
    "/admin/keys": "POST, DELETE",
  };
  for (const [path, allow] of Object.entries(allowed)) {
    const answer = await ask(session, path, { method: "PUT" });
    assert.deepEqual([answer.status, answer.headers.get("Allow")], [405, allow], path);
  }
  for (const path of ["/users/me/sessions/", "/users/me/sessions/*", "/users/me/sessions/abc"]) {
    assert.equal((await ask(session, path, { method: "DELETE" })).status, 404, path);
  }
});

test("writes nothing to the log but what happened", () => assert.equal(system.log, ""));
