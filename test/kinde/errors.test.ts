import type { KindeEmulator } from "@latchkey/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { errors } from "../../src/adapters/kinde/errors.ts"
import { rows, type TestedOperation } from "./error-responses.ts"
import { type KindeAuth, open, reasonOf, secondsOf, startTenant } from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
beforeAll(async () => {
  emulator = await startTenant()
  auth = open(emulator)
  // Fetches the management token now, so that a fault hits the call under test.
  for await (const _ of auth.clients.list()) break
})
afterEach(() => emulator.faults.clear())
afterAll(async () => {
  await auth.close()
  await emulator.close()
})

const id = "0a1b2c3d4e5f60718293a4b5c6d7e8f1"
const calls: Readonly<Record<TestedOperation, readonly [path: string, call: () => Promise<unknown>]>> = {
  clientCredentials: ["/oauth2/token", () => auth.clientCredentials()],
  refresh: ["/oauth2/token", () => auth.refresh("refresh-token")],
  introspect: ["/oauth2/introspect", () => auth.introspect("opaque")],
  revoke: ["/oauth2/revoke", () => auth.revoke("opaque")],
  userInfo: ["/oauth2/v2/user_profile", () => auth.userInfo("token")],
  "clients.get": [`/api/v1/applications/${id}`, () => auth.clients.get(id)],
  "clients.create": ["/api/v1/applications", () => auth.clients.create({ name: "New" })],
  "connectedApps.authUrl": [
    "/api/v1/connected_apps/auth_url",
    () => auth.connectedApps.authUrl({ app: "calendar", userId: "kp_1" }),
  ],
  "connectedApps.token": ["/api/v1/connected_apps/token", () => auth.connectedApps.token("session")],
  "connectedApps.revoke": ["/api/v1/connected_apps/revoke", () => auth.connectedApps.revoke("session")],
}

const cases = rows.flatMap(({ means, ...row }) =>
  Object.entries(means).map(([operation, tag]) => ({
    ...row,
    operation: operation as TestedOperation,
    tag: tag ?? "success",
  })),
)

describe("an error response of Kinde", () => {
  it.each(cases)("means $tag to $operation: $status, $name", async ({ operation, tag, ...response }) => {
    const { status, body = "", headers = {} } = response
    const type = response.type ?? (typeof body === "object" ? "application/json; charset=utf-8" : undefined)
    const [path, call] = calls[operation]
    emulator.faults.add({
      path,
      // A request that is rejected for its management token is repeated once.
      times: 2,
      fault: {
        kind: "status",
        status,
        headers: { ...headers, ...(type !== undefined && { "content-type": type }) },
        body: typeof body === "string" ? body : JSON.stringify(body),
      },
    })
    if (tag === "success") return expect(await call()).toBeUndefined()
    const reason = await reasonOf(call())
    expect(reason._tag).toBe(tag)
    if (tag === "RateLimited") expect(secondsOf(reason)).toBe(30)
    if (tag === "UnexpectedResponse" || tag === "Unavailable") expect(reason).toMatchObject({ status })
    expect(JSON.stringify(reason)).not.toContain("opaque")
  })

  it("is tested for every row of the adapter's table", () => {
    const text = JSON.stringify(rows)
    for (const row of errors) {
      if (row.code !== undefined && row.code === row.code.toUpperCase()) expect(text).toContain(row.code)
      if (row.operations !== undefined) expect(row.operations.some((operation) => operation in calls)).toBe(true)
    }
  })

  it("gives its code to the reason", async () => {
    emulator.faults.add({
      path: "/oauth2/token",
      fault: {
        kind: "status",
        status: 403,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          error: "invalid_scope",
          error_description: "not allowed to request scope 'read:widgets'",
        }),
      },
    })
    expect(await reasonOf(auth.clientCredentials())).toMatchObject({ _tag: "InvalidRequest", code: "invalid_scope" })
  })
})
