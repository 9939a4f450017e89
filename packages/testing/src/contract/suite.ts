/** What every part of the contract is given: the server, providers for its clients, and a way to state a sentence. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type AnyAuth, createAuth, type GrantRequest } from "latchkey"
import type { AuthError, Identity, Operation, Reason, TransportRequest } from "latchkey/effect"
import { type Browser, makeBrowser } from "@latchkey/testing"
import { expect, it } from "vitest"
import type {
  ClientKind,
  ClientSamples,
  ContractClient,
  ContractOptions,
  ContractServer,
  ContractUser,
  Exchange,
  RefusedArgument,
} from "./backend.ts"
import { recording } from "./recording.ts"

export interface Suite {
  readonly options: ContractOptions
  readonly server: () => ContractServer
  /** The provider for one of the server's clients. */
  readonly auth: (kind?: ClientKind) => AnyAuth
  /** The provider for a client of the test's own, changed from `basic`. */
  readonly authFor: (client: Partial<ContractClient>) => AnyAuth
  readonly make: () => Effect.Effect<Identity, AuthError, Scope.Scope>
  readonly service: () => GrantRequest
  readonly samples: () => ClientSamples
  readonly refuses: (argument: RefusedArgument) => boolean
  /** Everything sent so far. */
  readonly exchanges: ReadonlyArray<Exchange>
  readonly requests: ReadonlyArray<TransportRequest>
  readonly browser: () => Browser
  /** The hint that names a user, where the provider takes one. */
  readonly hinted: (user: ContractUser) => { readonly loginHint?: string }
  /** Logs a user in: from `authorize` to the URL with the code. */
  readonly login: (auth: AnyAuth, request?: Parameters<AnyAuth["authorize"]>[0], user?: ContractUser) => Promise<Login>
  /** States a sentence that holds wherever the provider claims all of `needs`. */
  readonly sentence: (needs: ReadonlyArray<Operation>, text: string, test: () => Promise<void>) => void
}

export interface Login {
  readonly callbackUrl: string
  readonly transaction: Awaited<ReturnType<AnyAuth["authorize"]>>["transaction"]
  readonly url: string
}

/** What only the contract's entry uses. */
interface Owned {
  /** The sentences stated since the last call, each to be handed to Vitest. */
  readonly stated: () => ReadonlyArray<() => void>
  readonly close: () => Promise<void>
}

/** Makes the suite; `server` must have been started before a sentence runs. */
export const makeSuite = (options: ContractOptions, server: () => ContractServer): Suite & Owned => {
  const pending: Array<() => void> = []
  const exchanges: Array<Exchange> = []
  const requests: Array<TransportRequest> = []
  const opened = new Map<string, AnyAuth>()
  const around = recording((exchange, request) => {
    exchanges.push(exchange)
    requests.push(request)
  })
  const open = (client: ContractClient) => options.open(server(), client, around)
  const authOf = (client: ContractClient): AnyAuth => {
    const key = JSON.stringify(client)
    const known = opened.get(key)
    if (known !== undefined) return known
    const made = createAuth(open(client)) as Identity as AnyAuth
    opened.set(key, made)
    return made
  }
  const browser = () => makeBrowser((exchange) => exchanges.push(exchange))
  const hinted = ({ subject }: ContractUser) =>
    options.refuses?.includes("authorize.loginHint") ? {} : { loginHint: subject }
  return {
    options,
    server,
    exchanges,
    requests,
    browser,
    service: () => server().service,
    samples: () => server().samples ?? expect.fail("the server under test has no client samples: give them"),
    refuses: (argument) => options.refuses?.includes(argument) === true,
    auth: (kind = "basic") => authOf(server().clients[kind] ?? server().clients.basic),
    authFor: (change) => authOf({ ...server().clients.basic, ...change }),
    make: () => open(server().clients.basic),
    hinted,
    login: async (auth, request = {}, user = server().users.granting) => {
      const { url, transaction } = await auth.authorize({ ...hinted(user), scopes: server().userScopes, ...request })
      return { url, transaction, callbackUrl: await server().visit(browser(), url, user) }
    },
    sentence: (needs, text, test) => {
      if (!needs.every((operation) => options.capabilities.includes(operation))) return
      const skip = options.skips?.[text]
      pending.push(() => (skip === undefined ? it(text, test) : it.skip(`${text} (skipped: ${skip})`, test)))
    },
    stated: () => pending.splice(0),
    close: async () => {
      for (const auth of opened.values()) await auth.close()
    },
  }
}

/** The reason that a call failed with; fails the test when it did not. */
export const reasonOf = async (call: Promise<unknown>): Promise<Reason> => {
  const error = await call.then(
    (value) => expect.fail(`expected a failure, got ${typeof value}`),
    (thrown: AuthError) => thrown,
  )
  expect(error._tag).toBe("AuthError")
  return error.reason
}
