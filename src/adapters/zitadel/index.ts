/** Zitadel: login, machine tokens, introspection after the check of the signature. */
import { z } from "zod"
import { baseUrl, type CommonConfig, clientAuthOf, configuredBy, define, type Server, settings } from "../oidc/index.ts"
import { loginOperations } from "../oidc/preset.ts"

/** The configuration of the `zitadel` adapter. */
export interface ZitadelConfig extends CommonConfig {
  /** The domain of the instance, as the issuer: `https://acme.zitadel.cloud`, without a slash at the end. */
  readonly issuer: string
}

export const config = z.strictObject({
  ...settings,
  issuer: baseUrl.regex(/[^/]$/, "remove the slash at the end, as in `iss`"),
})

export const server = ({ issuer, ...credentials }: z.output<typeof config>): Server => ({
  issuer,
  metadataUrl: `${issuer}/.well-known/openid-configuration`,
  clientAuth: clientAuthOf(credentials),
  audienceParameter: { scope: "urn:zitadel:iam:org:project:id:{audience}:aud" },
  offline: { scope: "offline_access" },
  token: {
    answers: "introspection_or_signature",
    kind: "access_only",
    // The client id of a JWT is not documented. An ID token has no `jti`.
    jwt: { algorithms: ["RS256"], types: ["jwt"], access: [{ name: "jti" }] },
    client: ["client_id", "azp"],
    clientUnsaid: true,
  },
  // A failure of its database is reported as an inactive token.
  traits: { inactiveWhenBroken: true },
})

/** Makes a provider for Zitadel. @see https://zitadel.com/docs/apis/openidoauth/endpoints */
export const zitadel = configuredBy<ZitadelConfig>()(
  define({ id: "zitadel", config, can: [...loginOperations, "deviceAuthorization", "pollDevice", "revoke"], server }),
)
