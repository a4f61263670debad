// An issuer: a real HTTPS server on this machine that publishes keys, well or in every bad way there is.

import { once } from "node:events";
import { createServer } from "node:https";
import { gzipSync } from "node:zlib";
import { Key, KeySet, sign } from "countersign/jwt";

/** Ways to answer, by the path that asks for them. Each is given the response, the issuer and the request. */
export const BEHAVIORS = {
  good: (response, issuer) => send(response, issuer.jwks()),
  // What must not be followed, as it leads to keys that would do.
  redirect: (response) => response.writeHead(302, { Location: "/good" }).end(),
  moved: (response) => response.writeHead(301, { Location: "/good" }).end(),
  "redirect-with-keys": (response, issuer) => response.writeHead(307, { Location: "/good" }).end(issuer.jwks()),
  // What is not 200, with keys in it where a status may have a body.
  created: (response, issuer) => response.writeHead(201).end(issuer.jwks()),
  "no-content": (response) => response.writeHead(204).end(),
  partial: (response, issuer) => response.writeHead(206).end(issuer.jwks()),
  forbidden: (response, issuer) => response.writeHead(403).end(issuer.jwks()),
  missing: (response, issuer) => response.writeHead(404).end(issuer.jwks()),
  broken: (response, issuer) => response.writeHead(500).end(issuer.jwks()),
  // What takes its time.
  "slow-headers": () => {},
  "slow-body": (response, issuer) => {
    response.writeHead(200).write(issuer.jwks().slice(0, 10));
  },
  dripping: (response) => {
    response.writeHead(200);
    drip(response, " ", 20);
  },
  // What is too much.
  endless: (response) => {
    response.writeHead(200);
    flood(response);
  },
  huge: (response) => send(response, `{"keys":[],"padding":"${"x".repeat(8_000_000)}"}`),
  bomb: (response) => {
    response.writeHead(200, { "Content-Encoding": "gzip" }).end(BOMB);
  },
  // What is no key set.
  empty: (response) => send(response, ""),
  page: (response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><p>Sign in"),
  truncated: (response, issuer) => send(response, issuer.jwks().slice(0, -1)),
  "not-utf-8": (response) => send(response, Buffer.from('{"keys":[],"\xff":1}', "latin1")),
  array: (response) => send(response, "[]"),
  null: (response) => send(response, "null"),
  number: (response) => send(response, "7"),
  "no-keys": (response) => send(response, "{}"),
  "keys-not-an-array": (response) => send(response, '{"keys":{"0":{}}}'),
  secret: (response) =>
    send(response, JSON.stringify({ keys: [Key.generate("HS256", { kid: "s" }).toJwk({ private: true })] })),
  "secret-beside-keys": (response, issuer) => {
    const { keys } = JSON.parse(issuer.jwks());
    send(response, JSON.stringify({ keys: [...keys, Key.generate("HS256").toJwk({ private: true })] }));
  },
  "private-key": (response) =>
    send(response, JSON.stringify({ keys: [Key.generate("EdDSA", { kid: "p" }).toJwk({ private: true })] })),
  "private-prime": (response, issuer) => {
    const { keys } = JSON.parse(issuer.jwks());
    send(response, JSON.stringify({ keys: [...keys, { kty: "RSA", n: "AQ", e: "AQAB", d: null, q: "AQ" }] }));
  },
  "two-of-one-name": (response) => send(response, JSON.stringify({ keys: twoOfOneName() })),
  "none-usable": (response, issuer) => {
    const { keys } = JSON.parse(issuer.jwks());
    send(response, JSON.stringify({ keys: keys.map((key) => ({ ...key, use: "enc" })) }));
  },
  "too-many-keys": (response) => send(response, `{"keys":[${"0,".repeat(10_000)}0]}`),
  // What breaks off.
  reset: (response) => response.socket.destroy(),
  "reset-in-the-body": (response, issuer) => {
    // On a connection that is to be closed, Node's fetch takes what came so far for all of it.
    response.shouldKeepAlive = true;
    response.writeHead(200).write(issuer.jwks().slice(0, 10), () => response.socket.destroy());
  },
  "shorter-than-announced": (response, issuer) => {
    response.writeHead(200, { "Content-Length": 5000 }).write(issuer.jwks(), () => response.socket.end());
  },
  // What is odd, and good enough.
  "with-bad-keys": (response, issuer) => {
    const { keys } = JSON.parse(issuer.jwks());
    const bad = [{ kty: "OKP", crv: "Ed25519", x: "AA" }, 7, null, "key", [], { kty: "unheard-of" }];
    send(response, JSON.stringify({ keys: [...bad, ...keys], more: { __proto__: null } }));
  },
  "beside-two-of-one-name": (response, issuer) => {
    const { keys } = JSON.parse(issuer.jwks());
    send(response, JSON.stringify({ keys: [...twoOfOneName(), ...keys, ...keys] }));
  },
  "with-nulls": (response, issuer) => {
    const { keys } = JSON.parse(issuer.jwks());
    const nulls = { d: null, k: null, p: null, oth: null, x5c: null, key_ops: null };
    send(response, JSON.stringify({ keys: keys.map((key) => ({ ...key, ...nulls })) }));
  },
  bom: (response, issuer) => send(response, `\ufeff${issuer.jwks()}`),
  "as-text": (response, issuer) => response.writeHead(200, { "Content-Type": "text/plain" }).end(issuer.jwks()),
  "keys-none": (response) => send(response, '{"keys":[]}'),
};

const twoOfOneName = () => [0, 1].map(() => Key.generate("EdDSA", { kid: "same" }).publicKey().toJwk());

const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));

