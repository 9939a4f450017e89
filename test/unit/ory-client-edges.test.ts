import * as Effect from "effect/Effect"
import type { ClientChanges } from "latchkey"
import { describe, expect, test } from "vitest"
import { clientOnTheWire, open } from "./ory-server.ts"
import { json, reasonOf } from "./scripted-transport.ts"

describe("a client id that Ory stores and cannot find again", () => {
  test.each(["a/b", "/", "a//b", "../clients", ".", "..", "a\nb", "a\u0000b", "\u007f"])(
    "is rejected by create before a request is sent: %j",
    async (clientId) => {
      const { auth, transport } = open()
      expect(await reasonOf(auth.clients.create({ clientId }))).toMatchObject({
        _tag: "InvalidRequest",
        field: "clientId",
      })
      expect(transport.requests).toEqual([])
    },
  )

  test.each(["a", "...", "%2F", "a%2Fb", "a%", "ä?#", "a\\b", "a b", "a:b", ":id", "*x", "+"])(
    "is not this one, which a real server finds: %j",
    async (clientId) => {
      const { auth, transport } = open([json(clientOnTheWire({ client_id: clientId }), 201)])
      expect((await Effect.runPromise(auth.clients.create({ clientId }))).clientId).toBe(clientId)
      expect(transport.requests).toHaveLength(1)
    },
  )
})

describe("a patch that clears a member", () => {
  const patch = (changes: ClientChanges, before: object, after: object) => {
    const { auth } = open([json(clientOnTheWire({ ...before })), json(clientOnTheWire({ ...after }))])
    return auth.clients.patch({ client: "c1", changes })
  }

  test.each<[string, ClientChanges, object, object]>([
    [
      "the authentication method becomes Basic",
      { tokenEndpointAuthMethod: null },
      { token_endpoint_auth_method: "client_secret_post" },
      { token_endpoint_auth_method: "client_secret_basic" },
    ],
    [
      "the UserInfo response is no longer signed",
      { extra: { userinfo_signed_response_alg: null } },
      { userinfo_signed_response_alg: "RS256" },
      { userinfo_signed_response_alg: "none" },
    ],
    [
      "the subject type becomes public",
      { extra: { subject_type: null } },
      { subject_type: "pairwise" },
      { subject_type: "public" },
    ],
    [
      "the subject type was public already",
      { extra: { subject_type: "" } },
      { subject_type: "public" },
      { subject_type: "public" },
    ],
    ["the keys are gone", { jwks: null }, { jwks: { keys: [{ kty: "RSA", kid: "k" }] } }, { jwks: { keys: [] } }],
  ])("succeeds when the server stores its default: %s", async (_, changes, before, after) => {
    expect((await Effect.runPromise(patch(changes, before, after))).raw).toMatchObject(after)
  })

  test.each<[string, ClientChanges, object]>([
    [
      "tokenEndpointAuthMethod",
      { tokenEndpointAuthMethod: null },
      { token_endpoint_auth_method: "client_secret_post" },
    ],
    [
      "extra.userinfo_signed_response_alg",
      { extra: { userinfo_signed_response_alg: null } },
      { userinfo_signed_response_alg: "RS256" },
    ],
    ["name", { name: null }, { client_name: "shop" }],
    ["extra.owner", { extra: { owner: null } }, { owner: "public" }],
    ["jwks", { jwks: null }, { jwks: { keys: [{ kty: "RSA", kid: "k" }] } }],
  ])("fails when the server keeps the value: %s", async (field, changes, record) => {
    expect(await reasonOf(patch(changes, record, record))).toMatchObject({ _tag: "InvalidRequest", field })
  })

  test("fails when a default takes the place of another value that was sent", async () => {
    const sent = { tokenEndpointAuthMethod: "client_secret_post" } as const
    expect(await reasonOf(patch(sent, {}, {}))).toMatchObject({ field: "tokenEndpointAuthMethod" })
  })
})
