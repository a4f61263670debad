/** How a command ends: exit codes, and the errors of the command line itself. */

import { InputError, isCountersignError } from "../report/failure.js";

/** Done, and accepted if there was something to judge. */
export const DONE = 0;
/** A token, password, key or row was refused. */
export const REFUSED = 1;
/** Nothing was decided: a wrong call, a file that cannot be read, a key server that does not answer, or a token that was only looked at. */
export const NOT_CHECKED = 2;

/** The exit codes. */
export type ExitCode = typeof DONE | typeof REFUSED | typeof NOT_CHECKED;

/**
 * The codes of the command line, beside those of the package.
 *
 * - `USAGE`: the call is wrong.
 * - `FILE_EXISTS`: the file to write exists, and `--force` was not given.
 * - `FILE_UNREADABLE`, `FILE_UNWRITABLE`: the operating system refuses.
 * - `INPUT_INVALID`: an input is not what the command reads.
 */
export type FailureCode = "FILE_EXISTS" | "FILE_UNREADABLE" | "FILE_UNWRITABLE" | "INPUT_INVALID" | "USAGE";

/** An error of the command line itself. Its message contains no secret. */
export class Failure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A wrong call. */
export function usage(message: string): Failure {
  return new Failure("USAGE", message);
}

/** An error as it is reported. */
export interface Report {
  exitCode: ExitCode;
  error: { code: string; message: string; claim?: string; parameter?: string; reason?: string };
}

/** Codes of the package that say that a token or password is bad. With the others, nothing was decided. */
const VERDICTS = /^(TOKEN_|CLAIM_|KEY_NOT_FOUND|KEY_AMBIGUOUS|DECRYPTION_FAILED|HASH_|PASSWORD_(INVALID|TOO_LONG))/;

/** What to report for anything that was thrown. */
export function reportOf(thrown: unknown): Report {
  if (thrown instanceof Failure || thrown instanceof InputError) {
    return { exitCode: NOT_CHECKED, error: { code: thrown.code, message: thrown.message } };
  }
  if (isCountersignError(thrown)) {
    const { code, message, claim, parameter, reason } = thrown;
    const details = { ...(claim && { claim }), ...(parameter && { parameter }), ...(reason && { reason }) };
    const error = { code, message: withStatus(message, thrown.cause), ...details };
    return { exitCode: VERDICTS.test(code) ? REFUSED : NOT_CHECKED, error };
  }
  return { exitCode: NOT_CHECKED, error: { code: "INTERNAL", message: internal(thrown) } };
}

/** Messages of the platform repeat names of files, arguments and texts that were parsed. Any of them may be a secret. */
function internal(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "an unknown error";
  if ("code" in thrown) return `${thrown.name}: ${String(thrown.code)}`;
  return thrown instanceof SyntaxError ? thrown.name : `${thrown.name}: ${thrown.message}`;
}

/** The message about a server, with the HTTP status that it answered with. */
function withStatus(message: string, cause: unknown): string {
  if (typeof cause !== "number" || cause < 100) return message;
  return message
    .replace(/ answered with a status other than 200$/, ` answered with status ${cause}`)
    .replace(/ server redirects$/, `$& with status ${cause}`);
}
