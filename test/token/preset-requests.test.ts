/** The requests of the definitions, as their vendors document them. No hosted vendor was called. */
import { auth0 } from "latchkey/auth0"
import { betterAuth } from "latchkey/better-auth"
import { cognito } from "latchkey/cognito"
import { entra } from "latchkey/entra"
import { keycloak } from "latchkey/keycloak"
import { logto } from "latchkey/logto"
import { okta } from "latchkey/okta"
import { zitadel } from "latchkey/zitadel"
import { describe, expect, test } from "vitest"
import { names, opened } from "./definitions.ts"
import { documentedRequests } from "./documented-requests.ts"
import { requestsOf } from "./requests-of.ts"

describe("the requests of a definition", () => {
  test.each(names)("are those that %s documents", async (name) => {
    expect(await requestsOf(name, opened(name).server)).toEqual(documentedRequests[name])
  })

  const adapters = [auth0, betterAuth, cognito, entra, keycloak, logto, okta, zitadel]
  const operations = adapters.map(({ id, can }): readonly [string, ReadonlyArray<string>] => [id, can])

  test.each(operations)("are those of a login at %s", (_, can) => {
    const login = ["authorize", "exchange", "refresh", "clientCredentials", "introspect", "userInfo"]
    expect(can).toEqual(expect.arrayContaining([...login, "metadata.discover", "metadata.keys", "session.end"]))
  })

  test("leave out what a vendor cannot do", () => {
    expect(auth0.can).not.toContain("jwtBearer")
    expect(entra.can).not.toContain("revoke")
    for (const { can } of [cognito, entra, logto, okta]) expect(can).not.toContain("pollDevice")
  })
})
