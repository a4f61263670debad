/** Describes the endpoints in OpenAPI 3.1. */

import { flag, invalid, type OptionReader, readOptions } from "../options.js";
import { type ErrorStyle, errorsOption } from "./reply.js";

/** Options of {@link openApi}. Each endpoint is named by its path, such as `"/token"`, and left out without one. */
export interface OpenApiOptions {
  /** The name of the API. */
  title: string;
  /** Its version, such as `"1.0.0"`. */
  version: string;
  /** What it is for, as text or Markdown. Default: none. */
  description?: string;
  /** Where it runs, such as `"https://api.example"`. Default: where the document is served. */
  server?: string;
  /** The path of `tokenEndpoint`. It makes the security scheme `OAuth2PasswordBearer`, which the log-in button of pages uses. */
  token?: string;
  /** The path of `revocationEndpoint`. */
  revocation?: string;
  /** The path of `jwksEndpoint`. */
  jwks?: string;
  /** The paths of the handlers of `cookieSession`. `cookie` is the name of its cookie. It makes the scheme `CookieSession`. */
  cookieSession?: { login?: string; refresh?: string; logout?: string; logoutEverywhere?: string; cookie?: string };
  /** Whether the token endpoint has sessions, and so refresh tokens. Default `false`. */
  sessions?: boolean;
  /** Whether the token endpoint and the guards have `dpop`. It makes the scheme `DPoP`. Default `false`. */
  dpop?: boolean;
  /** Each scope with its meaning: `{ profile: "Read your profile" }`. Default: none. */
  scopes?: Readonly<Record<string, string>>;
  /** As that of `tokenEndpoint` and `bearerGuard`. Default `"oauth"`. */
  errors?: ErrorStyle;
  /**
   * Your own routes, as OpenAPI writes them. A route with `security: [{ OAuth2PasswordBearer: [] }]` or `[{ DPoP: [] }]` gets the answers of a guard:
   * 400, 401, 403 and 503.
   */
  paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** More schemas for `components.schemas`. */
  schemas?: Readonly<Record<string, unknown>>;
}

/** An OpenAPI 3.1 document. Add to it what you like. */
export interface OpenApiDocument {
  openapi: "3.1.1";
  info: { title: string; version: string; description?: string };
  servers?: { url: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: {
    schemas: Record<string, unknown>;
    responses: Record<string, unknown>;
    securitySchemes: Record<string, unknown>;
  };
}

type Members = Record<string, unknown>;
type Read = ReturnType<typeof readOpenApi>;

/**
 * Describes the endpoints of this package, and your own routes, in OpenAPI 3.1.
 *
 * @param options See {@link OpenApiOptions}.
 * @returns The document. `docsPage` shows it; `Response.json(document)` serves it.
 * @throws {CountersignError} `OPTION_INVALID`: an option is unknown, missing or of the wrong type.
 *
 * @example
 * ```ts
 * const document = openApi({
 *   title: "My API",
 *   version: "1.0.0",
 *   token: "/token",
 *   scopes: { profile: "Read your profile" },
 *   paths: {
 *     "/users/me": {
 *       get: {
 *         summary: "Who am I?",
 *         security: [{ OAuth2PasswordBearer: ["profile"] }],
 *         responses: { 200: { description: "Your profile" } },
 *       },
 *     },
 *   },
 * });
 * ```
 */
export function openApi(options: OpenApiOptions): OpenApiDocument {
  const read = readOpenApi(options);
  const { description, schemas, server, title, version } = read;
  // The caller may change the document, and the next one must not have that.
  const ours = structuredClone({ paths: endpoints(read), responses: RESPONSES, schemas: schemasOf(read) });
  return {
    openapi: "3.1.1",
    info: { title, version, ...(description === undefined ? {} : { description }) },
    ...(server === undefined ? {} : { servers: [{ url: server }] }),
    paths: { ...ours.paths, ...ownPaths(read) },
    components: {
      schemas: { ...ours.schemas, ...schemas },
      responses: ours.responses,
      securitySchemes: securitySchemes(read),
    },
  };
}

function readOpenApi(options: OpenApiOptions) {
  return readOptions(options, {
    title: text,
    version: text,
    description: optional(text),
    server: optional(text),
    token: optional(path),
    revocation: optional(path),
    jwks: optional(path),
    cookieSession: readCookieSession,
    sessions: flag,
    dpop: flag,
    scopes: readScopes,
    errors: errorsOption,
    paths: record as OptionReader<Record<string, Members>>,
    schemas: record,
  });
}

function readCookieSession(_name: string, value: unknown) {
  return readOptions(value ?? {}, {
    login: optional(path),
    refresh: optional(path),
    logout: optional(path),
    logoutEverywhere: optional(path),
    cookie: optional(text),
  });
}

function endpoints({ cookieSession, dpop, errors, jwks, revocation, sessions, token }: Read): Record<string, Members> {
  const { login, logout, logoutEverywhere, refresh } = cookieSession;
  const cookie = { security: [{ CookieSession: [] }] };
  return Object.fromEntries(
    [
      [token, { post: { ...tokenOperation(sessions, errors), ...(dpop ? { parameters: [PROOF] } : {}) } }],
      [revocation, { post: REVOCATION }],
      [jwks, { get: JWKS }],
      [login, { post: LOGIN }],
      [refresh, { post: { ...changing("Refresh the session", LOGGED_IN), ...cookie } }],
      [logout, { post: { ...changing("Log out", LOGGED_OUT), ...cookie } }],
      [logoutEverywhere, { post: { ...changing("Log out everywhere", LOGGED_OUT), ...cookie } }],
    ].filter(([at]) => at !== undefined),
  );
}

function tokenOperation(sessions: boolean, errors: ErrorStyle): Members {
  const grants = sessions ? ["password", "refresh_token"] : ["password"];
  const properties = {
    grant_type: { type: "string", enum: grants, default: "password" },
    ...PASSWORD_FIELDS,
    scope: { type: "string", description: "Words with one space between" },
    ...(sessions ? { refresh_token: { type: "string", description: "For grant_type=refresh_token" } } : {}),
  };
  const schema = { type: "object", properties, ...(sessions ? {} : { required: ["username", "password"] }) };
  const refusals =
    errors === "fastapi"
      ? {
          400: REFUSED,
          401: refusal("The user name or the password is wrong"),
          422: refusal("The form cannot be read"),
        }
      : { 400: refusal("The user name, the password or the form is wrong") };
  return {
    operationId: "token",
    summary: "Get a token for a user name and a password",
    tags: ["login"],
    requestBody: {
      required: true,
      content: { "application/x-www-form-urlencoded": { schema }, "multipart/form-data": { schema } },
    },
    responses: { 200: json("The token", "Token"), ...refusals, 413: REFUSED, 429: REFUSED, 503: UNAVAILABLE },
  };
}

/** The caller's routes. Those with a security scheme of ours get the answers of a guard. */
function ownPaths({ paths }: Read): Record<string, Members> {
  const each = <T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U) =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
  return each(paths, (item) => each(item, (operation) => (isGuarded(operation) ? withRefusals(operation) : operation)));
}

