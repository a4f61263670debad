// `countersign/verify` declares what works there, and nothing else. Compiled and never run, as api.ts.

import { Key } from "countersign/jwt";
import * as lite from "countersign/lite";
import {
  type Claims,
  CountersignError,
  KeySet,
  type RejectedKey,
  RemoteKeySet,
  type VerificationKeys,
  type Verified,
  type VerifiedAs,
  Verifier,
  verifyAsync,
} from "countersign/verify";
import { proven, type Same } from "./same.js";

const remote = new RemoteKeySet("https://login.example/jwks.json");
const set: KeySet = KeySet.fromJwks({ keys: [] }, { alg: "PS256" });
const rejected: readonly RejectedKey[] = set.rejected;
const several: VerificationKeys = [remote, set];
const verifier: Verifier = new Verifier(several, { audience: "api", cache: { maxEntries: 100 } });
const fetched: Promise<KeySet> = remote.refresh();
const current: KeySet | undefined = remote.keySet;
const answer: Promise<Verified<{ scope: string }>> = verifier.verifyAsync<{ scope: string }>("token");
verifier.verifyAsync<{ scope: string }>("token", { subject: "alice" }).then(({ claims }) => claims.scope);
verifyAsync("token", remote, { issuer: "https://login.example" }).then(({ claims }) => claims.iss);

const schema = {
  "~standard": { version: 1, vendor: "own", validate: (value: unknown) => ({ value: value as { tenant: string } }) },
} as const;
const tenants: Verifier<{ tenant: string }> = new Verifier(set, { audience: "api", schema });
proven<Same<Awaited<ReturnType<typeof tenants.verifyAsync>>, VerifiedAs<{ tenant: string }>>>();
// @ts-expect-error a verifier with a schema gives other claims
const plain: Verifier<Claims> = tenants;

const values: unknown[] = [set, verifier, new CountersignError("OPTION_INVALID", "x")];
for (const value of values) if (value instanceof KeySet) value.free();
const isVerifier: boolean = values[1] instanceof Verifier;
set[Symbol.dispose]();
verifier[Symbol.dispose]();
export const used: unknown[] = [answer, rejected, fetched, current, plain, isVerifier, verifier.engine];

// @ts-expect-error WebCrypto gives no answer without a promise
verifier.verify("token");
// @ts-expect-error sets are made of JWKs only
new KeySet([]);
// @ts-expect-error nothing is exported
set.toJwks();
// @ts-expect-error there are no keys alone
new Verifier(Key.generate("ES256"));
// @ts-expect-error a URL is no set
new Verifier("https://login.example/jwks.json");

// HMAC needs no promise in `countersign/lite`.
new lite.Verifier(lite.Key.fromSecret("x".repeat(32), { alg: "HS256" })).verify("token");
