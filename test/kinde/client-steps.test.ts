import * as Effect from "effect/Effect"
import type { Client } from "latchkey"
import type { Transport } from "latchkey/effect"
import type { Fault, KindeEmulator } from "@latchkey/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { countOf, type KindeAuth, open, reasonOf, startTenant } from "./tenant.ts"

let emulator: KindeEmulator
let auth: KindeAuth
let made: Client
beforeEach(async () => {
  emulator = await startTenant()
  auth = open(emulator)
  made = await auth.clients.create({ name: "Before", ...before })
})
afterEach(async () => {
  await auth.close()
  await emulator.close()
})

const before = { redirectUris: ["https://a.example/cb"], postLogoutRedirectUris: ["https://a.example/out"] }
const after = { redirectUris: ["https://b.example/cb"], postLogoutRedirectUris: ["https://b.example/out"] }
const settings = { login_uri: "https://b.example/login", is_ask_for_name: false }

/** The calls of which one client is made, and the sub-resources they go to. */
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

/** A door at which the answer to some requests is lost after the vendor has done what it was asked. */
const losing =
  (lost: { method: string; path: RegExp; times: number }) =>
  (standard: Transport): Transport => ({
    send: (request) =>
      Effect.flatMap(standard.send(request), (answer) => {
        if (request.method !== lost.method || !lost.path.test(request.url) || lost.times === 0)
          return Effect.succeed(answer)
        lost.times -= 1
        return Effect.fail({ _tag: "Unavailable", detail: "connection reset" } as const)
      }),
  })

describe("making a client at Kinde", () => {
  it.each(cases)("leaves nothing when the call for $step fails with $tag", async ({ method, path, fault, tag }) => {
    emulator.faults.add({ method, path, fault })
    expect((await reasonOf(auth.clients.create({ name: "Other", ...after, extra: settings })))._tag).toBe(tag)
    expect(await names()).not.toContain("Other")
  })

  it.each(steps)("says that it stands when it could not be removed after the call for $step failed", async (step) => {
    emulator.faults.add({ ...step, fault: { kind: "status", status: 503 } })
    emulator.faults.add({ method: "DELETE", fault: { kind: "status", status: 503 } })
    const reason = await reasonOf(auth.clients.create({ name: "Other", ...after, extra: settings }))
    const standing = (await Array.fromAsync(auth.clients.list())).find(({ name }) => name === "Other")
    expect(reason).toMatchObject({
      _tag: "UnexpectedResponse",
      detail: expect.stringContaining(standing?.clientId ?? "?"),
    })
  })

  it("takes everything back with one call: what is removed has no URLs to put back", async () => {
    const puts = countOf(emulator, /auth_/, "PUT")
    emulator.faults.add({ ...steps[2], fault: { kind: "status", status: 503 } })
    await reasonOf(auth.clients.create({ name: "Other", ...after }))
    expect(countOf(emulator, /auth_/, "PUT") - puts).toBe(2)
    expect(countOf(emulator, /\/applications\//, "DELETE")).toBe(1)
  })

  it("leaves nothing when its first call fails, and takes nothing back", async () => {
    emulator.faults.add({ method: "POST", path: "/api/v1/applications", fault: { kind: "status", status: 503 } })
    expect((await reasonOf(auth.clients.create({ name: "Other", ...after })))._tag).toBe("Unavailable")
    expect(countOf(emulator, /applications/, "DELETE")).toBe(0)
    expect(await names()).not.toContain("Other")
  })

  it("is not given up halfway", async () => {
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

describe.each(["patch", "replace"] as const)("%s of a client at Kinde", (how) => {
  it("changes everything", async () => {
    expect(await change[how](made)).toMatchObject({ name: "After", ...after, raw: settings })
  })

  it.each(cases)("changes nothing when the call for $step fails with $tag", async ({ method, path, fault, tag }) => {
    const was = await auth.clients.get(made)
    emulator.faults.add({ method, path, fault })
    expect((await reasonOf(change[how](made)))._tag).toBe(tag)
    expect(await auth.clients.get(made)).toEqual(was)
  })

  it.each(steps)("changes nothing when the answer for $step is lost", async ({ method, path }) => {
    const was = await auth.clients.get(made)
    await using unlucky = open(emulator, {}, { transport: losing({ method, path, times: 1 }) })
    const record = { name: "After", ...after, extra: settings }
    const call =
      how === "patch"
        ? unlucky.clients.patch({ client: made, changes: record })
        : unlucky.clients.replace({ client: made, record })
    expect((await reasonOf(call))._tag).toBe("Unavailable")
    expect(await auth.clients.get(made)).toEqual(was)
  })

  it("says exactly what stands when it cannot take it back", async () => {
    const fault = { kind: "status", status: 503 } as const
    emulator.faults.add({ ...steps[2], fault })
    emulator.faults.add({ ...steps[1], skip: 1, fault })
    const reason = await reasonOf(change[how](made))
    const { name, redirectUris, postLogoutRedirectUris } = await auth.clients.get(made)
    expect({ name, redirectUris, postLogoutRedirectUris }).toEqual({
      name: "Before",
      ...before,
      redirectUris: after.redirectUris,
    })
    const detail = reason._tag === "UnexpectedResponse" ? reason.detail : ""
    expect(detail).toContain("postLogoutRedirectUris failed")
    expect(detail.split("stands:")[1]).toBe(" redirectUris")
  })

  it("reports what the vendor said it did and did not do", async () => {
    emulator.faults.add({ ...steps[2], fault: { kind: "status", status: 200 } })
    expect(await reasonOf(change[how](made))).toMatchObject({
      _tag: "InvalidRequest",
      field: "postLogoutRedirectUris",
    })
  })
})

describe("a setting of Kinde's that no call shows", () => {
  it("is named among what stands, and what can be taken back is", async () => {
    emulator.faults.add({ ...steps[1], fault: { kind: "status", status: 503 } })
    const changes = { name: "After", ...after, extra: { language_key: "de" } }
    const reason = await reasonOf(auth.clients.patch({ client: made, changes }))
    expect((await auth.clients.get(made)).name).toBe("Before")
    const detail = reason._tag === "UnexpectedResponse" ? reason.detail : ""
    expect(detail.split("stands:")[1]).toBe(" extra.language_key")
  })
})
