// What the form parser of countersign/http refuses and the platform's parsers do not, and what it costs.
//
// node benches/decisions/form.mjs [--pairs 21]

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "../../tools/command.mjs";
import { ratioOf } from "./pairs.mjs";

const { values } = parseArgs({ options: { pairs: { type: "string", default: "21" } } });
const [file] = execFileSync("git", ["ls-files", "pkg/src/*form.ts"], { cwd: root, encoding: "utf8" }).split("\n");
const bundle = await build({ entryPoints: [join(root, file)], bundle: true, format: "esm", write: false });
const { readForm } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString("base64")}`
);

const TYPE = "application/x-www-form-urlencoded";
const request = (body, type = TYPE) =>
  new Request("http://localhost/token", { method: "POST", headers: { "Content-Type": type }, body });

const parsers = {
  ours: async (body) => {
    const form = await readForm(request(body), 4096);
    if (form.parameters === undefined) throw new Error(form.problem);
    return form.parameters.get("password");
  },
  URLSearchParams: async (body) => {
    const bytes = await request(body).arrayBuffer();
    return new URLSearchParams(new TextDecoder("utf-8", { fatal: true }).decode(bytes)).get("password");
  },
  formData: async (body) => (await request(body).formData()).get("password"),
};

const BODIES = {
  "a password in UTF-8": "username=admin&password=caf%C3%A9",
  "bytes that are not UTF-8": "username=admin&password=caf%E9",
  "other bytes that are not UTF-8": "username=admin&password=caf%E8",
  "a percent sign without digits": "username=admin&password=100%",
  "the same parameter twice": "username=admin&password=one&password=two",
  "a password that begins with U+FEFF": "username=admin&password=%EF%BB%BFone",
};

for (const [what, body] of Object.entries(BODIES)) {
  const answers = [];
  for (const [name, parse] of Object.entries(parsers)) {
    const answer = await parse(body).then(JSON.stringify, () => "refused");
    answers.push(`${name}: ${answer}`);
  }
  console.log(`${what}: ${answers.join(", ")}`);
}

const MULTIPART = "multipart/form-data; boundary=b";
const parts = (...fields) =>
  `${fields.map((field) => `--b\r\nContent-Disposition: form-data; ${field}`).join("\r\n")}\r\n--b--`;
const password = (value) => `name="password"\r\n\r\n${value}`;
const PARTS = {
  "a password in UTF-8": parts(password("café")),
  "bytes that are not UTF-8": Buffer.from(parts(password("caf\xe9")), "latin1"),
  "other bytes that are not UTF-8": Buffer.from(parts(password("caf\xe8")), "latin1"),
  "a file in place of a password": parts('name="password"; filename="a"\r\n\r\none'),
  "the same parameter twice": parts(password("one"), password("two")),
};
for (const [what, body] of Object.entries(PARTS)) {
  const ours = await readForm(request(body, MULTIPART), 4096)
    .then((form) => JSON.stringify(form.parameters?.get("password")) ?? "refused")
    .catch(() => "refused");
  const platform = await request(body, MULTIPART)
    .formData()
    .then((form) => (typeof form.get("password") === "string" ? JSON.stringify(form.get("password")) : "a file"))
    .catch(() => "refused");
  console.log(`multipart, ${what}: ours: ${ours}, formData: ${platform}`);
}

const body = "grant_type=password&username=admin&password=correct+horse+battery+staple&scope=profile+admin";
const side = (parse) => async (count) => {
  const start = performance.now();
  for (let index = 0; index < count; index += 1) await parse(body);
  return performance.now() - start;
};
for (const other of ["URLSearchParams", "formData"]) {
  const { left, right, ratio, low, high } = await ratioOf(
    side(parsers.ours),
    side(parsers[other]),
    Number(values.pairs),
  );
  console.log(
    `ours ${left.toFixed(1)} µs, ${other} ${right.toFixed(1)} µs, ratio ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
  );
}
