// onNode and writeResponse on Node's servers and Express, over raw connections where a client library would hide something.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as nodeRequest } from "node:http";
import http2 from "node:http2";
import { connect } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bearerGuard, onNode, tokenEndpoint, writeResponse } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import express from "express";
import { invalid } from "./errors.mjs";

const key = Key.generate("EdDSA");
const signer = new Signer(key);
const token = tokenEndpoint({
  signer,
  authenticate: (username, password) => password === "x" && { subject: username },
});
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

const servers = [];
after(() => Promise.all(servers.map((server) => server.close())));

/** Starts a server with this listener, and gives its port and URL. */
async function serve(listener, make = createServer) {
  const server = make(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address();
  return { port, server, url: `http://127.0.0.1:${port}` };
}

/** Writes text to a connection, and gives what came back when it ends or `done` says that it is enough. */
async function raw(port, text, done = () => false) {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  let answer = "";
  socket.on("error", () => {});
  const ended = new Promise((resolve) => {
    socket.on("close", resolve);
    socket.on("data", (more) => {
      answer += more;
      if (done(answer)) socket.end();
    });
  });
  for (const part of [text].flat()) {
    socket.write(part);
    await sleep(20);
  }
  await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
  socket.destroy();
  return answer;
}

const counted = (text, pattern) => (text.match(new RegExp(pattern, "g")) ?? []).length;
const echo = async (request) => new Response(`${request.method} ${request.url} ${await request.text()}`);
const get = (path = "/", more = "") => `GET ${path} HTTP/1.1\r\nHost: a.example\r\n${more}\r\n`;

test("gives the handler method, URL, headers and body", async () => {
  const seen = [];
  const { url, port } = await serve(
    onNode(async (request) => {
      seen.push(
        request.method,
        request.url,
        request.headers.get("x-a"),
        request.headers.get("cookie"),
        await request.text(),
      );
      return new Response("ok", { status: 201, statusText: "Made", headers: { "X-B": "b" } });
    }),
  );
  const answer = await fetch(`${url}/p/q?r=1`, { method: "PUT", headers: { "X-A": "a" }, body: "hällo" });
  assert.deepEqual(
    [answer.status, answer.statusText, answer.headers.get("X-B"), await answer.text()],
    [201, "Made", "b", "ok"],
  );
  assert.deepEqual(seen.splice(0), ["PUT", `http://127.0.0.1:${port}/p/q?r=1`, "a", null, "hällo"]);
  await raw(port, get("/", "X-A: 1\r\nX-A: 2\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n"));
  assert.deepEqual(seen, ["GET", "http://a.example/", "1, 2", "a=1; b=2", ""]);
});

test("never takes the origin from the target", async () => {
  const { port } = await serve(onNode((request) => new Response(request.url)));
  const urls = [
    ["//evil.example/x", "http://a.example//evil.example/x"],
    ["http://evil.example/x?y", "http://a.example/x?y"],
    ["/\\evil.example", "http://a.example//evil.example"],
  ];
  for (const [target, url] of urls) {
    assert.ok((await raw(port, get(target, "Connection: close\r\n"))).includes(`\r\n${url}\r\n`), target);
  }
  const fixed = await serve(onNode((request) => new Response(request.url), { origin: "https://login.example" }));
  assert.match(await raw(fixed.port, get("/x", "Connection: close\r\n")), /\r\nhttps:\/\/login\.example\/x\r\n/);
  assert.match(await raw(fixed.port, `GET /y HTTP/1.0\r\n\r\n`), /\r\n\r\nhttps:\/\/login\.example\/y$/);
});

test("answers 400 to a host or target that is none, and 501 to methods that no Request has", async () => {
  const { port } = await serve(onNode(() => assert.fail("the handler was called")));
  for (const host of [
    "a.example/x",
    "user@a.example",
    "a b",
    "a.example?x",
    "a.example#x",
    "a\\b",
    "a:b:c",
    "[::1",
    "a:99999",
  ]) {
    const answer = await raw(port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 400 /, host);
  }
  assert.match(await raw(port, get("http://[/", "Connection: close\r\n")), /^HTTP\/1\.1 400 /);
  assert.match(
    await raw(port, get("/").replace("GET", "TRACE").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")),
    /^HTTP\/1\.1 501 /,
  );
});

test("keeps two Set-Cookie headers apart", async () => {
  const headers = [
    ["Set-Cookie", "a=1; HttpOnly"],
    ["Set-Cookie", "b=2; Expires=Wed, 01 Jan 2031 00:00:00 GMT"],
  ];
  const { port } = await serve(onNode(() => new Response("", { headers })));
  const answer = await raw(port, get("/", "Connection: close\r\n"));
  assert.match(answer, /\r\nset-cookie: a=1; HttpOnly\r\nset-cookie: b=2; Expires=Wed, 01 Jan 2031 00:00:00 GMT\r\n/i);
});

test("sends each piece of a body when it is there", async () => {
  let next;
  const body = new ReadableStream({
    pull: async (controller) => {
      const text = await new Promise((resolve) => {
        next = resolve;
      });
      if (text === "") controller.close();
      else controller.enqueue(new TextEncoder().encode(text));
    },
  });
  const { url } = await serve(onNode(() => new Response(body)));
  // The head comes before the first piece.
  const answer = await fetch(url);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (const piece of ["one", "two"]) {
    next(piece);
    assert.equal((await reader.read()).value, piece);
    await sleep(5);
  }
  next("");
  assert.equal((await reader.read()).done, true);
});

test("cuts the connection when the response's body fails midway, and tells why", async () => {
  const errors = [];
  const failing = () => {
    let pulls = 0;
    return new ReadableStream({
      async pull(controller) {
        pulls += 1;
        await sleep(10);
        if (pulls === 3) throw new Error("broken");
        controller.enqueue(new TextEncoder().encode("piece"));
      },
    });
  };
  const { port, url } = await serve(
    onNode(() => new Response(failing()), { onError: (error) => errors.push(error.message) }),
  );
  const answer = await raw(port, get());
  assert.ok(answer.startsWith("HTTP/1.1 200 "));
  assert.ok(!answer.endsWith("0\r\n\r\n"), "it does not look complete");
  await assert.rejects(async () => (await fetch(url)).text());
  assert.deepEqual(errors, ["broken", "broken"]);
});

test("answers 500 when the body fails before its first piece, without the headers of the response", async () => {
  const body = () =>
    new ReadableStream({
      pull() {
        throw new Error("broken");
      },
    });
  const headers = { "Set-Cookie": "session=1", "Content-Type": "text/x" };
  const errors = [];
  const { url } = await serve(
    onNode(() => new Response(body(), { headers }), { onError: (error) => errors.push(error.message) }),
  );
  const answer = await fetch(url);
  assert.deepEqual(
    [answer.status, answer.headers.get("Set-Cookie"), answer.headers.get("Content-Type")],
    [500, null, null],
  );
  assert.deepEqual(errors, ["broken"]);
});

test("answers 500 when the handler fails or returns something else, and lives on", async () => {
  const errors = [];
  const answers = [
    () => Promise.reject(new Error("rejected")),
    () => {
      throw new Error("thrown");
    },
    () => undefined,
    () => ({ status: 200 }),
  ];
  let used;
  const { url } = await serve(
    onNode(
      ({ url }) => {
        const index = Number(new URL(url).pathname.slice(1));
        if (index < answers.length) return answers[index]();
        used ??= new Response("once");
        return used;
      },
      { onError: (error) => errors.push(`${error.code} ${error.message}`) },
    ),
  );
  for (let index = 0; index < 4; index += 1) {
    const answer = await fetch(`${url}/${index}`);
    assert.deepEqual([answer.status, await answer.text()], [500, ""]);
  }
  assert.equal(await (await fetch(`${url}/4`)).text(), "once");
  assert.equal((await fetch(`${url}/4`)).status, 500);
  assert.deepEqual(errors, [
    "undefined rejected",
    "undefined thrown",
    "OPTION_INVALID the handler did not return a Response",
    "OPTION_INVALID the handler did not return a Response",
    "OPTION_INVALID the response's body was already read",
  ]);
});

test("uses the connection again after an answer that came before the body", async () => {
  let reads = "none";
  const { port } = await serve(
    onNode(async (request) => {
      if (reads === "one") await request.body?.getReader().read();
      if (reads === "canceled" && request.body !== null) {
        const reader = request.body.getReader();
        await reader.read();
        await reader.cancel();
      }
      return new Response("early", { status: 403 });
    }),
  );
  const body = "x".repeat(100_000);
  for (reads of ["none", "one", "canceled"]) {
    const post = `POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${body.length}\r\n\r\n`;
    const parts = [post + body.slice(0, 50_000), body.slice(50_000), get("/", "Connection: close\r\n")];
    const answer = await raw(port, parts);
    assert.equal(counted(answer, "HTTP/1.1 403 "), 2, reads);
  }
});

test("ends the connection of a body that is much too long, after the answer", async () => {
  const { port } = await serve(onNode(token));
  const head = `POST /token HTTP/1.1\r\nHost: a.example\r\n${Object.entries(FORM).flat().join(": ")}\r\n`;
  const endless = (extra) =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1").setEncoding("latin1");
      let [sent, answer] = [0, ""];
      const chunk = extra.includes("chunked") ? `2710\r\n${"x".repeat(10_000)}\r\n` : "x".repeat(10_000);
      const send = () => {
        while (!socket.destroyed && sent < 200_000_000 && socket.write(chunk)) sent += chunk.length;
      };
      socket.on("data", (more) => {
        answer += more;
      });
      socket.on("drain", send);
      socket.on("error", () => {});
      socket.on("close", () => resolve({ sent, answer }));
      socket.write(`${head}${extra}\r\n\r\n`);
      send();
    });
  for (const extra of ["Content-Length: 1000000000", "Transfer-Encoding: chunked"]) {
    const { sent, answer } = await endless(extra);
    assert.match(answer, /^HTTP\/1\.1 413 /, extra);
    assert.ok(sent < 20_000_000, `${sent} bytes were taken`);
  }
  // Refused by what it announces, before a byte of it is sent.
  assert.match(
    await raw(port, `${head}Content-Length: 1000000000\r\n\r\n`, (text) => text.includes("413")),
    /^HTTP\/1\.1 413 /,
  );
});

