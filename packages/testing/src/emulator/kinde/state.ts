import { boundedMap } from "../bounded-map.ts"
import type { Application } from "./application.ts"
import type { ConnectedApp, Connection } from "./connected-apps.ts"
import type { DeviceRecord } from "./device.ts"
import { type KeyRing, makeKeyRing } from "./keys.ts"
import type { LoginFlow } from "./login.ts"
import type { KindeQuirks } from "./quirks.ts"
import type { CodeRecord, TokenRecord } from "./tokens.ts"
import type { Organization, User } from "./users.ts"

/** Lifetimes in seconds. The token settings of an application take precedence. */
export interface KindeLifespans {
  /** Default: one day. */
  readonly accessToken: number
  /** Default: 15 days. */
  readonly refreshToken: number
  /** Default: one hour. */
  readonly idToken: number
  /** Default: 600. */
  readonly code: number
  /** Default: 600. */
  readonly deviceCode: number
  /** The `interval` of device authorization responses. Default: 5. */
  readonly deviceInterval: number
  /** Default: one hour. */
  readonly connectedAppToken: number
}

/** The state of one tenant. */
export interface Kinde {
  /** The URL of the host that received the request: the issuer of its tokens. */
  readonly issuer: string
  /** The URL of the tenant's own host, also with a custom domain. */
  readonly apiHost: string
  /** Returns the time in milliseconds since 1970. */
  readonly now: () => number
  readonly lifespans: KindeLifespans
  readonly quirks: KindeQuirks
  readonly keys: KeyRing
  readonly applications: Map<string, Application>
  readonly users: Map<string, User>
  readonly organizations: Map<string, Organization>
  /** By the hash of the token. */
  readonly tokens: Map<string, TokenRecord>
  readonly codes: Map<string, CodeRecord>
  readonly logins: Map<string, LoginFlow>
  /** Sessions by the value of the browser's cookie. `since` is in seconds since 1970. */
  readonly sessions: Map<string, { readonly userId: string; readonly since: number }>
  readonly devices: Map<string, DeviceRecord>
  readonly connectedApps: Map<string, ConnectedApp>
  readonly connections: Map<string, Connection>
}

const defaultLifespans: KindeLifespans = {
  accessToken: 86_400,
  refreshToken: 1_296_000,
  idToken: 3600,
  code: 600,
  deviceCode: 600,
  deviceInterval: 5,
  connectedAppToken: 3600,
}

/** Makes the state of an empty tenant. */
export const makeState = (settings: {
  readonly issuer: string
  readonly now: () => number
  readonly lifespans: Partial<KindeLifespans>
  readonly quirks: KindeQuirks
}): Kinde => ({
  ...settings,
  apiHost: settings.issuer,
  lifespans: { ...defaultLifespans, ...settings.lifespans },
  keys: makeKeyRing(),
  applications: boundedMap(10_000),
  users: boundedMap(10_000),
  organizations: boundedMap(1_000),
  tokens: boundedMap(100_000),
  codes: boundedMap(10_000),
  logins: boundedMap(5_000),
  sessions: boundedMap(10_000),
  devices: boundedMap(5_000),
  connectedApps: boundedMap(1_000),
  connections: boundedMap(10_000),
})

/** Returns the audience of the Management API. */
export const managementAudience = ({ apiHost, quirks }: Kinde): string => `${apiHost}${quirks.managementAudience}`
