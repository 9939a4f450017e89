/** Ory as a backend of the contract: the emulator or a real Hydra. */

import type { ContractClient, ContractOptions } from "@latchkey/testing/contract"
import * as Effect from "effect/Effect"
import { ory } from "latchkey/ory"
import { type OryAddress, oryConfig, oryServer } from "./ory-server.ts"
import { record } from "./record.ts"

export interface StartedOry extends OryAddress {
  readonly close?: () => Promise<void>
}

/** Makes the contract's options for a server that `start` starts or finds. */
export const oryBackend = (name: string, start: () => Promise<StartedOry>): ContractOptions => {
  let address: OryAddress | undefined
  return {
    server: async () => {
      const started = await start()
      address = started
      return oryServer(started, started.close)
    },
    open: (_, client, transport) =>
      Effect.suspend(() => {
        if (address === undefined) throw new Error("the server has not been started")
        return ory({ ...oryConfig(address), ...credentials(client) }, { transport })
      }),
    capabilities: ory.can,
    unsupportedArguments: ["refresh.scopes"],
    onExchanges: record("ory", name),
  }
}

const credentials = ({ postLogoutRedirectUri: _, ...client }: ContractClient) => client
