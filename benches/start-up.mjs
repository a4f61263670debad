// From the import of a library to its first verified token, in fresh Node processes, taking turns.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { summary } from "./measure.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Signed with HS256 and 32 bytes of 7; good until 2100. */
const TOKEN = [
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
  "eyJzdWIiOiJhbGljZSIsImlzcyI6Imh0dHBzOi8vbG9naW4uZXhhbXBsZSIsImV4cCI6NDEwMjQ0NDgwMH0",
];

const SECRET = "const secret = Buffer.alloc(32, 7);";
const ISSUER = JSON.stringify("https://login.example");

/** What a program does between the two looks at the clock; it leaves the claims in `claims`. */
const PROGRAMS = {
  "countersign/jwt": program("countersign/jwt"),
  "countersign (both modules)": program("countersign"),
  jose: `const { jwtVerify } = await import("jose");
    const { payload: claims } = await jwtVerify(token, secret, { issuer: ${ISSUER} });`,
  jsonwebtoken: `const { default: { verify } } = await import("jsonwebtoken");
    const claims = verify(token, secret, { issuer: ${ISSUER} });`,
  "fast-jwt": `const { createVerifier } = await import("fast-jwt");
    const claims = createVerifier({ key: secret, allowedIss: ${ISSUER} })(token);`,
};

function program(entry) {
  return `const { Key, verify } = await import("${entry}");
    const { claims } = verify(token, Key.fromSecret(secret, { alg: "HS256" }), { issuer: ${ISSUER} });`;
}

/** By library: the milliseconds, in the median of so many processes. */
export async function startUp(processes) {
  const { createHmac } = await import("node:crypto");
  const input = TOKEN.join(".");
  const token = `${input}.${createHmac("sha256", Buffer.alloc(32, 7)).update(input).digest("base64url")}`;
  const times = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
  for (let round = 0; round < processes; round += 1) {
    for (const [name, code] of Object.entries(PROGRAMS)) {
      const script = `const token = ${JSON.stringify(token)}; ${SECRET}
        const start = performance.now();
        ${code}
        const end = performance.now();
        if (claims.sub !== "alice") throw new Error("other claims");
        console.log(end - start);`;
      const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: root });
      times[name].push(Number(output));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, found]) => [name, summary(found)]));
}
