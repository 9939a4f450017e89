/** The order of the steps of a logout, and the answer when one of them fails. */
import * as Effect from "effect/Effect"
import { createAuth } from "latchkey"
import {
  backChannelLogout,
  type LogoutOptions,
  memoryReplayStore,
  type Outcome,
  type ReplayStore,
} from "latchkey/logout"
import { describe, expect, it } from "vitest"
import { makeAuth } from "../../src/core/auth.ts"
import { down, provider } from "../policies/vendor.ts"
import { json } from "../unit/scripted-transport.ts"
import { form } from "./bindings.ts"
import { formWith, issuerServer, key, logoutToken, recordedClient } from "./logout-tokens.ts"

const post = (token: string): Request =>
  new Request("https://app.example/logout", {
    method: "POST",
    headers: { "content-type": form },
    body: formWith(token),
  })

/** A replay store that writes into a list of steps. */
const recordedStore = (steps: Array<string>, answer: () => Promise<"fresh" | "seen">): ReplayStore => ({
  reserve: async (name, until, owner) => {
    steps.push(`reserve ${name.length} ${owner} ${until > Date.now()}`)
    return answer()
  },
})

const outcomesOf = (client: Parameters<typeof backChannelLogout>[0], options: LogoutOptions = {}) => {
  const outcomes: Array<Outcome> = []
  const errors: Array<unknown> = []
  const handle = backChannelLogout(client, {
    ...options,
    onOutcome: (outcome, error) => {
      outcomes.push(outcome)
      if (error !== undefined) errors.push(error)
      throw new Error("a hook that fails changes no answer")
    },
  })
  return { outcomes, errors, statusOf: async (token: string) => (await handle(post(token))).status }
}

describe("a logout", () => {
  it("ends the session, then calls onLogout, then spends the token, then answers", async () => {
    const steps: Array<string> = []
    const { client, ended } = recordedClient()
    const { statusOf } = outcomesOf(client, {
      onLogout: async ({ subject, session, issuer }) => {
        steps.push(`ended ${ended.length}, ${subject} ${session} ${issuer}`)
      },
      replayStore: recordedStore(steps, async () => "fresh"),
    })
    expect(await statusOf(logoutToken())).toBe(200)
    expect(steps).toEqual(["ended 1, user-1 session-1 https://id.example", "reserve 32 logout user-1 true"])
  })

  it("that could not end the session does not spend the token: the same request passes later", async () => {
    let isBroken = true
    const steps: Array<string> = []
    const { client, ended } = recordedClient(issuerServer(), () => isBroken)
    const replayStore = recordedStore(steps, async () => "fresh")
    const { statusOf, outcomes, errors } = outcomesOf(client, { replayStore })
    const token = logoutToken()
    expect([await statusOf(token), steps, ended]).toEqual([503, [], []])
    isBroken = false
    expect([await statusOf(token), steps.length, ended.length]).toEqual([200, 1, 1])
    expect(outcomes).toEqual(["end-failed", "done"])
    expect(errors).toMatchObject([{ message: "the fleet did not confirm it" }])
  })

  it("whose onLogout fails does not spend the token", async () => {
    let isBroken = true
    const { client } = recordedClient()
    const { statusOf, outcomes } = outcomesOf(client, {
      onLogout: () => {
        if (isBroken) throw new Error("the session store is down")
      },
    })
    const token = logoutToken()
    expect(await statusOf(token)).toBe(503)
    isBroken = false
    expect([await statusOf(token), await statusOf(token)]).toEqual([200, 400])
    expect(outcomes).toEqual(["end-failed", "done", "replayed"])
  })

  it("whose onLogout hangs is answered with 503 after the timeout", async () => {
    const { client } = recordedClient()
    const onLogout = () => new Promise(() => undefined)
    const { statusOf, outcomes } = outcomesOf(client, { onLogout, timeout: "20 milliseconds" })
    expect([await statusOf(logoutToken()), outcomes]).toEqual([503, ["end-failed"]])
  })

  it("whose form does not arrive in time, or was read by something else, is answered with 503", async () => {
    const outcomes: Array<Outcome> = []
    const onOutcome = (outcome: Outcome) => outcomes.push(outcome)
    const handle = backChannelLogout(recordedClient().client, { timeout: "20 milliseconds", onOutcome })
    const init = { method: "POST", headers: { "content-type": form } }
    const read = post(logoutToken())
    await read.text()
    const hanging = { ...init, body: new ReadableStream<Uint8Array>(), duplex: "half" as const }
    expect((await handle(read)).status).toBe(503)
    expect((await handle(new Request("https://app.example/logout", hanging))).status).toBe(503)
    expect(outcomes).toEqual(["form-unavailable", "form-unavailable"])
  })

  const failing = async (): Promise<never> => {
    throw new Error("no connection")
  }

  it.each([
    ["fails", failing],
    ["hangs", () => new Promise<never>(() => undefined)],
    ["answers something else", async () => "new" as "fresh"],
  ])("whose replay store %s is answered with 503, and the sender tries again", async (_, answer) => {
    let current: () => Promise<"fresh" | "seen"> = answer
    const { client, ended } = recordedClient()
    const replayStore = recordedStore([], () => current())
    const { statusOf, outcomes } = outcomesOf(client, { replayStore, timeout: "20 milliseconds" })
    const token = logoutToken()
    expect(await statusOf(token)).toBe(503)
    current = async () => "fresh"
    expect(await statusOf(token)).toBe(200)
    expect(outcomes).toEqual(["replay-store-unavailable", "done"])
    expect(ended).toHaveLength(2)
  })

  it("that another process has performed is answered with 400, after the session has ended here too", async () => {
    const replayStore = memoryReplayStore()
    const one = recordedClient()
    const other = recordedClient()
    const token = logoutToken()
    expect(await outcomesOf(one.client, { replayStore }).statusOf(token)).toBe(200)
    expect(await outcomesOf(other.client, { replayStore }).statusOf(token)).toBe(400)
    expect([one.ended.length, other.ended.length]).toEqual([1, 1])
  })

  it("is answered with 503 while the key set cannot be fetched, and performed afterwards", async () => {
    const server = issuerServer()
    const { respond } = server
    server.respond = () => down
    const { client, ended } = recordedClient(server)
    const { statusOf, outcomes } = outcomesOf(client)
    expect([await statusOf(logoutToken()), ended]).toEqual([503, []])
    server.respond = respond
    const later = recordedClient(server)
    expect(await outcomesOf(later.client).statusOf(logoutToken())).toBe(200)
    expect(outcomes).toEqual(["keys-unavailable"])
  })

  it("is answered with 503 if two keys have the kid of the token", async () => {
    const server = issuerServer()
    const twin = { ...key.jwk, n: `${String(key.jwk.n).slice(0, -2)}AA` }
    server.respond = () => Effect.succeed(json({ keys: [key.jwk, twin] }))
    const { client, ended } = recordedClient(server)
    const { statusOf, outcomes } = outcomesOf(client)
    expect([await statusOf(logoutToken()), outcomes, ended]).toEqual([503, ["keys-unavailable"], []])
  })

  it("is performed by a client of either API, of an issuer whose access tokens are no JWTs", async () => {
    const made = provider(issuerServer(), { retry: false, token: { answers: "introspection" } })
    const program = Effect.map(makeAuth(made), (auth) => outcomesOf(auth))
    const { statusOf } = await Effect.runPromise(Effect.scoped(program))
    expect(await statusOf(logoutToken())).toBe(200)
    expect(await outcomesOf(createAuth(made)).statusOf(logoutToken())).toBe(200)
  })
})
