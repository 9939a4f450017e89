/** What it means to be a provider, as a suite of sentences for Vitest. */
import { afterAll, beforeAll, describe } from "vitest"
import type { ContractOptions, ContractServer } from "./backend.ts"
import { bySignature } from "./local-validation.ts"
import { challenges } from "./challenges.ts"
import { clientLists } from "./client-lists.ts"
import { clientManagement } from "./client-management.ts"
import { clientTokens } from "./client-tokens.ts"
import { connectedAccounts } from "./connected-accounts.ts"
import { credentials } from "./credentials.ts"
import { deviceLogin } from "./device-login.ts"
import { granted } from "./consent-sessions.ts"
import { loggingOut } from "./logging-out.ts"
import { published } from "./metadata.ts"
import { refusals } from "./refusals.ts"
import { selfRegistration } from "./self-registration.ts"
import { makeSuite } from "./suite.ts"
import { tokens } from "./tokens.ts"
import { trustedIssuers } from "./trusted-issuers.ts"
import { users } from "./users.ts"

export type {
  ClientKind,
  ClientSamples,
  ContractClient,
  ContractConnection,
  ContractOptions,
  ContractServer,
  ContractUser,
  Exchange,
  RefusedArgument,
} from "./backend.ts"

/**
 * Runs the contract against a provider and the server behind it: what the provider claims must work, and what it does
 * not claim must refuse.
 *
 * Call it at the top of a Vitest test file. A sentence that does not hold for this server is named in `skips`, with the
 * reason.
 */
export const providerContract = (name: string, options: ContractOptions): void => {
  describe(name, () => {
    let server: ContractServer | undefined
    const suite = makeSuite(options, () => {
      if (server === undefined) throw new Error("the server has not been started")
      return server
    })

    beforeAll(async () => {
      server = await options.server()
    })
    afterAll(async () => {
      await suite.close()
      await server?.[Symbol.asyncDispose]()
      options.recorded?.(suite.exchanges)
    })

    for (const [title, part] of Object.entries(parts)) {
      part(suite)
      const sentences = suite.stated()
      if (sentences.length > 0)
        describe(title, () => {
          for (const state of sentences) state()
        })
    }
  })
}

const parts = {
  refusals,
  "tokens of a service": tokens,
  "validation by signature": bySignature,
  "client authentication": credentials,
  "tokens of a user": users,
  "logging out": loggingOut,
  "logging in on a device": deviceLogin,
  "what the server publishes": published,
  "client management": clientManagement,
  "lists of clients": clientLists,
  "tokens of a managed client": clientTokens,
  "a client's own registration": selfRegistration,
  "login, consent and logout challenges": challenges,
  "what users granted": granted,
  "trusted issuers": trustedIssuers,
  "connected accounts": connectedAccounts,
}
