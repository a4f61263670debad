// `npm run workbench`: writes the workbench as one folder of static files, for any web server.
//
// node tools/workbench.mjs [--out FOLDER] [--serve [--port N]]
//   --out     default .cache/workbench; what is in it is removed first
//   --serve   also serves it on this machine

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { isProgram, main, root } from "./command.mjs";

/** The folder that is written by default. */
export const WORKBENCH = ".cache/workbench";

if (isProgram(import.meta.url)) {
  await main(async () => {
    const options = { out: { type: "string" }, port: { type: "string" }, serve: { type: "boolean" } };
    const { values } = parseArgs({ options });
    const { build } = await import("./build.mjs");
    await build();
    const { writeWorkbench } = await import("./workbench/write.mjs");
    const out = resolve(root, values.out ?? WORKBENCH);
    const { firstLoad, total } = await writeWorkbench({ out });
    const kb = (bytes) => `${Math.ceil(bytes / 1000)} KB`;
    console.log(`the workbench is in ${out}: ${kb(firstLoad)} gzipped on the first load, ${kb(total)} with everything`);
    if (!values.serve) return;
    const { serveFolder } = await import("./workbench/serve.mjs");
    const { url } = await serveFolder(out, Number(values.port ?? 8788));
    console.log(`${url}/  (Ctrl-C stops)`);
  });
}
