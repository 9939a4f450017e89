import type { PolarEmulator } from "@latchkey/testing"
import type { Client, NewClient, Operation } from "latchkey"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { errors } from "../../src/adapters/polar/errors.ts"
import { rows } from "./error-responses.ts"
import type { Row } from "./error-row.ts"
import { logIn, open, type PolarAuth, reasonOf, secondsOf, start, visit } from "./setup.ts"

const record = { name: "Mine", redirectUris: ["https://app.example/cb"], scopes: ["openid"] } satisfies NewClient

let emulator: PolarEmulator
let auth: PolarAuth
let client: Client
beforeAll(async () => {
  emulator = await start()
  auth = open(emulator)
  client = await auth.clients.create(record)
})
afterAll(async () => {
  await auth.close()
  await emulator.close()
})

const register = "/v1/oauth2/register"
const clientPath = () => `${register}/${client.clientId}`

type TestedCall = readonly [method: string, path: () => string, call: () => Promise<unknown>]

const calls: Readonly<Partial<Record<Operation, TestedCall>>> = {
  exchange: [
    "POST",
    () => "/v1/oauth2/token",
    async () => {
      const { callback, transaction } = await visit(auth, emulator)
      return auth.exchange(callback, transaction)
    },
  ],
  refresh: ["POST", () => "/v1/oauth2/token", () => auth.refresh("polar_rt_u_hushhush")],
  introspect: [
    "POST",
    () => "/v1/oauth2/introspect",
    () => auth.introspect("polar_at_u_hushhush", { freshness: "live" }),
  ],
  revoke: ["POST", () => "/v1/oauth2/revoke", () => auth.revoke("polar_at_u_hushhush")],
  userInfo: ["GET", () => "/v1/oauth2/userinfo", () => auth.userInfo("polar_at_u_hushhush")],
  "clients.create": ["POST", () => register, () => auth.clients.create(record)],
  "clients.get": ["GET", clientPath, () => auth.clients.get(client)],
  "clients.replace": ["PUT", clientPath, () => auth.clients.replace({ client, record })],
  "clients.patch": ["PUT", clientPath, () => auth.clients.patch({ client, changes: { name: "Other" } })],
  "clients.remove": ["DELETE", clientPath, () => auth.clients.remove(client)],
  "registration.register": ["POST", () => register, () => auth.registration.register(record)],
  "registration.read": ["GET", clientPath, () => auth.registration.read(client)],
  "registration.update": ["PUT", clientPath, () => auth.registration.update({ client, record })],
  "registration.remove": ["DELETE", clientPath, () => auth.registration.remove(client)],
  "metadata.discover": ["GET", () => "/.well-known/openid-configuration", () => auth.metadata.discover()],
  "metadata.keys": ["GET", () => "/.well-known/jwks.json", () => auth.metadata.keys()],
}

const cases = rows.flatMap(({ means, ...row }) =>
  Object.entries(means).map(([operation, expected]) => ({
    row,
    operation,
    expected,
    title: `${row.status} ${row.name}`,
  })),
)

const respondNextWith = (method: string, path: string, { status, headers = {}, body = "" }: Omit<Row, "means">) =>
  emulator.faults.add({
    method,
    path,
    fault: {
      kind: "status",
      status,
      headers: { ...(typeof body === "object" && { "content-type": "application/json" }), ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    },
  })

describe("an error response of Polar", () => {
  it.each(cases)("means $expected._tag to $operation: $title", async ({ row, operation, expected }) => {
    const [method, path, call] = calls[operation as Operation] ?? expect.fail(`there is no call for ${operation}`)
    respondNextWith(method, path(), row)
    const reason = await reasonOf(call())
    expect(reason).toMatchObject(expected)
    if (expected._tag === "RateLimited") expect(secondsOf(reason)).toBe(60)
    // A CamelCase name is not an OAuth error code.
    if ("code" in reason) expect(reason.code).toMatch(/^[a-z_]+$/)
    expect(JSON.stringify(reason)).not.toContain("hushhush")
  })

  it("is tested for every operation and every row of the adapter's table", () => {
    expect(new Set(cases.map(({ operation }) => operation))).toEqual(new Set(Object.keys(calls)))
    const sent = JSON.stringify(rows)
    for (const { code, operations } of errors) {
      if (code !== undefined) expect(sent).toContain(`"error":"${code}"`)
      for (const operation of operations ?? []) expect(Object.keys(calls)).toContain(operation)
    }
  })

  it("is absent without a fault: the same calls succeed", async () => {
    await logIn(auth, emulator)
    expect((await auth.clients.get(client)).name).toBe("Mine")
    expect(await auth.introspect("polar_at_u_hushhush")).toEqual({ active: false })
  })
})
