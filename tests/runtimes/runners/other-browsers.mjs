// Firefox and WebKit, as Debian and others install them. playwright drives only builds of its own, so the page sends its
// result to the server that it came from, and no driver is needed.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { POLICY, serve, writePage } from "./chromium.mjs";

const MINUTES = 60_000;

/** The first path that exists, or `undefined`. */
const found = (...paths) => paths.find((path) => path !== undefined && path !== "" && existsSync(path));

/** Where Firefox is, or `undefined`: COUNTERSIGN_FIREFOX, or one that the system installed. */
export function findFirefox() {
  return found(
    process.env.COUNTERSIGN_FIREFOX,
    "/usr/bin/firefox-esr",
    "/usr/bin/firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
  );
}

/** Where WebKitGTK's MiniBrowser is, or `undefined`. It needs a display, so Xvfb must be there too. */
export function findWebkit() {
  const browser = found(
    process.env.COUNTERSIGN_WEBKIT,
    ...["x86_64-linux-gnu/", "aarch64-linux-gnu/", ""].map((path) => `/usr/lib/${path}webkit2gtk-4.1/MiniBrowser`),
  );
  return existsSync("/usr/bin/Xvfb") ? browser : undefined;
}

/** Runs the suite in a page of Firefox. */
export const firefox = (consumer, program) => runSuite(consumer, "firefox", openFirefox(program));

/** Runs the suite in a page of WebKitGTK. */
export const webkit = (consumer, program) => runSuite(consumer, "webkit", openWebkit(program));

async function runSuite(consumer, name, open) {
  writePage(consumer, `${name}-suite.mjs`);
  writeFileSync(
    join(consumer.directory, `${name}.mjs`),
    `const found = await import("./${name}-suite.mjs").then(() => ({ result: globalThis.result }), (error) => ({ error: String(error) }));
await fetch("/result", { method: "POST", body: JSON.stringify(found) });
`,
  );
  const answer = await visit(consumer.directory, `${name}.mjs`, POLICY, open);
  const { error, result } = JSON.parse(answer);
  if (error !== undefined) throw new Error(error);
  return JSON.parse(result);
}

/** Gives a function that opens an address in Firefox, and gives one that closes it. */
export function openFirefox(program) {
  const preferences = [
    ["app.update.enabled", false],
    ["browser.shell.checkDefaultBrowser", false],
    ["browser.startup.page", 0],
    ["datareporting.policy.dataSubmissionEnabled", false],
    ["network.captive-portal-service.enabled", false],
    ["network.connectivity-service.enabled", false],
    ["toolkit.telemetry.enabled", false],
  ];
  const lines = preferences.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`);
  return (profile, url) => {
    writeFileSync(join(profile, "user.js"), lines.join(""));
    return start(program, ["--headless", "--no-remote", "--profile", profile, url], { HOME: profile });
  };
}

/** How many displays were started. */
let displays = 0;

/** Does the same for WebKitGTK, on a display of its own. */
export function openWebkit(program) {
  return (profile, url) => {
    displays += 1;
    const display = `${100 + ((process.pid + displays * 97) % 800)}`;
    const screen = start("Xvfb", [`:${display}`, "-nolisten", "tcp"], {});
    const sandbox = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", WEBKIT_DISABLE_COMPOSITING_MODE: "1" };
    // Without a display, the browser ends at once.
    const wait = `until [ -e /tmp/.X11-unix/X${display} ]; do sleep 0.1; done; exec "$0" "$1"`;
    const browser = start("sh", ["-c", wait, program, url], { DISPLAY: `:${display}`, HOME: profile, ...sandbox });
    return () => {
      browser();
      screen();
    };
  };
}

/** Opens a page that loads `script` under a policy, and gives what the page posts to /result. */
export async function visit(directory, script, policy, open) {
  const profile = mkdtempSync(join(tmpdir(), "countersign-browser-"));
  let close = () => {};
  let late;
  let server;
  try {
    return await new Promise((resolve, reject) => {
      late = setTimeout(() => reject(new Error("the page sent no result within 5 minutes")), 5 * MINUTES);
      serve(directory, script, `${policy}; connect-src 'self'`, resolve).then((started) => {
        server = started;
        close = open(profile, `http://127.0.0.1:${server.address().port}/`);
      }, reject);
    });
  } finally {
    clearTimeout(late);
    close();
    server?.close();
    server?.closeAllConnections();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Starts a program in a group of its own, and gives a function that ends it and all that it started. */
function start(program, args, environment) {
  const child = spawn(program, args, { detached: true, stdio: "ignore", env: { ...process.env, ...environment } });
  child.on("error", () => {});
  return () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
}
