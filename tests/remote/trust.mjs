// Imported first by a test: makes this process one that trusts our certificates. What a process trusts is settled when it
// starts, so the test starts once more, and says what the second one says.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "./certificate.mjs";

const MARK = "COUNTERSIGN_TEST_CERTIFICATES";

if (process.env[MARK] === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-remote-"));
  const made = makeCertificates();
  for (const [name, text] of Object.entries(made)) writeFileSync(join(folder, name), text);
  const env = { ...process.env, [MARK]: folder, NODE_EXTRA_CA_CERTS: join(folder, "ca") };
  const { status } = spawnSync(process.execPath, [...process.execArgv, process.argv[1]], { env, stdio: "inherit" });
  rmSync(folder, { recursive: true, force: true });
  process.exit(status ?? 1);
}

const folder = process.env[MARK];

/** Where the authority's certificate is, for other programs. */
export const caPath = join(folder, "ca");

/** The certificates as text: `{ ca, cert, key }`. */
export const certificates = Object.fromEntries(
  ["ca", "cert", "key"].map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);
