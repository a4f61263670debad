// A list of leaked passwords: a real HTTP server on this machine that answers well, or in every bad way there is.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { LEAKED } from "./cases.mjs";

const digest = createHash("sha1").update(LEAKED).digest("hex").toUpperCase();
const PREFIX = digest.slice(0, 5);
const SUFFIX = digest.slice(5);
const other = (index) => createHash("sha1").update(`other ${index}`).digest("hex").toUpperCase().slice(5);
const others = Array.from({ length: 800 }, (_, index) => `${other(index)}:${index + 1}`);
const hit = `${SUFFIX}:52256179`;
const range = (lines, lineBreak = "\r\n") => lines.join(lineBreak);
const among = [...others.slice(0, 400), hit, ...others.slice(400)];

/** What is sent, by the first segment of the path. */
const TEXTS = {
  good: range([...among, ""]),
  "with-line-feeds": range([...among, ""], "\n"),
  "without-a-last-line-break": range(among),
  "in-small-letters": range(among).toLowerCase(),
  "with-padding": range([`${other(1000)}:0`, hit, `${other(1001)}:0`]),
  "only-as-padding": range([...others, `${SUFFIX}:0`]),
  "twice-and-then-as-padding": range([`${SUFFIX}:5`, `${SUFFIX}:2`, `${SUFFIX}:0`]),
  "as-padding-and-then-twice": range([`${SUFFIX}:0`, `${SUFFIX}:2`, `${SUFFIX}:5`]),
  another: range(others),
  huge: range(Array.from({ length: 40 }, () => range(among))),
  empty: "",
  blank: "\r\n",
  page: "<!doctype html><title>Sign in to this network</title>",
  json: JSON.stringify({ [SUFFIX]: 1 }),
  "cut-off": range(others).slice(0, -20),
  "cut-off-before-the-count": `${range(others)}\r\n${other(1002)}:`,
  ntlm: range(others.map((line) => line.slice(8))),
  "no-count": SUFFIX,
  negative: `${SUFFIX}:-1`,
  fraction: `${SUFFIX}:1.5`,
  "in-words": `${SUFFIX}:many`,
  "blank-line-within": `${others[0]}\r\n\r\n${others[1]}`,
};

const BEHAVIORS = {
  missing: (response) => response.writeHead(404).end(TEXTS.good),
  broken: (response) => response.writeHead(500).end(TEXTS.good),
  "too-many": (response) => response.writeHead(429, { "Retry-After": "2" }).end("{}"),
  silent: () => {},
  slow: (response) => response.writeHead(200).write(TEXTS.another.slice(0, 2000)),
  reset: (response) => response.socket.destroy(),
  "shorter-than-announced": (response) => {
    response.writeHead(200, { "Content-Length": 99_999 }).write(TEXTS.another, () => response.socket.destroy());
  },
};

/** Starts it: `{ origin, requests, close() }`. It serves `files`, by their paths, as well. */
export async function startList(files = {}) {
  const requests = [];
  const server = createServer((request, response) => {
    const file = files[request.url];
    if (file !== undefined) {
      const type = request.url.endsWith(".mjs") ? "text/javascript" : "text/html; charset=utf-8";
      return response.writeHead(200, { "Content-Type": type }).end(file);
    }
    const [, behavior, ...rest] = request.url.split("/");
    if (rest.join("/") !== `range/${PREFIX}`) return response.writeHead(204).end();
    requests.push(`${behavior} ${request.headers["add-padding"]}`);
    const act = BEHAVIORS[behavior] ?? ((answer) => answer.writeHead(200, PLAIN).end(TEXTS[behavior]));
    return act(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, requests, close, files };
}

const PLAIN = { "Content-Type": "text/plain" };
