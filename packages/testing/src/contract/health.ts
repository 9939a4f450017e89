/** What `health` reports while the server answers, and while it does not. */
import * as Effect from "effect/Effect"
import { type AnyAuth, createAuth } from "latchkey"
import type { Identity, Reason, Transport } from "latchkey/effect"
import { expect, vi } from "vitest"
import type { Suite } from "./suite.ts"

const outage: Reason = { _tag: "Unavailable", detail: "the contract interrupts the connection" }

export const health = ({ options, auth, server, service, requests, sentence }: Suite): void => {
  sentence([], "reports that the server is up, by requests without credentials", async () => {
    const { report, sentBefore } = await whenUp(auth(), requests)
    expect(report).toMatchObject({ provider: expect.any(String), issuer: expect.stringMatching(/^https?:/) })
    expect(report.origins.length).toBeGreaterThan(0)
    for (const { answers, circuit } of report.origins) expect([answers, circuit.state]).toEqual([true, "closed"])
    const sent = requests.slice(sentBefore)
    expect(sent).toHaveLength(report.origins.length)
    for (const { method, headers, body } of sent) {
      expect([method, body]).toEqual(["GET", undefined])
      expect(Object.keys(headers)).not.toContain("authorization")
    }
  })

  sentence([], "shares the answers of its requests among callers for some seconds", async () => {
    await whenUp(auth(), requests)
    const before = requests.length
    const reports = await Promise.all(Array.from({ length: 20 }, () => auth().health()))
    expect(reports.every(({ status }) => status === "up")).toBe(true)
    expect(requests.length).toBe(before)
  })

  sentence([], "reports that the server is down while nothing answers, and does not reject", async () => {
    const { client } = interruptible(options, server())
    await using interrupted = client(true)
    const { status, origins } = await interrupted.health()
    expect(status).toBe("down")
    for (const { answers, detail } of origins) expect([answers, detail]).toEqual([false, outage.detail])
  })

  sentence(
    ["clientCredentials", "introspect", "metadata.keys"],
    "reports that the server is degraded while its keys in memory still verify JWTs",
    async () => {
      if (options.accessTokens !== "jwt") return
      await whenUp(auth(), requests)
      const connection = interruptible(options, server())
      await using client = connection.client(false)
      const { accessToken } = await client.clientCredentials(service())
      const local = { freshness: "local" } as const
      expect(await client.introspect(accessToken, local)).toMatchObject({ active: true })
      expect((await client.health()).status).toBe("up")
      connection.interrupt()
      expect(await client.introspect(accessToken, local)).toMatchObject({ active: true })
      const { status, keys } = await client.health({ probe: true })
      expect(status).toBe("degraded")
      expect(keys.some(({ usable, fetchedAt }) => usable && fetchedAt !== undefined)).toBe(true)
    },
  )
}

/**
 * Waits for the server: a server that has just started may need seconds for its first document, and begins again when a
 * request for it is given up.
 */
const whenUp = async (auth: AnyAuth, requests: Suite["requests"]) => {
  await auth.metadata.discover().catch(() => undefined)
  return vi.waitFor(
    async () => {
      const sentBefore = requests.length
      const report = await auth.health({ probe: true })
      expect(report.status).toBe("up")
      return { report, sentBefore }
    },
    { timeout: 10_000, interval: 200 },
  )
}

/** Makes clients whose connection to the server the test interrupts. */
const interruptible = (options: Suite["options"], server: ReturnType<Suite["server"]>) => {
  let isInterrupted = false
  const around = (standard: Transport): Transport => ({
    send: (request) => Effect.suspend(() => (isInterrupted ? Effect.fail(outage) : standard.send(request))),
  })
  return {
    client: (interrupted: boolean): AnyAuth => {
      isInterrupted = interrupted
      const { basic } = server.clients
      // Where the vendor judges tokens, the audience must be waived for local validation.
      const client = options.answers === "signature" ? basic : { ...basic, audience: "any" as const }
      return createAuth(options.open(server, client, around)) as Identity as AnyAuth
    },
    interrupt: () => {
      isInterrupted = true
    },
  }
}
