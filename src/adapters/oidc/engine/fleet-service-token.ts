/** The service token that the processes of a fleet share: some vendors charge for each token. */
import { type FleetPlace, type FleetTokens, fleetTokens } from "../../../internal/fleet-tokens.ts"
import { readJson } from "../../../internal/json.ts"

export interface Token {
  readonly accessToken: string
  /** Times in milliseconds since 1970. */
  readonly issuedAt: number
  readonly refreshAt: number
  readonly expiresAt: number
}

/** The text of a token: its times are milliseconds since the request, because no process trusts the clock of another one. */
interface TokenText {
  readonly accessToken: string
  readonly refreshIn: number
  readonly expiresIn: number
}

/** Makes the sharing of the service tokens of a provider. */
export const sharedServiceToken = (place: FleetPlace): FleetTokens<Token> =>
  fleetTokens<Token>(
    { ...place, name: async () => JSON.stringify([await place.name(), "service token"]) },
    {
      accessTokenOf: ({ accessToken }) => accessToken,
      refreshAtOf: ({ refreshAt }) => refreshAt,
      textOf: ({ accessToken, refreshAt, expiresAt }, requestedAt) => {
        const text: TokenText = { accessToken, refreshIn: refreshAt - requestedAt, expiresIn: expiresAt - requestedAt }
        return JSON.stringify(text)
      },
      read: (text, issuedAt) => {
        const { accessToken, refreshIn, expiresIn } = Object(readJson(text)) as Partial<TokenText>
        if (typeof accessToken !== "string" || typeof refreshIn !== "number" || typeof expiresIn !== "number")
          return undefined
        return { accessToken, issuedAt, refreshAt: issuedAt + refreshIn, expiresAt: issuedAt + expiresIn }
      },
    },
  )
