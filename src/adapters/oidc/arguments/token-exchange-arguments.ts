/** The schema of a token exchange. */
import { z } from "zod"
import { canBe } from "../../../internal/token-text.ts"
import type { TokenTypeIdentifier } from "../../../ports/token-exchange.ts"
import { isAbsoluteUri, isStandardTokenType, standardTokenTypes } from "../token-types.ts"
import { notWellFormed } from "./credential-arguments.ts"
import { hasScheme, nonEmptyString, nonEmptyStrings, scopes } from "./fields.ts"

/** A server rejects a wrong subject or actor token as `invalid_request` (RFC 8693 section 2.2.2). */
const token = nonEmptyString.check(({ value, issues }) => {
  const message = !canBe("printable", value)
    ? notWellFormed
    : hasScheme(value)
      ? 'pass the token without the scheme, such as "Bearer"'
      : undefined
  if (message !== undefined) issues.push({ code: "custom", message, input: value })
})

const tokenType = z.custom<TokenTypeIdentifier>(
  (value) => typeof value === "string" && (isStandardTokenType(value) || isAbsoluteUri(value)),
  `expected ${standardTokenTypes.map((name) => `"${name}"`).join(", ")} or an absolute URI`,
)

export const exchangeTokenRequest = () =>
  z
    .strictObject({
      subjectToken: token,
      subjectTokenType: tokenType,
      actorToken: token.optional(),
      actorTokenType: tokenType.optional(),
      audience: nonEmptyStrings.optional(),
      resource: z
        .array(z.string().refine(isAbsoluteUri, "expected an absolute URI without a fragment (RFC 8693 section 2.1)"))
        .optional(),
      scopes: scopes.optional(),
      requestedTokenType: tokenType.optional(),
    })
    .refine(({ actorToken, actorTokenType }) => actorToken === undefined || actorTokenType !== undefined, {
      path: ["actorTokenType"],
      message: "required with actorToken",
    })
    .refine(({ actorToken, actorTokenType }) => actorToken !== undefined || actorTokenType === undefined, {
      path: ["actorToken"],
      message: "required with actorTokenType",
    })
