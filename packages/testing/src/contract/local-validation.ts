/** Local validation of JWT access tokens, compared with introspection. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const localValidation = ({ authFor, options, sentence, service }: Suite): void => {
  const issue = async () => {
    const auth = authFor({ audience: "any" })
    const { accessToken } = await auth.clientCredentials(service())
    return { auth, accessToken }
  }

  if (options.accessTokens !== "jwt") {
    sentence(
      ["clientCredentials", "introspect"],
      "an access token without a signature is not validated locally",
      async () => {
        const { auth, accessToken } = await issue()
        const call = auth.introspect(accessToken, { freshness: "local" })
        expect((await reasonOf(call))._tag).toBe("UnsupportedOperation")
      },
    )
    return
  }

  sentence(
    ["clientCredentials", "introspect"],
    "local validation and introspection agree about an access token",
    async () => {
      const { auth, accessToken } = await issue()
      const local = await auth.introspect(accessToken, { freshness: "local" })
      const both = await auth.introspect(accessToken, { freshness: "live" })
      if (!local.active || !both.active) return expect.fail(`local ${local.active}, both ${both.active}`)
      expect(local.source).toEqual({ local: expect.any(Date), stale: false })
      expect(both.source).toEqual({ local: expect.any(Date), live: expect.any(Date), stale: false })
      expect(local.scopes).toEqual(service().scopes)
      for (const member of ["clientId", "subject", "subjectType", "issuer", "scopes", "audience", "use"] as const)
        expect(both[member], member).toEqual(local[member])
    },
  )

  sentence(
    ["clientCredentials", "introspect", "revoke"],
    "a revoked access token is inactive at the vendor, and valid by its signature",
    async () => {
      const { auth, accessToken } = await issue()
      await auth.revoke(accessToken)
      expect(await auth.introspect(accessToken, { freshness: "live" })).toEqual({ active: false })
      expect(await auth.introspect(accessToken, { freshness: "local" })).toMatchObject({ active: true })
    },
  )

  sentence(
    ["clientCredentials", "introspect"],
    "an access token for another audience is inactive, with and without introspection",
    async () => {
      const { accessToken } = await issue()
      const otherAudience = authFor({ audience: ["https://elsewhere.example"] })
      for (const freshness of ["local", "live"] as const)
        expect(await otherAudience.introspect(accessToken, { freshness })).toEqual({ active: false })
    },
  )
}
