/** The program server.mjs on a folder of its own, and many requests to it over a bounded number of connections. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const node = fileURLToPath(new URL("../../node_modules/node24/bin/node", import.meta.url));
const program = fileURLToPath(new URL("server.mjs", import.meta.url));

export class System {
  folder = mkdtempSync(join(tmpdir(), "countersign-load-"));
  agent = new Agent({ keepAlive: true, maxSockets: 64 });

  async start() {
    const { port = "0" } = this.url ? new URL(this.url) : {};
    this.child = spawn(node, [program, this.folder, port], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(this.child.stdout.setEncoding("utf8"), "data");
    this.url = line.trim();
  }

  /** Ends it as a crash would. */
  async kill() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  async close() {
    await this.kill();
    this.agent.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One request. `{ status, body }`; rejects if there is no answer. */
  send(path, { method = "GET", headers = {}, form } = {}) {
    const { agent, url } = this;
    const body = form === undefined ? undefined : String(new URLSearchParams(form));
    const more = body === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" };
    return new Promise((resolve, reject) => {
      const sent = request(url + path, {
        agent,
        method: body === undefined ? method : "POST",
        headers: { ...more, ...headers },
      });
      sent.on("error", reject).on("response", async (response) => {
        try {
          const text = (await response.setEncoding("utf8").toArray()).join("");
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: text === "" ? null : JSON.parse(text),
          });
        } catch (error) {
          reject(error);
        }
      });
      sent.end(body);
    });
  }

  logIn(username, password = "right") {
    return this.send("/token", { form: { username, password } });
  }

  refresh(refresh_token) {
    return this.send("/token", { form: { grant_type: "refresh_token", refresh_token } });
  }

  ask(path, token) {
    return this.send(path, { headers: { Authorization: `Bearer ${token}` } });
  }
}
