// The versions of what is compared.

import { installedVersion } from "./peers.mjs";

const PACKAGES = [
  "countersign",
  "jose",
  "jsonwebtoken",
  "fast-jwt",
  "hono",
  "@tsndr/cloudflare-worker-jwt",
  "@node-rs/jsonwebtoken",
  "hash-wasm",
  "argon2",
  "@node-rs/argon2",
  "@node-rs/bcrypt",
  "bcryptjs",
  "@noble/hashes",
];

/** By package. */
export const versions = () => Object.fromEntries(PACKAGES.map((name) => [name, installedVersion(name) ?? "absent"]));
