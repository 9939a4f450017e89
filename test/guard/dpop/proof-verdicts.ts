/** The verdicts about proofs, the same on every platform. */
import { createHmac } from "node:crypto"
import { calculateThumbprint, generateKeyPair, generateProof } from "dpop"
import { exportJWK, type JWK, SignJWT } from "jose"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { type DpopOptions, makeProofs } from "../../../src/guard/dpop.ts"
import { signed } from "../../jwt/signing-keys.ts"
import { claims, clientKey, hashOf, proof, request } from "./proof-maker.ts"

const keys = {
  ES256: await clientKey(),
  other: await clientKey(),
  RS256: await clientKey("RS256"),
  short: await clientKey("RS256", 1024),
}
const { ES256 } = keys

/** Whole seconds, as in `iat`. */
const start = Math.floor(Date.now() / 1000) * 1000

const judged = (text: string | undefined, changes: Partial<typeof request> = {}, options: Partial<DpopOptions> = {}) =>
  makeProofs({ replay: "external", ...options }, "3 seconds").check(text, { ...request, ...changes, now: Date.now() })

const privateJwk = { ...ES256.privateKey.export({ format: "jwk" }) }
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

const withHmac = (): string => {
  const input = `${base64url({ typ: "dpop+jwt", alg: "HS256", jwk: { kty: "oct", k: "c2VjcmV0" } })}.${base64url(claims())}`
  return `${input}.${createHmac("sha256", "secret").update(input).digest("base64url")}`
}

const withoutSignature = (): string =>
  `${base64url({ typ: "dpop+jwt", alg: "none", jwk: ES256.publicJwk })}.${base64url(claims())}.`

const changed = (at: number): string => {
  const parts = proof(ES256).split(".")
  const part = parts[at] ?? ""
  parts[at] = (part.startsWith("A") ? "B" : "A") + part.slice(1)
  return parts.join(".")
}

/** The last character of 86 has four bits that mean nothing. */
const respelt = (): string => {
  const text = proof(ES256)
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1) ?? "") + 1]
}

const publicExponentOne = () =>
  signed(
    keys.RS256,
    JSON.stringify({ typ: "dpop+jwt", alg: "RS256", jwk: { ...keys.RS256.publicJwk, e: "AQ" } }),
    claims(),
  )

const wrongForms: Readonly<Record<string, () => string>> = {
  "no JWS": () => "proof",
  "of two parts": () => proof(ES256).split(".").slice(0, 2).join("."),
  "of four parts": () => `${proof(ES256)}.AAAA`,
  "two proofs, in two lines": () => `${proof(ES256)}, ${proof(ES256)}`,
  "after a space": () => ` ${proof(ES256)}`,
  "longer than 8 KiB": () => proof(ES256, { more: "x".repeat(8192) }),
  "with padding": () => `${proof(ES256)}==`,
  "with another spelling of its signature": respelt,
  "with a header that is not JSON": () => signed(ES256, "{", claims()),
  "with a header that is a list": () => signed(ES256, "[]", claims()),
  "with claims that are no object": () =>
    signed(ES256, JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: ES256.publicJwk }), "[]"),
  "with claims that are not UTF-8": () =>
    signed(ES256, JSON.stringify({ typ: "dpop+jwt", alg: "ES256", jwk: ES256.publicJwk }), new Uint8Array([255])),
}

const wrongHeaders: Readonly<Record<string, () => string>> = {
  "without typ": () => proof(ES256, {}, { typ: undefined }),
  'of type "JWT"': () => proof(ES256, {}, { typ: "JWT" }),
  "with critical members": () => proof(ES256, {}, { crit: ["exp"] }),
  "without alg": () => proof(ES256, {}, { alg: undefined }),
  "of another algorithm than its key": () => proof(ES256, {}, { alg: "RS256" }),
  "without a signature": withoutSignature,
  "with a symmetric key": withHmac,
  "without a key": () => proof(ES256, {}, { jwk: undefined }),
  "with the name of a key": () => proof(ES256, {}, { jwk: "key-1" }),
  "with null as its key": () => proof(ES256, {}, { jwk: null }),
  "with a private key": () => proof(ES256, {}, { jwk: privateJwk }),
  "with one private member": () => proof(ES256, {}, { jwk: { ...ES256.publicJwk, d: "" } }),
  "with a key for encryption": () => proof(ES256, {}, { jwk: { ...ES256.publicJwk, use: "enc" } }),
  "with a key for another algorithm": () => proof(ES256, {}, { jwk: { ...ES256.publicJwk, alg: "ES384" } }),
  "with half a key": () => proof(ES256, {}, { jwk: { ...ES256.publicJwk, y: undefined } }),
  "with a key that is no point": () => proof(ES256, {}, { jwk: { ...ES256.publicJwk, y: ES256.publicJwk.x } }),
  "with a key of another spelling": () => proof(ES256, {}, { jwk: { ...ES256.publicJwk, y: `${ES256.publicJwk.y}=` } }),
  "with an RSA key of 1024 bits": () => proof(keys.short),
  "with an RSA key whose exponent is 1": publicExponentOne,
}

