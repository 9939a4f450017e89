/** Which of the two states of the real server: the published source, or production since it drifted from it. */
export type PolarDrift = "source" | "production"

/** Seconds. */
export interface PolarLifespans {
  readonly accessToken: number
  readonly refreshedAccessToken: number
  readonly webAccessToken: number
  readonly idToken: number
  readonly code: number
  readonly session: number
}

/** The points where the real server's behaviour is inferred, not seen: each can be had either way. */
export interface PolarReadings {
  /** The `iss` of ID tokens and introspection: what discovery says, or the constant of before. */
  readonly tokenIssuer: "discovery" | "constant"
  /** The `nonce` of an ID token when none was sent. */
  readonly absentNonce: "null" | "omitted"
  /** Whether a consent that is not asked again remembers the organizations chosen the first time. */
  readonly consentedOrganizations: "forgotten" | "kept"
  /** What `prompt=none` gives an ordinary client whose consent is remembered. */
  readonly silentConsent: "page" | "code"
  /** What a visitor who is not logged in gets at the API when `openid` is not asked for. */
  readonly anonymousAuthorize: "page" | "login"
  /** Access tokens of a client that was deleted since: alive by the published source, dead by what was seen later. */
  readonly deletedClientTokens: "live" | "dead"
  /** What introspection says of a blocked user's token. */
  readonly blockedUserIntrospection: "active" | "inactive"
  /** `https://example.com` is kept as `https://example.com/`, or as it came. */
  readonly registeredUris: "normalized" | "verbatim"
  /** A path with a slash too many or too few. */
  readonly wrongSlash: "redirect" | "missing"
  /** Whether published keys name their algorithm. */
  readonly publishedAlg: "absent" | "present"
  /** Milliseconds of the emulator's clock after an answer during which what it did is not yet to be seen. */
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

/** How the server most likely behaves, in either state. */
export const defaultReadings: Readonly<Record<PolarDrift, PolarReadings>> = {
  source: { ...likeliest, deletedClientTokens: "live" },
  production: { ...likeliest, deletedClientTokens: "dead" },
}

const day = 86_400

export const defaultLifespans: PolarLifespans = {
  accessToken: 10 * day,
  refreshedAccessToken: 3600,
  webAccessToken: 3600,
  idToken: 3600,
  code: 300,
  session: 31 * day,
}

/** What changed between the published source and production. */
export interface DriftFacts {
  readonly issuer: "constant" | "api"
  readonly redirectsNameIssuer: boolean
  readonly authorizationServerDocument: boolean
  readonly keyNamed: boolean
  readonly severalKeys: boolean
  /** Whether the consent page shows the names of organizations. */
  readonly organizationsNamed: boolean
  /** The first one is current. */
  readonly versions: ReadonlyArray<string>
}

export const driftFacts: Readonly<Record<PolarDrift, DriftFacts>> = {
  source: {
    issuer: "constant",
    redirectsNameIssuer: false,
    authorizationServerDocument: false,
    keyNamed: false,
    severalKeys: false,
    organizationsNamed: false,
    versions: ["2026-04"],
  },
  production: {
    issuer: "api",
    redirectsNameIssuer: true,
    authorizationServerDocument: true,
    keyNamed: true,
    severalKeys: true,
    organizationsNamed: true,
    versions: ["2026-04", "2026-10", "2027-01"],
  },
}

/** The issuer of every environment before the drift. */
export const constantIssuer = "https://polar.sh"
