import { boundedMap } from "../bounded-map.ts"
import type { Application } from "./application.ts"
import type { ConnectedApp, Connection } from "./connected-apps.ts"
import type { DeviceRecord } from "./device.ts"
import { type KeyRing, makeKeyRing } from "./keys.ts"
import type { LoginFlow } from "./login.ts"
import type { KindeQuirks } from "./quirks.ts"
import type { CodeRecord, TokenRecord } from "./tokens.ts"
import type { Organization, User } from "./users.ts"

/** Lifetimes in seconds; an application's own settings go before them. */
export interface KindeLifespans {
  readonly accessToken: number
  readonly refreshToken: number
  readonly idToken: number
  readonly code: number
  readonly deviceCode: number
  /** What a device is told to wait between two polls. */
  readonly deviceInterval: number
  readonly connectedAppToken: number
}

/** The memory of one tenant. */
export interface Kinde {
  /** The host the request came to; issuer of what is issued there. */
  readonly issuer: string
  /** The tenant's own host, whatever custom domain there is. */
  readonly apiHost: string
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
  /** User ids by the value of the browser's cookie. */
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

/** Makes the memory of a tenant that nobody has set up yet. */
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

export const managementAudience = ({ apiHost, quirks }: Kinde): string => `${apiHost}${quirks.managementAudience}`
