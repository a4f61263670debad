// The types that the option `schema` gives. This file is compiled but never run. If the line below a `@ts-expect-error`
// compiles, the compiler reports it.

import { type } from "arktype";
import {
  type Claims,
  type CountersignError,
  judgeClaims,
  type Key,
  type OutputOf,
  type SchemaIssue,
  type StandardSchema,
  type Verified,
  type VerifiedAs,
  Verifier,
  verify,
  verifyAsync,
} from "countersign";
import { guard as expressGuard } from "countersign/express";
import { guard as honoGuard } from "countersign/hono";
import { bearerGuard, type Caller } from "countersign/http";
import { Issuers, verifyIdToken, verifyLogoutToken } from "countersign/issuers";
import { decryptAndVerify, decryptClaims, type EncryptionKey } from "countersign/jwe";
import * as v from "valibot";
import * as z from "zod";
import { proven, type Same } from "./same.js";

declare const key: Key;
declare const content: EncryptionKey;
declare const error: CountersignError;
const token = "";

const zod = z.object({ sub: z.string(), level: z.coerce.number(), lang: z.string().default("en") });
const valibot = v.object({ sub: v.string(), role: v.picklist(["admin", "user"]) });
const ark = type({ sub: "string", role: "'admin' | 'user'" });
interface ZodClaims {
  sub: string;
  level: number;
  lang: string;
}
interface RoleClaims {
  sub: string;
  role: "admin" | "user";
}
type Flat<T> = { [Name in keyof T]: T[Name] };
type Is<A, B> = Same<Flat<A>, Flat<B>>;

// The claims are what the schema gives, and nothing else.
const fromZod = verify(token, key, { schema: zod, audience: "api" });
proven<Is<typeof fromZod.claims, ZodClaims>>();
proven<Same<typeof fromZod.claims, z.infer<typeof zod>>>();
proven<Same<typeof fromZod.claims, OutputOf<typeof zod>>>();
proven<Same<typeof fromZod.header.alg, string>>();
const fromValibot = verify(token, key, { schema: valibot });
proven<Is<typeof fromValibot.claims, RoleClaims>>();
const fromArk = verify(token, key, { schema: ark });
proven<Is<typeof fromArk.claims, RoleClaims>>();
const later = verifyAsync(token, key, { schema: ark });
proven<Is<Awaited<typeof later>["claims"], RoleClaims>>();
// @ts-expect-error a claim that the schema does not give
fromZod.claims.iss;
// @ts-expect-error not a schema
verify(token, key, { schema: { type: "object" } });
// @ts-expect-error a misspelled option beside a schema
verify(token, key, { schema: zod, audiance: "api" });

// A verifier keeps the type of its schema.
const verifier = new Verifier(key, { audience: "api", schema: zod });
proven<Is<ReturnType<typeof verifier.verify>["claims"], ZodClaims>>();
const own = verifier.verify(token);
proven<Is<typeof own.claims, ZodClaims>>();
const ownLater = verifier.verifyAsync(token, { subject: "alice" });
proven<Is<Awaited<typeof ownLater>["claims"], ZodClaims>>();
const other = verifier.verify(token, { schema: valibot });
proven<Is<typeof other.claims, RoleClaims>>();
const otherLater = new Verifier(key).verifyAsync(token, { schema: valibot });
proven<Is<Awaited<typeof otherLater>["claims"], RoleClaims>>();
// @ts-expect-error its schema says what the claims are
verifier.verify<{ role: string }>(token);
const held: Verifier<z.infer<typeof zod>> = verifier;
held.free();
const roles = new Verifier(key, { schema: ark }).verify(token).claims.role;
proven<Same<typeof roles, "admin" | "user">>();
const open = new Verifier(key, { schema: z.looseObject({ sub: z.string() }) }).verify(token).claims;
proven<Same<typeof open.sub, string>>();
const dated = new Verifier(key, { schema: z.object({ exp: z.number().transform((exp) => new Date(exp * 1000)) }) });
proven<Is<ReturnType<typeof dated.verify>["claims"], { exp: Date }>>();

