/** Dynamic registration on a real Keycloak, with the generic adapter: the token of one client and the record of another. */
import { type AuthError, type Client, createAuth } from "latchkey"
import { oidc } from "latchkey/oidc"
import { describe, expect, inject, it } from "vitest"
import { policiesOff } from "../policies-off.ts"
import { realmAdmin } from "./admin.ts"
import { manager } from "./realm.ts"

const running = inject("keycloak")
const { url, realm } = running ?? { url: "http://127.0.0.1", realm: "" }
const admin = realmAdmin(url, realm, manager)
const record = { name: "self", redirectUris: ["https://app.example/cb"], grantTypes: ["authorization_code"] } as const

const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "success",
    ({ reason }: AuthError) => reason._tag,
  )

describe.skipIf(running === undefined)("a client that registered at a real Keycloak", () => {
  it("is managed by its own registration token, and by no other client's", async () => {
    const { token } = (await admin("POST", "/clients-initial-access", { count: 2, expiration: 600 })) as {
      token: string
    }
    const issuer = `${url}/realms/${realm}`
    const insecureOrigins = url.startsWith("http:") ? [new URL(url).origin] : []
    await using auth = createAuth(
      oidc({ ...policiesOff, issuer, insecureOrigins, ...manager, initialAccessToken: token }),
    )
    const [mine, other] = [await auth.registration.register(record), await auth.registration.register(record)]
    const [own, foreign] = [mine.registration, other.registration]
    if (own === undefined || foreign === undefined) return expect.unreachable("there is no registration token")
    for (const registration of [foreign, { ...own, token: foreign.token }, { ...foreign, token: own.token }]) {
      const client: Client = { ...mine, registration }
      expect(await outcome(auth.registration.read(client))).toBe("InvalidToken")
      const change = auth.registration.update({ client, record: { ...record, name: "changed" } })
      expect(await outcome(change)).toBe("InvalidToken")
      expect(await outcome(auth.registration.remove(client))).toBe("InvalidToken")
    }
    for (const client of [mine, other]) {
      expect(await auth.registration.read(client)).toMatchObject({ clientId: client.clientId, name: "self" })
      await auth.registration.remove(client)
    }
  })
})
