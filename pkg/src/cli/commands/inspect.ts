/** `inspect`: shows a token without verifying it. */

import { NOTHING_VERIFIED, reportOnToken } from "../../report/token.js";
import type { Call, Outcome } from "../call.js";
import { Failure, NOT_CHECKED } from "../failure.js";
import { forCommand, tokenInWords } from "../findings.js";
import { readNow, readToken } from "../inputs.js";

export async function run(call: Call): Promise<Outcome> {
  const now = readNow(call).getTime() / 1000;
  const token = await readToken(call);
  if (token === "") throw new Failure("INPUT_INVALID", "there is no token");
  const report = forCommand(reportOnToken(token, now), call.command);
  return {
    exitCode: NOT_CHECKED,
    json: { verified: false, ...report },
    text: `${tokenInWords(report, call.paint)}\n${call.paint("dim", NOTHING_VERIFIED)}`,
  };
}
