/** The service worker, with which the page works without a network. */

import { byId } from "../dom.js";

/** Registers it once the page has loaded. Where there is none, such as on plain http, the page works as long as it is open. */
export function startOffline() {
  if (navigator.serviceWorker === undefined) return;
  const start = async () => {
    try {
      await navigator.serviceWorker.register("./service-worker.js");
      const { active } = await navigator.serviceWorker.ready;
      // The worker fetches the files that are loaded on demand afterwards, so that the first visit does not wait for them.
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => {
        if (data !== "complete") return;
        byId("offline").textContent = "It also works offline.";
        document.body.dataset.offline = "";
      };
      active.postMessage("complete", [channel.port2]);
    } catch {
      // A browser may forbid it, as in private windows. Nothing else depends on it.
    }
  };
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start, { once: true });
}
