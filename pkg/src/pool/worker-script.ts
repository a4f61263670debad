/**
 * The script of a worker. The build bundles it into one file that runs in a Web Worker and in a worker thread of Node, Deno
 * and Bun. It makes a second file with the glue of the Argon2 module.
 */

import { builtin } from "../builtin.js";
import type { CountersignError } from "../errors.js";
import * as glue from "../glue/password.js";
import { type HashTask, runTask } from "../hashing.js";
import { loadPasswords } from "../load/passwords.js";
import { type Answer, type Start, wipePolicy } from "./messages.js";

const { parentPort } = builtin("worker_threads") ?? {};

if (parentPort) {
  parentPort.on("message", (message) =>
    receive(message as Start | HashTask, (answer) => parentPort.postMessage(answer)),
  );
} else {
  globalThis.onmessage = ({ data }) => receive(data, (answer) => globalThis.postMessage(answer));
}

function receive(message: Start | HashTask, reply: (answer: Answer) => void): void {
  if ("module" in message) {
    loadPasswords(glue, message.module);
    reply({ ready: true });
  } else {
    reply(run(message));
  }
}

function run(task: HashTask): Answer {
  try {
    return { text: runTask(task) };
  } catch (error) {
    const { code, message } = error as CountersignError;
    return { code, message };
  } finally {
    wipePolicy(task.policy);
  }
}
