import type { AnyProvider, JsonWebKey, NewTrustedIssuer } from "latchkey"
import { describe, test } from "vitest"
import { compiled } from "./never-run.ts"

describe("trust.create", () => {
  const common = {
    issuer: "https://issuer.example",
    scopes: ["a"],
    jwk: { kty: "RSA" } satisfies JsonWebKey,
    expiresAt: new Date(0),
  }

  test("takes one subject or any", () =>
    compiled(() => {
      const one: NewTrustedIssuer = { ...common, subject: "s" }
      const any: NewTrustedIssuer = { ...common, anySubject: true }
      return [one, any]
    }))

  test("takes neither both nor none", () =>
    compiled(() => {
      // @ts-expect-error whom the issuer may speak for is not said
      const none: NewTrustedIssuer = common
      // @ts-expect-error one subject, or any
      const both: NewTrustedIssuer = { ...common, subject: "s", anySubject: true }
      // @ts-expect-error "not any" says nothing either
      const not: NewTrustedIssuer = { ...common, anySubject: false }
      return [none, both, not]
    }))
})

describe("consent", () => {
  test("is revoked for one client, for all by saying so, or by its id", () =>
    compiled(() => ({ consent }: AnyProvider) => {
      consent.revokeSessions({ subject: "u", client: "c" })
      consent.revokeSessions({ subject: "u", all: true })
      consent.revokeSessions({ consentRequestId: "r" })
    }))

  test("is not revoked for all by leaving something out", () =>
    compiled(() => ({ consent }: AnyProvider) => {
      // @ts-expect-error of one client, or of all?
      consent.revokeSessions({ subject: "u" })
      // @ts-expect-error that would be the same
      consent.revokeSessions({ subject: "u", all: false })
      // @ts-expect-error nobody's
      consent.revokeSessions({})
      // @ts-expect-error whose?
      consent.revokeSessions({ all: true })
      // @ts-expect-error nothing at all
      consent.revokeSessions()
    }))

  test("takes one way to name login sessions", () =>
    compiled(() => ({ consent }: AnyProvider) => {
      consent.revokeLoginSessions({ subject: "u" })
      consent.revokeLoginSessions({ sessionId: "s" })
      // @ts-expect-error everybody's
      consent.revokeLoginSessions({})
    }))

  test("needs the scopes that were granted", () =>
    compiled(() => ({ consent }: AnyProvider) => {
      consent.acceptConsent({ challenge: "c", grantScopes: [] })
      // @ts-expect-error
      consent.acceptConsent({ challenge: "c" })
      // @ts-expect-error a login needs its subject
      consent.acceptLogin({ challenge: "c" })
    }))
})

describe("connectedApps.authUrl", () => {
  test("is for a user or for an organization", () =>
    compiled(() => ({ connectedApps }: AnyProvider) => {
      connectedApps.authUrl({ app: "mail", userId: "u" })
      connectedApps.authUrl({ app: "mail", organization: "o" })
      // @ts-expect-error for whom?
      connectedApps.authUrl({ app: "mail" })
      // @ts-expect-error for which?
      connectedApps.authUrl({ app: "mail", userId: "u", organization: "o" })
    }))
})

describe("a client", () => {
  test("keeps its id when it is replaced or patched", () =>
    compiled(() => ({ clients }: AnyProvider) => {
      clients.create({ clientId: "chosen" })
      clients.patch({ client: "c1", changes: { name: null, scopes: ["a"] } })
      // @ts-expect-error
      clients.replace({ client: "c1", record: { clientId: "c2" } })
      // @ts-expect-error
      clients.patch({ client: "c1", changes: { clientId: "c2" } })
    }))

  test("is not cleared member by member with null at creation", () =>
    compiled(() => ({ clients }: AnyProvider) => {
      // @ts-expect-error null belongs to patch
      clients.create({ name: null })
      // @ts-expect-error and undefined is not absent
      clients.create({ name: undefined })
    }))

  test("has lifespans for the grants that exist", () =>
    compiled(() => ({ clients }: AnyProvider) => {
      clients.setLifespans({ client: "c1", lifespans: { refresh_token: { accessToken: 60 } } })
      // @ts-expect-error no such grant
      clients.setLifespans({ client: "c1", lifespans: { password: { accessToken: 60 } } })
      // @ts-expect-error no such token
      clients.setLifespans({ client: "c1", lifespans: { refresh_token: { apiToken: 60 } } })
    }))

  test("manages its own registration with its record, not with an id", () =>
    compiled(() => ({ registration }: AnyProvider) => {
      // @ts-expect-error the registration token is in the record
      registration.read("c1")
    }))
})
