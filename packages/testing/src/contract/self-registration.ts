/** Management of a client's registration by the client itself (RFC 7591, RFC 7592). */
import { inspect } from "node:util"
import * as Redacted from "effect/Redacted"
import type { Client } from "latchkey"
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

const record = { name: "self", redirectUris: ["http://127.0.0.1:9/cb"], scopes: ["openid"] }

export const selfRegistration = (suite: Suite): void => {
  registering(suite)
  lifecycle(suite)
  useAndRejections(suite)
}

const registering = ({ auth, authFor, options, sentence, login, server }: Suite): void => {
  const recordOf = () => server().registration ?? record
  /** Leaves nothing behind, where a client can remove itself. */
  const remove = async (registered: Client) => {
    if (options.capabilities.includes("registration.remove")) await auth().registration.remove(registered)
  }

  sentence(["registration.register"], "a client that registers gets an id and the requested values", async () => {
    const registered = await auth().registration.register(recordOf())
    const { name, redirectUris } = recordOf()
    expect(registered).toMatchObject({ clientId: expect.stringMatching(/./), name, redirectUris })
    expect(Object.keys(registered.raw)).not.toContain("client_secret")
    const { secret } = registered
    if (secret !== undefined) expect(inspect(registered, { depth: 9 })).not.toContain(Redacted.value(secret))
    await remove(registered)
  })

  sentence(
    ["registration.register", "authorize", "exchange"],
    "a client that registered itself logs a user in",
    async () => {
      const registered = await auth().registration.register(recordOf())
      const { secret, tokenEndpointAuthMethod: method } = registered
      const registeredAuth = authFor({
        clientId: registered.clientId,
        ...(secret !== undefined && { clientSecret: Redacted.value(secret) }),
        ...(method === "client_secret_post" && { clientAuth: method }),
      })
      const { callbackUrl, transaction } = await login(registeredAuth, { scopes: ["openid"] })
      const { idClaims } = await registeredAuth.exchange(callbackUrl, transaction)
      expect([idClaims?.aud].flat()).toEqual([registered.clientId])
      await remove(registered)
    },
  )

  sentence(
    ["registration.register"],
    "a registration that the server refuses is InvalidRequest, naming the member",
    async () => {
      const reason = await reasonOf(
        auth().registration.register({ ...recordOf(), redirectUris: ["http://127.0.0.1:9/cb#x"] }),
      )
      expect(reason).toMatchObject({ _tag: "InvalidRequest", field: expect.stringMatching(/redirect/i) })
    },
  )
}

const lifecycle = ({ auth, sentence }: Suite): void => {
  sentence(
    ["registration.register", "registration.read", "registration.remove"],
    "a client registers, reads and removes itself",
    async () => {
      const registered = await auth().registration.register(record)
      expect(registered).toMatchObject({
        ...record,
        registration: { token: expect.anything(), uri: expect.anything() },
      })
      const read = await auth().registration.read(registered)
      expect(read).toMatchObject({ clientId: registered.clientId, ...record })
      expect(Redacted.value((await auth().registration.read(read)).registration?.uri ?? Redacted.make(""))).toContain(
        encodeURIComponent(registered.clientId),
      )
      await auth().registration.remove(read)
      expect((await reasonOf(auth().registration.read(read)))._tag).toBe("InvalidToken")
    },
  )

  sentence(
    ["registration.register", "registration.update", "registration.remove"],
    "an update replaces the record, and its result manages the client from then on",
    async () => {
      const registered = await auth().registration.register(record)
      const updated = await auth().registration.update({ client: registered, record: { ...record, name: "renamed" } })
      expect(updated.name).toBe("renamed")
      expect(await auth().registration.read(updated)).toMatchObject({ name: "renamed" })
      await auth().registration.remove(updated)
    },
  )

  sentence(
    ["registration.register", "registration.read", "registration.update", "registration.remove"],
    "the registration token of another client is InvalidToken, changes nothing, and is never printed",
    async () => {
      const [one, two] = [await auth().registration.register(record), await auth().registration.register(record)]
      const secrets = [one, two].flatMap(({ registration, secret }) =>
        [registration?.token, secret].flatMap((each) => (each ? [Redacted.value(each)] : [])),
      )
      const mixed = { ...one, ...(two.registration && { registration: two.registration }) }
      for (const call of [
        () => auth().registration.read(mixed),
        () => auth().registration.update({ client: mixed, record: { ...record, name: "changed" } }),
        () => auth().registration.remove(mixed),
      ]) {
        const error = await call().catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ reason: { _tag: "InvalidToken" } })
        for (const secret of secrets)
          expect(`${inspect([one, error], { depth: 9 })}${JSON.stringify([one, error])}`).not.toContain(secret)
      }
      for (const each of [one, two]) expect(await auth().registration.read(each)).toMatchObject({ name: record.name })
      for (const each of [one, two]) await auth().registration.remove(each)
    },
  )
}

const useAndRejections = ({ auth, authFor, sentence, requests }: Suite): void => {
  sentence(
    ["registration.register", "registration.remove", "clientCredentials"],
    "a client that registered itself can use its credentials",
    async () => {
      const registered = await auth().registration.register({
        ...record,
        grantTypes: ["authorization_code", "client_credentials"],
        scopes: ["read"],
      })
      const registeredAuth = authFor({
        clientId: registered.clientId,
        clientSecret: registered.secret ? Redacted.value(registered.secret) : "",
      })
      expect((await registeredAuth.clientCredentials({ scopes: ["read"] })).accessToken.length).toBeGreaterThan(10)
      await auth().registration.remove(registered)
    },
  )

  sentence(
    ["registration.read"],
    "a client without its registration token is refused before anything is sent",
    async () => {
      const before = requests.length
      const withoutToken = {
        clientId: "x",
        redirectUris: [],
        postLogoutRedirectUris: [],
        grantTypes: [],
        responseTypes: [],
        scopes: [],
        audience: [],
        metadata: {},
        raw: {},
      }
      expect((await reasonOf(auth().registration.read(withoutToken)))._tag).toBe("InvalidRequest")
      expect(requests.length).toBe(before)
    },
  )
}
