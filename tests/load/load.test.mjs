// Many requests at once to the whole login system on Node, and a restart in the middle. These tests count answers, not time.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { System } from "./system.mjs";

const system = new System();
before(() => system.start());
after(() => system.close());

const tally = (answers) => {
  const counts = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};
/** The users who are logged in, with their tokens. */
let users;

test("logs_in_200_users_at_once", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => system.logIn(`user ${index}`)));
  assert.deepEqual(tally(answers), { 200: 200 });
  users = answers.map(({ body }, index) => ({ name: `user ${index}`, ...body }));
  assert.equal(new Set(users.map(({ refresh_token }) => refresh_token)).size, 200);
});

test("refuses_200_wrong_passwords_of_one_user_at_once_and_hashes_few_of_them", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => system.logIn("user guessed", "wrong")));
  assert.deepEqual(tally(answers), { 400: 200 });
  // The account waits now, also with the right password.
  assert.equal((await system.logIn("user guessed")).status, 400);
  assert.equal((await system.logIn("user 0")).status, 200);
});

test("answers_20000_guarded_requests_without_an_error", async () => {
  let sent = 0;
  const wrong = [];
  const client = async (index) => {
    while (sent < 20_000) {
      sent += 1;
      const user = users[(sent + index) % users.length];
      // One of eight asks the store as well.
      const { status, body } = await system.ask(sent % 8 === 0 ? "/me" : "/open", user.access_token);
      if (status !== 200 || body.username !== user.name) wrong.push({ status, body });
    }
  };
  await Promise.all(Array.from({ length: 64 }, (_, index) => client(index)));
  assert.equal(sent, 20_000);
  assert.deepEqual(wrong, []);
});

test("leaves_one_live_chain_of_1000_refreshes_at_once_over_http", async () => {
  const [user] = users;
  const answers = await Promise.all(Array.from({ length: 1000 }, () => system.refresh(user.refresh_token)));
  assert.deepEqual(tally(answers), { 200: 1000 });
  assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 1);
  Object.assign(user, answers[0].body);
});

test("logs_nobody_out_by_a_restart_in_the_middle", async () => {
  let isOver = false;
  const refused = [];
  const lost = { count: 0 };
  // The client of each user asks and refreshes until it is told to stop. It keeps its token unless an answer came.
  const client = async (user) => {
    while (!isOver) {
      try {
        const refreshed = await system.refresh(user.refresh_token);
        if (refreshed.status === 200) Object.assign(user, refreshed.body);
        else refused.push(refreshed);
        const asked = await system.ask("/me", user.access_token);
        if (asked.status !== 200) refused.push(asked);
      } catch {
        lost.count += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  const clients = users.slice(0, 50).map(client);
  for (let times = 0; times < 3; times += 1) {
    const before = await system.refresh(users[60].refresh_token);
    Object.assign(users[60], before.body);
    await system.kill();
    await system.start();
  }
  isOver = true;
  await Promise.all(clients);
  assert.deepEqual(refused, []);
  assert.ok(3 <= lost.count, "requests were under way");
  const answers = await Promise.all(users.map(({ refresh_token }) => system.refresh(refresh_token)));
  assert.deepEqual(tally(answers), { 200: 200 });
});
