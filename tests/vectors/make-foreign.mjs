// The hashes that the software of others made (tests/interop/passwords/stored.json), by name: those in forms that are read.

import { readFileSync } from "node:fs";

const path = new URL("../interop/passwords/stored.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(path, "utf8"));
export const STORED = cases.filter(({ scheme }) => scheme !== null);

/** bcrypt of a digest of the password, which nothing in the hash says. */
export const PREHASHED = [
  ["Meteor", "sha256-hex"],
  ["BCrypt.Net", "sha384-base64"],
].flatMap(([software, prehash]) =>
  cases.filter((one) => one.software === software).map((one) => ({ ...one, prehash })),
);

/** The first hash of a form, or the first one that begins so. */
export function made(software, format, beginning = "") {
  const found = STORED.find(
    (one) => one.software === software && one.format === format && one.stored.startsWith(beginning),
  );
  if (found === undefined) throw new Error(`there is no hash of ${software}, ${format}, ${beginning}`);
  return found;
}
