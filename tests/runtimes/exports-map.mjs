// Node's rules for an exports map, for the runners that have no resolver of their own: workerd, and a plain web page.

/** The file, relative to the package, that `subpath` ("." or "./jwt") means under `conditions`. */
export function resolveExport(manifest, subpath, conditions) {
  const target = pick(manifest.exports[subpath], new Set([...conditions, "default"]));
  if (target === undefined) throw new Error(`the exports map has no ${subpath} for ${[...conditions].join(", ")}`);
  return target;
}

function pick(target, conditions) {
  if (typeof target === "string" || target === undefined) return target;
  for (const [condition, inner] of Object.entries(target)) {
    if (!conditions.has(condition)) continue;
    const found = pick(inner, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}