test("answers pipelined requests in their order, each with its own body", async () => {
  const { port } = await serve(
    onNode(async (request) => {
      const text = await request.text();
      await sleep(Number(text.split(" ")[0]));
      return new Response(`[${text}]`);
    }),
  );
  const post = (text) => `POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  const texts = ["60 first", "0 second", "30 third", "0 last"];
  const answer = await raw(port, texts.map(post).join(""), (all) => all.includes("last]"));
  assert.deepEqual(
    answer.match(/\[.*?\]/g),
    texts.map((text) => `[${text}]`),
  );
  // An early answer to the first does not take bytes of the second for its body.
  const early = await serve(onNode((request) => new Response(`[${new URL(request.url).pathname}]`)));
  const two = `POST /1 HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhello${get("/2", "Connection: close\r\n")}`;
  assert.deepEqual((await raw(early.port, two)).match(/\[.*?\]/g), ["[/1]", "[/2]"]);
});

test("answers HEAD without the body, and cancels it", async () => {
  let canceled = 0;
  const body = () =>
    new ReadableStream({
      cancel() {
        canceled += 1;
      },
    });
  const { port, url } = await serve(
    onNode(() => new Response(body(), { headers: { "Content-Length": "5", "X-A": "a" } })),
  );
  const answer = await fetch(url, { method: "HEAD" });
  assert.deepEqual([answer.status, answer.headers.get("Content-Length"), answer.headers.get("X-A")], [200, "5", "a"]);
  const two = `${get().replace("GET", "HEAD")}${get("/", "Connection: close\r\n").replace("GET", "HEAD")}`;
  const both = await raw(port, two);
  assert.equal(counted(both, "HTTP/1.1 200 "), 2);
  assert.equal(canceled, 3);
});

test("answers 204 and 304 without a body", async () => {
  const { url } = await serve(
    onNode(({ url }) => new Response(null, { status: Number(new URL(url).pathname.slice(1)) })),
  );
  for (const status of [204, 304]) {
    const answer = await fetch(`${url}/${status}`);
    assert.deepEqual([answer.status, await answer.text()], [status, ""]);
  }
});

test("tells a client that waits with Expect: 100-continue to send, and not if the answer is there", async () => {
  const body = "username=alice&password=x";
  const head = (length) =>
    `POST /token HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n${Object.entries(FORM).flat().join(": ")}\r\n\r\n`;
  // By default, Node says it before the handler is called.
  const plain = await serve(onNode(token));
  assert.match(
    await raw(plain.port, [head(body.length), body], (all) => all.includes("}")),
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/,
  );
  // With `checkContinue`, the handler decides: only when it reads.
  const careful = await serve(undefined, () => createServer().on("checkContinue", onNode(token)));
  assert.match(
    await raw(careful.port, [head(body.length), body], (all) => all.includes("}")),
    /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/,
  );
  const refused = await raw(careful.port, head(1_000_000));
  assert.match(refused, /^HTTP\/1\.1 413 /);
  // The body never comes, so the next request could not be told from it.
  assert.match(refused, /\r\nConnection: close\r\n/i);
});

test("tells the handler when the client hangs up, and needs no answer then", async () => {
  const states = [];
  let entered;
  const { port } = await serve(
    onNode(
      async (request) => {
        entered();
        try {
          await request.text();
        } catch (error) {
          states.push(error.name);
        }
        if (!request.signal.aborted) await once(request.signal, "abort");
        states.push("aborted");
        return new Response("too late");
      },
      { onError: (error) => states.push(error) },
    ),
  );
  for (const text of [get(), "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 100\r\n\r\nhalf"]) {
    const socket = connect(port, "127.0.0.1");
    const inside = new Promise((resolve) => {
      entered = resolve;
    });
    socket.write(text);
    await inside;
    await sleep(10);
    socket.destroy();
    await sleep(50);
  }
  assert.deepEqual(states, ["aborted", "Error", "aborted"]);
});

test("fails to read the body of a client that hung up before", async () => {
  const errors = [];
  let began;
  const listener = onNode(async (request) => {
    began();
    await once(request.signal, "abort");
    await sleep(20);
    await request.text().catch((error) => errors.push(error.message));
    return new Response("too late");
  });
  const late = onNode(async (request) => {
    await request.text().catch((error) => errors.push(error.message));
    return new Response("too late");
  });
  const after = async (incoming, outgoing) => {
    began();
    await once(outgoing, "close");
    await late(incoming, outgoing);
  };
  for (const each of [listener, after]) {
    const { port } = await serve(each);
    const inside = new Promise((resolve) => {
      began = resolve;
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 9\r\n\r\nabc");
    await inside;
    socket.destroy();
    await sleep(100);
  }
  assert.equal(errors.length, 2);
});

test("does not abort a request that was answered", async () => {
  const signals = [];
  const { url } = await serve(
    onNode((request) => {
      signals.push(request.signal);
      return new Response("ok");
    }),
  );
  await (await fetch(url)).text();
  await sleep(20);
  assert.equal(signals[0].aborted, false);
});

test("cancels the response's body when the client hangs up while it is slow", async () => {
  let [canceled, sent] = [false, 0];
  const body = new ReadableStream({
    pull(controller) {
      sent += 100_000;
      controller.enqueue(new Uint8Array(100_000));
    },
    cancel() {
      canceled = true;
    },
  });
  const { port } = await serve(onNode(() => new Response(body)));
  const socket = connect(port, "127.0.0.1");
  socket.pause();
  socket.write(get());
  await sleep(200);
  assert.ok(sent < 50_000_000, "it waits for the client");
  socket.destroy();
  await sleep(50);
  assert.equal(canceled, true);
});

test("takes a form of exactly the greatest length, in many pieces", async () => {
  const { port } = await serve(onNode(token));
  const body = `username=alice&password=x&more=${"y".repeat(16_384 - 31)}`;
  assert.equal(body.length, 16_384);
  const answer = await new Promise((resolve, reject) => {
    const sending = nodeRequest({ port, path: "/token", method: "POST", headers: FORM }, resolve).on("error", reject);
    for (let start = 0; start < body.length; start += 1000) sending.write(body.slice(start, start + 1000));
    sending.end();
  });
  answer.resume();
  assert.equal(answer.statusCode, 200);
});

test("serves HTTP/2", async () => {
  const handler = async (request) =>
    new Response(`${request.url} ${await request.text()}`, {
      headers: [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["Connection", "close"],
      ],
    });
  const { port, url } = await serve(onNode(handler), http2.createServer);
  const session = http2.connect(url);
  const stream = session.request({ ":path": "/x", ":method": "POST" });
  stream.setEncoding("utf8").end("body");
  const [headers] = await once(stream, "response");
  const [text] = await once(stream, "data");
  session.close();
  assert.deepEqual(
    [headers[":status"], headers["set-cookie"], text],
    [200, ["a=1", "b=2"], `http://127.0.0.1:${port}/x body`],
  );
});

