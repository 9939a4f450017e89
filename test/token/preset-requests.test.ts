/** The requests of the definitions, as their vendors document them. No hosted vendor was called. */
import { auth0 } from "latchkey/auth0"
import { cognito } from "latchkey/cognito"
import { entra } from "latchkey/entra"
import { logto } from "latchkey/logto"
import { okta } from "latchkey/okta"
import { describe, expect, test } from "vitest"
import { names, opened } from "./definitions.ts"
import { documentedRequests } from "./documented-requests.ts"
import { requestsOf } from "./requests-of.ts"

describe("the requests of a definition", () => {
  test.each(names)("are those that %s documents", async (name) => {
    expect(await requestsOf(name, opened(name).server)).toEqual(documentedRequests[name])
  })

  test("leave out what a vendor cannot do", () => {
    expect(auth0.can).not.toContain("jwtBearer")
    expect(entra.can).not.toContain("revoke")
    for (const { can } of [cognito, entra, logto, okta]) expect(can).not.toContain("pollDevice")
  })
})
