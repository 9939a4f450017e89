/** The kind of a token that a server has found active. */
import { jwtClaims, jwtHeader } from "../../../internal/jwt-header.ts"
import { conventionalKind, kindOf } from "../../../internal/token-kind.ts"
import { firstText, type Subject } from "../../../internal/token-members.ts"
import type { Reason } from "../../../ports/errors.ts"
import type { IntrospectOptions } from "../../../ports/introspection.ts"
import type { TokenProfile } from "../../../ports/token-profile.ts"
import { namesOf } from "./introspection-members.ts"

/**
 * Returns the kind; `undefined` if the response does not show it; or `"unshown"` for a JWT that may be an ID token,
 * although the configuration says that active tokens are access tokens.
 */
export const introspectedKind = (
  subject: Subject,
  profile: TokenProfile | undefined,
  expect: NonNullable<IntrospectOptions["expect"]>,
): ReturnType<typeof kindOf> | "unshown" => {
  const use = kindOf(subject, profile?.kind, expect)
  if (use !== "access_token" || typeof profile?.kind !== "string" || profile.jwt !== undefined) return use
  return isJwt(subject.token) && conventionalKind(subject) === undefined ? shownKind(subject, profile) : use
}

/** A server that introspects ID tokens finds them active, whatever the hint: the claims of the JWT must show the kind. */
const shownKind = ({ token }: Subject, profile: TokenProfile): ReturnType<typeof introspectedKind> => {
  const claims = jwtClaims(token)
  if (claims === undefined) return "unshown"
  const told = conventionalKind({ token, members: claims, header: () => jwtHeader(token), isAnswer: false })
  if (told !== undefined) return told
  // RFC 9068 section 2.2: an access token names its client. An ID token names it as its audience.
  return firstText(claims, namesOf(profile).client) === undefined ? "unshown" : "access_token"
}

const isJwt = (token: string): boolean => /^eyJ[^.]*\.[^.]*\./.test(token)

/** The reason for a token without a kind. */
export const kindReasons = {
  untold: {
    _tag: "InvalidConfig",
    issues: [
      {
        path: "token.kind",
        message:
          'the introspection response does not tell the kind of the token: set "access_only" if the server introspects no ' +
          'refresh tokens and no ID tokens, "hint" if its token_type_hint is an exact filter, or rules',
      },
    ],
  },
  unshown: {
    _tag: "InvalidConfig",
    issues: [
      {
        path: "token.jwt",
        message:
          'the server finds a JWT active that may be an ID token: it names no client, and "token.kind" cannot tell. ' +
          'Describe the access tokens of the server in "token.jwt", or name their client id in "token.client"',
      },
    ],
  },
} as const satisfies Readonly<Record<string, Reason>>
