/** The two modules at work. A loader attaches them; `trap.ts` recovers them; the public functions call into them. */

import { Instance } from "../trap.js";

/** Keys and tokens. */
export const tokens: Instance = /* @__PURE__ */ new Instance();

/** Password hashes. */
export const passwords: Instance = /* @__PURE__ */ new Instance();
