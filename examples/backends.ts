/** The embedded emulators that the demo runs against: each gives a configuration and a user who signs in. */
import { type Config, createAuth } from "latchkey"
import { makeBrowser, startOidc, startOry } from "latchkey/emulator"
import { ory } from "latchkey/ory"
import { throughScreens } from "./login-screens.ts"
import type { SignIn } from "./program.ts"

export interface Backend {
  readonly vendor: string
  readonly config: Config
  readonly signIn: SignIn
  readonly close: () => Promise<void>
}

const redirectUri = "http://127.0.0.1:9/cb"
const alice = { subject: "alice", claims: { email: "alice@example.org", email_verified: true } }
const scope = "openid email offline_access read"
const credentials = { clientId: "demo", clientSecret: "demo secret" }

const registration = {
  client_id: credentials.clientId,
  client_secret: credentials.clientSecret,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  response_types: ["code"],
  scope,
}

const oryBackend = async (): Promise<Backend> => {
  const emulator = await startOry({ seed: { clients: [registration] } })
  const { publicUrl, adminUrl } = emulator
  const config = {
    provider: "ory",
    publicUrl,
    adminUrl,
    insecure: [publicUrl, adminUrl],
    redirectUri,
    ...credentials,
  } as const
  const { provider: _, ...same } = config
  const screens = createAuth(ory(same))
  return {
    vendor: "ory",
    config,
    signIn: (url) => throughScreens(screens.consent, makeBrowser(), url, publicUrl, alice),
    close: async () => {
      await screens.close()
      await emulator.close()
    },
  }
}

const oidcBackend = async (): Promise<Backend> => {
  const emulator = await startOidc({ clients: [registration], users: { alice: alice.claims } })
  const { issuer, close } = emulator
  return {
    vendor: "oidc",
    config: {
      provider: "oidc",
      issuer,
      insecure: [issuer],
      accessTokenMark: "token_type",
      redirectUri,
      scopes: ["openid", "email"],
      ...credentials,
    },
    signIn: (url) => makeBrowser().go(url, [issuer]),
    close,
  }
}

/** Starts every emulator. */
export const startBackends = (): Promise<ReadonlyArray<Backend>> => Promise.all([oryBackend(), oidcBackend()])
