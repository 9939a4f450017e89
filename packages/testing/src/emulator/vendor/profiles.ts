/** The vendors that the emulator of `startVendor` plays. No hosted service was called. */
import { keycloak, okta, zitadel } from "./introspecting-vendors.ts"
import type { VendorProfile } from "./profile.ts"
import { auth0, cognito, entra, logto } from "./signing-vendors.ts"

/** The profile of each vendor that `startVendor` plays. */
export const profiles = { auth0, cognito, entra, keycloak, logto, okta, zitadel } as const satisfies Readonly<
  Record<string, VendorProfile>
>

/** A vendor that `startVendor` plays. */
export type VendorName = keyof typeof profiles
