/** The state of the real server: its published source, or production, which has changed since. */
export type PolarDrift = "source" | "production"

/** Lifespans of tokens, codes and web sessions, in seconds. */
export interface PolarLifespans {
  readonly accessToken: number
  readonly refreshedAccessToken: number
  readonly webAccessToken: number
  readonly idToken: number
  readonly code: number
  readonly session: number
}

/**
 * Behaviour in which servers can differ. The defaults were observed on the published source, which was run as a whole,
 * except that `deletedClientTokens` also depends on `drift`. The other readings remain for tests that must pass either
 * way.
 */
export interface PolarReadings {
  /** `iss` in ID tokens and introspection: the issuer of the metadata document, or `https://polar.sh`. */
  readonly tokenIssuer: "discovery" | "constant"
  /** `nonce` in an ID token if the authorization request had no nonce. */
  readonly absentNonce: "null" | "omitted"
  /** Whether a remembered consent keeps its chosen organizations. */
  readonly consentedOrganizations: "forgotten" | "kept"
  /** The response to `prompt=none` with a remembered consent, unless the client is first-party. */
  readonly silentConsent: "page" | "code"
  /** The API's response to an authorization request without a session and without the scope `openid`. */
  readonly anonymousAuthorize: "page" | "login"
  /** Access tokens of a deleted client: live in the published source, dead in later observations. */
  readonly deletedClientTokens: "live" | "dead"
  /** Introspection of a blocked user's token. */
  readonly blockedUserIntrospection: "active" | "inactive"
  /** Whether `https://example.com` is stored as `https://example.com/` or unchanged. */
  readonly registeredUris: "normalized" | "verbatim"
  /** The response to a path with an extra or a missing slash at its end: a redirect or a 404. */
  readonly wrongSlash: "redirect" | "missing"
  /** Whether the keys of the key set contain `alg`. */
  readonly publishedAlg: "absent" | "present"
  /**
   * How long the effect of a response stays invisible, in milliseconds of the emulator's clock. The real server commits
   * after it has answered: of requests that follow at once, 2 to 8 of 100 do not see the effect.
   */
  readonly commitLagMs: number
}

const likeliest: Omit<PolarReadings, "deletedClientTokens"> = {
  tokenIssuer: "discovery",
  absentNonce: "null",
  consentedOrganizations: "forgotten",
  silentConsent: "page",
  anonymousAuthorize: "page",
  blockedUserIntrospection: "active",
  registeredUris: "normalized",
  wrongSlash: "redirect",
  publishedAlg: "absent",
  commitLagMs: 0,
}

/** The likeliest readings, for each state of the server. */
export const defaultReadings: Readonly<Record<PolarDrift, PolarReadings>> = {
  source: { ...likeliest, deletedClientTokens: "live" },
  production: { ...likeliest, deletedClientTokens: "dead" },
}

const day = 86_400

/** The lifespans of the real server. */
export const defaultLifespans: PolarLifespans = {
  accessToken: 10 * day,
  refreshedAccessToken: 3600,
  webAccessToken: 3600,
  idToken: 3600,
  code: 300,
  session: 31 * day,
}

/** The behaviour that differs between the published source and production. */
export interface ServerFeatures {
  readonly issuer: "constant" | "api"
  /** Whether redirects to the client contain `iss` (RFC 9207). */
  readonly redirectsContainIss: boolean
  /** Whether the metadata document of RFC 8414 exists. */
  readonly authorizationServerDocument: boolean
  /** Whether ID tokens have a `kid`. */
  readonly tokensHaveKid: boolean
  /** Whether the key set also contains the previous key. */
  readonly publishesPreviousKey: boolean
  /** Whether the keys of the key set have `use`. */
  readonly keysHaveUse: boolean
  /** Whether the consent page shows the names of organizations. */
  readonly showsOrganizationNames: boolean
  /** The API versions. The first is the current version. */
  readonly versions: ReadonlyArray<string>
}

/** The behaviour of each state of the server. */
export const serverFeatures: Readonly<Record<PolarDrift, ServerFeatures>> = {
  source: {
    issuer: "constant",
    redirectsContainIss: false,
    authorizationServerDocument: false,
    tokensHaveKid: false,
    publishesPreviousKey: false,
    keysHaveUse: false,
    showsOrganizationNames: false,
    versions: ["2026-04", "2026-10"],
  },
  production: {
    issuer: "api",
    redirectsContainIss: true,
    authorizationServerDocument: true,
    tokensHaveKid: true,
    publishesPreviousKey: true,
    keysHaveUse: true,
    showsOrganizationNames: true,
    versions: ["2026-04", "2026-10", "2027-01"],
  },
}

/** The issuer of every environment in the published source. */
export const constantIssuer = "https://polar.sh"
