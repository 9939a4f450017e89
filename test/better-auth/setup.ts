/** A real Better Auth for a test file, with a provider for each of its clients; nothing if it is not installed. */
import { makeBrowser } from "@latchkey/testing"
import { createAuth } from "latchkey"
import { type BetterAuthConfig, betterAuth } from "latchkey/better-auth"
import { expect } from "vitest"
import { api, redirectUri, registration, secret, users } from "./backend.ts"
import { installedBetterAuth } from "./installed.ts"
import { type BetterAuthOptions, type RunningBetterAuth, startBetterAuth } from "./start.ts"

const installed = installedBetterAuth()

/** Why there is no Better Auth. The contract's file fails for the same reason where it is required. */
export const missing = "missing" in installed ? installed.missing : undefined

const clients = { app: registration, api: { ...registration, grant_types: ["client_credentials"] } }

/** Starts Better Auth with the clients `app` and `api`, both linked to one API. */
export const start = async (options: Partial<BetterAuthOptions> = {}): Promise<RunningBetterAuth> => {
  if ("missing" in installed) return expect.fail(installed.missing)
  const { provider, ...rest } = options
  return startBetterAuth(installed.module, {
    users,
    clients,
    resources: [api],
    provider: { generateClientSecret: () => secret, ...provider },
    ...rest,
  })
}

/** Opens a provider for a client of the server. */
export const open = (server: RunningBetterAuth, change: Partial<BetterAuthConfig> = {}, client = "app") =>
  createAuth(
    betterAuth({
      issuer: server.issuer,
      insecureOrigins: [server.origin],
      clientId: server.clients[client]?.client_id ?? "",
      clientSecret: secret,
      redirectUri,
      ...change,
    }),
  )

export type BetterAuthAuth = ReturnType<typeof open>

/** Logs the first user in. Returns the tokens. */
export const login = async (
  server: RunningBetterAuth,
  auth: BetterAuthAuth,
  request: Parameters<BetterAuthAuth["authorize"]>[0] = {},
) => {
  const { url, transaction } = await auth.authorize({ scopes: ["openid", "email", "read"], offline: true, ...request })
  return auth.exchange(await makeBrowser().go(url, [server.origin]), transaction)
}
