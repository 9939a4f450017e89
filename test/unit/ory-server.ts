import * as Effect from "effect/Effect"
import { type OrySelfHostedConfig, ory } from "latchkey/ory"
import { type Step, scripted } from "./scripted-transport.ts"

/** The configuration of a self-hosted Ory. */
const configuration = {
  publicUrl: "https://id.example",
  adminUrl: "https://admin.example",
  clientId: "app",
  clientSecret: "a secret of ours",
}

/** Opens a provider for this server over a scripted transport. */
export const open = (script: ReadonlyArray<Step> = [], changes: Partial<OrySelfHostedConfig> = {}) => {
  const transport = scripted(...script)
  const auth = Effect.runSync(Effect.scoped(ory({ ...configuration, ...changes }, { transport })))
  return { auth, transport }
}

/** A client record as the server sends it. */
export const clientOnTheWire = (changes: Readonly<Record<string, unknown>> = {}) => ({
  client_id: "c1",
  client_name: "",
  redirect_uris: null,
  grant_types: ["authorization_code"],
  response_types: ["code"],
  scope: "openid",
  audience: [],
  jwks: {},
  metadata: {},
  token_endpoint_auth_method: "client_secret_basic",
  created_at: "2026-01-02T03:04:05Z",
  updated_at: "0001-01-01T00:00:00Z",
  ...changes,
})