const wrongClaims: Readonly<Record<string, () => string>> = {
  "for another method": () => proof(ES256, { htm: "GET" }),
  "for the method in lower case": () => proof(ES256, { htm: "post" }),
  "without a method": () => proof(ES256, { htm: undefined }),
  "for another path": () => proof(ES256, { htu: "https://api.example/invoices" }),
  "for another host": () => proof(ES256, { htu: "https://api.example.org/orders" }),
  "for another scheme": () => proof(ES256, { htu: "http://api.example/orders" }),
  "for another port": () => proof(ES256, { htu: "https://api.example:444/orders" }),
  "for a path in other case": () => proof(ES256, { htu: "https://api.example/Orders" }),
  "for a URL with a user": () => proof(ES256, { htu: "https://u@api.example/orders" }),
  "for a URL with backslashes": () => proof(ES256, { htu: "https:\\\\api.example\\orders" }),
  "for a URL with white space": () => proof(ES256, { htu: " https://api.example/orders" }),
  "for a path only": () => proof(ES256, { htu: "/orders" }),
  "for a list of URLs": () => proof(ES256, { htu: [request.url] }),
  "without iat": () => proof(ES256, { iat: undefined }),
  "with iat as text": () => proof(ES256, { iat: String(start / 1000) }),
  "with iat beyond every date": () => proof(ES256, { iat: 1e308 }),
  "made 61 seconds ago": () => proof(ES256, { iat: start / 1000 - 61 }),
  "made in 6 seconds": () => proof(ES256, { iat: start / 1000 + 6 }),
  "without ath": () => proof(ES256, { ath: undefined }),
  "for another token": () => proof(ES256, { ath: hashOf("another") }),
  "without jti": () => proof(ES256, { jti: undefined }),
  "with an empty jti": () => proof(ES256, { jti: "" }),
  "with a number as jti": () => proof(ES256, { jti: 1 }),
  "with a jti of 129 characters": () => proof(ES256, { jti: "x".repeat(129) }),
}

const wrongSignatures: Readonly<Record<string, () => string>> = {
  "with another signature": () => changed(2),
  "signed by another key": () => proof(keys.other, {}, { jwk: ES256.publicJwk }),
  "with the signature of another proof": () => proof(ES256).replace(/[^.]+$/, proof(ES256).split(".")[2] ?? ""),
}

const sameUrls: ReadonlyArray<readonly [claimed: string, actual: string]> = [
  ["HTTPS://API.example/orders", "https://api.example/orders"],
  ["https://api.example:443/orders", "https://api.example/orders"],
  ["http://api.example:80/orders", "http://api.example/orders"],
  ["https://api.example", "https://api.example/"],
  ["https://api.example/a/../orders/./", "https://api.example/orders/"],
  ["https://api.example/%7Eme", "https://api.example/~me"],
  ["https://api.example/a%2fb", "https://api.example/a%2Fb"],
  ["https://api.example/orders?page=2", "https://api.example/orders"],
  ["https://api.example/orders#top", "https://api.example/orders"],
]

const otherUrls: ReadonlyArray<readonly [claimed: string, actual: string]> = [
  ["https://api.example/a%2Fb", "https://api.example/a/b"],
  ["https://api.example/a%252Fb", "https://api.example/a%2Fb"],
  ["https://api.example/orders/", "https://api.example/orders"],
  ["https://api.example//orders", "https://api.example/orders"],
  ["https:///api.example/orders", "https://api.example/orders"],
]

