/**
 * Identity vendors on loopback, for tests: wire-faithful, wrong behaviours included.
 *
 * @module
 */
export type { Browser, BrowserExchange } from "./browser.ts"
export { makeBrowser } from "./browser.ts"
export type { Fault, FaultRule, Faults } from "./faults.ts"
export { makeFaults } from "./faults.ts"
export type { Recorded } from "./http-server.ts"
export type { OidcEmulator, OidcEmulatorOptions } from "./oidc.ts"
export { refusingUser, startOidc } from "./oidc.ts"
export type { OrySeed } from "./ory/seed.ts"
export type { Lifespans, OryVersion } from "./ory/state.ts"
export type { OryEmulator, OryEmulatorOptions } from "./ory.ts"
export { startOry } from "./ory.ts"
