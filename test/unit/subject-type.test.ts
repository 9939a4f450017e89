import { describe, expect, test } from "vitest"
import type { Settings } from "../../src/adapters/oidc/configuration/settings.ts"
import { jwtProfile } from "../../src/adapters/oidc/jwt-profile.ts"
import { tokenState } from "../../src/adapters/oidc/operations/introspection-response.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import { identificationOf } from "../../src/core/jwt/identification.ts"
import type { ActiveToken } from "../../src/ports/introspection.ts"
import { json } from "./scripted-transport.ts"

type Type = ActiveToken["subjectType"]

const issuer = "https://id.example"
const server: Server = { issuer, metadataUrl: `${issuer}/m`, clientAuth: "none" }
const settings: Settings = { clientId: "app", attemptTimeout: 1000, clockSkew: 30_000, insecureOrigins: [] }

const introspected = (raw: object, changes: Partial<Server>): Type => {
  const wire = json({ active: true, token_use: "access_token", ...raw })
  const state = tokenState(wire, "the token", "access_token", settings, { ...server, ...changes })
  return "active" in state && state.active ? state.subjectType : expect.fail(JSON.stringify(state))
}

const signed = (claims: Readonly<Record<string, unknown>>, subjects?: "users"): Type =>
  identificationOf(
    claims,
    { algorithm: "RS256", keyId: undefined, type: "jwt", fields: {} },
    jwtProfile({ ...server, token: { ...(subjects && { subjects }) } }, { audience: "any", clockSkew: 0 }),
  ).subjectType

const users: Partial<Server> = { token: { subjects: "users" } }
const ownMember: Partial<Server> = { subjectTypeMember: "sub_type" }

describe("the subject type of an introspection", () => {
  test.each<[string, object, Partial<Server>, Type]>([
    ["unknown for a service account of its own", { sub: "f3a1", client_id: "worker" }, {}, undefined],
    ["unknown without a client id", { sub: "u" }, {}, undefined],
    ["unknown without a subject", { client_id: "app" }, {}, undefined],
    ["the client without a subject, where every other subject is a user", { client_id: "app" }, users, "client"],
    ["unknown for a member that this server is not known to have", { sub: "u", sub_type: "user" }, {}, undefined],
    ["the client when the subject is the client", { sub: "app", client_id: "app" }, {}, "client"],
    ["a user where every other subject is one", { sub: "u", client_id: "app" }, users, "user"],
    ["the client where every other subject is a user", { sub: "app", client_id: "app" }, users, "client"],
    ["the member of the vendor", { sub: "o", client_id: "app", sub_type: "organization" }, ownMember, "organization"],
    ["the member of the vendor: a user", { sub: "u", client_id: "app", sub_type: "user" }, ownMember, "user"],
    ["unknown for a new value of that member", { sub: "u", client_id: "app", sub_type: "robot" }, ownMember, undefined],
    ["unknown when the vendor leaves the member out", { sub: "u", client_id: "app" }, ownMember, undefined],
  ])("is %s", (_, raw, changes, expected) => {
    expect(introspected(raw, changes)).toBe(expected)
  })
})

describe("the subject type of a signed token", () => {
  test.each<[string, Readonly<Record<string, unknown>>, "users" | undefined, Type]>([
    ["unknown for a service account of its own", { sub: "f3a1", client_id: "worker" }, undefined, undefined],
    ["unknown without a subject", { client_id: "worker" }, undefined, undefined],
    ["the client when the subject is the client", { sub: "worker", client_id: "worker" }, undefined, "client"],
    ["a user where every other subject is one", { sub: "u", client_id: "app" }, "users", "user"],
    ["the client without a subject, where the tokens of machines have none", { client_id: "m" }, "users", "client"],
    ["the client when the subject is empty", { sub: "", client_id: "m" }, "users", "client"],
  ])("is %s", (_, claims, subjects, expected) => {
    expect(signed(claims, subjects)).toBe(expected)
  })
})
