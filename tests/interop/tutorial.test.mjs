// The application of FastAPI's tutorial, in its old form (python-jose, passlib) and in today's (PyJWT, pwdlib), beside a server of
// ours with the same secret: users and tokens of each are good at the other, for the clients that people have.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bearerGuard, onNode, tokenEndpoint } from "countersign/http";
import { Key, Signer, sign, Verifier } from "countersign/jwt";
import { PasswordHasher } from "countersign/password";
import { environment } from "./python.mjs";

const PYTHON = environment("requirements-clients.txt", "python-clients");
const why = await PYTHON.why();
if (why !== undefined && process.env.CI) throw new Error(why);
if (why !== undefined) console.log(`# the exchange with FastAPI's tutorial is skipped: ${why}`);
const options = { skip: why };

const program = fileURLToPath(new URL("tutorial.py", import.meta.url));
const CLIENTS = ["requests", "httpx", "Swagger UI"];
const PASSWORDS = { johndoe: "secret ü", alice: "correct horse battery staple" };
const FORMS = {
  // The secret that an article shows is too short: such tokens are read while one moves.
  old: { secret: "your-secret-key", more: { allowShort: true }, hash: /^\$2b\$12\$/ },
  today: {
    secret: "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    more: {},
    hash: /^\$argon2id\$v=19\$m=65536,t=3,p=4\$/,
  },
};
const hasher = new PasswordHasher();

