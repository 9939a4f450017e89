import { boundedMap } from "../bounded-map.ts"
import type { ClientRecord } from "./client-record.ts"
import { type KeyRing, makeKeyRing } from "./keys.ts"
import { constantIssuer, type PolarLifespans, type PolarReadings, type ServerFeatures } from "./readings.ts"
import type { SubjectType } from "./subject-type.ts"

export interface User {
  readonly id: string
  readonly email: string
  readonly emailVerified: boolean
  readonly blocked: boolean
}

export interface Organization {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly members: ReadonlySet<string>
  /** Whether access requires a session from single sign-on. The emulator has no such sessions. */
  readonly ssoEnforced: boolean
}

export interface WebSession {
  readonly userId: string
  /** In milliseconds since 1970. */
  readonly expiresAt: number
}

export interface CodeRecord {
  readonly clientId: string
  readonly userId: string
  readonly scope: string
  /** The `redirect_uri` of the authorization request, if it had one. */
  readonly redirectUri: string | undefined
  readonly nonce: string | undefined
  readonly challenge: { readonly value: string; readonly method: string } | undefined
  readonly organizations: ReadonlyArray<string>
  /** In milliseconds since 1970. */
  readonly createdAt: number
  readonly expiresAt: number
  /** In milliseconds since 1970. An expired code that was not redeemed is kept, together with its nonce. */
  redeemedAt: number
}

/** An access token and its refresh token: one row of the server's database. Both end together. */
export interface TokenPair {
  readonly clientId: string
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly subjectType: SubjectType
  readonly subject: string
  readonly scope: string
  readonly organizations: ReadonlyArray<string>
  /** In seconds since 1970. */
  readonly issuedAt: number
  /** In seconds. */
  readonly expiresIn: number
  /** When other requests begin to see the pair, in milliseconds since 1970. */
  readonly startsAt: number
  /** When the pair is revoked or exchanged, in milliseconds since 1970. */
  endsAt: number
}

export interface Consent {
  readonly scopes: ReadonlySet<string>
  readonly organizations: ReadonlyArray<string>
}

export interface PolarSettings {
  readonly apiUrl: string
  readonly pageUrl: string
  readonly features: ServerFeatures
  readonly readings: PolarReadings
  readonly lifespans: PolarLifespans
  readonly sandbox: boolean
  readonly now: () => number
}

/** The settings and the state of one emulated server. */
export interface Polar extends PolarSettings {
  readonly issuer: string
  /** `iss` in ID tokens and introspection. */
  readonly tokenIssuer: string
  readonly sessionCookie: string
  readonly keys: KeyRing
  readonly clients: Map<string, ClientRecord>
  readonly users: Map<string, User>
  readonly organizations: Map<string, Organization>
  readonly sessions: Map<string, WebSession>
  readonly codes: Map<string, CodeRecord>
  /** Each pair is stored under both of its tokens. */
  readonly pairs: Map<string, TokenPair>
  /** By client and user. */
  readonly consents: Map<string, Consent>
  /** Personal, organization, customer and member tokens, which OAuth did not issue. */
  readonly apiTokens: Set<string>
}

const maxEntries = 50_000

/** Makes the state of a new server. */
export const makeState = (settings: PolarSettings): Polar => {
  const issuer = settings.features.issuer === "api" ? settings.apiUrl : constantIssuer
  return {
    ...settings,
    issuer,
    tokenIssuer: settings.readings.tokenIssuer === "constant" ? constantIssuer : issuer,
    sessionCookie: settings.sandbox ? "polar_sandbox_session" : "polar_session",
    keys: makeKeyRing({
      publishesPrevious: settings.features.publishesPreviousKey,
      hasKid: settings.features.tokensHaveKid,
    }),
    clients: boundedMap(maxEntries),
    users: new Map(),
    organizations: new Map(),
    sessions: boundedMap(maxEntries),
    codes: boundedMap(2000),
    pairs: boundedMap(2 * maxEntries),
    consents: boundedMap(maxEntries),
    apiTokens: new Set(),
  }
}
