import { randomBytes } from "node:crypto"
import { boundedMap } from "../bounded-map.ts"
import { makeSigningKey, type SigningKey } from "../jwt.ts"
import type { ClientRecord } from "./client-record.ts"
import type { DeviceRecord } from "./device-record.ts"
import type { ConsentFlow, ConsentRecord, ConsentVerifier, LoginFlow, LoginSession, LoginVerifier } from "./flows.ts"
import type { CodeRecord, Grant, TokenRecord } from "./grant-records.ts"
import type { LogoutRecord } from "./logout-record.ts"
import type { TrustRecord } from "./trust-record.ts"
import { defaultUrls, type OryUrls } from "./urls.ts"

/** A release of Ory Hydra; `"unreleased"`: its source after the latest release. */
export type OryVersion = "v2.3.0" | "v26.2.0" | "unreleased"

/** Lifespans of tokens and authorization codes, in seconds. */
export interface Lifespans {
  readonly accessToken: number
  readonly refreshToken: number
  readonly idToken: number
  readonly code: number
}

/** The settings and the state of one emulated server. */
export interface Ory {
  readonly version: OryVersion
  /** Every version except v2.3.0. Comments call these versions v26. */
  readonly isV26: boolean
  /** Versions after v26.2.0, which rotate client secrets. */
  readonly rotatesSecrets: boolean
  readonly layout: "self-hosted" | "network"
  readonly issuer: string
  readonly now: () => number
  readonly accessTokens: "opaque" | "jwt"
  readonly lifespans: Lifespans
  readonly urls: OryUrls
  readonly keys: { readonly idToken: () => SigningKey; readonly accessToken: () => SigningKey }
  /** Encrypts the page tokens and signs the cookies of this instance. */
  readonly secret: Buffer
  readonly clients: Map<string, ClientRecord>
  readonly grants: Map<string, Grant>
  readonly tokens: Map<string, TokenRecord>
  readonly codes: Map<string, CodeRecord>
  /** The `exp` of every used assertion, in seconds since 1970, by `jti`. */
  readonly usedIds: Map<string, number>
  readonly loginFlows: Map<string, LoginFlow>
  readonly loginVerifiers: Map<string, LoginVerifier>
  readonly consentFlows: Map<string, ConsentFlow>
  readonly consentVerifiers: Map<string, ConsentVerifier>
  readonly loginSessions: Map<string, LoginSession>
  readonly consents: Map<string, ConsentRecord>
  readonly logouts: Map<string, LogoutRecord>
  readonly devices: Map<string, DeviceRecord>
  /** The CSRF values of browsers at the page for the user code, by challenge. */
  readonly deviceChallenges: Map<string, string>
  readonly trust: Map<string, TrustRecord>
}

const once = <A>(make: () => A) => {
  let result: { readonly value: A } | undefined
  return () => {
    result ??= { value: make() }
    return result.value
  }
}

export interface OrySettings {
  readonly version: OryVersion
  readonly layout: "self-hosted" | "network"
  readonly issuer: string
  readonly now: () => number
  readonly accessTokens: "opaque" | "jwt"
  readonly lifespans: Partial<Lifespans>
  readonly urls: Partial<OryUrls>
}

const defaultLifespans: Lifespans = { accessToken: 3600, refreshToken: 720 * 3600, idToken: 3600, code: 600 }

/** Makes the state of a new server. Like in the real server, keys are generated at their first use. */
export const makeState = (settings: OrySettings): Ory => ({
  ...settings,
  isV26: settings.version !== "v2.3.0",
  rotatesSecrets: settings.version === "unreleased",
  lifespans: { ...defaultLifespans, ...settings.lifespans },
  urls: { ...defaultUrls, ...settings.urls },
  keys: { idToken: once(makeSigningKey), accessToken: once(makeSigningKey) },
  secret: randomBytes(32),
  clients: boundedMap(10_000),
  grants: boundedMap(50_000),
  tokens: boundedMap(100_000),
  codes: boundedMap(10_000),
  usedIds: boundedMap(50_000),
  loginFlows: boundedMap(5_000),
  loginVerifiers: boundedMap(5_000),
  consentFlows: boundedMap(5_000),
  consentVerifiers: boundedMap(5_000),
  loginSessions: boundedMap(10_000),
  consents: boundedMap(10_000),
  logouts: boundedMap(5_000),
  devices: boundedMap(5_000),
  deviceChallenges: boundedMap(5_000),
  trust: boundedMap(5_000),
})

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~"

/** Generates a client secret like the server: 26 characters. */
export const generateSecret = (): string =>
  [...randomBytes(26)].map((byte) => alphabet[byte % alphabet.length]).join("")

/** Generates an opaque token like the server: a prefix and two random halves. */
export const opaqueToken = (kind: "at" | "rt" | "ac" | "dc"): string =>
  `ory_${kind}_${randomBytes(32).toString("base64url")}.${randomBytes(32).toString("base64url")}`

/** Generates a challenge or a verifier. The server's contain the encrypted state of the flow and are equally long. */
export const longSecret = (): string => randomBytes(1200).toString("base64url")
