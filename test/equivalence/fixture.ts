/** The data that every vendor is seeded with: a user, clients, scopes, and the lifetime of tokens. */
export const user = { id: "3f0c6a52-8a0e-4d0e-9a52-0f6f2b0a7c11", email: "alice@example.org" }

export const redirectUri = "http://127.0.0.1:9/cb"

export const client = { id: "0a1b2c3d4e5f60718293a4b5c6d7e8f1", secret: "s-3cr3t~" }

/** Another client of the same server. */
export const otherClient = { id: "0a1b2c3d4e5f60718293a4b5c6d7e8f2", secret: "str-ng3r~" }

export const grantTypes = ["authorization_code", "refresh_token"]

export const scopes = ["openid", "email"]

/** The lifetime of an access token in seconds. */
export const lifetime = 3600

/** A client to register. */
export const record = {
  name: "store",
  redirectUris: ["https://store.example/cb"],
  grantTypes,
  responseTypes: ["code"],
  tokenEndpointAuthMethod: "client_secret_post",
} as const
