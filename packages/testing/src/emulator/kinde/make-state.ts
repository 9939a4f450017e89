import { boundedMap } from "../bounded-map.ts"
import { makeKeyRing } from "./keys.ts"
import type { KindeQuirks } from "./quirks.ts"
import type { Kinde, KindeLifespans } from "./state.ts"

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