// Without a schema, nothing has changed.
const plain = new Verifier(key);
const plainly = plain.verify(token);
proven<Same<typeof plainly, Verified<Claims>>>();
const stated: Verified<{ role: string }> = plain.verify(token);
const returned = (): Promise<Verified<{ role: string }>> => plain.verifyAsync(token);
const widely: Verifier = plain;
const wide: Verified = widely.verify(token, {});
proven<Same<typeof wide.claims.sub, string | undefined>>();

// All other functions that take a schema.
const judged = judgeClaims({}, { schema: valibot });
proven<Is<typeof judged, RoleClaims>>();
const unsaid = judgeClaims({});
proven<Same<typeof unsaid, void>>();
const decrypted = decryptClaims(token, content, { schema: ark });
proven<Is<typeof decrypted.claims, RoleClaims>>();
const nested = decryptAndVerify(token, content, verifier);
proven<Is<typeof nested.verified.claims, ZodClaims>>();
const plainlyNested = decryptAndVerify(token, content, plain);
proven<Same<typeof plainlyNested.verified.claims.sub, string | undefined>>();
const issuers = new Issuers({ issuer: "https://login.example", discovery: true });
const idToken = verifyIdToken(token, new Verifier(issuers, { schema: zod }), { clientId: "c" });
proven<Is<Awaited<typeof idToken>["claims"], ZodClaims>>();
const idTokenToo = verifyIdToken(token, new Verifier(issuers), { clientId: "c", schema: valibot });
proven<Is<Awaited<typeof idTokenToo>["claims"], RoleClaims>>();
const idTokenPlain = verifyIdToken<{ role: string }>(token, new Verifier(issuers), { clientId: "c" });
proven<Same<Awaited<typeof idTokenPlain>["claims"]["role"], string>>();
const loggedOut = verifyLogoutToken(token, plain, { clientId: "c" });
proven<Same<Awaited<typeof loggedOut>["claims"]["sid"], string | undefined>>();
proven<Same<Awaited<typeof loggedOut>["claims"]["sub"], string | undefined>>();
verifyLogoutToken(token, verifier, { clientId: "c" });
// @ts-expect-error the schema is the verifier's
new Issuers({ issuer: "https://login.example", discovery: true, rules: { schema: zod } });

// Guards take the type from the verifier.
const guard = bearerGuard(verifier, { scope: "read", accept: ({ claims }) => claims.level > 1 });
proven<Same<Exclude<Awaited<ReturnType<typeof guard>>, Response>["claims"]["level"], number>>();
const optional = bearerGuard(verifier, { optional: true });
proven<null extends Awaited<ReturnType<typeof optional>> ? true : false>();
const datedGuard = bearerGuard(dated);
proven<Same<Exclude<Awaited<ReturnType<typeof datedGuard>>, Response>["claims"]["exp"], Date>>();
const stating = bearerGuard<{ org: string }>(plain);
proven<Same<Exclude<Awaited<ReturnType<typeof stating>>, Response>["claims"]["org"], string>>();
const plainGuard = bearerGuard(plain);
proven<Same<Exclude<Awaited<ReturnType<typeof plainGuard>>, Response>["claims"]["org"], unknown>>();
const caller: Caller<{ org: string }> = { header: { alg: "" }, claims: { org: "", sub: "" }, scopes: [] };
honoGuard(verifier);
expressGuard(verifier, { accept: ({ claims }) => claims.lang === "en" });

// The issues are for the owner.
proven<Same<typeof error.issues, readonly SchemaIssue[] | undefined>>();
const handWritten: StandardSchema<unknown, { sub: string }> = {
  "~standard": { version: 1, vendor: "mine", validate: (value) => ({ value: value as { sub: string } }) },
};
const typed: VerifiedAs<{ sub: string }> = verify(token, key, { schema: handWritten });

export { caller, returned, stated, typed };
