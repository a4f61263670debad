// `npm start` from the beginning to the first answer, and its end: node tests/http/start-once.mjs. The workflow runs it on every
// system, on a fresh clone in a folder whose name has a space and a letter that is not ASCII.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Failure, main, root, started } from "../../tools/command.mjs";

const MINUTES = 15;

await main(async () => {
  const [program, args] = started("npm", ["start"]);
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, as in a terminal: npm, this program and workerd are three processes.
    detached: process.platform !== "win32",
  });
  const end = () => (process.platform === "win32" ? endOnWindows(child.pid) : process.kill(-child.pid, "SIGINT"));
  const timer = setTimeout(end, MINUTES * 60_000);
  try {
    const url = await new Promise((resolve, reject) => {
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text) => {
        process.stdout.write(text);
        output += text;
        const found = /Log in +(http:\S+)/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once("exit", (code) => reject(new Failure(`npm start ended with ${code}`)));
    });
    const page = await fetch(url);
    const keys = await fetch(new URL("/.well-known/jwks.json", url));
    if (!page.ok || (await keys.json()).keys.length === 0) throw new Failure(`${url} answers ${page.status}`);
    console.log(`answered from ${fileURLToPath(new URL("../../", import.meta.url))}`);
  } finally {
    clearTimeout(timer);
    end();
  }
});

function endOnWindows(pid) {
  spawn("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
}
