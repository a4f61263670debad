/** Copies the files of Swagger UI into assets/, which Cloudflare serves beside the Worker. */

import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("assets/swagger-ui/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
  copyFileSync(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`)), new URL(name, folder));
}
writeFileSync(new URL("../_headers", folder), "/swagger-ui/*\n  X-Content-Type-Options: nosniff\n");