/** Registers the tests. `platform`: what verifies the signatures. */
export const proofVerdicts = (platform: string): void => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: start })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  describe(`with ${platform}, a proof`, () => {
    test.each(["ES256", "ES384", "ES512", "EdDSA", "Ed25519", "RS256", "PS256"])(
      "of %s passes, and its key is known by the thumbprint that jose computes",
      async (algorithm) => {
        const key = await clientKey(algorithm)
        expect(await judged(proof(key), {}, { algorithms: [algorithm] })).toMatchObject({ jkt: key.jkt })
      },
    )

    test.each(["ES256", "Ed25519", "RS256", "PS256"] as const)(
      "that the package dpop makes with %s passes",
      async (algorithm) => {
        const pair = await generateKeyPair(algorithm)
        const made = await generateProof(pair, request.url, request.method, undefined, request.token)
        expect(await judged(made)).toMatchObject({ jkt: await calculateThumbprint(pair.publicKey) })
      },
    )

    test("that jose makes passes", async () => {
      const jwk: JWK = await exportJWK(ES256.publicKey)
      const header = { typ: "dpop+jwt", alg: "ES256", jwk }
      const made = await new SignJWT({ ...claims() }).setProtectedHeader(header).sign(ES256.privateKey)
      expect(await judged(made)).toMatchObject({ jkt: ES256.jkt, needsNonce: false })
    })

    test.each([undefined, ""])("that is absent (%j) is missing", async (text) => {
      expect(await judged(text)).toBe("proof-missing")
    })

    test.each(Object.entries({ ...wrongForms, ...wrongHeaders, ...wrongClaims, ...wrongSignatures }))(
      "%s is refused",
      async (_, make) => {
        expect(await judged(make())).toBe("proof-invalid")
      },
    )

    test("of an algorithm that is not allowed is refused", async () => {
      expect(await judged(proof(ES256), {}, { algorithms: ["RS256"] })).toBe("proof-invalid")
      expect(await judged(proof(await clientKey("ES384")))).toBe("proof-invalid")
    })

    test.each([-60, -1, 0, 5])("made %d seconds from now passes", async (seconds) => {
      expect(await judged(proof(ES256, { iat: start / 1000 + seconds }))).toMatchObject({ jkt: ES256.jkt })
    })

    test("passes for as long as the options say", async () => {
      const options = { maxAge: "10 seconds", clockSkew: "1 minute" } as const
      const made = (seconds: number) => judged(proof(ES256, { iat: start / 1000 + seconds }), {}, options)
      expect(await Promise.all([made(-10), made(60)])).toEqual([expect.anything(), expect.anything()])
      expect(await Promise.all([made(-11), made(61)])).toEqual(["proof-invalid", "proof-invalid"])
    })

    test("may have a jti of 128 characters", async () => {
      expect(await judged(proof(ES256, { jti: "x".repeat(128) }))).toMatchObject({ jkt: ES256.jkt })
    })

    test.each(sameUrls)("for %s passes at %s", async (htu, url) => {
      expect(await judged(proof(ES256, { htu }), { url })).toMatchObject({ jkt: ES256.jkt })
    })

    test.each(otherUrls)("for %s is refused at %s", async (htu, url) => {
      expect(await judged(proof(ES256, { htu }), { url })).toBe("proof-invalid")
    })
  })

  describe(`with ${platform}, a key that is remembered`, () => {
    test("still verifies each proof: signature, claims and URL", async () => {
      const { check } = makeProofs({ replay: "external" }, "3 seconds")
      const judge = (text: string) => check(text, { ...request, now: Date.now() })
      const first = await judge(proof(ES256))
      expect(first).toMatchObject({ jkt: ES256.jkt })
      if (typeof first !== "string") expect(await first.spend()).toBeUndefined()
      expect(await judge(proof(ES256))).toMatchObject({ jkt: ES256.jkt })
      const header = JSON.parse(Buffer.from(proof(ES256).split(".")[0] ?? "", "base64url").toString())
      expect(await judge(signed(keys.other, JSON.stringify(header), claims()))).toBe("proof-invalid")
      expect(await judge(proof(ES256, { htm: "GET" }))).toBe("proof-invalid")
      expect(await judge(proof(ES256, { iat: 0 }))).toBe("proof-invalid")
      expect(await judge(changed(2))).toBe("proof-invalid")
    })
  })
}
