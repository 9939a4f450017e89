import type { FlagValue } from "./flag-value.ts"

/** An organization of the tenant. */
export interface Organization {
  readonly code: string
  readonly name: string
  readonly featureFlags: Readonly<Record<string, FlagValue>>
}
