/**
 * Claims with types: the option `schema`, for any library that implements Standard Schema version 1
 * (https://standardschema.dev), such as zod, valibot and arktype. This file imports none of them.
 */

import { CountersignError, type SchemaIssue, theClaim } from "./errors.js";
import { invalid, splitOption } from "./options.js";

/** A schema of zod, valibot, arktype or another library that implements Standard Schema version 1. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The part that the standard defines. */
  readonly "~standard": StandardSchemaProps<Input, Output>;
}

/** What a schema has under `~standard`. */
export interface StandardSchemaProps<Input = unknown, Output = Input> {
  /** The version of the standard. */
  readonly version: 1;
  /** The name of the library. */
  readonly vendor: string;
  /** Checks a value. Gives the output, or what does not fit. */
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** Only for TypeScript: what the schema takes and what it gives. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** What a schema answers: the output, or issues. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** The type of the claims that a schema gives. */
export type OutputOf<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>["output"];

/** The function of a schema that checks a value. */
export type Validate = (value: unknown) => unknown;

/** The name under which a checked token keeps the claims as they were signed. */
const SIGNED: unique symbol = /* @__PURE__ */ Symbol.for("countersign.signed") as never;

/**
 * Takes the option `schema` out of options, because the core does not know it. Everything else stays for the core to judge,
 * also options that cannot be read.
 *
 * @throws {CountersignError} `OPTION_INVALID`: not a Standard Schema of version 1.
 */
export function takeSchema<Options extends { schema?: unknown }>(
  options: Options | undefined,
): [validate: Validate | undefined, others: Options | undefined] {
  const parts = splitOption(options, "schema");
  if (parts === undefined) return [undefined, options];
  return [parts.value === undefined ? undefined : readSchema(parts.value), parts.others as Options | undefined];
}

/** Reads a schema once, so that it cannot change later. A schema of arktype is a function. */
function readSchema(schema: unknown): Validate {
  try {
    const standard = (schema as StandardSchema)["~standard"];
    const { version, vendor, validate } = standard;
    if (version === 1 && typeof vendor === "string" && typeof validate === "function") {
      return (value) => validate.call(standard, value);
    }
  } catch {
    // A value without properties, a `Proxy`, or a getter that throws.
  }
  throw invalid('option "schema" is not a Standard Schema of version 1, as zod, valibot and arktype make');
}

/**
 * The output of a schema for claims that were checked.
 *
 * @param advice What to do if the schema is asynchronous.
 * @throws {CountersignError} `CLAIM_INVALID`: they do not fit. `OPTION_INVALID`: the schema is asynchronous, throws, or
 * answers with something else than the standard says.
 */
export function fit(validate: Validate, claims: object, advice = "use verifyAsync"): unknown {
  let answer: unknown;
  let isPromise: boolean;
  try {
    answer = validate(copyOf(claims));
    isPromise = typeof (answer as { then?: unknown } | null | undefined)?.then === "function";
  } catch (thrown) {
    throw failed(thrown);
  }
  if (!isPromise) return outputOf(answer);
  // Nobody waits for it, so nobody else handles its failure.
  Promise.resolve(answer).catch(() => {});
  throw invalid(`option "schema" returns a promise: ${advice}`);
}

/** The same for a schema that may be asynchronous. Rejects with the same errors. */
export async function fitAsync(validate: Validate, claims: object): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await validate(copyOf(claims));
  } catch (thrown) {
    throw failed(thrown);
  }
  return outputOf(answer);
}

/** A schema may change its input, as ajv does with `removeAdditional`. Guards read the claims as they were signed. */
const copyOf = (claims: object): unknown => JSON.parse(JSON.stringify(claims));

/** A checked token with the claims that the schema gives. */
export function withOutput<V extends { header: object; claims: object }>({ header, claims }: V, output: unknown): V {
  return withSigned({ header, claims: output } as V, claims);
}

/** Keeps the claims as they were signed beside those of a schema, for guards. Nothing lists or copies them. */
export function withSigned<V extends { claims: object }>(verified: V, claims: object): V {
  return verified.claims === claims ? verified : Object.defineProperty(verified, SIGNED, { value: claims });
}

/** The claims as they were signed, before a schema changed them. */
export function signedClaims(verified: { claims: object; [SIGNED]?: object }): object {
  return verified[SIGNED] ?? verified.claims;
}

/** An answer is a success if its `issues` are falsy. Anything that is not exactly an answer is refused. */
function outputOf(answer: unknown): unknown {
  let issues: unknown;
  try {
    ({ issues } = answer as { issues?: unknown });
    if (!issues && "value" in (answer as object)) return (answer as { value: unknown }).value;
  } catch {
    // Not an object, or a `Proxy` that throws.
  }
  if (Array.isArray(issues)) throw misfit(issues);
  throw invalid('option "schema" answers with neither a value nor issues');
}

/**
 * The error for claims that do not fit. The issues of a library may contain values: valibot and arktype quote them. So the
 * message only names the claim, and `console.log` does not show `issues`.
 */
function misfit(issues: readonly SchemaIssue[]): CountersignError {
  const claim = claimIn(issues);
  const what = claim === undefined ? "claims do" : `${theClaim(claim)} does`;
  const error = new CountersignError("CLAIM_INVALID", `${what} not fit the schema`, claim);
  return Object.defineProperty(error, "issues", { value: issues });
}

/** The first part of the first issue's path. */
function claimIn([issue]: readonly SchemaIssue[]): string | undefined {
  try {
    const [first] = issue?.path ?? [];
    const key = typeof first === "object" ? first.key : first;
    return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
  } catch {
    // A library may answer anything.
    return undefined;
  }
}

/** The error of a schema is a defect of the owner's code, who finds it as the cause. */
function failed(thrown: unknown): CountersignError {
  const error = invalid('option "schema" throws an error');
  return Object.defineProperty(error, "cause", { configurable: true, value: thrown, writable: true });
}
