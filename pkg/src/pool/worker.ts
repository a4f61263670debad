/**
 * The program of a worker. The build makes one script of it and of all it imports, which runs as it is in a Web Worker
 * and in a worker thread of Node, Deno and Bun; and another one with the glue of Argon2 alone.
 */

import { builtin } from "../builtin.js";
import type { CountersignError } from "../errors.js";
import * as glue from "../glue/password.js";
import { loadPasswords } from "../load/passwords.js";
import type { Answer, Start } from "./messages.js";
import { wipeKeys } from "./policy.js";
import { perform, type Task } from "./work.js";

const { parentPort } = builtin("worker_threads") ?? {};

if (parentPort) {
  parentPort.on("message", (message) => receive(message as Start | Task, (answer) => parentPort.postMessage(answer)));
} else {
  globalThis.onmessage = ({ data }) => receive(data, (answer) => globalThis.postMessage(answer));
}

/** First comes the module, then one task after another; each has its answer. */
function receive(message: Start | Task, reply: (answer: Answer) => void): void {
  if ("module" in message) {
    loadPasswords(glue, message.module);
    reply({ ready: true });
  } else {
    reply(answerTo(message));
  }
}

function answerTo(task: Task): Answer {
  try {
    return { text: perform(task) };
  } catch (error) {
    const { code, message } = error as CountersignError;
    return { code, message };
  } finally {
    wipeKeys(task.policy);
  }
}
