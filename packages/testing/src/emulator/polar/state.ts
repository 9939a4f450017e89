import { boundedMap } from "../bounded-map.ts"
import type { ClientRecord } from "./client-record.ts"
import { type KeyRing, makeKeyRing } from "./keys.ts"
import { constantIssuer, type DriftFacts, type PolarLifespans, type PolarReadings } from "./readings.ts"

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
  /** Only sessions that came through single sign-on see it, and here none does. */
  readonly ssoEnforced: boolean
}

export type SubjectType = "user" | "organization"

export interface WebSession {
  readonly userId: string
  /** Milliseconds. */
  readonly expiresAt: number
}

export interface CodeRecord {
  readonly clientId: string
  readonly userId: string
  readonly scope: string
  /** As the authorize request had it; absent when it named none. */
  readonly redirectUri: string | undefined
  readonly nonce: string | undefined
  readonly challenge: { readonly value: string; readonly method: string } | undefined
  readonly organizations: ReadonlyArray<string>
  /** Milliseconds. */
  readonly createdAt: number
  readonly expiresAt: number
  /** Milliseconds; a code that expired unredeemed stays, and its nonce with it. */
  redeemedAt: number
}

/** One row: an access token and its refresh token, which live and die together. */
export interface TokenPair {
  readonly clientId: string
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly subjectType: SubjectType
  readonly subject: string
  readonly scope: string
  readonly organizations: ReadonlyArray<string>
  /** Seconds. */
  readonly issuedAt: number
  readonly expiresIn: number
  /** Milliseconds: from when on other requests see it. */
  readonly startsAt: number
  /** Milliseconds: when it was revoked or exchanged. */
  endsAt: number
}

export interface Consent {
  readonly scopes: ReadonlySet<string>
  readonly organizations: ReadonlyArray<string>
}

export interface PolarSettings {
  readonly apiUrl: string
  readonly pageUrl: string
  readonly drift: DriftFacts
  readonly readings: PolarReadings
  readonly lifespans: PolarLifespans
  readonly sandbox: boolean
  readonly now: () => number
}

/** The settings and the memory of one emulated server. */
export interface Polar extends PolarSettings {
  readonly issuer: string
  /** The `iss` of ID tokens and introspection. */
  readonly tokenIssuer: string
  readonly sessionCookie: string
  readonly keys: KeyRing
  readonly clients: Map<string, ClientRecord>
  readonly users: Map<string, User>
  readonly organizations: Map<string, Organization>
  readonly sessions: Map<string, WebSession>
  readonly codes: Map<string, CodeRecord>
  /** Every pair twice, under either half. */
  readonly pairs: Map<string, TokenPair>
  /** By client and user. */
  readonly consents: Map<string, Consent>
  /** Personal, organization, customer and member tokens, which are none of OAuth's. */
  readonly apiTokens: Set<string>
}

const kept = 50_000

/** Makes the memory of a fresh server. */
export const makeState = (settings: PolarSettings): Polar => {
  const issuer = settings.drift.issuer === "api" ? settings.apiUrl : constantIssuer
  return {
    ...settings,
    issuer,
    tokenIssuer: settings.readings.tokenIssuer === "constant" ? constantIssuer : issuer,
    sessionCookie: settings.sandbox ? "polar_sandbox_session" : "polar_session",
    keys: makeKeyRing({ several: settings.drift.severalKeys, namesKey: settings.drift.keyNamed }),
    clients: boundedMap(kept),
    users: new Map(),
    organizations: new Map(),
    sessions: boundedMap(kept),
    codes: boundedMap(2000),
    pairs: boundedMap(2 * kept),
    consents: boundedMap(kept),
    apiTokens: new Set(),
  }
}
