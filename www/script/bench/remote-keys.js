/** The frame that fetches key sets. This page may not connect to anything; the frame may, and cannot see this page. */

import { byId, element, say } from "../dom.js";

/** Connects it; `use` receives the text that was fetched. */
export function wireRemoteKeys(use) {
  const details = byId("remote-keys");
  let frame;
  const load = () => {
    frame ??= new Promise((resolve) => {
      // Without `allow-same-origin`, the frame has an origin of its own.
      const made = element("iframe", {
        ...{ title: "Fetch keys from a URL", class: "fetch-keys", sandbox: "allow-scripts allow-forms" },
        src: "./bench/fetch-keys.html",
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
    await use(data.keys);
    say(byId("remote-outcome"), "good", `Keys fetched from ${new URL(data.url).host}.`);
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
