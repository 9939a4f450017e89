/** Issuers whose assertions the server accepts. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { expect } from "vitest"
import { reasonOf, type Suite } from "./suite.ts"

interface Issuer {
  readonly issuer: string
  readonly keyId: string
  readonly privateKey: KeyObject
  readonly jwk: { readonly kty: string; readonly kid: string }
}

const newIssuer = (): Issuer => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const keyId = crypto.randomUUID()
  const jwk = { ...publicKey.export({ format: "jwk" }), kty: "EC", kid: keyId, use: "sig", alg: "ES256" }
  return { issuer: `https://issuer.example/${keyId}`, keyId, privateKey, jwk }
}

const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** Makes an assertion for the token endpoint (RFC 7523, section 3). */
const assertionOf = ({ issuer, keyId, privateKey }: Issuer, subject: string, audience: string): string => {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, sub: subject, aud: audience, iat: now, exp: now + 300, jti: crypto.randomUUID() }
  const signed = `${encodePart({ alg: "ES256", kid: keyId })}.${encodePart(claims)}`
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" })
  return `${signed}.${signature.toString("base64url")}`
}

export const trustedIssuers = (suite: Suite): void => {
  records(suite)
  listsAndAssertions(suite)
}

const inAnHour = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000)

const records = ({ auth, sentence }: Suite): void => {
  sentence(["trust.create", "trust.get", "trust.remove"], "a trusted issuer is created, read and removed", async () => {
    const { issuer, jwk, keyId } = newIssuer()
    const expiresAt = inAnHour()
    const created = await auth().trust.create({ issuer, subject: "svc", scopes: ["read"], jwk, expiresAt })
    expect(created).toMatchObject({
      issuer,
      subject: "svc",
      anySubject: false,
      scopes: ["read"],
      publicKey: { keyId },
      expiresAt,
    })
    const read = await auth().trust.get(created.id)
    expect(read).toEqual({ ...created, createdAt: expect.any(Date), expiresAt: read.expiresAt })
    expect(Math.abs(read.expiresAt.getTime() - expiresAt.getTime())).toBeLessThan(1000)
    expect(await auth().trust.remove(created.id)).toBeUndefined()
    expect(await reasonOf(auth().trust.get(created.id))).toEqual({ _tag: "NotFound" })
  })

  sentence(["trust.get", "trust.remove"], "an unknown id, or a text that is not an id, is NotFound", async () => {
    for (const id of [crypto.randomUUID(), "not-an-id"]) {
      expect(await reasonOf(auth().trust.get(id)), id).toEqual({ _tag: "NotFound" })
      expect(await reasonOf(auth().trust.remove(id)), id).toEqual({ _tag: "NotFound" })
    }
  })

  sentence(["trust.create", "trust.remove"], "the same key of the same issuer a second time is Conflict", async () => {
    const { issuer, jwk } = newIssuer()
    const record = { issuer, subject: "svc", scopes: ["read"], jwk, expiresAt: inAnHour() }
    const { id } = await auth().trust.create(record)
    expect((await reasonOf(auth().trust.create(record)))._tag).toBe("Conflict")
    await auth().trust.remove(id)
  })
}

const listsAndAssertions = ({ auth, sentence }: Suite): void => {
  sentence(
    ["trust.create", "trust.list", "trust.remove"],
    "a list of one issuer holds its keys only, page by page",
    async () => {
      const [one, other] = [newIssuer(), newIssuer()]
      const ids: Array<string> = []
      for (const [{ jwk }, subject] of [
        [one, "a"],
        [newIssuer(), "b"],
        [newIssuer(), "c"],
      ] as const)
        ids.push(
          (await auth().trust.create({ issuer: one.issuer, subject, scopes: [], jwk, expiresAt: inAnHour() })).id,
        )
      const otherTrust = await auth().trust.create({
        issuer: other.issuer,
        anySubject: true,
        scopes: [],
        jwk: other.jwk,
        expiresAt: inAnHour(),
      })
      const listed = await Array.fromAsync(auth().trust.list({ issuer: one.issuer, pageSize: 2 }))
      expect(listed.map(({ id }) => id).sort()).toEqual([...ids].sort())
      expect(otherTrust.anySubject).toBe(true)
      for (const id of [...ids, otherTrust.id]) await auth().trust.remove(id)
    },
  )

  sentence(
    ["trust.create", "trust.remove", "jwtBearer", "introspect", "metadata.discover"],
    "an assertion of a trusted issuer is exchanged once, and not after the issuer is removed",
    async () => {
      const trusted = newIssuer()
      const audience = (await auth().metadata.discover()).tokenEndpoint ?? ""
      const { id } = await auth().trust.create({
        issuer: trusted.issuer,
        anySubject: true,
        scopes: ["read"],
        jwk: trusted.jwk,
        expiresAt: inAnHour(),
      })
      const assertion = assertionOf(trusted, "svc-9", audience)
      const { accessToken } = await auth().jwtBearer(assertion, { scopes: ["read"] })
      expect(await auth().introspect(accessToken)).toMatchObject({ active: true, subject: "svc-9", scopes: ["read"] })
      expect((await reasonOf(auth().jwtBearer(assertion, { scopes: ["read"] })))._tag).toMatch(
        /^Invalid(Grant|Request)$/,
      )
      await auth().trust.remove(id)
      expect(
        (await reasonOf(auth().jwtBearer(assertionOf(trusted, "svc-9", audience), { scopes: ["read"] })))._tag,
      ).toBe("InvalidGrant")
    },
  )
}
