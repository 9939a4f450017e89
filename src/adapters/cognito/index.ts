/** Amazon Cognito user pools: login, machine tokens, and access tokens that are validated by their signature. */
import { z } from "zod"
import {
  baseUrl,
  type CommonConfig,
  clientAuthOf,
  configuredBy,
  define,
  missingAudience,
  type Server,
  settings,
} from "../oidc/index.ts"
import { loginOperations } from "../oidc/preset.ts"

/** The configuration of the `cognito` adapter. */
export interface CognitoConfig extends CommonConfig {
  /** The pool, as the issuer: `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34e`. */
  readonly issuer: string
  /** The pool's domain, such as `https://acme.auth.eu-west-1.amazoncognito.com`. */
  readonly domain: string
}

export const config = z.strictObject({ ...settings, issuer: baseUrl, domain: baseUrl })

/** The pool's other issuer, which newer tokens may have. */
const otherIssuer = (issuer: string): string => issuer.replace("//cognito-idp.", "//issuer-cognito-idp.")

export const server = ({ issuer, domain, ...credentials }: z.output<typeof config>): Server => ({
  issuer,
  metadataUrl: `${issuer}/.well-known/openid-configuration`,
  endpoints: { jwksUri: `${issuer}/.well-known/jwks.json`, endSessionEndpoint: `${domain}/logout` },
  clientAuth: clientAuthOf(credentials),
  origins: [new URL(domain).origin],
  revokes: "refresh_token",
  endSession: { returnTo: "logout_uri" },
  ignoresIdTokenHint: true,
  unsupportedArguments: { "session.end.state": "put the state into returnTo" },
  token: {
    answers: "signature",
    issuers: [{ issuer: otherIssuer(issuer), jwksUri: `${otherIssuer(issuer)}/.well-known/jwks.json` }],
    jwt: { algorithms: ["RS256"], types: [""], access: [{ name: "token_use", is: "access" }] },
    // An access token without resource binding has no `aud`: the client stands for it.
    audience: ["aud", "client_id"],
  },
})

/** Makes a provider for Cognito. @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html */
export const cognito = configuredBy<CognitoConfig>()(
  define({ id: "cognito", config, check: missingAudience, can: [...loginOperations, "revoke"], server }),
)
