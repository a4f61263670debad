/** Writes claims as JSON. Refuses values that `JSON.stringify` would silently drop or change. */

import { CountersignError, theClaim } from "./errors.js";

/** The core's JSON reader has the same limit (`MAX_DEPTH`). */
const MAX_DEPTH = 64;

/**
 * The JSON text of claims.
 *
 * @throws {CountersignError} `CLAIMS_NOT_SERIALIZABLE`: JSON cannot represent a value, at any depth. `claim` names the claim.
 */
export function toJson(claims: unknown): string {
  if (typeof claims !== "object" || claims === null) refuse(NO_OBJECT);
  try {
    if (Array.isArray(claims)) refuse(NO_OBJECT);
    expectJson(claims, 1);
    return JSON.stringify(claims) ?? refuse(NOT_JSON);
  } catch (thrown) {
    // A `Proxy` may throw anything. A cycle exceeds the depth.
    if (thrown instanceof CountersignError) throw thrown;
    return refuse(NOT_JSON);
  }
}

/**
 * The text of a JWS or JWE in the JSON serialization, which may be parsed already.
 *
 * @throws {CountersignError} `TOKEN_MALFORMED`: neither text nor an object that JSON can represent.
 */
export function jsonTextOf(what: "JWE" | "JWS", token: unknown): string {
  if (typeof token === "string") return token;
  try {
    return toJson(token);
  } catch {
    throw new CountersignError("TOKEN_MALFORMED", `${what} is not a string or an object that JSON can carry`);
  }
}

/** What is wrong: of all claims, or of one. */
type Fault = readonly [ofAll: string, ofOne: string];
const NO_OBJECT: Fault = ["are not an object", ""];
const NOT_JSON: Fault = ["hold a value that JSON cannot carry", "holds a value that JSON cannot carry"];
// Of no claim: the core says the same, which has only a text.
const TOO_DEEP: Fault = ["nest deeper than 64 levels", ""];

/** @param claim The name of the claim that the value is in. */
function expectJson(value: unknown, depth: number, claim?: string): void {
  switch (typeof value) {
    case "string":
    case "boolean":
      return;
    case "number":
      if (!Number.isFinite(value)) refuse(NOT_JSON, claim);
      return;
    case "object":
      if (value !== null) expectJsonObject(value, depth, claim);
      return;
    default:
      refuse(NOT_JSON, claim);
  }
}

function expectJsonObject(value: object, depth: number, claim?: string): void {
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON !== "function") {
    expectPlain(value, depth, claim);
    return;
  }
  // For example a `Date`. An invalid one becomes `null`.
  const json: unknown = jsonOf(value, toJSON as (key: string) => unknown, claim);
  if (json === null && Object.prototype.toString.call(value) === "[object Date]") refuse(NOT_JSON, claim);
  if (typeof json === "object" && json !== null) expectPlain(json, depth, claim);
  else expectJson(json, depth, claim);
}

function expectPlain(value: object, depth: number, claim?: string): void {
  if (depth > MAX_DEPTH) refuse(TOO_DEEP);
  if (Array.isArray(value)) {
    for (const element of value) expectJson(element, depth + 1, claim);
    return;
  }
  // `JSON.stringify` writes most maps, sets and typed arrays as an empty object.
  if (Object.prototype.toString.call(value) !== "[object Object]") refuse(NOT_JSON, claim);
  if (inheritsMembers(value)) refuse(INHERITED, claim);
  for (const name of Object.keys(value)) {
    const member = memberOf(value, name, claim);
    if (member !== undefined) expectJson(member, depth + 1, claim ?? name);
  }
}

const INHERITED: Fault = [
  "hold an object that inherits properties, which JSON leaves out: copy them into a plain object",
  "holds an object that inherits properties, which JSON leaves out: copy them into a plain object",
];

/**
 * Whether a prototype has getters, as a class with `get sub()` does, or enumerable values. A class that has only methods is
 * accepted: JSON writes all of its fields. The last prototype of a chain is the `Object.prototype` of some realm.
 */
function inheritsMembers(value: object): boolean {
  let prototype: object | null = Object.getPrototypeOf(value);
  for (;;) {
    const next: object | null = prototype === null ? null : Object.getPrototypeOf(prototype);
    if (prototype === null || next === null) return false;
    const members = Object.values(Object.getOwnPropertyDescriptors(prototype));
    if (members.some(({ enumerable, get, value }) => get || (enumerable && typeof value !== "function"))) return true;
    prototype = next;
  }
}

/** What `toJSON` returns. It may throw anything. */
function jsonOf(value: object, toJson: (key: string) => unknown, claim?: string): unknown {
  try {
    return toJson.call(value, "");
  } catch {
    return refuse(NOT_JSON, claim);
  }
}

/** A member of an object. A getter may throw anything. */
function memberOf(object: object, name: string, claim?: string): unknown {
  try {
    return (object as Record<string, unknown>)[name];
  } catch {
    return refuse(NOT_JSON, claim ?? name);
  }
}

function refuse([ofAll, ofOne]: Fault, claim?: string): never {
  const message = claim === undefined ? `claims ${ofAll}` : `${theClaim(claim)} ${ofOne}`;
  throw new CountersignError("CLAIMS_NOT_SERIALIZABLE", message, claim);
}
