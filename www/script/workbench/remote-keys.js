/** The frame that fetches key sets. This page may not connect to anything; the frame may, and cannot see this page. */

import { byId, element, say } from "../dom.js";

/** Connects it. `use` receives the text that was fetched, and gives what it is as a key. */
export function wireRemoteKeys(use) {
  const details = byId("remote-keys");
  let frame;
  const load = () => {
    frame ??= new Promise((resolve) => {
      // Without `allow-same-origin`, the frame has an origin of its own.
      const made = element("iframe", {
        ...{ title: "Fetch keys from a URL", class: "fetch-keys", sandbox: "allow-scripts allow-forms" },
        src: "./bench/fetch-keys.html",
        "aria-describedby": "remote-hint",
      });
      made.addEventListener("load", () => resolve(made), { once: true });
      byId("remote-frame").replaceChildren(made);
    });
    return frame;
  };
  details.addEventListener("toggle", () => details.open && load());

  window.addEventListener("message", async ({ source, data }) => {
    const made = await frame;
    if (made === undefined || source !== made.contentWindow) return;
    if (typeof data?.height === "number") made.style.height = `${Math.min(Math.max(data.height, 80), 480) + 8}px`;
    if (typeof data?.keys !== "string" || typeof data.url !== "string") return;
    tell(await use(data.keys), new URL(data.url).host);
  });

  return {
    /** Opens the frame with a URL in its field. The person decides whether to fetch it. */
    async propose(url) {
      details.open = true;
      const made = await load();
      made.contentWindow.postMessage({ propose: url }, "*");
      made.focus();
    },
  };
}

/** The outcome. It is good only if there are keys. */
function tell(reading, host) {
  const line = byId("remote-outcome");
  // Another text was given meanwhile.
  if (reading === undefined) return say(line, "", "");
  if (reading.state === "passphrase") return say(line, "warn", `An encrypted key was fetched from ${host}.`);
  const isUsable = reading.state === "ready" && reading.file.keys.length > 0;
  if (isUsable) return say(line, "good", `Keys fetched from ${host}.`);
  return say(line, "bad", `What ${host} answered cannot be used as keys.`);
}
