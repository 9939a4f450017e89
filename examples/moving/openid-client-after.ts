import { createAuth, type Transaction } from "latchkey"

export const open = async (issuer: string, redirectUri: string) => {
  const auth = createAuth({
    provider: "oidc",
    issuer,
    clientId: "app",
    clientSecret: "secret",
    redirectUri,
    // In the introspection responses of this server only access tokens have `token_type`.
    token: {
      kind: [
        { name: "token_type", use: "access_token" },
        { name: "token_type", absent: true, use: "refresh_token" },
      ],
    },
    // For the test, which has no TLS.
    insecureOrigins: [issuer],
  })
  return {
    start: async () => {
      const { url, transaction } = await auth.authorize({ scopes: ["openid"], offline: true })
      return { url, kept: transaction }
    },
    finish: async (callback: string, kept: Transaction) => {
      const { idClaims, refreshToken = "" } = await auth.exchange(callback, kept)
      return { subject: idClaims?.sub, refreshToken }
    },
    refresh: async (refreshToken: string) => (await auth.refresh(refreshToken)).accessToken,
    isActive: async (token: string) => (await auth.introspect(token)).active,
    revoke: (token: string) => auth.revoke(token),
  }
}
