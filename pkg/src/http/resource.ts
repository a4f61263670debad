/** Reads resource indicators (RFC 8707): the APIs that tokens are for. */

import { invalid, type OptionReader } from "../options.js";

/** Reads an option that is an absolute URI without a fragment, or a list of them. */
export const resourceOption: OptionReader<readonly string[]> = (name, value) => {
  if (value === undefined) return [];
  const list: unknown[] = Array.isArray(value) ? [...value] : [value];
  if (list.length > 0 && list.every(isResource)) return list as string[];
  throw invalid(`option "${name}" is not an absolute URI without a fragment, or a list of them`);
};

function isResource(value: unknown): boolean {
  return typeof value === "string" && /^[A-Za-z][A-Za-z\d+.-]*:[\x21\x22\x24-\x7e]+$/.test(value);
}
