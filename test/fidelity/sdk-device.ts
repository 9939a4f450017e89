/** The library helps a device to its tokens; newer releases only. */
import { type Step, sentBack, step, type World } from "./sdk.ts"

const grantType = "urn:ietf:params:oauth:grant-type:device_code"
const form = { "content-type": "application/x-www-form-urlencoded" }

const poll = (world: World) =>
  world
    .oauth()
    .oauth2TokenExchange(
      { grantType, clientId: "tv" },
      { transformRequest: [(data: unknown) => `${String(data)}&device_code=${world.kept("device_code")}`] },
    )

const typed = (world: World, user_code: string) =>
  world.admin.acceptUserCodeRequest({
    deviceChallenge: world.kept("device"),
    acceptDeviceUserCodeRequest: { user_code },
  })

export const deviceSteps: ReadonlyArray<Step> = [
  step("creates a client for a device", (world) =>
    world.admin.createOAuth2Client({
      oAuth2Client: { client_id: "tv", token_endpoint_auth_method: "none", grant_types: [grantType], scope: "read" },
    }),
  ),
  step("begins the device flow", async (world) => {
    const begun = await world.oauth().oAuth2DeviceFlow({ data: "client_id=tv&scope=read", headers: form })
    world.keep("device_code", begun.data.device_code)
    world.keep("user_code", begun.data.user_code)
    world.keep("verify", begun.data.verification_uri_complete)
    return begun
  }),
  step("polls too early", poll),
  step("opens the page for the code", async (world) => {
    const { searchParams: params } = new URL(world.kept("verify"))
    const page = await world.oauth().performOAuth2DeviceVerificationFlow({ params })
    world.keep("device", sentBack(page, "device_challenge"))
    return page
  }),
  step("types the code", (world) => typed(world, world.kept("user_code"))),
  step("types a wrong code", (world) => typed(world, "WRONG")),
]
