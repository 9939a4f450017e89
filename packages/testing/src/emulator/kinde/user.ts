import type { FlagValue } from "./flag-value.ts"

/** A user of the tenant. */
export interface User {
  readonly id: string
  readonly email: string | undefined
  readonly emailVerified: boolean
  readonly username: string | undefined
  readonly phone: string | undefined
  readonly givenName: string
  readonly familyName: string
  readonly picture: string | null
  readonly providedId: string | null
  /** In seconds since 1970. */
  readonly updatedAt: number
  /** The codes of the user's organizations. A login without `org_code` uses the first. */
  organizations: ReadonlyArray<string>
  readonly permissions: ReadonlyArray<string> | null
  readonly roles: ReadonlyArray<{ readonly id: string; readonly key: string; readonly name: string }> | undefined
  readonly featureFlags: Readonly<Record<string, FlagValue>>
  /** Additional claims of access tokens, as a workflow of the tenant can set them. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Whether the user denies every authorization request. */
  readonly refuses: boolean
}
