/** A vendor at whose pages a person logs in to the example. */
import type { Faults } from "@latchkey/testing"
import type { Person } from "../person.ts"

/** The addresses of the application. */
export interface AppAddress {
  readonly redirectUri: string
  /** Where the vendor sends the browser after a logout. */
  readonly home: string
}

export interface LoginVendor extends AsyncDisposable {
  /** The configuration: the only place that names the vendor. */
  readonly env: Readonly<Record<string, string>>
  /** The faults to inject, at an emulator that has some. */
  readonly faults?: Faults
  /** How the account page names the user. */
  readonly user: string
  /** Goes through the vendor's pages. `again`: the same browser has logged in before. */
  readonly allow: (person: Person, again?: boolean) => Promise<void>
  readonly deny: (person: Person) => Promise<void>
  /** Goes through the pages of the vendor's logout. */
  readonly leave: (person: Person) => Promise<void>
}

export type StartLoginVendor = (app: AppAddress) => Promise<LoginVendor>

/** The variables of every vendor. `singleFlight` is off so that only the example keeps refreshes apart. */
export const variables = (provider: string, origins: ReadonlyArray<string>): Readonly<Record<string, string>> => ({
  LATCHKEY_PROVIDER: provider,
  LATCHKEY_CLIENT_ID: "shop",
  LATCHKEY_CLIENT_SECRET: "secret",
  LATCHKEY_SCOPES: "openid email",
  LATCHKEY_INSECURE_ORIGINS: origins.join(),
  LATCHKEY_SINGLE_FLIGHT: "false",
  LATCHKEY_RETRY: "false",
  LATCHKEY_CIRCUIT_BREAKER: "false",
})
