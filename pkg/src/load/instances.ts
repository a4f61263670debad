/** The modules at work. A loader attaches them; `trap.ts` recovers them; the public functions call into them. */

import { Instance } from "../trap.js";

/** Encryption. */
export const encryption: Instance = /* @__PURE__ */ new Instance();

/** Keys and tokens. */
export const tokens: Instance = /* @__PURE__ */ new Instance();

/** Password hashes. */
export const passwords: Instance = /* @__PURE__ */ new Instance();