/** Starts with one key, named "1". */
export class Issuer {
  #server;
  #sockets = new Set();
  #handlers = new Map();
  /** Every path asked for, in order. */
  requests = [];
  /** The header fields of the last request. */
  headers = {};
  /** Bytes written to connections that are closed. */
  written = 0;

  static async start(certificates, port = 0) {
    const issuer = new Issuer();
    issuer.rotate("1");
    issuer.certificates = certificates;
    await issuer.listen(port);
    return issuer;
  }

  async listen(port = this.port) {
    const { cert, key } = this.certificates;
    this.#server = createServer({ cert, key }, (request, response) => this.#answer(request, response));
    this.#server.on("secureConnection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.written += socket.bytesWritten;
      });
    });
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = this.#server.address().port;
    this.origin = `https://localhost:${this.port}`;
  }

  /** Stops listening, and breaks off what is connected. */
  async close() {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Where a behavior is found. A part of the path is a secret that no message may show. */
  url(name) {
    return `${this.origin}/${name}?token=${SECRET}`;
  }

  /** Behaves at `name` in another way from now on: by the name of a behavior, or by a handler of the test's. */
  at(name, behavior) {
    this.#handlers.set(name, typeof behavior === "string" ? BEHAVIORS[behavior] : behavior);
  }

  /** Connections that are open. */
  get connections() {
    return this.#sockets.size;
  }

  /** Signs with a new key from now on, and publishes it alone. */
  rotate(kid) {
    this.key = Key.generate("EdDSA", { kid });
    const text = JSON.stringify(new KeySet([this.key]).toJwks());
    this.jwks = () => text;
  }

  /** A token that is good for long. */
  token(claims = { sub: "alice" }, options = { expiresIn: "52w" }) {
    return sign(claims, this.key, options);
  }

  #answer(request, response) {
    response.on("error", () => {});
    // So that a connection which is open is one that somebody still reads from.
    response.shouldKeepAlive = false;
    const name = new URL(request.url, this.origin).pathname.slice(1);
    this.requests.push(name);
    this.headers = request.headers;
    (this.#handlers.get(name) ?? BEHAVIORS[name])(response, this, request);
  }
}

export const SECRET = "s3cr3t-in-the-url";

/** A token for a key that nobody has. */
export function forged(kid = "nobody's") {
  return sign({ sub: "mallory" }, Key.generate("EdDSA", { kid }), { expiresIn: "52w" });
}

/** A handler that answers with the issuer's keys and these fields. */
export const withHeaders = (headers) => (response, issuer) => response.writeHead(200, headers).end(issuer.jwks());

function send(response, body) {
  response.writeHead(200, { "Content-Type": "application/jwk-set+json" }).end(body);
}

function drip(response, text, ms) {
  const timer = setInterval(() => response.write(text), ms);
  response.on("close", () => clearInterval(timer));
}

function flood(response) {
  const piece = "x".repeat(65_536);
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on("drain", more);
  more();
}
