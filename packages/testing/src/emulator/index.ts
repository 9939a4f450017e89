/// <reference types="node" preserve="true" />
/**
 * Emulators of identity vendors on loopback, for tests. They imitate the HTTP interface of the vendor, including its
 * deviations from the standards. And a client whose tokens the test gives, without a server.
 *
 * @module
 */
export { type AskedToken, type TestAuth, type TestAuthOptions, testAuth } from "../auth/test-auth.ts"
export { type GivenToken, type TestToken, type TestTokenMembers, unavailable } from "../auth/test-token.ts"
export type { Browser, BrowserExchange, FormInput } from "./browser.ts"
export { makeBrowser } from "./browser.ts"
export type { Durations } from "./durations.ts"
export type { Fault } from "./fault.ts"
export type { FaultRule, Faults } from "./faults.ts"
export { makeFaults } from "./faults.ts"
export type { RecordedRequest } from "./http-server.ts"
export type { IssueRequest } from "./issue-request.ts"
export type { KindeQuirks } from "./kinde/quirks.ts"
export type { KindeSeed, KindeSeedApplication } from "./kinde/seed.ts"
export type { KindeLifespans } from "./kinde/state.ts"
export type { KindeEmulator, KindeEmulatorOptions } from "./kinde.ts"
export { startKinde } from "./kinde.ts"
export type { OidcEmulatorOptions } from "./oidc/options.ts"
export { refusingUser } from "./oidc/refusing-user.ts"
export type { OidcEmulator } from "./oidc.ts"
export { startOidc } from "./oidc.ts"
export type { OrySeed } from "./ory/seed.ts"
export type { Lifespans, OryVersion } from "./ory/state.ts"
export type { OryUrls } from "./ory/urls.ts"
export type { OryEmulator, OryEmulatorOptions } from "./ory.ts"
export { startOry } from "./ory.ts"
export type { PolarDrift, PolarLifespans, PolarReadings } from "./polar/readings.ts"
export type {
  PolarClientSeed,
  PolarOrganizationSeed,
  PolarSeed,
  PolarTokenSeed,
  PolarUserSeed,
} from "./polar/seed.ts"
export type { PolarEmulator, PolarEmulatorOptions } from "./polar.ts"
export { startPolar } from "./polar.ts"
export type { VendorName } from "./vendor/profiles.ts"
export { entraTenant } from "./vendor/signing-vendors.ts"
export type { VendorEmulator, VendorEmulatorOptions } from "./vendor.ts"
export { startVendor } from "./vendor.ts"
