/** The vendors that `startVendor` emulates, after their documentation: no hosted service was called. */
import { keycloak, okta, zitadel } from "./introspecting-vendors.ts"
import type { VendorProfile } from "./profile.ts"
import { auth0, cognito, entra, logto } from "./signing-vendors.ts"

/** The profile of each vendor that `startVendor` emulates. */
export const profiles = { auth0, cognito, entra, keycloak, logto, okta, zitadel } as const satisfies Readonly<
  Record<string, VendorProfile>
>

/** A vendor that `startVendor` emulates. */
export type VendorName = keyof typeof profiles
