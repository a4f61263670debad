// Browsers beside Chromium: the conformance suite runs in a page. npm cannot install them.

import { fileURLToPath } from "node:url";
import { findFirefox, findWebkit } from "../../runtimes/runners/other-browsers.mjs";

const RUN = fileURLToPath(new URL("../../runtimes/run.mjs", import.meta.url));

export const BROWSERS = [
  { name: "Firefox", needs: findFirefox(), hint: "install Firefox; on Debian: apt-get install firefox-esr" },
  {
    name: "WebKit",
    needs: findWebkit(),
    hint: "install WebKitGTK's MiniBrowser and Xvfb; on Debian: apt-get install webkit2gtk-driver xvfb",
  },
].map(({ name, needs, hint }) => ({
  name: `${name}, conformance suite`,
  needs,
  hint,
  run: [`node ${JSON.stringify(RUN)} --browsers --only ${name}`],
}));
