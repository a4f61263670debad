// The changes that are made to a TypeScript file, one at a time. Each makes a mutant: a program that does something else, which
// at least one test should notice.

import * as nodeModule from "node:module";
import { parseAst } from "rollup/parseAst";
import { Failure } from "../../tools/command.mjs";

const BOUNDARIES = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const COMPARISONS = new Set(["===", "!==", "==", "!=", ...Object.keys(BOUNDARIES), "in", "instanceof"]);
const ARITHMETIC = { "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=" };
const OTHER_METHOD = {
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
};
const DROPPED_METHODS = new Set(["filter", "toLowerCase", "toUpperCase", "trim", "normalize", "reverse", "sort"]);

/** The JavaScript of a TypeScript file. Spaces replace the types, so every place in it is the same place in the source. */
export function withoutTypes(source) {
  if (nodeModule.stripTypeScriptTypes === undefined) throw new Failure("this needs Node 22.13 or later");
  return nodeModule.stripTypeScriptTypes(source, { mode: "strip" });
}

/**
 * Every change of a file: `{ start, end, replacement, line, text, change }`. `text` is the line of the source on which it
 * begins, and `change` says what becomes what.
 */
export function changesOf(source) {
  const code = withoutTypes(source);
  const found = [];
  walk(parseAst(code), [], (node, parents) => {
    for (const [start, end, replacement] of changesAt(node, parents, code)) {
      if (code.slice(start, end) !== replacement && parses(code, start, end, replacement)) {
        found.push(described(source, { start, end, replacement }));
      }
    }
  });
  const seen = new Set();
  return found
    .filter(({ start, end, replacement }) => {
      const key = `${start}-${end}-${replacement}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((one, other) => one.start - other.start || one.end - other.end);
}

/** The source with one change. */
export function applied(code, { start, end, replacement }) {
  return code.slice(0, start) + replacement + code.slice(end);
}

function described(source, { start, end, replacement }) {
  const from = source.lastIndexOf("\n", start - 1) + 1;
  const to = source.indexOf("\n", start);
  const oneLine = (text) => text.replace(/\s+/g, " ").trim();
  const line = source.slice(0, start).split("\n").length;
  const change = `${short(oneLine(source.slice(start, end)))} → ${short(oneLine(replacement)) || "(nothing)"}`;
  return { start, end, replacement, line, text: source.slice(from, to === -1 ? undefined : to).trim(), change };
}

const short = (text) => (text.length > 70 ? `${text.slice(0, 40)} … ${text.slice(-25)}` : text);

function parses(code, start, end, replacement) {
  try {
    parseAst(applied(code, { start, end, replacement }));
    return true;
  } catch {
    return false;
  }
}

function walk(node, parents, visit) {
  visit(node, parents);
  for (const [name, value] of Object.entries(node)) {
    if (name === "parent") continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") walk(child, [node, ...parents], visit);
    }
  }
}

/** The changes at one node: `[start, end, replacement]`. */
function changesAt(node, parents, code) {
  const [parent] = parents;
  const textOf = ({ start, end }) => code.slice(start, end);
  const to = (replacement) => [node.start, node.end, replacement];
  // Between the operands of an operator there may be spaces that were types.
  const operator = (changed) => {
    const at = code.indexOf(node.operator, node.left.end);
    return [at, at + node.operator.length, changed];
  };
  const changes = [];
  if (isCondition(node, parent) && node.type !== "Literal") {
    // `while (true)` only shows that the test waits.
    if (parent.type !== "WhileStatement") changes.push(to("true"));
    changes.push(to("false"));
  }
  switch (node.type) {
    case "LogicalExpression":
      changes.push(to(textOf(node.left)), to(textOf(node.right)));
      break;
    case "BinaryExpression":
      if (node.operator in BOUNDARIES) changes.push(operator(BOUNDARIES[node.operator]));
      if (COMPARISONS.has(node.operator) && !isCondition(node, parent) && parent.type !== "LogicalExpression") {
        changes.push(to("true"), to("false"));
      }
      if (node.operator in ARITHMETIC && !joinsText(node)) changes.push(operator(ARITHMETIC[node.operator]));
      break;
    case "AssignmentExpression":
      if (node.operator in ARITHMETIC && !joinsText(node)) changes.push(operator(ARITHMETIC[node.operator]));
      break;
    case "UpdateExpression":
      changes.push(to(textOf(node).replace(node.operator, node.operator === "++" ? "--" : "++")));
      break;
    case "UnaryExpression":
      if (node.operator === "!" && !isCondition(node, parent)) changes.push(to(textOf(node.argument)));
      break;
    case "ExpressionStatement":
      if (hasEffect(node.expression)) changes.push(to(";"));
      break;
    case "ThrowStatement":
      if (!isOnlyBranch(parents)) changes.push(to(";"));
      break;
    case "Literal":
      if (typeof node.value === "boolean") changes.push(to(String(!node.value)));
      if (typeof node.value === "number") changes.push(to(String(node.value + 1)));
      if (node.regex?.pattern.startsWith("^")) changes.push(to(`/${node.regex.pattern.slice(1)}/${node.regex.flags}`));
      if (/[^\\]\$$/.test(node.regex?.pattern))
        changes.push(to(`/${node.regex.pattern.slice(0, -1)}/${node.regex.flags}`));
      break;
    case "CallExpression":
      changes.push(...callChanges(node, code));
      break;
    case "ObjectExpression":
      if (node.properties.length > 0) changes.push(...node.properties.map((one) => without(one, node.end, code)));
      break;
    case "ArrayExpression":
      if (node.elements.length > 1) changes.push(...node.elements.map((one) => without(one, node.end, code)));
      break;
    case "ReturnStatement":
      if (node.argument?.type === "CallExpression" && isPredicate(node.argument)) {
        changes.push(
          [node.argument.start, node.argument.end, "true"],
          [node.argument.start, node.argument.end, "false"],
        );
      }
      break;
    default:
  }
  return changes;
}

/** Whether a value decides what runs next. */
function isCondition(node, parent) {
  if (parent === undefined) return false;
  if (["IfStatement", "ConditionalExpression", "WhileStatement"].includes(parent.type)) return parent.test === node;
  return false;
}

/** `a + "text"`, which has no other operator. */
function joinsText({ left, right }) {
  const isText = (node) =>
    node.type === "TemplateLiteral" ||
    (node.type === "Literal" && typeof node.value === "string") ||
    (node.type === "BinaryExpression" && node.operator === "+" && joinsText(node));
  return isText(left) || isText(right);
}

function hasEffect(expression) {
  if (expression.type === "AwaitExpression") return hasEffect(expression.argument);
  if (expression.type === "CallExpression") return expression.callee.type !== "Super";
  return ["AssignmentExpression", "UpdateExpression", "ChainExpression"].includes(expression.type);
}

/** Whether a statement is all that an `if` does. Then the changes of its condition remove it. */
function isOnlyBranch([parent, grandparent]) {
  if (parent.type === "IfStatement") return true;
  return parent.type === "BlockStatement" && parent.body.length === 1 && grandparent?.type === "IfStatement";
}

/** `return pattern.test(text)` and the like. */
function isPredicate({ callee }) {
  const name = callee.type === "MemberExpression" ? callee.property.name : callee.name;
  return /^(test|has|includes|startsWith|endsWith|some|every|is[A-Z]\w*|has[A-Z]\w*|same\w*)$/.test(name ?? "");
}

function callChanges(node, code) {
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed) return [];
  const { name, start, end } = callee.property;
  const changes = [];
  if (Object.hasOwn(OTHER_METHOD, name)) changes.push([start, end, OTHER_METHOD[name]]);
  if (DROPPED_METHODS.has(name))
    changes.push([node.start, node.end, code.slice(callee.object.start, callee.object.end)]);
  return changes;
}

/** Takes an element out of a list, with its comma. A list may have holes. */
function without(element, end, code) {
  if (element === null) return [end, end, ""];
  const rest = code.slice(element.end, end);
  const comma = rest.match(/^\s*,/)?.[0].length ?? 0;
  return [element.start, element.end + comma, ""];
}
