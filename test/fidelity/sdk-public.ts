/** Steps on the public side: metadata, keys and the registration of a client. */
import { member, type SdkResponse, type Step, type StepContext, step } from "./sdk.ts"

const keepRegistration = (context: StepContext, response: SdkResponse): SdkResponse => {
  const token = member(response.data, "registration_access_token")
  if (token !== undefined) context.save("registration", token)
  return response
}

/** Makes an API instance that uses the client's registration token. */
const withRegistrationToken = (context: StepContext) => context.oidc({ accessToken: context.saved("registration") })

const redirect_uris = ["http://127.0.0.1:9/cb"]

export const publicSteps: ReadonlyArray<Step> = [
  step("discovers the configuration", (context) => context.oidc().discoverOidcConfiguration()),
  step("reads the keys", (context) => context.wellKnown.discoverJsonWebKeys()),
  step("registers itself", async (context) => {
    const oAuth2Client = { client_name: "Dyn", redirect_uris, grant_types: ["authorization_code"] }
    const created = await context.oidc().createOidcDynamicClient({ oAuth2Client })
    context.save("dynamic", created.data.client_id)
    return keepRegistration(context, created)
  }),
  step("registers itself without a secret", (context) =>
    context.oidc().createOidcDynamicClient({ oAuth2Client: { token_endpoint_auth_method: "none" } }),
  ),
  step("reads its registration", (context) =>
    withRegistrationToken(context).getOidcDynamicClient({ id: context.saved("dynamic") }),
  ),
  step("reads a registration without a token", (context) =>
    context.oidc().getOidcDynamicClient({ id: context.saved("dynamic") }),
  ),
  step("updates its registration", async (context) => {
    context.save("old registration", context.saved("registration"))
    const oAuth2Client = { client_name: "Dyn2", redirect_uris }
    return keepRegistration(
      context,
      await withRegistrationToken(context).setOidcDynamicClient({ id: context.saved("dynamic"), oAuth2Client }),
    )
  }),
  step("reads its registration with the previous token", (context) =>
    context
      .oidc({ accessToken: context.saved("old registration") })
      .getOidcDynamicClient({ id: context.saved("dynamic") }),
  ),
  step("updates its registration with a secret", (context) =>
    withRegistrationToken(context).setOidcDynamicClient({
      id: context.saved("dynamic"),
      oAuth2Client: { client_secret: "chosen-secret" },
    }),
  ),
  step("removes its registration", (context) =>
    withRegistrationToken(context).deleteOidcDynamicClient({ id: context.saved("dynamic") }),
  ),
  step("removes its registration again", (context) =>
    withRegistrationToken(context).deleteOidcDynamicClient({ id: context.saved("dynamic") }),
  ),
  step("registers itself with a client id", (context) =>
    context.oidc().createOidcDynamicClient({ oAuth2Client: { client_id: "chosen" } }),
  ),
  step("registers itself with a secret", (context) =>
    context.oidc().createOidcDynamicClient({ oAuth2Client: { client_secret: "chosen-secret" } }),
  ),
  step("registers itself with metadata", (context) =>
    context.oidc().createOidcDynamicClient({ oAuth2Client: { metadata: { a: 1 } } }),
  ),
  step("registers itself to skip consent", (context) =>
    context.oidc().createOidcDynamicClient({ oAuth2Client: { skip_consent: true } }),
  ),
  step("registers itself with a token strategy", (context) =>
    context.oidc().createOidcDynamicClient({ oAuth2Client: { access_token_strategy: "jwt" } }),
  ),
]
