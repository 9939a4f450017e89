import type { Application } from "./application.ts"
import type { CodeRecord } from "./code-record.ts"
import type { ConnectedApp, Connection } from "./connection.ts"
import type { DeviceRecord } from "./device-record.ts"
import type { KeyRing } from "./keys.ts"
import type { LoginFlow } from "./login-flow.ts"
import type { Organization } from "./organization.ts"
import type { KindeQuirks } from "./quirks.ts"
import type { SessionRecord } from "./session-record.ts"
import type { TokenRecord } from "./token-record.ts"
import type { User } from "./user.ts"

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
  /** By the value of the browser's cookie. */
  readonly sessions: Map<string, SessionRecord>
  readonly devices: Map<string, DeviceRecord>
  readonly connectedApps: Map<string, ConnectedApp>
  readonly connections: Map<string, Connection>
}