/** Our server in place of the tutorial's. `users` are rows of a name and a hash. */
async function serve({ key, users }) {
  const token = tokenEndpoint({
    signer: new Signer(key),
    errors: "fastapi",
    expiresIn: "30m",
    async authenticate(username, password) {
      const { ok, newHash } = await hasher.verifyAndUpdateAsync(password, users[username] ?? null);
      if (!ok) return null;
      if (newHash !== undefined) users[username] = newHash;
      return { subject: username };
    },
  });
  const guard = bearerGuard(new Verifier(key), {
    errors: "fastapi",
    accept: ({ claims }) => Object.hasOwn(users, claims.sub),
  });
  const handler = async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/token") return token(request);
    if (pathname === "/users") return Response.json(users);
    const caller = await guard(request);
    return caller instanceof Response ? caller : Response.json({ username: caller.claims.sub });
  };
  const server = createServer(onNode(handler)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

const state = {};
before(async () => {
  if (why !== undefined) return;
  const hashing = Object.keys(FORMS).map((form) => ({ op: "hash", form, password: PASSWORDS.johndoe }));
  const hashes = await PYTHON.askLater(program, hashing);
  const jobs = [];
  for (const [index, [form, { secret, more }]] of Object.entries(FORMS).entries()) {
    const key = Key.fromSecret(secret, { alg: "HS256", ...more });
    // johndoe registered there, and alice here.
    const users = { johndoe: hashes[index].ok, alice: hasher.hash(PASSWORDS.alice) };
    const before = { ...users };
    const { server, url } = await serve({ key, users });
    state[form] = { answers: {}, before, key, server, url, users };
    const add = (name, job) => jobs.push({ name, form, url, ...job });
    add("take before", { op: "take" });
    for (const client of CLIENTS) {
      for (const [username, password] of Object.entries(PASSWORDS)) {
        // At first there, with the hash that it made; then here, which replaces it.
        add(`${client}: ${username} from theirs`, {
          op: "log in",
          client,
          username,
          password,
          from: "theirs",
          to: "ours",
        });
        add(`${client}: ${username} from ours`, {
          op: "log in",
          client,
          username,
          password,
          from: "ours",
          to: "theirs",
        });
      }
    }
    for (const from of ["theirs", "ours"]) {
      for (const username of ["johndoe", "nobody"]) {
        add(`${username} with a wrong password from ${from}`, {
          op: "log in",
          client: "requests",
          username,
          password: "wrong",
          from,
          to: from,
        });
      }
    }
    add("take after", { op: "take" });
    for (const [username, password] of Object.entries(PASSWORDS)) {
      add(`${username} after`, { op: "log in", client: "requests", username, password, from: "theirs", to: "ours" });
    }
    const other = Key.fromSecret("another secret of 32 bytes, or a few more", { alg: "HS256" });
    const bad = {
      expired: sign({ sub: "alice", exp: 1_700_000_000 }, key, { expiresIn: null }),
      "of another secret": sign({ sub: "alice" }, other, { expiresIn: "30m" }),
      "of nobody": sign({ sub: "nobody" }, key, { expiresIn: "30m" }),
      "that is none": "abc",
    };
    for (const [name, token] of Object.entries(bad)) {
      for (const at of ["theirs", "ours"]) add(`a token ${name} at ${at}`, { op: "me", token, at });
    }
    add("claims", {
      op: "encode",
      claims: { sub: "alice", scope: "me items", name: "Ünï", nested: { a: [1, null, true] } },
    });
  }
  const all = await PYTHON.askLater(program, jobs);
  for (const [index, { form, name }] of jobs.entries()) state[form].answers[name] = all[index];
});
after(() => {
  for (const { server } of Object.values(state)) server.close();
});

const ok = (answer) => answer.ok ?? assert.fail(answer.error);

for (const [form, { hash }] of Object.entries(FORMS)) {
  for (const client of CLIENTS) {
    test(`${client.replace(" ", "_")}_logs_in_at_either_and_is_known_at_the_other_${form}`, options, () => {
      const { answers } = state[form];
      for (const username of Object.keys(PASSWORDS)) {
        for (const from of ["theirs", "ours"]) {
          const [members, type, status, body] = ok(answers[`${client}: ${username} from ${from}`]);
          assert.ok(members.includes("access_token") && members.includes("token_type"));
          assert.deepEqual([type, status, body], ["bearer", 200, { username }], `${username} from ${from}`);
        }
      }
    });
  }

  test(`refuses_a_wrong_password_in_the_same_words_${form}`, options, () => {
    const { answers } = state[form];
    for (const username of ["johndoe", "nobody"]) {
      const [theirs, ours] = ["theirs", "ours"].map((from) =>
        ok(answers[`${username} with a wrong password from ${from}`]),
      );
      assert.deepEqual(theirs, [401, "Incorrect username or password", "Bearer"]);
      assert.deepEqual(ours, theirs);
    }
  });

  test(`users_move_there_and_back_${form}`, options, () => {
    const { answers, before } = state[form];
    assert.match(before.johndoe, hash);
    const [taken, moved] = ["take before", "take after"].map((name) => ok(answers[name]));
    assert.deepEqual(taken, before);
    // bcrypt is replaced when its user logs in here. Argon2id with higher costs is kept.
    if (form === "old") assert.match(moved.johndoe, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    else assert.equal(moved.johndoe, before.johndoe);
    assert.equal(moved.alice, before.alice);
    for (const username of Object.keys(PASSWORDS)) {
      assert.deepEqual(ok(answers[`${username} after`]).slice(1), ["bearer", 200, { username }]);
    }
  });

  test(`refuses_the_tokens_that_the_other_refuses_${form}`, options, () => {
    const { answers } = state[form];
    for (const name of ["expired", "of another secret", "of nobody", "that is none"]) {
      const [theirs, ours] = ["theirs", "ours"].map((at) => ok(answers[`a token ${name} at ${at}`]));
      assert.deepEqual(theirs, [401, { detail: "Could not validate credentials" }], name);
      assert.deepEqual([ours[0], ours[1].detail], [401, theirs[1].detail], name);
    }
  });

  test(`reads_every_claim_of_its_tokens_${form}`, options, () => {
    const { answers, key } = state[form];
    const { exp, ...claims } = new Verifier(key).verify(ok(answers.claims)).claims;
    assert.deepEqual(claims, { sub: "alice", scope: "me items", name: "Ünï", nested: { a: [1, null, true] } });
    assert.ok(Math.abs(exp - Date.now() / 1000 - 1800) < 60);
  });
}
