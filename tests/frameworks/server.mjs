// A framework's server: it is started, asked, and stopped.

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { EXPECTED } from "./program.mjs";
import { kill, tail } from "./project.mjs";

const MINUTES = 60_000;

/** Starts the server, asks for each path, and stops it. An answer that is not the program's result throws. */
export async function ask(project, command, paths) {
  const port = await freePort();
  const log = join(project.directory, "server.log");
  const descriptor = openSync(log, "w");
  const server = spawn(command.replace("$PORT", port), {
    cwd: project.directory,
    // A group of its own, so that it ends with everything it started.
    detached: true,
    env: { ...project.environment, PORT: String(port) },
    shell: true,
    stdio: ["ignore", descriptor, descriptor],
  });
  closeSync(descriptor);
  try {
    for (const path of paths) {
      const answer = await answerOf(`http://localhost:${port}${path}`, server);
      if (isDeepStrictEqual(answer.json, EXPECTED)) continue;
      const what = `\`${command}\`, ${path} answers ${answer.text.slice(0, 300)}`;
      throw new Error(`${what}\n${tail(readFileSync(log, "utf8"))}`);
    }
  } finally {
    kill(server);
  }
}

/** The first answer, once there is one. */
async function answerOf(url, server) {
  const end = Date.now() + 2 * MINUTES;
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(MINUTES) });
      const text = await response.text();
      return { text: `${response.status} ${text}`, json: response.ok ? parsed(text) : undefined };
    } catch (error) {
      const ended = server.exitCode !== null;
      if (ended || end < Date.now()) return { text: `nothing: ${ended ? "the server has ended" : error.message}` };
      await pause(500);
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
