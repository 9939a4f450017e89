/** Amazon Cognito user pools: login, machine tokens, and access tokens that are validated by their signature. */
import { z } from "zod"
import { baseUrl, type CommonConfig, configuredBy, define, settings } from "../oidc/index.ts"
import { loginOperations, plainIssuer, preset } from "../oidc/preset.ts"

/** The configuration of the `cognito` adapter. */
export interface CognitoConfig extends CommonConfig {
  /** The pool, as the issuer: `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34e`. */
  readonly issuer: string
  /** The domain of the pool, such as `https://acme.auth.eu-west-1.amazoncognito.com`. */
  readonly domain: string
}

const newerForm = (issuer: string): string => issuer.replace("//cognito-idp.", "//issuer-cognito-idp.")

/** The definition of `cognito`, to be changed and given to `define`. */
export const definition = preset({
  id: "cognito",
  config: z.strictObject({ ...settings, issuer: plainIssuer, domain: baseUrl.transform((url) => new URL(url).origin) }),
  can: [...loginOperations, "revoke"],
  instead: { "clients.*": "the AWS console or CreateUserPoolClient of its API" },
  server: ({ issuer, domain }) => ({
    issuer,
    endpoints: { endSessionEndpoint: `${domain}/logout` },
    origins: [domain],
    revokes: "refresh_token",
    endSession: { returnTo: "logout_uri" },
    ignoresIdTokenHint: true,
    unsupportedArguments: { "session.end.state": "put the state into returnTo" },
    token: {
      answers: "signature",
      issuers: [{ issuer: newerForm(issuer), jwksUri: `${newerForm(issuer)}/.well-known/jwks.json` }],
      jwt: { algorithms: ["RS256"], types: [""], access: [{ name: "token_use", is: "access" }] },
      audience: ["aud", "client_id"], // The client id is the audience of a token without resource binding.
    },
  }),
})

/** Makes a provider for Cognito. @see https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html */
export const cognito = configuredBy<CognitoConfig>()(define(definition))
