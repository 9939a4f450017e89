/** The library reads what everybody may, and a client registers itself. */
import { member, type SdkResponse, type Step, step, type World } from "./sdk.ts"

const keepRegistration = (world: World, response: SdkResponse): SdkResponse => {
  const token = member(response.data, "registration_access_token")
  if (token !== undefined) world.keep("registration", token)
  return response
}

/** The client itself, with its registration token. */
const itself = (world: World) => world.oidc({ accessToken: world.kept("registration") })

const redirect_uris = ["http://127.0.0.1:9/cb"]

export const publicSteps: ReadonlyArray<Step> = [
  step("discovers the configuration", (world) => world.oidc().discoverOidcConfiguration()),
  step("reads the keys", (world) => world.wellKnown.discoverJsonWebKeys()),
  step("registers itself", async (world) => {
    const oAuth2Client = { client_name: "Dyn", redirect_uris, grant_types: ["authorization_code"] }
    const created = await world.oidc().createOidcDynamicClient({ oAuth2Client })
    world.keep("dynamic", created.data.client_id)
    return keepRegistration(world, created)
  }),
  step("registers itself without a secret", (world) =>
    world.oidc().createOidcDynamicClient({ oAuth2Client: { token_endpoint_auth_method: "none" } }),
  ),
  step("reads its registration", (world) => itself(world).getOidcDynamicClient({ id: world.kept("dynamic") })),
  step("reads a registration without a token", (world) =>
    world.oidc().getOidcDynamicClient({ id: world.kept("dynamic") }),
  ),
  step("updates its registration", async (world) => {
    world.keep("old registration", world.kept("registration"))
    const oAuth2Client = { client_name: "Dyn2", redirect_uris }
    return keepRegistration(
      world,
      await itself(world).setOidcDynamicClient({ id: world.kept("dynamic"), oAuth2Client }),
    )
  }),
  step("reads its registration with the token before", (world) =>
    world.oidc({ accessToken: world.kept("old registration") }).getOidcDynamicClient({ id: world.kept("dynamic") }),
  ),
  step("updates its registration with a secret", (world) =>
    itself(world).setOidcDynamicClient({ id: world.kept("dynamic"), oAuth2Client: { client_secret: "chosen-secret" } }),
  ),
  step("removes its registration", (world) => itself(world).deleteOidcDynamicClient({ id: world.kept("dynamic") })),
  step("removes its registration again", (world) =>
    itself(world).deleteOidcDynamicClient({ id: world.kept("dynamic") }),
  ),
  step("registers itself under an id of its choice", (world) =>
    world.oidc().createOidcDynamicClient({ oAuth2Client: { client_id: "chosen" } }),
  ),
  step("registers itself with a secret", (world) =>
    world.oidc().createOidcDynamicClient({ oAuth2Client: { client_secret: "chosen-secret" } }),
  ),
  step("registers itself with metadata", (world) =>
    world.oidc().createOidcDynamicClient({ oAuth2Client: { metadata: { a: 1 } } }),
  ),
  step("registers itself to skip consent", (world) =>
    world.oidc().createOidcDynamicClient({ oAuth2Client: { skip_consent: true } }),
  ),
  step("registers itself with a token strategy", (world) =>
    world.oidc().createOidcDynamicClient({ oAuth2Client: { access_token_strategy: "jwt" } }),
  ),
]
