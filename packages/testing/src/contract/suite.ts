/** The suite that every part of the contract gets: the server, providers for its clients, and `sentence`. */

import { type Browser, makeBrowser } from "@latchkey/testing"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type AnyAuth, createAuth, type GrantRequest } from "latchkey"
import type { AuthError, Identity, Operation, Reason, TransportRequest } from "latchkey/effect"
import { expect, it } from "vitest"
import type {
  ClientKind,
  ClientSamples,
  ContractClient,
  ContractOptions,
  ContractServer,
  ContractUser,
  Exchange,
  UnsupportedArgument,
} from "./backend.ts"
import { recording } from "./recording.ts"

export interface Suite {
  readonly options: ContractOptions
  /** Returns the running server. Throws before `beforeAll`. */
  readonly server: () => ContractServer
  /** Returns the provider for a client of the server. Default: `basic`. */
  readonly auth: (kind?: ClientKind) => AnyAuth
  /** Returns the provider for `basic` with some members replaced. */
  readonly authFor: (client: Partial<ContractClient>) => AnyAuth
  /** Makes a provider of the Effect API for `basic`. */
  readonly makeProvider: () => Effect.Effect<Identity, AuthError, Scope.Scope>
  readonly service: () => GrantRequest
  readonly samples: () => ClientSamples
  /** Whether the provider rejects an argument because the vendor would ignore it. */
  readonly isUnsupported: (argument: UnsupportedArgument) => boolean
  /** The requests of providers and browsers so far. */
  readonly exchanges: ReadonlyArray<Exchange>
  /** The requests of providers so far. */
  readonly requests: ReadonlyArray<TransportRequest>
  /** Makes a browser whose requests are recorded. */
  readonly newBrowser: () => Browser
  /** Returns the login hint for a user, if the provider supports login hints. */
  readonly loginHintOf: (user: ContractUser) => { readonly loginHint?: string }
  /** Logs a user in. Returns the callback URL with the code. */
  readonly login: (auth: AnyAuth, request?: Parameters<AnyAuth["authorize"]>[0], user?: ContractUser) => Promise<Login>
  /** Declares a test that runs if the provider has all operations in `needs`. */
  readonly sentence: (needs: ReadonlyArray<Operation>, text: string, test: () => Promise<void>) => void
}

/** A finished login, before the exchange of the code. */
export interface Login {
  readonly callbackUrl: string
  readonly transaction: Awaited<ReturnType<AnyAuth["authorize"]>>["transaction"]
  readonly url: string
}

/** The functions for the entry of the contract. */
interface SuiteControl {
  /** Returns the sentences since the last call. Each function declares one as a Vitest test. */
  readonly takeSentences: () => ReadonlyArray<() => void>
  /** Closes all providers. */
  readonly close: () => Promise<void>
}

/** Makes the suite. The server must run before a sentence runs. */
export const makeSuite = (options: ContractOptions, server: () => ContractServer): Suite & SuiteControl => {
  const pending: Array<() => void> = []
  const exchanges: Array<Exchange> = []
  const requests: Array<TransportRequest> = []
  const providers = new Map<string, AnyAuth>()
  const around = recording((exchange, request) => {
    exchanges.push(exchange)
    requests.push(request)
  })
  const open = (client: ContractClient) => options.open(server(), client, around)
  const authOf = (client: ContractClient): AnyAuth => {
    const key = JSON.stringify(client)
    const existing = providers.get(key)
    if (existing !== undefined) return existing
    const auth = createAuth(open(client)) as Identity as AnyAuth
    providers.set(key, auth)
    return auth
  }
  const newBrowser = () => makeBrowser((exchange) => exchanges.push(exchange))
  const loginHintOf = ({ subject }: ContractUser) =>
    options.unsupportedArguments?.includes("authorize.loginHint") ? {} : { loginHint: subject }
  return {
    options,
    server,
    exchanges,
    requests,
    newBrowser,
    service: () => server().service,
    samples: () =>
      server().samples ?? expect.fail("the server has no client samples: add `samples` to the server of the contract"),
    isUnsupported: (argument) => options.unsupportedArguments?.includes(argument) === true,
    auth: (kind = "basic") => authOf(server().clients[kind] ?? server().clients.basic),
    authFor: (change) => authOf({ ...server().clients.basic, ...change }),
    makeProvider: () => open(server().clients.basic),
    loginHintOf,
    login: async (auth, request = {}, user = server().users.granting) => {
      const { url, transaction } = await auth.authorize({
        ...loginHintOf(user),
        scopes: server().userScopes,
        ...request,
      })
      return { url, transaction, callbackUrl: await server().visit(newBrowser(), url, user) }
    },
    sentence: (needs, text, test) => {
      if (!needs.every((operation) => options.capabilities.includes(operation))) return
      const skip = options.skips?.[text]
      pending.push(() => (skip === undefined ? it(text, test) : it.skip(`${text} (skipped: ${skip})`, test)))
    },
    takeSentences: () => pending.splice(0),
    close: async () => {
      for (const auth of providers.values()) await auth.close()
    },
  }
}

/** Returns the reason of a failed call. Fails the test if the call succeeds. */
export const reasonOf = async (call: Promise<unknown>): Promise<Reason> => {
  const error = await call.then(
    (value) => expect.fail(`expected an AuthError, got a result of type ${typeof value}`),
    (thrown: AuthError) => thrown,
  )
  expect(error._tag).toBe("AuthError")
  return error.reason
}
