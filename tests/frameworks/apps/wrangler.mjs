// Cloudflare's wrangler, with which several frameworks end.

/** Needs Node 22. */
export const WRANGLER = "wrangler@4.164.0";

/** A compatibility date that these versions of wrangler and workerd know. */
export const DATE = "2026-01-01";

/** A Worker that answers with the result of the program. */
export const WORKER = `import { use } from "./program.mjs";
export default { fetch: async () => Response.json(await use()) };
`;

export const WRANGLER_TOML = `name = "app"\nmain = "worker.mjs"\ncompatibility_date = "${DATE}"\n`;
