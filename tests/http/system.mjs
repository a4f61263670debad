/** The login system under test: the real workerd on a free port, with a data directory of its own. */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../../tools/start/server.mjs";

export const PASSWORD = "correct horse battery staple";

/** Tokens that live as long as on Cloudflare, so that none expires on a busy machine. */
const VARS = { ACCESS_TOKEN_SECONDS: "900" };

/** One login system. `restart` keeps its data; `close` removes them. */
export class System {
  #server;
  #log = "";

  /** @param {Record<string, string>} [vars] variables of the Worker */
  static async start(vars = {}) {
    const system = new System();
    system.vars = { ...VARS, ...vars };
    system.dataDir = await mkdtemp(join(tmpdir(), "countersign-http-"));
    await system.#start();
    return system;
  }

  async #start() {
    const log = (text) => {
      this.#log += text;
    };
    this.#server = await startServer({ dataDir: this.dataDir, log, vars: this.vars });
    this.url = this.#server.url;
  }

  /** What the Worker has written to its log, beside its audit log: nothing, unless something went wrong. */
  get log() {
    return this.#log.replace(/^\{"type":.*\n/gm, "");
  }

  /** What happened to sessions, from the audit log. */
  get events() {
    return [...this.#log.matchAll(/^\{"type":.*$/gm)].map(([line]) => JSON.parse(line));
  }

  /** The secret that `npm start` has made. */
  async secrets() {
    return { SECRET: await readFile(join(this.dataDir, "secret"), "utf8") };
  }

  /** Stops the server, runs `between`, and starts it again on the same data. */
  async restart(between = () => {}) {
    await this.#server.stop();
    await between();
    await this.#start();
  }

  async close() {
    await this.#server.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  get(path, headers = {}) {
    return fetch(this.url + path, { headers });
  }

  /** `POST /register` with a JSON body. */
  register(username, password = PASSWORD) {
    return this.registerRaw(JSON.stringify({ username, password }));
  }

  registerRaw(body, headers = { "Content-Type": "application/json" }) {
    return fetch(`${this.url}/register`, { method: "POST", headers, body });
  }

  /** `POST /token` as a form; members that are `undefined` are left out. */
  token(username, password = PASSWORD, more = {}) {
    const members = Object.entries({ grant_type: "password", username, password, ...more });
    return this.tokenRaw(new URLSearchParams(members.filter(([, value]) => value !== undefined)));
  }

  tokenRaw(body, headers = {}) {
    return fetch(`${this.url}/token`, { method: "POST", headers, body, duplex: "half" });
  }

  /** An access token for a user who is registered if need be. */
  async accessToken(username, scope) {
    await this.register(username);
    const response = await this.token(username, PASSWORD, { scope });
    return (await response.json()).access_token;
  }
}

/** Headers of an answer that are ours to choose, by name. */
export function chosenHeaders(response) {
  const headers = Object.fromEntries(response.headers);
  for (const name of ["date", "content-length", "connection", "keep-alive"]) delete headers[name];
  return headers;
}