test("works in Express, also in a router, and keeps what middleware has set", async () => {
  const app = express();
  app.use((_, res, next) => {
    res.cookie("first", "1").vary("Origin");
    next();
  });
  app.use(express.json());
  const router = express.Router();
  router.post("/token", onNode(token));
  router.get(
    "/here",
    onNode((request) => new Response(request.url, { headers: { "Set-Cookie": "second=2", Vary: "Cookie" } })),
  );
  app.use("/auth", router);
  const { url, port } = await serve(app);
  const answer = await fetch(`${url}/auth/token`, {
    method: "POST",
    body: new URLSearchParams({ username: "alice", password: "x" }),
  });
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).token_type, "bearer");
  const here = await fetch(`${url}/auth/here?x`);
  assert.equal(await here.text(), `http://127.0.0.1:${port}/auth/here?x`);
  assert.deepEqual(here.headers.getSetCookie(), ["first=1; Path=/", "second=2"]);
  assert.equal(here.headers.get("Vary"), "Origin, Cookie");
});

test("uses bytes that Express has read and kept, and names the mistake if they are gone", async () => {
  const kept = { verify: (req, _, buffer) => Object.assign(req, { rawBody: buffer }) };
  const works = {
    raw: express.raw({ type: () => true }),
    text: express.text({ type: () => true }),
    "urlencoded with rawBody": express.urlencoded(kept),
  };
  const body = "username=alice&password=x";
  for (const [name, middleware] of Object.entries(works)) {
    const { url } = await serve(express().use(middleware).post("/token", onNode(token)));
    assert.equal((await fetch(`${url}/token`, { method: "POST", headers: FORM, body })).status, 200, name);
  }
  const errors = [];
  const app = express().use(express.urlencoded()).post("/token", onNode(token));
  app.use((error, _req, res, _next) => {
    errors.push(`${error.code}: ${error.message}`);
    res.status(500).end();
  });
  const { url } = await serve(app);
  assert.equal((await fetch(`${url}/token`, { method: "POST", headers: FORM, body })).status, 500);
  assert.deepEqual(errors, [
    "OPTION_INVALID: the request's body was already read: use onNode before middleware such as express.urlencoded()",
  ]);
});

