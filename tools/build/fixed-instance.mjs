// Removes from the glue what serves to replace an instance: only password modules do that, and they have no handles. Every method of
// a handle would look first whether its instance is still there, and every function whether it has to be replaced.

import { Failure } from "../command.mjs";

const CHECK = /^ *if \(\(?\w+\)?\.__wbg_inst !== undefined && .*\.__wbg_inst !== __wbg_instance_id\) \{\n.*\n *\}\n/gm;

/** What to replace, with what. */
const REPLACED = [
  [CHECK, ""],
  [/^ *Object\.defineProperty\(\w+, '__wbg_inst', .*\n\n?/gm, ""],
  [/\{ ptr(?:: ([^,]+))?, instance: __wbg_instance_id \}/g, (_, value = "ptr") => value],
  // A page that uses no object of a class needs no registry of it.
  [
    /: new FinalizationRegistry\(\(\{ ptr, instance \}\) => \{\n {4}if \(instance === __wbg_instance_id\) (.*);\n\}\);/g,
    ": /* @__PURE__ */ new FinalizationRegistry((ptr) => $1);",
  ],
  // The package frees its handles by name, and this would keep each class in every bundle.
  [/^if \(Symbol\.dispose\) .*\n/gm, ""],
  [/^ *__wbg_call_guard\(\);\n/gm, ""],
  [/^function __wbg_call_guard\(\) \{[\s\S]*?^\}\n\n/m, ""],
  [/^export function __wbg_reset_state ?\(\) \{[\s\S]*?^\}\n\n/m, ""],
  [/^let __wbg_(?:instance_id|reinit_scheduled) = .*\n/gm, ""],
];

/** The glue and its types, without it, unless the module's instance is replaced. */
export function keepInstance(glue, types) {
  if (glue.includes("export const Question =")) return [glue, types];
  const kept = REPLACED.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), glue);
  const left = kept.match(/__wbg_inst\w*|__wbg_call_guard|__wbg_re\w+|Symbol\.dispose/)?.[0];
  if (left !== undefined) throw new Failure(`the glue still has ${left}`);
  return [kept, types.replace(/^export function __wbg_reset_state\(\): void;\n/m, "")];
}
