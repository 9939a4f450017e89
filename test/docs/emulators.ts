/** Starts the emulators for the examples. Each has the environment that `fromEnv` reads. */
import { startKinde, startOry, startPolar } from "@latchkey/testing"

export interface Started {
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

const redirectUri = "https://app.example/cb"

const ory = async (): Promise<Started> => {
  const client = {
    client_id: "demo",
    client_secret: "secret",
    client_name: "demo",
    grant_types: ["client_credentials", "refresh_token"],
    scope: "read",
  }
  const { publicUrl, adminUrl, close } = await startOry({ seed: { clients: [client] } })
  return {
    env: {
      LATCHKEY_PROVIDER: "ory",
      LATCHKEY_PUBLIC_URL: publicUrl,
      LATCHKEY_ADMIN_URL: adminUrl,
      LATCHKEY_INSECURE_ORIGINS: `${publicUrl},${adminUrl}`,
      LATCHKEY_CLIENT_ID: client.client_id,
      LATCHKEY_CLIENT_SECRET: client.client_secret,
      LATCHKEY_REDIRECT_URI: redirectUri,
    },
    close,
  }
}

const kinde = async (): Promise<Started> => {
  const management = { clientId: "0a1b2c3d4e5f60718293a4b5c6d7e8f0", clientSecret: "management secret" }
  const client = { id: "0a1b2c3d4e5f60718293a4b5c6d7e8f1", secret: "secret" }
  const api = "https://api.example"
  const { issuer, close } = await startKinde({
    seed: {
      applications: [
        { id: management.clientId, type: "m2m", secret: management.clientSecret, management: true },
        { ...client, type: "m2m", name: "demo", apis: { [api]: ["read"] } },
      ],
    },
  })
  return {
    env: {
      LATCHKEY_PROVIDER: "kinde",
      LATCHKEY_ISSUER: issuer,
      LATCHKEY_INSECURE_ORIGINS: issuer,
      LATCHKEY_CLIENT_ID: client.id,
      LATCHKEY_CLIENT_SECRET: client.secret,
      LATCHKEY_AUDIENCE: api,
      LATCHKEY_MANAGEMENT: JSON.stringify(management),
      LATCHKEY_REDIRECT_URI: redirectUri,
    },
    close,
  }
}

const polar = async (): Promise<Started> => {
  const client = { client_id: "polar_ci_demo", client_secret: "secret", redirect_uris: [redirectUri], scope: "openid" }
  const { apiUrl, authorizeUrl, close } = await startPolar({ seed: { clients: [client] } })
  return {
    env: {
      LATCHKEY_PROVIDER: "polar",
      LATCHKEY_API_URL: apiUrl,
      LATCHKEY_AUTHORIZE_URL: authorizeUrl,
      LATCHKEY_INSECURE_ORIGINS: `${apiUrl},${new URL(authorizeUrl).origin}`,
      LATCHKEY_CLIENT_ID: client.client_id,
      LATCHKEY_CLIENT_SECRET: client.client_secret,
      LATCHKEY_REDIRECT_URI: redirectUri,
    },
    close,
  }
}

/** The start functions of the emulators, by the name in an example's first line. */
export const emulators: Readonly<Record<string, () => Promise<Started>>> = { ory, kinde, polar }
