import type { Exchange } from "../http-server.ts"
import { authenticateClient, secretMethods } from "./client-auth.ts"
import type { ClientRecord } from "./client-record.ts"
import { asciiOnly, oauthError } from "./errors.ts"
import { oauthForm } from "./oauth-form.ts"
import { pairOf, type TokenKind } from "./pairs.ts"
import type { Polar, TokenPair } from "./state.ts"

const kindOf = (hint: string | undefined): TokenKind | undefined => {
  if (!hint) return undefined
  if (hint === "access_token" || hint === "refresh_token") return hint
  throw oauthError("unsupported_token_type", undefined, { status: 401 })
}

export interface Lookup {
  readonly client: ClientRecord
  /** The pair of the token, which may belong to another client. */
  readonly pair: TokenPair | undefined
}

/** Authenticates the client of a revocation or introspection request by its secret, and finds the token. */
export const lookUpToken = (exchange: Exchange, polar: Polar): Lookup => {
  const form = oauthForm(exchange)
  const { client } = authenticateClient(polar, form, secretMethods, false)
  const token = form.field("token")
  if (token === undefined) throw oauthError("invalid_request")
  return { client, pair: pairOf(polar, asciiOnly(token), kindOf(form.field("token_type_hint"))) }
}
