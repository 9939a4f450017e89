/** Token exchange (RFC 8693). */
import * as Effect from "effect/Effect"
import type * as client from "openid-client"
import type { Reason } from "../../../ports/errors.ts"
import { operations } from "../../../ports/operations.ts"
import type { ExchangedTokens, ExchangeTokenRequest, TokenTypeIdentifier } from "../../../ports/token-exchange.ts"
import { rejectArgument } from "../arguments/reject-argument.ts"
import type { Engine } from "../engine/engine.ts"
import { isOtherToken, isStandardTokenType, tokenTypeOf, tokenTypeUri } from "../token-types.ts"
import { grantParameters, grantWith, wrongType } from "./token-endpoint.ts"

const tokenExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange"

/** The arguments that some vendors ignore. */
const ignorable = ["actorToken", "audience", "resource", "scopes", "requestedTokenType"] as const

export const exchangeToken = (
  engine: Engine,
  request: ExchangeTokenRequest,
): Effect.Effect<ExchangedTokens, Reason> => {
  for (const name of ignorable) {
    const rejection = rejectArgument(engine, `exchangeToken.${name}`, request[name])
    if (rejection !== undefined) return rejection
  }
  const requestedType = request.requestedTokenType && tokenTypeOf(tokenTypeUri(request.requestedTokenType))
  return Effect.andThen(
    rejectUnlisted(engine),
    grantWith(
      engine,
      {
        operation: "exchangeToken",
        run: (config, { genericGrantRequest }) =>
          genericGrantRequest(config, tokenExchangeGrant, parametersOf(engine, request)),
      },
      { scopes: request.scopes ?? [] },
      (response) => issued(response, requestedType),
    ),
  )
}

const parametersOf = (engine: Engine, request: ExchangeTokenRequest): URLSearchParams => {
  const form = grantParameters(engine, request.scopes, undefined)
  form.set("subject_token", request.subjectToken)
  form.set("subject_token_type", tokenTypeUri(request.subjectTokenType))
  if (request.actorToken !== undefined) {
    form.set("actor_token", request.actorToken)
    form.set("actor_token_type", tokenTypeUri(request.actorTokenType))
  }
  for (const each of request.audience ?? []) form.append("audience", each)
  for (const each of request.resource ?? []) form.append("resource", each)
  if (request.requestedTokenType !== undefined)
    form.set("requested_token_type", tokenTypeUri(request.requestedTokenType))
  return form
}

/** Fails if the server's metadata lists its grants without this one. A configured token endpoint needs no metadata. */
const rejectUnlisted = ({ server, discovered }: Engine): Effect.Effect<void, Reason> =>
  server.endpoints?.tokenEndpoint !== undefined
    ? Effect.void
    : Effect.flatMap(discovered, ({ grantTypesSupported }) =>
        grantTypesSupported === undefined || grantTypesSupported.includes(tokenExchangeGrant)
          ? Effect.void
          : Effect.fail(unlisted),
      )

const unlisted: Reason = {
  _tag: "UnsupportedOperation",
  standard: operations.exchangeToken,
  instead: `grant_types_supported of the metadata document lacks "${tokenExchangeGrant}"; if the server has this grant, \
configure "endpoints.tokenEndpoint"`,
}

/**
 * Returns the type of the issued token, or why it is wrong.
 *
 * A caller that requested an access token sends the result to an API, so a token of another kind is returned only to a
 * caller that requested that kind.
 */
const issued = (
  { issued_token_type, token_type }: client.TokenEndpointResponse,
  requested: TokenTypeIdentifier | undefined,
): Pick<ExchangedTokens, "issuedTokenType"> | Reason => {
  const type = tokenTypeOf(issued_token_type)
  if (type === undefined) return noIssuedType
  const usage = token_type.toLowerCase()
  if (usage !== "bearer" && (usage !== "n_a" || type === "access_token" || type !== requested)) return wrongType
  return type === requested || !(isOtherToken(type) || (requested !== undefined && isOtherToken(requested)))
    ? { issuedTokenType: type }
    : otherType(requested, type)
}

const noIssuedType: Reason = {
  _tag: "UnexpectedResponse",
  path: "issued_token_type",
  detail: "expected a token type identifier, a URI (RFC 8693 section 2.2.1)",
}

/** A vendor's own type is not repeated. */
const shown = (type: TokenTypeIdentifier): string => (isStandardTokenType(type) ? `"${type}"` : "another type")

const otherType = (requested: TokenTypeIdentifier | undefined, found: TokenTypeIdentifier): Reason => ({
  _tag: "UnexpectedResponse",
  path: "issued_token_type",
  detail:
    requested === undefined
      ? `expected "access_token", found ${shown(found)}: name the type in requestedTokenType to accept it`
      : `expected ${shown(requested)}, as requested, found ${shown(found)}`,
})
