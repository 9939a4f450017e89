import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { oryCalls, oryOperations, standardCalls } from "./calls.ts"
import { carried, echoes } from "./echoes.ts"
import { leaked, printed } from "./leaks.ts"
import { type OidcProvider, type OryProvider, oidcAt, oryAt, oryNetworkAt, secrets } from "./providers.ts"
import { type Asked, scripted } from "./scripted-server.ts"

/** What a server may send of its own that is as secret as what it was sent. */
const issued = "ory_at_Tq8vXk2LmZ0s.W7dPc4RjY1"

const failing = async (run: (url: string) => Effect.Effect<unknown, unknown>, echo: (typeof echoes)[string]) => {
  const seen = new Set<string>([...Object.values(secrets), issued])
  const script = (asked: Asked) => {
    const known = [...carried(asked), issued]
    for (const secret of known) seen.add(secret)
    echo(known, asked)(asked)
  }
  await using server = await scripted(script)
  const { exit, text } = await printed(run(server.url))
  return { exit, asked: server.asked.length, leaks: leaked(text, [...seen]) }
}

const at = {
  oidc: (call: (auth: OidcProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oidcAt(url), call)),
  post: (call: (auth: OidcProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oidcAt(url, { clientAuth: "client_secret_post" }), call)),
  ory: (call: (auth: OryProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oryAt(url), call)),
  network: (call: (auth: OryProvider) => Effect.Effect<unknown, unknown>) => (url: string) =>
    Effect.scoped(Effect.flatMap(oryNetworkAt(url), call)),
}

const operations: ReadonlyArray<readonly [string, (url: string) => Effect.Effect<unknown, unknown>]> = [
  ...Object.entries(standardCalls).map(([name, call]) => [`oidc ${name}`, at.oidc(call)] as const),
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

describe.concurrent.each(operations)("%s tells no secret that comes back", (operation, run) => {
  it.each(Object.entries(echoes))("in %s", async (_, echo) => {
    const { exit, asked, leaks } = await failing(run, echo)
    expect(asked).toBeGreaterThan(0)
    // A revocation reads nothing of a 200, and so fails on none.
    if (!operation.includes("revoke")) expect(Exit.isFailure(exit)).toBe(true)
    expect(leaks).toEqual([])
  })
})
