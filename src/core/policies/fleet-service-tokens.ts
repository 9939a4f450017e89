/** The tokens of `clientCredentials` that the processes of a fleet share. */
import { signatures } from "#signature"
import { type FleetTokens, fleetTokens } from "../../internal/fleet-tokens.ts"
import type { Tokens } from "../../ports/issuance.ts"
import type { Identity } from "../../ports/provider.ts"
import { readResult, resultText } from "./fleet-result.ts"

/**
 * Makes the sharing of a provider; `undefined` if it shares nothing.
 *
 * @param margin how long before its end a token of this lifetime is refreshed, in milliseconds
 */
export const fleetServiceTokens = (
  { fleet, backend }: Identity,
  margin: (lifetime: number) => number,
): FleetTokens<Tokens> | undefined => {
  const fingerprint = backend?.fingerprint
  if (fleet === undefined || backend === undefined || fingerprint === undefined) return undefined
  const { instance, endpoint } = backend
  const name = async () => JSON.stringify([instance, endpoint, await fingerprint(), "clientCredentials"])
  return fleetTokens<Tokens>(
    { fleet, name, hash: signatures.sha256 },
    {
      accessTokenOf: ({ accessToken }) => accessToken,
      refreshAtOf: ({ expiresAt }, requestedAt) => {
        const end = expiresAt?.getTime()
        return end === undefined ? undefined : end - margin(end - requestedAt)
      },
      textOf: (tokens, requestedAt) => resultText({ tokens }, requestedAt),
      read: (text, requestedAt) => {
        const result = readResult(text, requestedAt)
        return result === undefined || "error" in result ? undefined : result.tokens
      },
    },
  )
}
