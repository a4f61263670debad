// The costs of the login system are measured: in workerd, in this process and over HTTP.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../benches/login.mjs", import.meta.url));

test("measures_the_login_system", { skip: process.platform !== "linux" && "it reads /proc" }, () => {
  const printed = execFileSync(process.execPath, [program, "--quick"], { encoding: "utf8" });
  const figures = Array.from(printed.matchAll(/^\| (.+) \((µs|ms)\) \| (-?[\d.]+) \|$/gm));
  assert.equal(figures.length, 11, printed);
  for (const [, name, unit, figure] of figures) if (unit === "ms") assert.ok(0 <= Number(figure), name);
});
