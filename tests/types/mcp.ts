// The adapter for MCP, with the SDK's types. They declare an `auth` of Express's requests, so this file stands alone.

import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import type { AuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import type { Verifier } from "countersign/jwt";
import * as mcp from "countersign/mcp";

declare const verifier: Verifier;

requireBearerAuth({ verifier: mcp.tokenVerifier(verifier, { InvalidTokenError }) });
export const answer: Promise<AuthInfo | Response> = mcp.guard(verifier)(new Request("https://api.example/"));
// @ts-expect-error The SDK's error class is required.
mcp.tokenVerifier(verifier, {});