function isGuarded(operation: unknown): operation is { security: object[]; responses?: object } {
  const { security } = (operation ?? {}) as { security?: unknown };
  const ours = ["OAuth2PasswordBearer", "CookieSession", "DPoP"];
  const isOurs = (each: object | null) => each !== null && ours.some((name) => name in each);
  return Array.isArray(security) && security.some(isOurs);
}

function withRefusals(operation: { responses?: object }): Members {
  const refusals = { 400: REFUSED, 401: ref("Unauthorized"), 403: ref("Forbidden"), 503: UNAVAILABLE };
  return { ...operation, responses: { ...refusals, ...operation.responses } };
}

function securitySchemes({ cookieSession, dpop, scopes, sessions, token }: Read): Members {
  const refreshUrl = sessions ? { refreshUrl: token } : {};
  const bearer = { type: "oauth2", flows: { password: { tokenUrl: token, ...refreshUrl, scopes } } };
  const { cookie = "session", login } = cookieSession;
  return {
    ...(token === undefined ? {} : { OAuth2PasswordBearer: bearer }),
    // OpenAPI allows any scheme of IANA's registry.
    ...(dpop
      ? { DPoP: { type: "http", scheme: "DPoP", description: "RFC 9449: with a proof in the header DPoP" } }
      : {}),
    ...(login === undefined ? {} : { CookieSession: { type: "apiKey", in: "cookie", name: `__Host-Http-${cookie}` } }),
  };
}

const ref = (name: string) => ({ $ref: `#/components/responses/${name}` });
const json = (description: string, schema: string) => ({
  description,
  content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } },
});
const refusal = (description: string) => json(description, "Refusal");

const REFUSED = ref("Refused");
const UNAVAILABLE = ref("Unavailable");
const PASSWORD_FIELDS = {
  username: { type: "string" },
  password: { type: "string", format: "password" },
};

const challenged = (description: string) => ({
  ...refusal(description),
  headers: { "WWW-Authenticate": { schema: { type: "string" }, description: "RFC 6750" } },
});

