// Writes a vector file: JSON with one field of a case per line, stable and easy to compare.

const WIDTH = 120;

/** JSON text that is written as it stands, for numbers that a double cannot hold. */
export class Raw {
  constructor(text) {
    JSON.parse(text);
    this.text = text;
  }
}

/** The text of a vector file. */
export function fileText({ description, keys, cases }) {
  const parts = [`  "description": ${JSON.stringify(description)}`];
  if (keys && Object.keys(keys).length > 0) parts.push(`  "keys": ${block(keys, "  ")}`);
  parts.push(`  "cases": [\n${cases.map((one) => `    ${block(one, "    ")}`).join(",\n")}\n  ]`);
  return `{\n${parts.join(",\n")}\n}\n`;
}

/** An object with each member on its own line; what is inside goes on one line where it fits. */
function block(object, indent) {
  const inner = `${indent}  `;
  const lines = members(object).map(([name, value]) => {
    const start = `${inner}${visible(JSON.stringify(name))}: `;
    return start + flowing(value, inner, start.length);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function flowing(value, indent, column) {
  const line = oneLine(value);
  if (column + line.length < WIDTH || value === null || typeof value !== "object" || value instanceof Raw) return line;
  if (Array.isArray(value)) {
    const inner = `${indent}  `;
    return `[\n${value.map((item) => inner + flowing(item, inner, inner.length)).join(",\n")}\n${indent}]`;
  }
  return block(value, indent);
}

function oneLine(value) {
  if (value instanceof Raw) return visible(value.text);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (value === null || typeof value !== "object") {
    const text = visible(JSON.stringify(value));
    if (text === undefined || (typeof value === "number" && !Number.isFinite(value))) {
      throw new Error(`a vector cannot hold ${String(value)}`);
    }
    return text;
  }
  const parts = members(value).map(([name, item]) => `${visible(JSON.stringify(name))}: ${oneLine(item)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** Characters that an editor would not show, or would show as something else, are escaped; those of one unit can be. */
function visible(text) {
  const hidden = /[\u007f-\u00a0\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufff0-\uffff]|(?=[\0-\uffff])\p{Mn}/gu;
  return text?.replace(hidden, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function members(object) {
  return Object.entries(object).filter(([, value]) => value !== undefined);
}
