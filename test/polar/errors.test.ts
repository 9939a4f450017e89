import type { Client, NewClient, Operation } from "latchkey"
import type { PolarEmulator } from "@latchkey/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { errors } from "../../src/adapters/polar/errors.ts"
import { logIn, open, type PolarAuth, reasonOf, secondsOf, start, visit } from "./account.ts"
import { rows } from "./error-answers.ts"
import type { Row } from "./error-row.ts"

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
const own = () => `${register}/${client.clientId}`

type Asked = readonly [method: string, path: () => string, call: () => Promise<unknown>]

const calls: Readonly<Partial<Record<Operation, Asked>>> = {
  exchange: [
    "POST",
    () => "/v1/oauth2/token",
    async () => {
      const { back, transaction } = await visit(auth, emulator)
      return auth.exchange(back, transaction)
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
  "clients.get": ["GET", own, () => auth.clients.get(client)],
  "clients.replace": ["PUT", own, () => auth.clients.replace({ client, record })],
  "clients.patch": ["PUT", own, () => auth.clients.patch({ client, changes: { name: "Other" } })],
  "clients.remove": ["DELETE", own, () => auth.clients.remove(client)],
  "registration.register": ["POST", () => register, () => auth.registration.register(record)],
  "registration.read": ["GET", own, () => auth.registration.read(client)],
  "registration.update": ["PUT", own, () => auth.registration.update({ client, record })],
  "registration.remove": ["DELETE", own, () => auth.registration.remove(client)],
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

const plan = (method: string, path: string, { status, headers = {}, body = "" }: Omit<Row, "means">) =>
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

describe("what Polar answers when it refuses", () => {
  it.each(cases)("$title, is to $operation: $expected._tag", async ({ row, operation, expected }) => {
    const [method, path, call] = calls[operation as Operation] ?? expect.fail(`nobody calls ${operation}`)
    plan(method, path(), row)
    const reason = await reasonOf(call())
    expect(reason).toMatchObject(expected)
    if (expected._tag === "RateLimited") expect(secondsOf(reason)).toBe(60)
    // A CamelCase name is no code of OAuth's.
    if ("code" in reason) expect(reason.code).toMatch(/^[a-z_]+$/)
    expect(JSON.stringify(reason)).not.toContain("hushhush")
  })

  it("is tried at every operation, and in every row of the adapter's own table", () => {
    expect(new Set(cases.map(({ operation }) => operation))).toEqual(new Set(Object.keys(calls)))
    const sent = JSON.stringify(rows)
    for (const { code, operations } of errors) {
      if (code !== undefined) expect(sent).toContain(`"error":"${code}"`)
      for (const operation of operations ?? []) expect(Object.keys(calls)).toContain(operation)
    }
  })

  it("needs a fault each time: without one the same calls go well", async () => {
    await logIn(auth, emulator)
    expect((await auth.clients.get(client)).name).toBe("Mine")
    expect(await auth.introspect("polar_at_u_hushhush")).toEqual({ active: false })
  })
})
