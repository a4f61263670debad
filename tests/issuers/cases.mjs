// Issuers of the shapes that well-known issuers have: the claims of their tokens, their keys, and what must be refused.
// The shapes are from the issuers' documentation; the keys are made here.

import { Key, KeySet, sign } from "countersign/jwt";

const now = Math.floor(Date.now() / 1000);
const TENANT = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const OTHER_TENANT = "82229342-1101-4ab6-817b-70c0747630f3";
const times = { iat: now - 5, nbf: now - 5, exp: now + 3600 };

/** RSA keys take long, so all issuers share two. */
export const rsa = ["1", "2"].map((kid) => Key.generate("RS256", { kid }));
const ec = Key.generate("ES256", { kid: "ec" });
const eddsa = Key.generate("EdDSA", { kid: "ed" });

/** A JWK Set as that issuer writes it. `strip` takes members away. */
const jwks = (keys, add = {}, strip = []) => {
  const { keys: written } = new KeySet(keys.map((key) => key.publicKey())).toJwks();
  return {
    keys: written.map((jwk) =>
      Object.fromEntries(Object.entries({ ...jwk, ...add }).filter(([name]) => !strip.includes(name))),
    ),
  };
};

/** What every issuer's tokens are refused for. */
const ALWAYS = {
  "another issuer": [{ iss: "https://evil.example" }, "CLAIM_INVALID", "iss"],
  "an issuer with a slash more": [(claims) => ({ iss: `${claims.iss}/` }), "CLAIM_INVALID", "iss"],
  "no issuer": [{ iss: undefined }, "CLAIM_MISSING", "iss"],
  expired: [{ exp: now - 10 }, "TOKEN_EXPIRED", "exp"],
};
/** Refused of issuers whose tokens have an audience. */
const AUDIENCE = {
  "another audience": [{ aud: "another" }, "CLAIM_INVALID", "aud"],
  "no audience": [{ aud: undefined }, "CLAIM_MISSING", "aud"],
};

/**
 * Rows: `issuer` of a preset, the `url` of its keys and what it answers, the `options` of a verifier, the `claims` of a right
 * token, and `refused`: changes of the claims with the code and the claim.
 */
