import type { AnyProvider, ExchangedTokens, ExchangeTokenRequest, Tokens, TokenTypeIdentifier } from "latchkey"
import type { kinde } from "latchkey/kinde"
import type { oidc } from "latchkey/oidc"
import type { ory } from "latchkey/ory"
import type { polar } from "latchkey/polar"
import { describe, test } from "vitest"
import { compiled } from "./never-run.ts"

const subject = { subjectToken: "token", subjectTokenType: "access_token" } as const

describe("exchangeToken", () => {
  test("takes a short name or a URI as a type", () =>
    compiled(() => {
      const types: ReadonlyArray<TokenTypeIdentifier> = [
        "id_token",
        "saml2",
        "urn:example:ticket",
        "https://a.example/t",
      ]
      // @ts-expect-error a name that RFC 8693 does not have
      const misspelt: TokenTypeIdentifier = "acces_token"
      return [types, misspelt]
    }))

  test("requires the subject token and its type", () =>
    compiled(() => {
      // @ts-expect-error `subjectTokenType` is missing
      const untyped: ExchangeTokenRequest = { subjectToken: "token" }
      // @ts-expect-error `subjectToken` is missing
      const without: ExchangeTokenRequest = { subjectTokenType: "jwt" }
      return [untyped, without]
    }))

  test("takes an actor token with its type, or neither", () =>
    compiled(() => {
      const both: ExchangeTokenRequest = { ...subject, actorToken: "token", actorTokenType: "jwt" }
      // @ts-expect-error `actorTokenType` is missing
      const untyped: ExchangeTokenRequest = { ...subject, actorToken: "token" }
      // @ts-expect-error `actorToken` is missing
      const without: ExchangeTokenRequest = { ...subject, actorTokenType: "jwt" }
      return [both, untyped, without]
    }))

  test("has no member `scope`: it is `scopes`, as everywhere", () =>
    compiled(() => {
      // @ts-expect-error
      const request: ExchangeTokenRequest = { ...subject, scope: "read" }
      return request
    }))

  test("returns tokens and the issued type", () =>
    compiled(() => {
      const tokens = (exchanged: ExchangedTokens): Tokens => exchanged
      const type = (exchanged: ExchangedTokens): TokenTypeIdentifier => exchanged.issuedTokenType
      return [tokens, type]
    }))

  test("is an operation of any provider and of oidc, and not of vendors without it", () =>
    compiled(() => {
      const any = (provider: AnyProvider) => provider.exchangeToken(subject)
      const can: ReadonlyArray<(typeof oidc.can)[number]> = ["exchangeToken"]
      // @ts-expect-error
      const ofOry: ReadonlyArray<(typeof ory.can)[number]> = ["exchangeToken"]
      // @ts-expect-error
      const ofKinde: ReadonlyArray<(typeof kinde.can)[number]> = ["exchangeToken"]
      // @ts-expect-error
      const ofPolar: ReadonlyArray<(typeof polar.can)[number]> = ["exchangeToken"]
      return [any, can, ofOry, ofKinde, ofPolar]
    }))
})
