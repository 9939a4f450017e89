const hour = 3600

/** Gives Hydra's introspection response for a token that is valid for an hour. */
export const activeClaims = (issuer: string) => {
  const now = Math.floor(Date.now() / 1000)
  return {
    active: true,
    scope: "openid offline profile",
    client_id: "4d4c1b3f-2b40-4f57-9d0c-3f3b3f2f3f10",
    sub: "0a6ef4c2-6f0e-44c5-9f6e-7f2f5f0d1c55",
    exp: now + hour,
    iat: now,
    nbf: now,
    aud: [],
    iss: issuer,
    token_type: "Bearer",
    token_use: "access_token",
    ext: { tenant: "acme", roles: ["reader"] },
  }
}