export const rows = ({ presets }) => ({
  entra: {
    issuer: presets.entra({ tenant: TENANT }),
    url: `https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`,
    answer: jwks(rsa, { issuer: `https://login.microsoftonline.com/${TENANT}/v2.0`, x5t: "abc" }, ["alg"]),
    options: { audience: "6e74172b-be56-4843-9ff4-e66a39bb12e3" },
    claims: {
      ...times,
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      aud: "6e74172b-be56-4843-9ff4-e66a39bb12e3",
      sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
      oid: "690222be-ff1a-4d56-abd1-7e4f7d38e474",
      tid: TENANT,
      scp: "access_as_user",
      ver: "2.0",
    },
    refused: {
      ...AUDIENCE,
      "the issuer of another tenant": [
        { iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`, tid: OTHER_TENANT },
        "CLAIM_INVALID",
        "iss",
      ],
      "the tid of another tenant": [{ tid: OTHER_TENANT }, "CLAIM_INVALID", "tid"],
      "no tid": [{ tid: undefined }, "CLAIM_MISSING", "tid"],
      "a token of version 1": [{ ver: "1.0" }, "CLAIM_INVALID", "ver"],
    },
  },
  "entra, version 1": {
    issuer: presets.entra({ tenant: TENANT, version: "1.0" }),
    url: `https://login.microsoftonline.com/${TENANT}/discovery/keys`,
    answer: jwks(rsa, {}, ["alg"]),
    options: { audience: "api://example" },
    claims: { ...times, iss: `https://sts.windows.net/${TENANT}/`, aud: "api://example", tid: TENANT, ver: "1.0" },
    refused: {
      ...AUDIENCE,
      "the tid of another tenant": [{ tid: OTHER_TENANT }, "CLAIM_INVALID", "tid"],
      "version 2": [{ ver: "2.0" }, "CLAIM_INVALID", "ver"],
    },
  },
  "entra, many tenants": {
    issuer: presets.entra({ tenant: [TENANT] }),
    url: "https://login.microsoftonline.com/common/discovery/v2.0/keys",
    answer: jwks(rsa, { issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }, ["alg"]),
    options: { audience: "api" },
    claims: { ...times, iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, aud: "api", tid: TENANT, ver: "2.0" },
    refused: {
      ...AUDIENCE,
      "a tenant that is not named": [
        { iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`, tid: OTHER_TENANT },
        "CLAIM_INVALID",
        "iss",
      ],
      "a tid that is not the tenant of iss": [{ tid: OTHER_TENANT }, "CLAIM_INVALID", "tid"],
      "the placeholder itself": [{ iss: "https://login.microsoftonline.com/{tenantid}/v2.0" }, "CLAIM_INVALID", "iss"],
      "no tenant": [{ iss: "https://login.microsoftonline.com//v2.0" }, "CLAIM_INVALID", "iss"],
    },
  },
  google: {
    issuer: presets.google({ hostedDomain: "example.com" }),
    url: "https://www.googleapis.com/oauth2/v3/certs",
    answer: jwks(rsa),
    options: { audience: "1234987819200.apps.googleusercontent.com" },
    claims: {
      ...times,
      nbf: undefined,
      iss: "https://accounts.google.com",
      azp: "1234987819200.apps.googleusercontent.com",
      aud: "1234987819200.apps.googleusercontent.com",
      sub: "10769150350006150715113082367",
      hd: "example.com",
      email: "jsmith@example.com",
      email_verified: true,
    },
    also: [{ iss: "accounts.google.com" }],
    refused: {
      ...AUDIENCE,
      "another domain": [{ hd: "evil.example" }, "CLAIM_INVALID", "hd"],
      "a private account": [{ hd: undefined }, "CLAIM_MISSING", "hd"],
    },
  },
  apple: {
    issuer: presets.apple(),
    url: "https://appleid.apple.com/auth/keys",
    answer: jwks(rsa),
    options: { audience: "com.example.app" },
    claims: {
      ...times,
      iss: "https://appleid.apple.com",
      aud: "com.example.app",
      sub: "001.b2c3.0123",
      nonce_supported: true,
    },
    refused: AUDIENCE,
  },
  auth0: {
    issuer: presets.auth0("example.eu.auth0.com"),
    url: "https://example.eu.auth0.com/.well-known/jwks.json",
    answer: jwks(rsa, { x5c: ["MIIC"], x5t: "abc" }),
    options: { audience: "https://api.example" },
    claims: {
      ...times,
      iss: "https://example.eu.auth0.com/",
      sub: "auth0|123456",
      aud: ["https://api.example", "https://example.eu.auth0.com/userinfo"],
      azp: "my_client_id",
      scope: "openid profile read:calendar",
    },
    refused: {
      ...AUDIENCE,
      "the issuer without its slash": [{ iss: "https://example.eu.auth0.com" }, "CLAIM_INVALID", "iss"],
    },
  },
  okta: {
    issuer: presets.okta("example.okta.com", "default"),
    url: "https://example.okta.com/oauth2/default/v1/keys",
    answer: jwks(rsa),
    options: { audience: "api://default" },
    claims: {
      ...times,
      ver: 1,
      jti: "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",
      iss: "https://example.okta.com/oauth2/default",
      aud: "api://default",
      sub: "00ujmkLgagxeRrAg20g3",
      cid: "nmdP1fcyvdVO11AL7ECm",
      scp: ["openid", "email"],
    },
    refused: { ...AUDIENCE, "the org server's issuer": [{ iss: "https://example.okta.com" }, "CLAIM_INVALID", "iss"] },
  },
  "okta, org server": {
    issuer: presets.okta("example.okta.com"),
    url: "https://example.okta.com/oauth2/v1/keys",
    answer: jwks(rsa),
    options: { audience: "client" },
    claims: { ...times, iss: "https://example.okta.com", aud: "client", sub: "00u" },
    refused: {
      ...AUDIENCE,
      "another server's issuer": [{ iss: "https://example.okta.com/oauth2/default" }, "CLAIM_INVALID", "iss"],
    },
  },
  "cognito, access tokens": {
    issuer: presets.cognito({ region: "eu-central-1", userPool: "eu-central-1_Ab3dEfGhI" }),
    url: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab3dEfGhI/.well-known/jwks.json",
    answer: jwks(rsa),
    options: { audience: "1example23456789" },
    claims: {
      ...times,
      nbf: undefined,
      iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab3dEfGhI",
      sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
      client_id: "1example23456789",
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      username: "alice",
    },
    refused: {
      "another client": [{ client_id: "2example" }, "CLAIM_INVALID", "client_id"],
      "no client": [{ client_id: undefined }, "CLAIM_MISSING", "client_id"],
      "an ID token": [{ token_use: "id", client_id: undefined, aud: "1example23456789" }, "CLAIM_MISSING", "client_id"],
      "an ID token with a client_id": [{ token_use: "id" }, "CLAIM_INVALID", "token_use"],
      "another pool": [
        { iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Another" },
        "CLAIM_INVALID",
        "iss",
      ],
    },
  },
  "cognito, ID tokens": {
    issuer: presets.cognito({
      region: "eu-central-1",
      userPool: "eu-central-1_Ab3dEfGhI",
      clientId: "1example23456789",
      tokenUse: "id",
    }),
    url: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab3dEfGhI/.well-known/jwks.json",
    answer: jwks(rsa),
    claims: {
      ...times,
      nbf: undefined,
      iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab3dEfGhI",
      sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
      aud: "1example23456789",
      token_use: "id",
    },
    refused: { ...AUDIENCE, "an access token": [{ token_use: "access" }, "CLAIM_INVALID", "token_use"] },
  },
  firebase: {
    issuer: presets.firebase("example-project"),
    url: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
    answer: jwks(rsa),
    claims: {
      ...times,
      nbf: undefined,
      iss: "https://securetoken.google.com/example-project",
      aud: "example-project",
      auth_time: now - 60,
      user_id: "kL0MnOpQ",
      sub: "kL0MnOpQ",
      firebase: { identities: {}, sign_in_provider: "password" },
    },
    refused: {
      ...AUDIENCE,
      "another project": [{ iss: "https://securetoken.google.com/another-project" }, "CLAIM_INVALID", "iss"],
      "no user": [{ sub: "" }, "CLAIM_INVALID", "sub"],
      "a login to come": [{ auth_time: now + 3600 }, "CLAIM_INVALID", "auth_time"],
      "a session cookie": [{ iss: "https://session.firebase.google.com/example-project" }, "CLAIM_INVALID", "iss"],
    },
  },
  supabase: {
    issuer: presets.supabase("https://example.supabase.co"),
    url: "https://example.supabase.co/auth/v1/.well-known/jwks.json",
    answer: jwks([ec], { key_ops: ["verify"], ext: true }),
    key: ec,
    claims: {
      ...times,
      nbf: undefined,
      iss: "https://example.supabase.co/auth/v1",
      aud: "authenticated",
      sub: "123e4567-e89b-12d3-a456-426614174000",
      role: "authenticated",
      aal: "aal1",
      is_anonymous: false,
    },
    refused: { ...AUDIENCE, "the public key of the project": [{ aud: "anon" }, "CLAIM_INVALID", "aud"] },
  },
  clerk: {
    issuer: presets.clerk("clerk.example.com", { claims: { azp: ["https://example.com", "https://www.example.com"] } }),
    url: "https://clerk.example.com/.well-known/jwks.json",
    answer: jwks(rsa),
    // Of another issuer's tokens beside Clerk's.
    options: { audience: "api" },
    claims: {
      ...times,
      iss: "https://clerk.example.com",
      azp: "https://example.com",
      sub: "user_123",
      sid: "sess_123",
      v: 2,
    },
    refused: {
      "another page": [{ azp: "https://evil.example" }, "CLAIM_INVALID", "azp"],
      "no page": [{ azp: undefined }, "CLAIM_MISSING", "azp"],
      "an audience": [{ aud: "api" }, "CLAIM_INVALID", "aud"],
    },
  },
  keycloak: {
    issuer: presets.keycloak("https://login.example", "main"),
    url: "https://login.example/realms/main/protocol/openid-connect/certs",
    answer: {
      keys: [...jwks(rsa).keys, { kty: "RSA", kid: "enc", use: "enc", alg: "RSA-OAEP", n: "AQAB", e: "AQAB" }],
    },
    options: { audience: "account" },
    claims: {
      ...times,
      nbf: undefined,
      jti: "onrtac:3f9c",
      iss: "https://login.example/realms/main",
      aud: "account",
      sub: "f1f2",
      typ: "Bearer",
      azp: "web",
      scope: "openid email",
    },
    also: [{ typ: "DPoP" }],
    refused: {
      ...AUDIENCE,
      "another realm": [{ iss: "https://login.example/realms/another" }, "CLAIM_INVALID", "iss"],
      "an ID token": [{ typ: "ID" }, "CLAIM_INVALID", "typ"],
      "a refresh token": [{ typ: "Refresh" }, "CLAIM_INVALID", "typ"],
      "no typ": [{ typ: undefined }, "CLAIM_MISSING", "typ"],
    },
  },
  cloudflareAccess: {
    issuer: presets.cloudflareAccess("example"),
    url: "https://example.cloudflareaccess.com/cdn-cgi/access/certs",
    answer: { ...jwks(rsa), public_cert: { kid: "1", cert: "" }, public_certs: [] },
    options: { audience: "32eafc7626e737136a3c5c9d3b5c8b1a" },
    claims: {
      ...times,
      aud: ["32eafc7626e737136a3c5c9d3b5c8b1a"],
      email: "user@example.com",
      iss: "https://example.cloudflareaccess.com",
      type: "app",
      identity_nonce: "6ei69kawdKzMIAPF",
      sub: "7335d417-61da-459d-899c-0a01c76a2f94",
      country: "US",
    },
    refused: { ...AUDIENCE, "another team": [{ iss: "https://evil.cloudflareaccess.com" }, "CLAIM_INVALID", "iss"] },
  },
  githubActions: {
    issuer: presets.githubActions({ claims: { repository: "octo-org/octo-repo", ref: "refs/heads/main" } }),
    url: "https://token.actions.githubusercontent.com/.well-known/jwks",
    answer: jwks(rsa, { x5c: ["MII"], x5t: "aW4" }),
    options: { audience: "https://deploy.example" },
    claims: {
      ...times,
      jti: "example-id",
      sub: "repo:octo-org/octo-repo:ref:refs/heads/main",
      aud: "https://deploy.example",
      iss: "https://token.actions.githubusercontent.com",
      repository: "octo-org/octo-repo",
      ref: "refs/heads/main",
    },
    refused: {
      ...AUDIENCE,
      "another repository": [{ repository: "evil/octo-repo" }, "CLAIM_INVALID", "repository"],
      "another branch": [{ ref: "refs/heads/dev" }, "CLAIM_INVALID", "ref"],
      "no repository": [{ repository: undefined }, "CLAIM_MISSING", "repository"],
      "a list of repositories": [{ repository: ["octo-org/octo-repo"] }, "CLAIM_INVALID", "repository"],
    },
  },
  gitlab: {
    issuer: presets.gitlab(undefined, { claims: { project_path: "my-group/my-project", ref_protected: "true" } }),
    url: "https://gitlab.com/oauth/discovery/keys",
    answer: jwks(rsa, { use: "sig" }),
    options: { audience: "https://vault.example.com" },
    claims: {
      ...times,
      iss: "https://gitlab.com",
      aud: "https://vault.example.com",
      sub: "project_path:my-group/my-project:ref_type:branch:ref:main",
      project_path: "my-group/my-project",
      ref_protected: "true",
    },
    refused: {
      ...AUDIENCE,
      "another project": [{ project_path: "evil/my-project" }, "CLAIM_INVALID", "project_path"],
      "an unprotected branch": [{ ref_protected: "false" }, "CLAIM_INVALID", "ref_protected"],
    },
  },
  kubernetes: {
    issuer: presets.kubernetes("https://kubernetes.default.svc.cluster.local", {
      claims: { sub: "system:serviceaccount:shop:checkout" },
    }),
    url: "https://kubernetes.default.svc.cluster.local/openid/v1/jwks",
    metadata: {
      url: "https://kubernetes.default.svc.cluster.local/.well-known/openid-configuration",
      answer: {
        issuer: "https://kubernetes.default.svc.cluster.local",
        jwks_uri: "https://kubernetes.default.svc.cluster.local/openid/v1/jwks",
      },
    },
    answer: jwks(rsa),
    options: { audience: "vault" },
    claims: {
      ...times,
      aud: ["vault"],
      iss: "https://kubernetes.default.svc.cluster.local",
      sub: "system:serviceaccount:shop:checkout",
      "kubernetes.io": { namespace: "shop", serviceaccount: { name: "checkout" } },
    },
    refused: {
      ...AUDIENCE,
      "another account": [{ sub: "system:serviceaccount:shop:default" }, "CLAIM_INVALID", "sub"],
    },
  },
  vercel: {
    issuer: presets.vercel("acme", { claims: { project: "shop", environment: "production" } }),
    url: "https://oidc.vercel.com/acme/.well-known/jwks",
    answer: jwks(rsa),
    options: { audience: "https://vercel.com/acme" },
    claims: {
      ...times,
      iss: "https://oidc.vercel.com/acme",
      sub: "owner:acme:project:shop:environment:production",
      aud: "https://vercel.com/acme",
      project: "shop",
      environment: "production",
    },
    refused: {
      ...AUDIENCE,
      "a preview": [{ environment: "preview" }, "CLAIM_INVALID", "environment"],
      "another team": [{ iss: "https://oidc.vercel.com/evil" }, "CLAIM_INVALID", "iss"],
    },
  },
});

export { ALWAYS };

/** A token of a row, with changed claims, by its key or another. */
export function tokenOf(row, changed = {}, key = row.key ?? rsa[0]) {
  const change = typeof changed === "function" ? changed(row.claims) : changed;
  const merged = Object.entries({ ...row.claims, ...change }).filter(([, value]) => value !== undefined);
  return sign(Object.fromEntries(merged), key, { expiresIn: null });
}

export const otherKeys = { ec, eddsa };
