// The pages of docs/issuers: a right token of each kind that they name, what the program answers, and tokens that fail with the
// messages of the page's table. The shapes are those of tests/issuers/cases.mjs.

import { entra } from "countersign/issuers";

const now = Math.floor(Date.now() / 1000);
const TENANT = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const OTHER = "82229342-1101-4ab6-817b-70c0747630f3";

const AUD = '"aud" claim names no accepted audience';
const ISS = '"iss" claim is not an accepted issuer';
const FORM = "token is not three segments separated by dots";
const ALG = '"alg" header is not an algorithm of public keys';
const SCOPE = "the token does not have the required scope";
const EXPIRED = "token has expired";
const NO_TOKEN = "401 without a message";
const expired = { iat: now - 7200, exp: now - 3600 };
const unaccepted = (claim) => `"${claim}" claim is not an accepted value`;

const auth0 = {
  iss: "https://example.eu.auth0.com/",
  aud: ["https://api.example", "https://example.eu.auth0.com/userinfo"],
  sub: "auth0|1",
  azp: "client",
  scope: "openid read",
};
const okta = {
  iss: "https://example.okta.com/oauth2/default",
  aud: "api://default",
  sub: "alice@example.com",
  uid: "00u",
  cid: "0oa",
  scp: ["openid", "read"],
};
const firebase = {
  iss: "https://securetoken.google.com/example-project",
  aud: "example-project",
  auth_time: now - 60,
  sub: "kL0MnOpQ",
};
const supabase = {
  iss: "https://example.supabase.co/auth/v1",
  aud: "authenticated",
  sub: "123e4567-e89b-12d3-a456-426614174000",
  role: "authenticated",
};
const clerk = { iss: "https://clerk.example.com", azp: "https://example.com", sub: "user_123", sid: "sess_123", v: 2 };
const github = {
  iss: "https://token.actions.githubusercontent.com",
  aud: "https://deploy.example",
  sub: "repo:example/shop:ref:refs/heads/main",
  repository: "example/shop",
  ref: "refs/heads/main",
};
const gitlab = {
  iss: "https://gitlab.com",
  aud: "https://deploy.example",
  sub: "project_path:example/shop:ref_type:branch:ref:main",
  project_path: "example/shop",
  ref_protected: "true",
};
const vercel = {
  iss: "https://oidc.vercel.com/example",
  aud: "https://vercel.com/example",
  sub: "owner:example:project:shop:environment:production",
  project: "shop",
  environment: "production",
};
const google = {
  iss: "https://accounts.google.com",
  aud: "1234.apps.googleusercontent.com",
  sub: "107",
  nonce: "n-0",
  email: "a@b",
};
const apple = {
  iss: "https://appleid.apple.com",
  aud: "com.example.web",
  sub: "001.b2",
  nonce: "n-0",
  nonce_supported: true,
};

/**
 * `program` is the name of its files. `right`: claims, and the answer. `wrong`: messages, and the claims, fault, token or
 * function that gets it. `path`: for a token in a form.
 */
