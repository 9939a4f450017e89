/** The methods of client authentication. */
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

export const credentials = ({ auth, sentence, login, server, requests, service }: Suite): void => {
  for (const kind of ["basic", "post", "private_key_jwt"] as const)
    sentence(
      ["clientCredentials", "introspect", "revoke"],
      `${kind}: a token is issued, introspected and revoked`,
      async () => {
        if (server().clients[kind] === undefined)
          return expect.fail(
            `the server has no client "${kind}": add it to \`clients\`, or add the reason to \`skips\``,
          )
        const { accessToken } = await auth(kind).clientCredentials(service())
        expect(await auth(kind).introspect(accessToken)).toMatchObject({
          active: true,
          clientId: server().clients[kind]?.clientId,
        })
        await auth(kind).revoke(accessToken)
        expect(await auth(kind).introspect(accessToken)).toEqual({ active: false })
      },
    )

  sentence(["clientCredentials"], "private_key_jwt: every request carries a new assertion", async () => {
    const first = await auth("private_key_jwt").clientCredentials(service())
    const before = requests.length
    // A token in `refused` is removed from the cache, so each of these calls sends a request.
    const second = await auth("private_key_jwt").clientCredentials(service(), { refused: first.accessToken })
    await auth("private_key_jwt").clientCredentials(service(), { refused: second.accessToken })
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
    if (server().clients.none === undefined)
      return expect.fail('the server has no client "none": add it to `clients`, or add the reason to `skips`')
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
