// Says on standard error which files with modules are loaded: `node --import …/loaded.mjs`.

import { register } from "node:module";

const hooks = `export async function load(url, context, next) {
  const [, path] = url.match(/\\/pkg\\/dist\\/(printable\\/.*)$/) ?? [];
  if (path !== undefined) (await import("node:fs")).writeSync(2, "loaded " + path + "\\n");
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