const RESPONSES = {
  Refused: refusal("The request is wrong"),
  Unauthorized: challenged("There is no token, or it is not valid"),
  Forbidden: challenged("The token does not have the required scope"),
  Unavailable: {
    ...refusal("Try again later"),
    headers: { "Retry-After": { schema: { type: "string" }, description: "Seconds" } },
  },
};

const SCHEMAS = {
  Token: {
    type: "object",
    required: ["access_token", "token_type", "expires_in"],
    properties: {
      access_token: { type: "string" },
      token_type: { type: "string", const: "bearer" },
      expires_in: { type: "integer", description: "Seconds" },
      scope: { type: "string" },
      refresh_token: { type: "string" },
    },
  },
  Refusal: {
    type: "object",
    properties: {
      error: { type: "string" },
      error_description: { type: "string" },
      scope: { type: "string" },
      detail: { description: "The text or the list that FastAPI gives" },
    },
  },
  JwkSet: {
    type: "object",
    required: ["keys"],
    properties: { keys: { type: "array", items: { type: "object" } } },
  },
  LoggedIn: {
    type: "object",
    required: ["subject", "scopes", "expires_in"],
    properties: {
      subject: { type: "string" },
      scopes: { type: "array", items: { type: "string" } },
      expires_in: { type: "integer", description: "Seconds" },
    },
  },
};

const PROOF = {
  name: "DPoP",
  in: "header",
  description: "A proof of the key that the tokens are bound to (RFC 9449)",
  schema: { type: "string" },
};

function schemasOf({ dpop }: Read): typeof SCHEMAS | Members {
  if (!dpop) return SCHEMAS;
  const { properties } = SCHEMAS.Token;
  const types = { type: "string", enum: ["bearer", "DPoP"] };
  return { ...SCHEMAS, Token: { ...SCHEMAS.Token, properties: { ...properties, token_type: types } } };
}

const REVOCATION = {
  operationId: "revoke",
  summary: "End the session of a refresh token",
  tags: ["login"],
  requestBody: {
    required: true,
    content: {
      "application/x-www-form-urlencoded": {
        schema: {
          type: "object",
          required: ["token"],
          properties: { token: { type: "string" }, token_type_hint: { type: "string" } },
        },
      },
    },
  },
  responses: { 200: { description: "The session has ended" }, 400: REFUSED, 413: REFUSED, 503: UNAVAILABLE },
};

const JWKS = {
  operationId: "jwks",
  summary: "The public keys",
  tags: ["login"],
  responses: {
    200: {
      description: "A JWK Set (RFC 7517)",
      content: { "application/jwk-set+json": { schema: { $ref: "#/components/schemas/JwkSet" } } },
    },
  },
};

const LOGGED_IN = { 200: json("Logged in; the cookies are set", "LoggedIn") };
const LOGGED_OUT = { 204: { description: "Logged out; the cookies are deleted" } };
const SENT_ON = { 303: { description: "For pages: where to go next" } };

/** A handler of `cookieSession`. */
function changing(summary: string, answers: object): Members {
  return {
    summary,
    tags: ["login"],
    responses: { ...answers, ...SENT_ON, 401: REFUSED, 403: refusal("A page of another site"), 503: UNAVAILABLE },
  };
}

const LOGIN_SCHEMA = {
  type: "object",
  required: ["username", "password"],
  properties: { ...PASSWORD_FIELDS, next: { type: "string", description: "The path to go to" } },
};

const LOGIN = {
  operationId: "login",
  summary: "Log in with cookies",
  tags: ["login"],
  requestBody: {
    required: true,
    content: {
      "application/json": { schema: LOGIN_SCHEMA },
      "application/x-www-form-urlencoded": { schema: LOGIN_SCHEMA },
    },
  },
  responses: {
    ...LOGGED_IN,
    ...SENT_ON,
    400: REFUSED,
    403: refusal("A page of another site"),
    413: REFUSED,
    503: UNAVAILABLE,
  },
};

const text: OptionReader<string> = (name, value) => {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`option "${name}" is not a non-empty string`);
};

const path: OptionReader<string> = (name, value) => {
  if (typeof value === "string" && /^\/(?!\/)/.test(value)) return value;
  throw invalid(`option "${name}" is not a path such as "/token"`);
};

function optional<T>(reader: OptionReader<T>): OptionReader<T | undefined> {
  return (name, value) => (value === undefined ? undefined : reader(name, value));
}

const record: OptionReader<Record<string, unknown>> = (name, value) => {
  if (value === undefined) return {};
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw invalid(`option "${name}" is not an object`);
};

const readScopes: OptionReader<Record<string, string>> = (name, value) => {
  const scopes = record(name, value);
  if (Object.values(scopes).every((meaning) => typeof meaning === "string")) return scopes as Record<string, string>;
  throw invalid(`option "${name}" is not an object of texts`);
};
