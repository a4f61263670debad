/** Reports as text, with colors. */

import { json, shown } from "../report/text.js";
import type { Finding, TokenReport } from "../report/token.js";
import type { Paint } from "./colors.js";
import { forShell } from "./for-shell.js";
import type { Command } from "./table.js";

/** The report as text, with a color for each part. */
export function tokenInWords(
  { kind, header, claims, times, signatureBytes, findings }: TokenReport,
  paint: Paint,
): string {
  const parts: string[] = [];
  if (header !== null) parts.push(paint("bold", "header"), paint("red", json(header, 2)));
  if (claims !== null) parts.push(paint("bold", "claims"), paint("magenta", json(claims, 2)));
  for (const [name, text] of Object.entries(times)) parts.push(`${name.padEnd(9)} ${paint("dim", shown(text))}`);
  if (signatureBytes !== null)
    parts.push(`${paint("bold", "signature")} ${paint("cyan", `${signatureBytes} bytes, not verified`)}`);
  if (kind === "JWE") parts.push("the content is encrypted");
  return [...parts, ...findingsInWords(findings, paint)].join("\n");
}

/** A report whose findings name the options of a command. */
export function forCommand<Report extends { findings: Finding[] }>(report: Report, command: Command): Report {
  const findings = report.findings.map(({ level, message }) => ({ level, message: forShell(message, command) }));
  return { ...report, findings };
}

/** Findings, one in each line. */
export function findingsInWords(findings: readonly Finding[], paint: Paint): string[] {
  const colors = { error: "red", warning: "yellow", note: "dim" } as const;
  return findings.map(({ level, message }) => `${paint(colors[level], `${level}:`)} ${shown(message)}`);
}
