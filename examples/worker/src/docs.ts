/** `GET /docs`: a page that describes the requests of this system, and sends them. */

import { docsPage, openApi } from "countersign/http";
import type { Env } from "./env.js";
import { failure } from "./json.js";

let page: ReturnType<typeof docsPage> | undefined;

/** The page; 404 where the files of Swagger UI are not served. */
export async function showDocs(request: Request, { SWAGGER_UI: assets }: Env): Promise<Response> {
  if (assets === "") return failure(404, "not_found", "the documentation is not served here");
  page ??= docsPage({ document: describe(), assets });
  return page(request);
}

function describe() {
  return openApi({
    title: "Login system",
    version: "1.0.0",
    description: "Users register, log in, stay logged in, and call an API.",
    token: "/token",
    sessions: true,
    revocation: "/revoke",
    jwks: "/.well-known/jwks.json",
    cookieSession: {
      login: "/session/login",
      refresh: "/session/refresh",
      logout: "/session/logout",
      logoutEverywhere: "/session/logout-everywhere",
    },
    scopes: { profile: "Read your profile", admin: "Replace the signing keys" },
    paths: {
      "/register": {
        post: {
          operationId: "register",
          summary: "Register",
          tags: ["login"],
          requestBody: bodyOf({ username: {}, password: PASSWORD }),
          responses: {
            201: { description: "The account" },
            400: { description: "The rule that was broken" },
            409: { description: "The name is taken" },
            429: { description: "Too many registrations" },
            ...UNREADABLE,
          },
        },
      },
      "/users/me": { get: forUsers("me", "Who am I?", "The user") },
      "/users/me/password": {
        post: {
          ...forUsers(
            "changePassword",
            "Change the password, and end all other sessions",
            "How many have ended",
            UNREADABLE,
          ),
          requestBody: bodyOf({ current_password: PASSWORD, new_password: PASSWORD }),
        },
      },
      "/users/me/sessions": {
        get: forUsers("sessions", "Where am I logged in?", "The sessions"),
        delete: forUsers("endSessions", "Log out everywhere", "How many sessions have ended"),
      },
      "/users/me/sessions/{id}": {
        delete: {
          ...forUsers("endSession", "Log out one device", "The session has ended", {
            404: { description: "There is no such session" },
          }),
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        },
      },
      "/admin": { get: forAdmins("keys", "The published keys") },
      "/admin/keys": {
        post: forAdmins("rotateKeys", "Make the next key"),
        delete: forAdmins("withdrawKeys", "Withdraw all keys after a leak"),
      },
    },
  });
}

const PASSWORD = { format: "password" };
const UNREADABLE = { 413: { description: "The body is too long" }, 415: { description: "The body is not JSON" } };

/** A JSON object of texts, all of which are required. */
function bodyOf(texts: Record<string, object>): object {
  const properties = Object.fromEntries(
    Object.entries(texts).map(([name, facts]) => [name, { type: "string", ...facts }]),
  );
  const schema = { type: "object", properties, required: Object.keys(texts), additionalProperties: false };
  return { required: true, content: { "application/json": { schema } } };
}

/** `openApi` adds the answers of the guard. */
function forUsers(operationId: string, summary: string, answer: string, others: object = {}): object {
  const security = [{ OAuth2PasswordBearer: ["profile"] }, { CookieSession: [] }];
  return { operationId, summary, tags: ["account"], security, responses: { 200: { description: answer }, ...others } };
}

function forAdmins(operationId: string, summary: string): object {
  const security = [{ OAuth2PasswordBearer: ["admin"] }, { CookieSession: [] }];
  return { operationId, summary, tags: ["admin"], security, responses: { 200: { description: "The keys" } } };
}
