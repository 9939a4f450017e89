/** Management of a client's registration by the client itself (RFC 7591, RFC 7592). */
import { inspect } from "node:util"
import * as Redacted from "effect/Redacted"
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

const record = { name: "self", redirectUris: ["http://127.0.0.1:9/cb"], scopes: ["openid"] }

export const selfRegistration = (suite: Suite): void => {
  lifecycle(suite)
  useAndRejections(suite)
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
    "an update replaces the record, and its answer manages the client from then on",
    async () => {
      const registered = await auth().registration.register(record)
      const updated = await auth().registration.update({ client: registered, record: { ...record, name: "renamed" } })
      expect(updated.name).toBe("renamed")
      expect(await auth().registration.read(updated)).toMatchObject({ name: "renamed" })
      await auth().registration.remove(updated)
    },
  )

  sentence(
    ["registration.register", "registration.read", "registration.remove"],
    "another's registration token is InvalidToken, and is in nothing that is printed",
    async () => {
      const [one, two] = [await auth().registration.register(record), await auth().registration.register(record)]
      const secrets = [one, two].flatMap(({ registration, secret }) =>
        [registration?.token, secret].flatMap((each) => (each ? [Redacted.value(each)] : [])),
      )
      const mixed = { ...one, ...(two.registration && { registration: two.registration }) }
      const error = await auth()
        .registration.read(mixed)
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ reason: { _tag: "InvalidToken" } })
      for (const secret of secrets)
        expect(`${inspect([one, error], { depth: 9 })}${JSON.stringify([one, error])}`).not.toContain(secret)
      for (const each of [one, two]) await auth().registration.remove(each)
    },
  )
}

const useAndRejections = ({ auth, authFor, sentence, requests }: Suite): void => {
  sentence(
    ["registration.register", "registration.remove", "clientCredentials"],
    "a client that registered itself can use what it was given",
    async () => {
      const registered = await auth().registration.register({
        ...record,
        grantTypes: ["client_credentials"],
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
    ["registration.register"],
    "a registration that the server refuses is InvalidRequest, naming the member",
    async () => {
      const reason = await reasonOf(
        auth().registration.register({ ...record, redirectUris: ["http://127.0.0.1:9/cb#x"] }),
      )
      expect(reason).toMatchObject({ _tag: "InvalidRequest", field: expect.stringMatching(/redirect/i) })
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
