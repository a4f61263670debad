/**
 * `countersign/issuers`: tokens that other people's servers issue. `Issuers` goes where keys go, and the `iss` of a token
 * chooses among the issuers in it.
 */

export { CountersignError, type ErrorCode } from "./errors.js";
export { type IdTokenOptions, verifyIdToken } from "./issuers/id-token.js";
export type { ClaimRule, Issuer } from "./issuers/issuer.js";
export { discover, Issuers } from "./issuers/issuers.js";
export { type LogoutClaims, type LogoutTokenOptions, verifyLogoutToken } from "./issuers/logout-token.js";
export {
  apple,
  auth0,
  type CognitoOptions,
  clerk,
  cloudflareAccess,
  cognito,
  type EntraOptions,
  entra,
  type FirebaseOptions,
  firebase,
  type GoogleOptions,
  githubActions,
  gitlab,
  google,
  type KeycloakOptions,
  keycloak,
  kubernetes,
  okta,
  type PresetOptions,
  supabase,
  vercel,
} from "./issuers/presets.js";
export type { IssuerTemplate } from "./issuers/template.js";
export type { Store, StoreRow } from "./stores/store.js";
