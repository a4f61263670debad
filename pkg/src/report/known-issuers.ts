/** Findings about tokens that look like those of known issuers. Nothing is decided by them. */

type Members = Readonly<Record<string, unknown>>;

/** A finding of a report. */
interface IssuerFinding {
  level: "note" | "warning";
  message: string;
}

/** The tokens that a row is for, and the finding about them. */
interface Row {
  fits(header: Members, claims: Members): boolean;
  finding: IssuerFinding;
}

const isFrom = ({ iss }: Members, pattern: RegExp): boolean => typeof iss === "string" && pattern.test(iss);

const ROWS: readonly Row[] = [
  {
    fits: (header, claims) =>
      typeof header.nonce === "string" &&
      isFrom(claims, /^https:\/\/(?:sts\.windows\.net|login\.microsoftonline\.com)\//),
    finding: {
      level: "warning",
      message:
        'header has "nonce": this token of Microsoft is for its own API, such as Microsoft Graph, which alone can check the signature. Request a token for the scope of your API',
    },
  },
  {
    // Others repeat the issuer in the header too (RFC 7519 §5.3), beside a kid.
    fits: ({ alg, enc, iss, ...others }) =>
      alg === "dir" && enc === "A256GCM" && typeof iss === "string" && Object.keys(others).length === 0,
    finding: {
      level: "warning",
      message:
        'only its issuer can decrypt it: Auth0 gives such access tokens to clients that request no "audience". Request the audience of your API',
    },
  },
  {
    fits: (_header, claims) =>
      isFrom(claims, /^https:\/\/cognito-idp\.[\w.-]+\/[\w-]+$/) &&
      claims.token_use === "access" &&
      claims.aud === undefined,
    finding: {
      level: "note",
      message: 'access tokens of Amazon Cognito have "client_id" for "aud": cognito() of countersign/issuers checks it',
    },
  },
  {
    fits: (_header, claims) => isFrom(claims, /^https:\/\/session\.firebase\.google\.com\//),
    finding: {
      level: "note",
      message:
        "this is a session cookie of Firebase, which has other keys than ID tokens: firebase(project, { sessionCookie: true }) of countersign/issuers knows them",
    },
  },
];

/** The findings about a token of a known issuer. */
export function findingsOfIssuer(header: Members, claims: Members): IssuerFinding[] {
  return ROWS.filter(({ fits }) => fits(header, claims)).map(({ finding }) => ({ ...finding }));
}
