/** Operations on a client's tokens and secret, by its administrator. */
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const clientTokens = ({ auth, authFor, sentence, service }: Suite): void => {
  sentence(
    ["clients.create", "clients.setLifespans", "clients.remove"],
    "a lifespan sets the lifetime of the client's tokens",
    async () => {
      const created = await auth().clients.create({
        grantTypes: ["client_credentials"],
        scopes: ["read"],
        secret: "lifespan-secret",
      })
      await auth().clients.setLifespans({
        client: created,
        lifespans: { client_credentials: { accessToken: "90 seconds" } },
      })
      const { expiresAt } = await authFor({
        clientId: created.clientId,
        clientSecret: "lifespan-secret",
      }).clientCredentials(service())
      expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 90_000)).toBeLessThan(5000)
      const reason = await reasonOf(
        auth().clients.setLifespans({ client: created, lifespans: { client_credentials: { idToken: "90 seconds" } } }),
      )
      expect(reason).toMatchObject({ _tag: "InvalidRequest", field: "lifespans.client_credentials.idToken" })
      await auth().clients.remove(created)
    },
  )

  sentence(
    ["clients.create", "clients.revokeTokens", "clients.remove", "introspect"],
    "revoking a client's tokens makes its access tokens inactive",
    async () => {
      const created = await auth().clients.create({
        grantTypes: ["client_credentials"],
        scopes: ["read"],
        secret: "revoking-secret",
      })
      const { accessToken } = await authFor({
        clientId: created.clientId,
        clientSecret: "revoking-secret",
      }).clientCredentials(service())
      expect(await auth().introspect(accessToken)).toMatchObject({ active: true })
      await auth().clients.revokeTokens(created)
      expect(await auth().introspect(accessToken)).toEqual({ active: false })
      await auth().clients.remove(created)
    },
  )

  sentence(
    ["clients.create", "clients.rotateSecret", "clients.remove"],
    "a rotated secret works, and only this result holds it",
    async () => {
      const created = await auth().clients.create({ grantTypes: ["client_credentials"], scopes: ["read"] })
      const { secret } = await auth().clients.rotateSecret(created)
      const before = created.secret === undefined ? "" : Redacted.value(created.secret)
      const after = secret === undefined ? "" : Redacted.value(secret)
      expect(after.length).toBeGreaterThan(5)
      expect(after).not.toBe(before)
      const clientAuth = authFor({ clientId: created.clientId, clientSecret: after })
      expect((await clientAuth.clientCredentials(service())).scopes).toEqual(service().scopes)
      expect((await auth().clients.get(created)).secret).toBeUndefined()
      expect(await reasonOf(auth().clients.rotateSecret("no-such-client"))).toEqual({ _tag: "NotFound" })
      await auth().clients.remove(created)
    },
  )
}
