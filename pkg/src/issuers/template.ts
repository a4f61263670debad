/** Issuers that have one name for each tenant, such as Microsoft Entra. */

import { checkFunction, invalid, readOptions, unchecked } from "../options.js";

/** Names of issuers that differ in one place. */
export interface IssuerTemplate {
  /** The name with one placeholder in braces: `"https://login.microsoftonline.com/{tenantid}/v2.0"`. */
  template: string;
  /** The claim that must equal the tenant in the name: `"tid"`. */
  claim: string;
  /**
   * The accepted tenants, or a function that returns whether one is accepted. The function is called before anything is
   * checked, so it may see any text of up to 128 letters, digits, hyphens, underscores and dots.
   */
  tenants: readonly string[] | ((tenant: string) => boolean | Promise<boolean>);
}

export interface ReadTemplate {
  readonly claim: string;
  /** The tenant in the name of an issuer, or `undefined` if the name does not fit. */
  tenantIn(name: string): string | undefined;
  accepts(tenant: string): boolean | Promise<boolean>;
}

/** The characters of a tenant. None of them ends a part of a URL. */
const TENANT = /^[\w.-]{1,128}$/;

/** @throws {CountersignError} `OPTION_INVALID`. */
export function readTemplate(given: IssuerTemplate): ReadTemplate {
  const { template, claim, tenants } = readOptions<{ [Name in keyof IssuerTemplate]: unknown }>(given, {
    template: unchecked(),
    claim: unchecked(),
    tenants: unchecked(),
  });
  const parts = typeof template === "string" ? template.split(/\{[^{}]*\}/) : [];
  const [before = "", after = ""] = parts;
  if (parts.length !== 2 || before === "") {
    throw invalid('option "template" is not a text with one placeholder, such as "https://login.example/{tenant}"');
  }
  if (typeof claim !== "string" || claim === "") throw invalid('option "claim" is not a string');
  return {
    claim,
    tenantIn: (name) => {
      const fits = name.startsWith(before) && name.endsWith(after);
      const tenant = fits ? name.slice(before.length, name.length - after.length) : "";
      return TENANT.test(tenant) ? tenant : undefined;
    },
    accepts: readTenants(tenants),
  };
}

function readTenants(tenants: unknown): ReadTemplate["accepts"] {
  if (!Array.isArray(tenants)) {
    checkFunction("tenants", tenants);
    return tenants as ReadTemplate["accepts"];
  }
  if (tenants.length === 0 || !tenants.every((tenant) => typeof tenant === "string" && TENANT.test(tenant))) {
    throw invalid('option "tenants" is not a non-empty array of tenants');
  }
  const accepted = new Set<string>(tenants);
  return (tenant) => accepted.has(tenant);
}
