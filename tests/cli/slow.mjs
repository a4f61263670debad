// Slows the reading of files: `node --import …/slow.mjs`. Each chunk of 4096 bytes takes longer than the pause between two drawings
// of the progress bar. With the variable STOP_AT, a signal stops the program before that chunk.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

const { createReadStream } = fs;

async function* slowly(path) {
  let chunks = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 4096 })) {
    await sleep(150);
    chunks += 1;
    if (chunks === Number(process.env.STOP_AT)) process.kill(process.pid, "SIGINT");
    yield chunk;
  }
}

fs.createReadStream = (path) => Readable.from(slowly(path), { highWaterMark: 1 });
syncBuiltinESMExports();
