/** The ways in which a client proves itself. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const credentials = ({ auth, sentence, login, server, requests, service }: Suite): void => {
  for (const kind of ["basic", "post", "private_key_jwt"] as const)
    sentence(
      ["clientCredentials", "introspect", "revoke"],
      `${kind}: a token is issued, introspected and revoked`,
      async () => {
        if (server().clients[kind] === undefined)
          return expect.fail(`no ${kind} client: give one, or a skip with its reason`)
        const { accessToken } = await auth(kind).clientCredentials(service())
        expect(await auth(kind).introspect(accessToken)).toMatchObject({
          active: true,
          clientId: server().clients[kind]?.clientId,
        })
        await auth(kind).revoke(accessToken)
        expect(await auth(kind).introspect(accessToken)).toEqual({ active: false })
      },
    )

  sentence(["clientCredentials"], "private_key_jwt: every request carries an assertion of its own", async () => {
    const kept = await auth("private_key_jwt").clientCredentials(service())
    const before = requests.length
    // A token that was refused is not given again, so that each of these is a request.
    const next = await auth("private_key_jwt").clientCredentials(service(), { refused: kept.accessToken })
    await auth("private_key_jwt").clientCredentials(service(), { refused: next.accessToken })
    const ids = requests.slice(before).flatMap(({ body }) => {
      const assertion = new URLSearchParams(body).get("client_assertion")
      return assertion === null
        ? []
        : [JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString()).jti as unknown]
    })
    expect(ids.length).toBe(2)
    expect(new Set(ids).size).toBe(2)
  })

  sentence(["authorize", "exchange"], "none: a public client exchanges its code with PKCE alone", async () => {
    if (server().clients.none === undefined) return expect.fail("no public client: give one, or a skip with its reason")
    const { callbackUrl, transaction } = await login(auth("none"))
    const issued = await auth("none").exchange(callbackUrl, transaction)
    expect(issued.idClaims?.sub).toBe(server().users.granting.subject)
  })

  sentence(["authorize", "exchange"], "a code without its PKCE verifier is InvalidGrant", async () => {
    const { callbackUrl, transaction } = await login(auth())
    const verifier = "another-verifier-another-verifier-another-verifier"
    expect((await reasonOf(auth().exchange(callbackUrl, { ...transaction, verifier })))._tag).toBe("InvalidGrant")
  })
}
