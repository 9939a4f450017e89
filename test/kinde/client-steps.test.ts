import type { Fault, KindeEmulator } from "@latchkey/testing"
import * as Effect from "effect/Effect"
import type { Client } from "latchkey"
import type { Transport } from "latchkey/effect"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { countOf, type KindeAuth, open, reasonOf, startTenant } from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
let client: Client
beforeEach(async () => {
  emulator = await startTenant()
  auth = open(emulator)
  client = await auth.clients.create({ name: "Before", ...before })
})
afterEach(async () => {
  await auth.close()
  await emulator.close()
})

const before = { redirectUris: ["https://a.example/cb"], postLogoutRedirectUris: ["https://a.example/out"] }
const after = { redirectUris: ["https://b.example/cb"], postLogoutRedirectUris: ["https://b.example/out"] }
const settings = { login_uri: "https://b.example/login", is_ask_for_name: false }

/** The requests that create one client, by sub-resource. */
const steps = [
  { step: "fields", method: "PATCH", path: /\/applications\/[^/]+$/ },
  { step: "redirect URLs", method: "PUT", path: /\/auth_redirect_urls$/ },
  { step: "logout URLs", method: "PUT", path: /\/auth_logout_urls$/ },
]
const faults: ReadonlyArray<Fault> = [
  { kind: "status", status: 503 },
  { kind: "reset" },
  { kind: "status", status: 429, headers: { "ratelimit-reset": "1" } },
  {
    kind: "status",
    status: 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ errors: [{ code: "INVALID", message: "no" }] }),
  },
]
const tags = ["Unavailable", "Unavailable", "RateLimited", "InvalidRequest"]
const cases = steps.flatMap((step) => faults.map((fault, index) => ({ ...step, fault, tag: tags[index] })))

const names = async () => (await Array.fromAsync(auth.clients.list())).map(({ name }) => name)
const change = {
  patch: (client: Client) => auth.clients.patch({ client, changes: { name: "After", ...after, extra: settings } }),
  replace: (client: Client) => auth.clients.replace({ client, record: { name: "After", ...after, extra: settings } }),
} as const

/** A transport that loses the response to some requests after Kinde has handled them. */
const losingResponses =
  (match: { method: string; path: RegExp; times: number }) =>
  (standard: Transport): Transport => ({
    send: (request) =>
      Effect.flatMap(standard.send(request), (response) => {
        if (request.method !== match.method || !match.path.test(request.url) || match.times === 0)
          return Effect.succeed(response)
        match.times -= 1
        return Effect.fail({ _tag: "Unavailable", detail: "connection reset" } as const)
      }),
  })

