// Browsers beside Chromium: the conformance suite runs in a page, and pages without WebAssembly are told so. npm cannot install
// these browsers.

import { fileURLToPath } from "node:url";
import { findFirefox, findWebkit } from "../../runtimes/runners/other-browsers.mjs";

const SUITE = JSON.stringify(fileURLToPath(new URL("../../runtimes/run.mjs", import.meta.url)));
const PAGES = JSON.stringify(fileURLToPath(new URL("../browser.mjs", import.meta.url)));

export const BROWSERS = [
  { name: "Firefox", needs: findFirefox(), hint: "install Firefox; on Debian: apt-get install firefox-esr" },
  {
    name: "WebKit",
    needs: findWebkit(),
    hint: "install WebKitGTK's MiniBrowser and Xvfb; on Debian: apt-get install webkit2gtk-driver xvfb",
  },
].map(({ name, needs, hint }) => ({
  name: `${name}, conformance suite and strict pages`,
  needs,
  hint,
  run: [`node ${PAGES} ${name.toLowerCase()}`, `node ${SUITE} --browsers --only ${name}`],
}));