test("a guard takes Express's request, and writeResponse sends what it says", async () => {
  const guard = bearerGuard(new Verifier(key.publicKey()), { scope: "read" });
  const app = express();
  app.use(async (req, res, next) => {
    res.set("X-Kept", "yes");
    const caller = await guard(req);
    if (caller instanceof Response) return writeResponse(caller, res);
    req.user = caller.claims;
    next();
  });
  app.get("/me", (req, res) => res.json(req.user.sub));
  const { url, port } = await serve(app);
  const as = (scope) => ({ headers: { Authorization: `Bearer ${signer.sign({ sub: "alice", scope })}` } });
  assert.equal(await (await fetch(`${url}/me`, as("read"))).json(), "alice");
  const [none, less, head] = [
    await fetch(`${url}/me`),
    await fetch(`${url}/me`, as("write")),
    await fetch(`${url}/me`, { method: "HEAD" }),
  ];
  assert.deepEqual(
    [none.status, none.headers.get("WWW-Authenticate"), none.headers.get("X-Kept")],
    [401, "Bearer", "yes"],
  );
  assert.deepEqual([less.status, (await less.json()).error, head.status], [403, "insufficient_scope", 401]);
  // Node keeps only the first of two Authorization headers in `req.headers`.
  const two = ["Host", "x", "Authorization", as("read").headers.Authorization, "Authorization", "Bearer x"];
  const twice = await new Promise((resolve) => nodeRequest({ port, path: "/me", headers: two }, resolve).end());
  twice.resume();
  assert.equal(twice.statusCode, 400);
});

test("reads its options strictly", () => {
  assert.throws(() => onNode(), invalid('option "handler" is not a function'));
  assert.throws(() => onNode({ fetch: echo }), invalid('option "handler" is not a function'));
  assert.throws(() => onNode(echo, { onerror() {} }), invalid('unknown option "onerror"'));
  assert.throws(() => onNode(echo, { onError: true }), invalid('option "onError" is not a function'));
  for (const origin of [
    "",
    "login.example",
    "https://login.example/",
    "https://login.example/x",
    "ftp://a",
    "https://a:443",
    7,
    null,
  ]) {
    assert.throws(
      () => onNode(echo, { origin }),
      invalid('option "origin" is not an origin such as "https://login.example"'),
    );
  }
});
