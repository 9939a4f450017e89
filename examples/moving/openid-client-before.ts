import * as client from "openid-client"

/** What the session keeps between the two requests of a login. */
interface Kept {
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

export const open = async (issuer: string, redirectUri: string) => {
  // `allowInsecureRequests` is for the test, which has no TLS.
  const options = { execute: [client.allowInsecureRequests] }
  const server = await client.discovery(new URL(issuer), "app", "secret", undefined, options)
  return {
    start: async () => {
      const kept = {
        verifier: client.randomPKCECodeVerifier(),
        state: client.randomState(),
        nonce: client.randomNonce(),
      }
      const url = client.buildAuthorizationUrl(server, {
        redirect_uri: redirectUri,
        scope: "openid offline_access",
        prompt: "consent",
        code_challenge: await client.calculatePKCECodeChallenge(kept.verifier),
        code_challenge_method: "S256",
        state: kept.state,
        nonce: kept.nonce,
      })
      return { url: url.href, kept }
    },
    finish: async (callback: string, { verifier, state, nonce }: Kept) => {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }
      const tokens = await client.authorizationCodeGrant(server, new URL(callback), checks)
      return { subject: tokens.claims()?.sub, refreshToken: tokens.refresh_token ?? "" }
    },
    refresh: async (refreshToken: string) => (await client.refreshTokenGrant(server, refreshToken)).access_token,
    isActive: async (token: string) => (await client.tokenIntrospection(server, token)).active,
    revoke: (token: string) => client.tokenRevocation(server, token),
  }
}
