/** An emulator that the demo runs against, with a configuration and a user who logs in. */
import type { Faults } from "@latchkey/testing"
import type { Config, GrantRequest, NewClient } from "latchkey"
import type { SignIn } from "./program.ts"

/** What differs between vendors: the configuration. */
export interface Backend {
  readonly config: Config
  /** The request for a token of the service itself. */
  readonly service: GrantRequest
  /** A client to register. Some vendors require scopes, and some have none. */
  readonly client: NewClient
  readonly signIn: SignIn
  /** Whether the signature of a token answers, without a request to the vendor. */
  readonly isLocal?: true
  /** The faults to inject. */
  readonly faults: Faults
  readonly close: () => Promise<void>
}

/** The addresses of the application. */
export interface Addresses {
  readonly redirectUri: string
  /** Where the vendor sends the browser after a logout. */
  readonly home: string
  /** The address of the login, consent and logout pages for a vendor that has none. */
  readonly pages: string
}

export type StartBackend = (addresses: Addresses) => Promise<Backend>

/** The user who logs in. */
export const alice = { subject: "alice", claims: { email: "alice@example.org", email_verified: true } }
export const clientSecret = "demo secret"
/** The registration of the application, as in RFC 7591. */
export const registrationOf = ({ redirectUri, home }: Addresses) => ({
  client_id: "demo",
  client_secret: clientSecret,
  client_name: "Demo",
  redirect_uris: [redirectUri],
  post_logout_redirect_uris: [home],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  response_types: ["code"],
  scope: "openid email offline_access read",
})
/** What is the same for every vendor. */
export const common = { clientId: "demo", clientSecret, scopes: ["openid", "email"] }
export const shop = { name: "shop", redirectUris: ["https://shop.example/cb"] }
