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

  test("takes one subject or `anySubject`", () =>
    compiled(() => {
      const one: NewTrustedIssuer = { ...common, subject: "s" }
      const any: NewTrustedIssuer = { ...common, anySubject: true }
      return [one, any]
    }))

  test("requires exactly one of `subject` and `anySubject`", () =>
    compiled(() => {
      // @ts-expect-error `subject` or `anySubject` is missing
      const neither: NewTrustedIssuer = common
      // @ts-expect-error `subject` and `anySubject` exclude each other
      const both: NewTrustedIssuer = { ...common, subject: "s", anySubject: true }
      // @ts-expect-error `anySubject: false` does not replace `subject`
      const notAny: NewTrustedIssuer = { ...common, anySubject: false }
      return [neither, both, notAny]
    }))
})

describe("consent", () => {
  test("is revoked for one client, for all clients with `all: true`, or by its id", () =>
    compiled(() => ({ consent }: AnyProvider) => {
      consent.revokeSessions({ subject: "u", client: "c" })
      consent.revokeSessions({ subject: "u", all: true })
      consent.revokeSessions({ consentRequestId: "r" })
    }))

  test("is never revoked for all clients by omission", () =>
    compiled(() => ({ consent }: AnyProvider) => {
      // @ts-expect-error `client` or `all` is missing
      consent.revokeSessions({ subject: "u" })
      // @ts-expect-error `all: false` does not replace `client`
      consent.revokeSessions({ subject: "u", all: false })
      // @ts-expect-error the subject is missing
      consent.revokeSessions({})
      // @ts-expect-error `all` needs a subject
      consent.revokeSessions({ all: true })
      // @ts-expect-error the argument is missing
      consent.revokeSessions()
    }))

  test("needs a subject or a session id to revoke login sessions", () =>
    compiled(() => ({ consent }: AnyProvider) => {
      consent.revokeLoginSessions({ subject: "u" })
      consent.revokeLoginSessions({ sessionId: "s" })
      // @ts-expect-error `subject` or `sessionId` is missing
      consent.revokeLoginSessions({})
    }))

  test("is accepted with the granted scopes only", () =>
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
      // @ts-expect-error `userId` or `organization` is missing
      connectedApps.authUrl({ app: "mail" })
      // @ts-expect-error `userId` and `organization` exclude each other
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

  test("has no null members at creation", () =>
    compiled(() => ({ clients }: AnyProvider) => {
      // @ts-expect-error only a patch takes null
      clients.create({ name: null })
      // @ts-expect-error an absent member must not be undefined
      clients.create({ name: undefined })
    }))

  test("has lifespans for existing grants only", () =>
    compiled(() => ({ clients }: AnyProvider) => {
      clients.setLifespans({ client: "c1", lifespans: { refresh_token: { accessToken: "1 minute" } } })
      // @ts-expect-error no such grant
      clients.setLifespans({ client: "c1", lifespans: { password: { accessToken: "1 minute" } } })
      // @ts-expect-error no such token
      clients.setLifespans({ client: "c1", lifespans: { refresh_token: { apiToken: 60 } } })
    }))

  test("manages its registration with its record, not with its id", () =>
    compiled(() => ({ registration }: AnyProvider) => {
      // @ts-expect-error the registration token is in the record
      registration.read("c1")
    }))
})