export const ISSUER_PAGES = {
  "entra.md": {
    program: "entra",
    right: [
      [
        {
          iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
          aud: "6e74172b-be56-4843-9ff4-e66a39bb12e3",
          sub: "AAAA",
          oid: "690222be-ff1a-4d56-abd1-7e4f7d38e474",
          tid: TENANT,
          scp: "access_as_user",
          ver: "2.0",
        },
        { user: "690222be-ff1a-4d56-abd1-7e4f7d38e474" },
      ],
    ],
    wrong: [
      [ISS, { iss: `https://sts.windows.net/${TENANT}/`, ver: "1.0", aud: "api://example" }],
      [ISS, { iss: `https://login.microsoftonline.com/${OTHER}/v2.0`, tid: OTHER }],
      [AUD, { aud: "00000003-0000-0000-c000-000000000000" }],
      ["signature does not match", { fault: "wrong-key" }],
      [SCOPE, { scp: undefined }],
      [
        'option "tenant" is not the GUID of a tenant: tokens have no other name of it in "iss"',
        () => entra({ tenant: "common" }),
      ],
    ],
  },
  "google-and-apple.md": {
    program: "sign-in",
    right: [
      [google, { issuer: google.iss, subject: "107", email: "a@b" }, "google"],
      [
        { ...google, iss: "accounts.google.com" },
        { issuer: "accounts.google.com", subject: "107", email: "a@b" },
        "google",
      ],
      [apple, { issuer: apple.iss, subject: "001.b2" }, "apple"],
    ],
    wrong: [
      [FORM, { token: "ya29.a0AfB" }],
      [AUD, { aud: "5678.apps.googleusercontent.com", azp: "5678.apps.googleusercontent.com" }],
      [ISS, { iss: "https://securetoken.google.com/example-project" }],
      [ISS, apple],
      ['"nonce" claim is not the expected value', { nonce: "another" }],
      ['missing "nonce" claim', { nonce: undefined }],
      ['"azp" claim is not the expected value', { azp: "android.apps.googleusercontent.com" }],
    ],
  },
  "auth0-and-okta.md": {
    program: "auth0-okta",
    right: [
      [auth0, { user: "auth0|1" }],
      [{ ...auth0, scope: "openid", permissions: ["read"] }, { user: "auth0|1" }],
      [okta, { user: "alice@example.com" }],
    ],
    wrong: [
      [FORM, { token: "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c" }],
      [AUD, { aud: "client" }],
      [AUD, { ...okta, aud: "api://other" }],
      [ISS, { iss: "https://login.example/" }],
      [ISS, { ...okta, iss: "https://example.okta.com" }],
      [ALG, { fault: "unsigned" }],
      [SCOPE, { scope: "openid" }],
      [SCOPE, { ...okta, scp: ["openid"], scope: undefined }],
    ],
  },
  "cognito.md": {
    program: "cognito",
    right: [
      [
        {
          iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab3dEfGhI",
          sub: "aaaa",
          client_id: "1example23456789",
          token_use: "access",
          scope: "aws.cognito.signin.user.admin",
          "cognito:groups": ["editors"],
        },
        { user: "aaaa", groups: ["aws.cognito.signin.user.admin", "editors"] },
      ],
    ],
    wrong: [
      ['missing "client_id" claim', { client_id: undefined, aud: "1example23456789", token_use: "id" }],
      [unaccepted("client_id"), { client_id: "2example" }],
      [ISS, { iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Another" }],
      [EXPIRED, expired],
    ],
  },
  "firebase-supabase-clerk.md": {
    program: "sign-in-services",
    right: [
      [firebase, { user: "kL0MnOpQ" }],
      [supabase, { user: "123e4567-e89b-12d3-a456-426614174000" }],
      [clerk, { user: "user_123" }],
    ],
    wrong: [
      [
        ISS,
        {
          iss: "firebase-adminsdk@example-project.iam.gserviceaccount.com",
          aud: "https://identitytoolkit.googleapis.com",
        },
      ],
      [ISS, { iss: "https://session.firebase.google.com/example-project" }],
      [ISS, { ...supabase, iss: "supabase", role: "anon" }],
      [ALG, { fault: "unsigned" }],
      [FORM, { token: "sb_publishable_abc" }],
      [unaccepted("azp"), { ...clerk, azp: "https://preview.example", aud: undefined }],
      [EXPIRED, { ...clerk, ...expired, aud: undefined }],
    ],
  },
  "keycloak.md": {
    program: "keycloak",
    right: [
      [
        {
          iss: "https://login.example/realms/main",
          aud: ["shop-api", "account"],
          sub: "f1f2",
          typ: "Bearer",
          azp: "shop",
          realm_access: { roles: ["customer"] },
          scope: "openid email",
        },
        { user: "f1f2" },
      ],
    ],
    wrong: [
      [AUD, { aud: "account" }],
      ['missing "aud" claim', { aud: undefined }],
      [ISS, { iss: "http://keycloak:8080/realms/main" }],
      [unaccepted("typ"), { typ: "ID" }],
      ["the token is no longer accepted", { realm_access: { roles: ["guest"] } }],
      ["the token is no longer accepted", { realm_access: undefined }],
    ],
  },
  "cloudflare-access.md": {
    program: "access",
    header: "Cf-Access-Jwt-Assertion",
    right: [
      [
        {
          iss: "https://example.cloudflareaccess.com",
          aud: ["32eafc7626e737136a3c5c9d3b5c8b1a"],
          email: "user@example.com",
          sub: "7335d417-61da-459d-899c-0a01c76a2f94",
          type: "app",
        },
        { user: "user@example.com" },
      ],
    ],
    wrong: [
      [NO_TOKEN, { token: "" }],
      [AUD, { aud: ["0000000000000000000000000000000"] }],
      [ISS, { iss: "https://another.cloudflareaccess.com" }],
      [EXPIRED, expired],
    ],
  },
  "ci.md": {
    program: "deploys",
    right: [
      [github, { from: github.sub }],
      [gitlab, { from: gitlab.sub }],
      [vercel, { from: vercel.sub }],
    ],
    wrong: [
      [NO_TOKEN, { token: "" }],
      [AUD, { aud: "https://github.com/example" }],
      [unaccepted("repository"), { repository: "evil/shop" }],
      [unaccepted("ref"), { ref: "refs/pull/7/merge" }],
      [unaccepted("ref_protected"), { ...gitlab, ref_protected: "false" }],
      [unaccepted("environment"), { ...vercel, environment: "preview" }],
      [EXPIRED, expired],
    ],
  },
  "kubernetes.md": {
    program: "pods",
    right: [
      [
        {
          iss: "https://oidc.example/clusters/main",
          aud: ["https://stock.example"],
          sub: "system:serviceaccount:shop:checkout",
          "kubernetes.io": { namespace: "shop", serviceaccount: { name: "checkout" } },
        },
        { account: "system:serviceaccount:shop:checkout" },
      ],
    ],
    wrong: [
      [AUD, { aud: ["https://kubernetes.default.svc.cluster.local"] }],
      [unaccepted("sub"), { sub: "system:serviceaccount:shop:default" }],
      [ISS, { iss: "kubernetes/serviceaccount" }],
      [EXPIRED, expired],
    ],
  },
};

export { NO_TOKEN };
