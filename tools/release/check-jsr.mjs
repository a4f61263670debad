// Fails if JSR would refuse the package, or could not read its types without inferring them ("slow types"). Publishes nothing.

import { join } from "node:path";
import { main, root, run } from "../command.mjs";
import { writeJsr } from "./jsr.mjs";

await main(async () => {
  const folder = join(root, "target", "jsr");
  writeJsr(folder);
  const deno = join(root, "node_modules", "deno", "bin.cjs");
  await run(process.execPath, [deno, "publish", "--dry-run", "--allow-dirty", "--quiet"], { cwd: folder });
});
