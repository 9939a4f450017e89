/** A stranger's program for the entries of the presets. */
import { type Auth0Config, auth0 } from "latchkey/auth0"
import { type CognitoConfig, cognito } from "latchkey/cognito"
import { createAuth } from "latchkey/core"
import { type EntraConfig, entra } from "latchkey/entra"
import { type LogtoConfig, logto } from "latchkey/logto"
import { define } from "latchkey/oidc"
import { definition, type OktaConfig, okta } from "latchkey/okta"
import { type ZitadelConfig, zitadel } from "latchkey/zitadel"

const client = { clientId: "orders", clientSecret: "secret", audience: ["https://api.example"] } as const
const auth0Config: Auth0Config = { ...client, issuer: "https://acme.eu.auth0.com/" }
const pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34e"
const cognitoConfig: CognitoConfig = { ...client, issuer: pool, domain: "https://acme.auth.example" }
const entraConfig: EntraConfig = { ...client, tenants: ["11111111-2222-4333-8444-555555555555"] }
const logtoConfig: LogtoConfig = { ...client, endpoint: "https://acme.logto.app" }
const oktaConfig: OktaConfig = { ...client, issuer: "https://acme.okta.com/oauth2/default" }
const zitadelConfig: ZitadelConfig = { ...client, issuer: "https://acme.zitadel.cloud" }

/** A preset with one value changed. */
export const acme = define({ ...definition, id: "acme", can: ["introspect", "metadata.keys"] })

const providers = [
  ...[auth0(auth0Config), cognito(cognitoConfig), entra(entraConfig), logto(logtoConfig), okta(oktaConfig)],
  ...[zitadel(zitadelConfig), acme(oktaConfig)],
]
for (const provider of providers) {
  await using auth = createAuth(provider)
  console.log(auth.id, await auth.introspect("not a token"))
}
