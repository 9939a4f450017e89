import { readFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { createServer as createTcpServer, type Socket } from "node:net"
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls"
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import type { Reason } from "latchkey/effect"
import { oidc } from "latchkey/oidc"
import { afterAll, describe, expect, it } from "vitest"
import { tlsFailure } from "../../src/adapters/transport/tls-failure.ts"
import { isOutage, isRetryable } from "../../src/ports/errors.ts"
import { policiesOff } from "../policies-off.ts"
import { open, transports } from "./transports.ts"

const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), "utf8")

const listening = async (server: ReturnType<typeof createTcpServer>) => {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.on("error", () => {}).on("close", () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: close,
  }
}

const startTls = (certificate: string) =>
  listening(
    createServer({ key: pem("key"), cert: pem(certificate) }, (socket) => {
      socket.on("error", () => {}).end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    }).on("tlsClientError", () => {}),
  )

/** A server that speaks HTTP where TLS is expected. */
const startPlain = () =>
  listening(
    createTcpServer((socket) => {
      socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
    }),
  )

const certificates = [
  ["expired", "CERT_HAS_EXPIRED", /expired/],
  ["not-yet-valid", "CERT_NOT_YET_VALID", /compare the clocks/],
  ["certificate", "DEPTH_ZERO_SELF_SIGNED_CERT", /NODE_EXTRA_CA_CERTS/],
  ["issued", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", /intermediate certificates/],
  ["other-host", "ERR_TLS_CERT_ALTNAME_INVALID", /another host/],
] as const

const detailOf = (outcome: object): string => ("detail" in outcome ? String(outcome.detail) : "")

describe("a TLS failure", () => {
  const defaultCertificates = getCACertificates("default")
  afterAll(() => setDefaultCACertificates(defaultCertificates))

  describe.each(transports)("of the $name transport", ({ make }) => {
    it.each(certificates)(
      "with the certificate %s has the code %s, and says what to do",
      async (name, code, action) => {
        // The certificate itself is trusted where another check is to fail.
        const isTrusted = name === "expired" || name === "not-yet-valid" || name === "other-host"
        setDefaultCACertificates(isTrusted ? [...defaultCertificates, pem(name)] : defaultCertificates)
        await using server = await startTls(name)
        await using transport = open(make)
        const outcome = await transport.send(`${server.url}/token`)
        expect(outcome).toMatchObject({ _tag: "Unavailable", permanent: true })
        expect(detailOf(outcome)).toContain(code)
        expect(detailOf(outcome)).toMatch(action)
      },
    )

    it("with a server that speaks no TLS has a code, and says to check the port", async () => {
      await using server = await startPlain()
      await using transport = open(make)
      const outcome = await transport.send(`${server.url}/token`)
      expect(outcome).toMatchObject({ _tag: "Unavailable", permanent: true })
      expect(detailOf(outcome)).toMatch(/^TLS failure (EPROTO|ERR_SSL_\w+): .*port/)
    })
  })

  it("is not retried, and the error of the call names the code and the address", async () => {
    setDefaultCACertificates(defaultCertificates)
    await using server = await startTls("certificate")
    let sent = 0
    const config = { ...policiesOff, retry: { attempts: 3, baseDelay: "1 millis" }, trace: false } as const
    await using auth = createAuth(
      oidc(
        {
          ...config,
          issuer: server.url,
          clientId: "service",
          clientSecret: "sesameopenwide",
          endpoints: { authorizationEndpoint: server.url, tokenEndpoint: `${server.url}/token?tenant=hushhush` },
        },
        {
          transport: (standard) => ({
            send: (request) =>
              Effect.suspend(() => {
                sent += 1
                return standard.send(request)
              }),
          }),
        },
      ),
    )
    const error = await auth.clientCredentials().catch((caught: unknown) => caught)
    expect(error).toMatchObject({ isRetryable: false, url: `${server.url}/token` })
    expect(String(error)).toContain("DEPTH_ZERO_SELF_SIGNED_CERT")
    expect(sent).toBe(1)
  })
})

describe("the code of a TLS failure", () => {
  const reasonOf = (code: string): Reason => tlsFailure(code) ?? { _tag: "NotFound" }

  it.each([
    "CERT_HAS_EXPIRED",
    "CERT_REVOKED",
    "CERT_SIGNATURE_FAILURE",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "HOSTNAME_MISMATCH",
    "INVALID_PURPOSE",
    "EPROTO",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  ])("%s is in the detail of an outage that is not retried", (code) => {
    expect(reasonOf(code)).toMatchObject({ detail: expect.stringContaining(`TLS failure ${code}: `) })
    expect([isRetryable(reasonOf(code)), isOutage(reasonOf(code))]).toEqual([false, true])
  })

  it("of an alert about the server's own failure is retried", () => {
    expect(isRetryable(reasonOf("ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR"))).toBe(true)
  })

  it.each(["ECONNRESET", "ENOTFOUND", "UND_ERR_SOCKET", ""])("does not match %j", (code) => {
    expect(tlsFailure(code)).toBeUndefined()
  })
})
