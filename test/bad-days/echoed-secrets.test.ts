import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { LogEvent } from "latchkey"
import { describe, expect, it } from "vitest"
import { oidcCalls, oryCalls, oryOperations, standardCalls } from "./calls.ts"
import { echoes, secretsIn } from "./echoes.ts"
import { leaked, runAndPrint } from "./leaks.ts"
import { type OidcProvider, type OryProvider, oidcAt, oryAt, oryNetworkAt, secrets } from "./providers.ts"
import { type ReceivedRequest, scripted } from "./scripted-server.ts"

/** A secret that the server sends without having received it. */
const issued = "ory_at_Tq8vXk2LmZ0s.W7dPc4RjY1"

/** The events of the provider of each server. */
const logged = new Map<string, Array<LogEvent>>()

const log = (url: string) => {
  const events: Array<LogEvent> = []
  logged.set(url, events)
  return { log: (event: LogEvent) => void events.push(event) }
}

const runWithEcho = async (run: (url: string) => Effect.Effect<unknown, unknown>, echo: (typeof echoes)[string]) => {
  const allSecrets = new Set<string>([...Object.values(secrets), issued])
  const script = (request: ReceivedRequest) => {
    const repeated = [...secretsIn(request), issued]
    for (const secret of repeated) allSecrets.add(secret)
    echo(repeated, request)(request)
  }
  await using server = await scripted(script)
  const { exit, text } = await runAndPrint(run(server.url))
  const events = logged.get(server.url) ?? []
  return { exit, requests: server.requests.length, leaks: leaked(`${text} ${JSON.stringify(events)}`, [...allSecrets]) }
}

const at = {
  oidc: (call: (auth: OidcProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oidcAt(url, log(url)), call)),
  post: (call: (auth: OidcProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oidcAt(url, { clientAuth: "client_secret_post", ...log(url) }), call)),
  ory: (call: (auth: OryProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oryAt(url, log(url)), call)),
  network: (call: (auth: OryProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oryNetworkAt(url, log(url)), call)),
}

const operations: ReadonlyArray<readonly [string, (url: string) => Effect.Effect<unknown, unknown>]> = [
  ...Object.entries(oidcCalls).map(([name, call]) => [`oidc ${name}`, at.oidc(call)] as const),
  ...["introspect", "clientCredentials"].flatMap((name) => {
    const call = standardCalls[name]
    return call === undefined ? [] : [[`oidc ${name} with the secret in the form`, at.post(call)] as const]
  }),
  ...oryOperations.map(([name, call]) => [`ory ${name}`, at.ory(call)] as const),
  ...["introspect", "clients.get", "clients.list", "clients.create", "consent.getLogin"].flatMap((name) => {
    const call = oryCalls[name]
    return call === undefined ? [] : [[`ory ${name} with an API key`, at.network(call)] as const]
  }),
]

describe.concurrent.each(operations)("%s", (operation, run) => {
  it.each(Object.entries(echoes))("does not leak a secret that the server repeats in %s", async (_, echo) => {
    const { exit, requests, leaks } = await runWithEcho(run, echo)
    expect(requests).toBeGreaterThan(0)
    // A revocation ignores the body of a 200, so it succeeds.
    if (!operation.includes("revoke")) expect(Exit.isFailure(exit)).toBe(true)
    expect(leaks).toEqual([])
  })
})
