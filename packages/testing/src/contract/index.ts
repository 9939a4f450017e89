/**
 * The contract: a Vitest suite of sentences that are true for every provider.
 *
 * @module
 */
import { afterAll, beforeAll, describe } from "vitest"
import type { ContractOptions, ContractServer } from "./backend.ts"
import { challenges } from "./challenges.ts"
import { clientLists } from "./client-lists.ts"
import { clientManagement } from "./client-management.ts"
import { clientTokens } from "./client-tokens.ts"
import { connectedAccounts } from "./connected-accounts.ts"
import { consentSessions } from "./consent-sessions.ts"
import { credentials } from "./credentials.ts"
import { deviceLogin } from "./device-login.ts"
import { health } from "./health.ts"
import { localValidation } from "./local-validation.ts"
import { loggingOut } from "./logging-out.ts"
import { metadata } from "./metadata.ts"
import { refusals } from "./refusals.ts"
import { selfRegistration } from "./self-registration.ts"
import { signatureAlone } from "./signature-alone.ts"
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
  UnsupportedArgument,
} from "./backend.ts"

/**
 * Declares the contract as Vitest tests for a provider and a server.
 *
 * Every operation in `capabilities` must work, and every other operation must fail with `UnsupportedOperation`. Call
 * the function at the top level of a test file. Requires `vitest`.
 *
 * @param name - The title of the suite.
 * @param options - The server, the function that makes the provider, the expected operations and the sentences to skip.
 */
export const providerContract = (name: string, options: ContractOptions): void => {
  describe(name, () => {
    let server: ContractServer | undefined
    const suite = makeSuite(options, () => {
      if (server === undefined)
        throw new Error("the server is not running: `server()` is available from `beforeAll` on")
      return server
    })

    beforeAll(async () => {
      server = await options.server()
    })
    afterAll(async () => {
      await suite.close()
      await server?.[Symbol.asyncDispose]()
      options.onExchanges?.(suite.exchanges)
    })

    for (const [title, part] of Object.entries(parts)) {
      part(suite)
      const sentences = suite.takeSentences()
      if (sentences.length > 0)
        describe(title, () => {
          for (const declare of sentences) declare()
        })
    }
  })
}

const parts = {
  refusals,
  "tokens of a service": tokens,
  "validation by signature": localValidation,
  "the signature alone": signatureAlone,
  "client authentication": credentials,
  "tokens of a user": users,
  "logging out": loggingOut,
  "logging in on a device": deviceLogin,
  "what the server publishes": metadata,
  health,
  "client management": clientManagement,
  "lists of clients": clientLists,
  "tokens of a managed client": clientTokens,
  "a client's own registration": selfRegistration,
  "login, consent and logout challenges": challenges,
  "what users granted": consentSessions,
  "trusted issuers": trustedIssuers,
  "connected accounts": connectedAccounts,
}
