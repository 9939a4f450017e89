/** The words of vendors, and of gateways before them, in errors. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { AuthError, Transaction } from "latchkey"
import { describe, expect, test } from "vitest"
import { kinde } from "../../src/adapters/kinde/index.ts"
import { readVariable } from "../../src/adapters/oidc/configuration/environment.ts"
import { comparison } from "../../src/adapters/oidc/http/compared-values.ts"
import { reasonOf } from "../../src/adapters/oidc/http/error-response.ts"
import { oidc } from "../../src/adapters/oidc/index.ts"
import type { Server } from "../../src/adapters/oidc/server.ts"
import { reasonOf as networkReason } from "../../src/adapters/transport/allowed-origins.ts"
import type { Operation } from "../../src/ports/provider.ts"
import { open as openOry } from "./ory-server.ts"
import { json, rawResponse } from "./scripted-transport.ts"
import { issuer, open } from "./standard-server.ts"

const server: Server = { issuer, metadataUrl: `${issuer}/m`, clientAuth: "client_secret_basic" }

const detailOf = (response: ReturnType<typeof json>, operation: Operation = "introspect") =>
  reasonOf(response, { operation, secrets: ["sesameopenwide"], fields: [] }, server)

describe("an error has the words of", () => {
  test.each([
    ["a gateway", json({ message: "no healthy upstream" }, 503), "no healthy upstream"],
    ["a gateway with a nested error", json({ error: { code: 503, message: "pool exhausted" } }, 503), "pool exhausted"],
    ["problem details", json({ title: "Overload", detail: "try later" }, 503), "Overload: try later"],
    ["a code and a message", json({ error: "service_unavailable", message: "db down" }, 503), "db down"],
  ])("%s", (_, response, words) => {
    expect(detailOf(response)).toMatchObject({ _tag: "Unavailable", detail: expect.stringContaining(words) })
  })

  test("a challenge without a body", () => {
    const header = 'Bearer error="insufficient_scope", error_description="the scope openid is required"'
    const response = { ...rawResponse(403, undefined, ""), headers: { "www-authenticate": header } }
    expect(detailOf(response, "userInfo")).toEqual({
      _tag: "AccessDenied",
      code: "insufficient_scope",
      detail: "the scope openid is required",
    })
  })

  test("a challenge, without the secrets that it repeats", () => {
    const header = 'Bearer error="invalid_token", error_description="got sesameopenwide"'
    const response = { ...rawResponse(401, undefined, ""), headers: { "www-authenticate": header } }
    expect(JSON.stringify(detailOf(response, "userInfo"))).not.toContain("sesame")
  })
})

describe("a secret stays out of", () => {
  test("compared values, in another case and encoding", () => {
    const secret = "quietmarmalade-opaque"
    for (const found of [secret.toUpperCase(), Buffer.from(secret).toString("hex").toUpperCase()])
      expect(comparison("issuer", `https://x.example/${found}`, [issuer], [secret])).toContain("[redacted]")
  })

  test("the error of a callback, as its code and as the session that it names", async () => {
    const transaction: Transaction = {
      ...{ provider: "oidc", issuer, state: "the-state", nonce: "n", verifier: "v".repeat(43), scopes: ["openid"] },
      ...{ redirectUri: "https://app.example/cb", createdAtMillis: Date.now() },
    }
    const query = new URLSearchParams({
      ...{ error: "the_secret", error_description: "session velvetorchestra ended" },
      ...{ state: "the-state", session_state: "velvetorchestra" },
    })
    const auth = open([], { clientSecret: "the_secret" }).auth
    const error: AuthError = await Effect.runPromise(
      Effect.flip(auth.exchange(`https://app.example/cb?${query}`, transaction)),
    )
    expect(error.reason).toMatchObject({ _tag: "InvalidCallback", check: "error" })
    for (const secret of ["the_secret", "velvetorchestra"]) expect(String(error)).not.toContain(secret)
  })
})

describe("a failure of the network names", () => {
  test("the alert of a server that rejects the handshake, and is not retried", () => {
    const error = Object.assign(new Error("x"), { code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE" })
    expect(networkReason(error)).toMatchObject({ permanent: true, detail: expect.stringContaining(error.code) })
  })

  test("the proxy between", () => {
    const proxy = { origin: "http://proxy.example:3128", variable: "HTTPS_PROXY" }
    const error = Object.assign(new Error("x"), { code: "ECONNREFUSED" })
    expect(networkReason(error, proxy)).toMatchObject({
      detail: "connection refused (through the proxy http://proxy.example:3128, named by HTTPS_PROXY)",
    })
  })
})

describe("a configuration", () => {
  test("takes the certificate of an authority as one text", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
    const { tls } = oidc.members
    expect(tls).toBeDefined()
    const ca = (tls as unknown as { unwrap: () => { shape: Record<string, never> } }).unwrap().shape.ca as never
    expect(readVariable(ca, pem)).toBe(pem)
  })

  test("refuses control characters in the id of the management client", () => {
    const issues = kinde.check({
      ...{ issuer: "https://acme.kinde.com", clientId: "a", clientSecret: "b", audience: "any" },
      management: { clientId: "a\n", clientSecret: "b" },
    })
    expect(issues.map(({ path }) => path)).toEqual(["management.clientId"])
  })
})

describe("a Redacted argument that was wiped", () => {
  test("is InvalidRequest, not an exception", async () => {
    const secret = Redacted.make("a secret")
    Redacted.wipeUnsafe(secret)
    const { auth } = openOry()
    const error = await Effect.runPromise(Effect.flip(auth.clients.create({ name: "x", secret })))
    expect(error.reason).toMatchObject({ _tag: "InvalidRequest", detail: expect.stringContaining("wiped") })
  })
})
