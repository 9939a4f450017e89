/** Dynamic registration on the certified `oidc-provider`: initial access tokens, rotation, and a server without it. */
import { type OidcEmulator, type OidcEmulatorOptions, startOidc } from "@latchkey/testing"
import * as Redacted from "effect/Redacted"
import { type Client, type ClientRegistration, createAuth } from "latchkey"
import { type OidcConfig, oidc } from "latchkey/oidc"
import { describe, expect, it } from "vitest"

const record = { name: "self", redirectUris: ["https://app.example/cb"] }

const open = ({ issuer }: OidcEmulator, change: Partial<OidcConfig> = {}) =>
  createAuth(oidc({ issuer, insecureOrigins: [issuer], clientId: "app", clientSecret: "secret", ...change }))

const withServer = async (options: OidcEmulatorOptions, use: (server: OidcEmulator) => Promise<void>) => {
  await using server = await startOidc(options)
  await use(server)
}

const reasonOf = (call: Promise<unknown>): Promise<unknown> => call.catch(({ reason }) => reason)

describe("registering at oidc-provider", () => {
  it("with the initial access token works, and without it or with another one is InvalidClient", () =>
    withServer({ registration: { initialAccessToken: "let-me-in" } }, async (server) => {
      await using right = open(server, { initialAccessToken: "let-me-in" })
      expect(await right.registration.register(record)).toMatchObject(record)
      await using wrong = open(server, { initialAccessToken: "let-me-out" })
      expect(await reasonOf(wrong.registration.register(record))).toMatchObject({ _tag: "InvalidClient" })
      await using none = open(server)
      expect(await reasonOf(none.registration.register(record))).toMatchObject({
        _tag: expect.stringMatching(/^Invalid(Client|Request)$/),
      })
    }))

  it("gives a token that every update replaces: the client of the last result manages itself", () =>
    withServer({ registration: true }, async (server) => {
      await using auth = open(server)
      const first = await auth.registration.register(record)
      const second = await auth.registration.update({ client: first, record: { ...record, name: "renamed" } })
      const [before, after] = [first, second].map(({ registration: access }) => access && Redacted.value(access.token))
      expect(after).not.toBe(before)
      expect(await reasonOf(auth.registration.read(first))).toMatchObject({ _tag: "InvalidToken" })
      expect(await auth.registration.read(second)).toMatchObject({ name: "renamed" })
      await auth.registration.remove(second)
      expect(await reasonOf(auth.registration.read(second))).toMatchObject({ _tag: "InvalidToken" })
      expect(await reasonOf(auth.registration.remove(second))).toMatchObject({ _tag: "InvalidToken" })
    }))

  it("protects a client from the token of another one, which manages nothing but itself", () =>
    withServer({ registration: true }, async (server) => {
      await using auth = open(server)
      const crossed = async (cross: (own: ClientRegistration, foreign: ClientRegistration) => ClientRegistration) => {
        const [mine, other] = [await auth.registration.register(record), await auth.registration.register(record)]
        if (mine.registration === undefined || other.registration === undefined)
          return expect.unreachable("there is no registration token")
        const client = { ...mine, registration: cross(mine.registration, other.registration) }
        for (const call of [
          () => auth.registration.read(client),
          () => auth.registration.update({ client, record: { ...record, name: "changed" } }),
          () => auth.registration.remove(client),
        ])
          expect(await reasonOf(call())).toMatchObject({ _tag: "InvalidToken" })
        return { mine, other }
      }
      const isUnchanged = async (client: Client) =>
        expect(await auth.registration.read(client)).toMatchObject({ clientId: client.clientId, name: "self" })
      const whole = await crossed((_, foreign) => foreign)
      await isUnchanged(whole.mine)
      await isUnchanged(whole.other)
      // The server ends a token that is presented for another client.
      await isUnchanged((await crossed((own, { token }) => ({ ...own, token }))).mine)
      await isUnchanged((await crossed(({ token }, foreign) => ({ ...foreign, token }))).other)
    }))

  it("is UnsupportedOperation where the metadata document has no registration_endpoint", () =>
    withServer({}, async (server) => {
      await using auth = open(server)
      expect((await auth.metadata.discover()).registrationEndpoint).toBeUndefined()
      expect(await reasonOf(auth.registration.register(record))).toMatchObject({
        _tag: "UnsupportedOperation",
        instead: expect.stringContaining("registrationEndpoint"),
      })
    }))
})