describe("creating a client at Kinde", () => {
  it.each(cases)(
    "leaves no client behind when the request for $step fails with $tag",
    async ({ method, path, fault, tag }) => {
      emulator.faults.add({ method, path, fault })
      expect((await reasonOf(auth.clients.create({ name: "Other", ...after, extra: settings })))._tag).toBe(tag)
      expect(await names()).not.toContain("Other")
    },
  )

  it.each(steps)(
    "names the client that remains when its removal fails after the request for $step failed",
    async (step) => {
      emulator.faults.add({ ...step, fault: { kind: "status", status: 503 } })
      emulator.faults.add({ method: "DELETE", fault: { kind: "status", status: 503 } })
      const reason = await reasonOf(auth.clients.create({ name: "Other", ...after, extra: settings }))
      const remaining = (await Array.fromAsync(auth.clients.list())).find(({ name }) => name === "Other")
      expect(reason).toMatchObject({
        _tag: "UnexpectedResponse",
        detail: expect.stringContaining(remaining?.clientId ?? "?"),
      })
    },
  )

  it("is undone with one DELETE, without restoring URLs", async () => {
    const puts = countOf(emulator, /auth_/, "PUT")
    emulator.faults.add({ ...steps[2], fault: { kind: "status", status: 503 } })
    await reasonOf(auth.clients.create({ name: "Other", ...after }))
    expect(countOf(emulator, /auth_/, "PUT") - puts).toBe(2)
    expect(countOf(emulator, /\/applications\//, "DELETE")).toBe(1)
  })

  it("sends no DELETE when its first request fails", async () => {
    emulator.faults.add({ method: "POST", path: "/api/v1/applications", fault: { kind: "status", status: 503 } })
    expect((await reasonOf(auth.clients.create({ name: "Other", ...after })))._tag).toBe("Unavailable")
    expect(countOf(emulator, /applications/, "DELETE")).toBe(0)
    expect(await names()).not.toContain("Other")
  })

  it("is never left half done by an abort", async () => {
    emulator.faults.add({ ...steps[1], fault: { kind: "latency", ms: 30 } })
    const controller = new AbortController()
    const call = auth.clients.create({ name: "Other", ...after }, { signal: controller.signal })
    while (countOf(emulator, "/api/v1/applications", "POST") < 2) await new Promise(setImmediate)
    controller.abort(new Error("gave up"))
    await call.catch(() => undefined)
    const other = (await Array.fromAsync(auth.clients.list())).find(({ name }) => name === "Other")
    if (other !== undefined) expect(await auth.clients.get(other.clientId)).toMatchObject(after)
  })
})

describe.each(["patch", "replace"] as const)("%s of a client at Kinde", (operation) => {
  it("applies every change", async () => {
    expect(await change[operation](client)).toMatchObject({ name: "After", ...after, raw: settings })
  })

  it.each(cases)("changes nothing when the request for $step fails with $tag", async ({ method, path, fault, tag }) => {
    const previous = await auth.clients.get(client)
    emulator.faults.add({ method, path, fault })
    expect((await reasonOf(change[operation](client)))._tag).toBe(tag)
    expect(await auth.clients.get(client)).toEqual(previous)
  })

  it.each(steps)("changes nothing when the response for $step is lost", async ({ method, path }) => {
    const previous = await auth.clients.get(client)
    await using lossy = open(emulator, {}, { transport: losingResponses({ method, path, times: 1 }) })
    const record = { name: "After", ...after, extra: settings }
    const call =
      operation === "patch"
        ? lossy.clients.patch({ client, changes: record })
        : lossy.clients.replace({ client, record })
    expect((await reasonOf(call))._tag).toBe("Unavailable")
    expect(await auth.clients.get(client)).toEqual(previous)
  })

  it("names the members that stay changed when the rollback fails", async () => {
    const fault = { kind: "status", status: 503 } as const
    emulator.faults.add({ ...steps[2], fault })
    emulator.faults.add({ ...steps[1], skip: 1, fault })
    const reason = await reasonOf(change[operation](client))
    const { name, redirectUris, postLogoutRedirectUris } = await auth.clients.get(client)
    expect({ name, redirectUris, postLogoutRedirectUris }).toEqual({
      name: "Before",
      ...before,
      redirectUris: after.redirectUris,
    })
    const detail = reason._tag === "UnexpectedResponse" ? reason.detail : ""
    expect(detail).toContain("postLogoutRedirectUris failed")
    expect(detail.split("these remain:")[1]).toBe(" redirectUris")
  })

  it("is InvalidRequest when Kinde answers success without making the change", async () => {
    emulator.faults.add({ ...steps[2], fault: { kind: "status", status: 200 } })
    expect(await reasonOf(change[operation](client))).toMatchObject({
      _tag: "InvalidRequest",
      field: "postLogoutRedirectUris",
    })
  })
})

describe("a write-only setting of Kinde", () => {
  it("is named among the members that stay changed, and the others are restored", async () => {
    emulator.faults.add({ ...steps[1], fault: { kind: "status", status: 503 } })
    const changes = { name: "After", ...after, extra: { language_key: "de" } }
    const reason = await reasonOf(auth.clients.patch({ client, changes }))
    expect((await auth.clients.get(client)).name).toBe("Before")
    const detail = reason._tag === "UnexpectedResponse" ? reason.detail : ""
    expect(detail.split("these remain:")[1]).toBe(" extra.language_key")
  })
})
