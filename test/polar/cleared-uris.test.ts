import type { PolarEmulator } from "@latchkey/testing"
import type { Client } from "latchkey"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { open, type PolarAuth, reasonOf, respondNext, start } from "./setup.ts"

const uri = "https://shop.example/page"
const uris = { client_uri: uri, logo_uri: uri, policy_uri: uri, tos_uri: uri }
const record = { name: "Shop", redirectUris: ["https://shop.example/cb"], scopes: ["openid"] }

let emulator: PolarEmulator
let auth: PolarAuth
let client: Client
beforeAll(async () => {
  emulator = await start()
  auth = open(emulator)
})
afterAll(async () => {
  await auth.close()
  await emulator.close()
})
beforeEach(async () => {
  client = await auth.clients.create({ ...record, extra: uris })
})

/** The real server stores an empty `client_uri`. */
const storeEmpty = () =>
  respondNext(emulator, `/v1/oauth2/register/${client.clientId}`, { ...client.raw, client_uri: "" }, 200, "PUT")

const lastBody = () => JSON.parse(emulator.requests.at(-1)?.body ?? "")

it('`client_uri` is cleared with `""` by patch, and the other URIs stay', async () => {
  storeEmpty()
  const patched = await auth.clients.patch({ client, changes: { extra: { client_uri: "" } } })
  expect(lastBody()).toMatchObject({ ...uris, client_uri: "" })
  expect(patched.raw).toMatchObject({ ...uris, client_uri: "" })
})

it('`client_uri` is cleared with `""` by replace and by registration.update', async () => {
  const replacement = { client, record: { ...record, extra: { ...uris, client_uri: "" } } }
  for (const replace of [auth.clients.replace, auth.registration.update]) {
    storeEmpty()
    expect((await replace(replacement)).raw.client_uri).toBe("")
    expect(lastBody()).toMatchObject({ client_uri: "" })
  }
})

it.each(["logo_uri", "policy_uri", "tos_uri"])(
  "%s cannot be cleared, because Polar rejects an empty one",
  async (name) => {
    const reason = await reasonOf(auth.clients.patch({ client, changes: { extra: { [name]: "" } } }))
    expect(reason).toMatchObject({ _tag: "InvalidRequest", field: `extra.${name}` })
    expect(emulator.requests.at(-1)?.method).toBe("GET")
  },
)

it('the error of an omitted `client_uri` names `""`', async () => {
  const omitted = auth.clients.patch({ client, changes: { extra: { client_uri: null } } })
  expect(await reasonOf(omitted)).toMatchObject({
    field: "extra.client_uri",
    detail: expect.stringContaining('"" to clear it'),
  })
})
