/** Steps of the device flow, which only newer releases support. */
import { redirectParameter, type Step, type StepContext, step } from "./sdk.ts"

const grantType = "urn:ietf:params:oauth:grant-type:device_code"
const form = { "content-type": "application/x-www-form-urlencoded" }

const poll = (context: StepContext) =>
  context
    .oauth()
    .oauth2TokenExchange(
      { grantType, clientId: "tv" },
      { transformRequest: [(data: unknown) => `${String(data)}&device_code=${context.saved("device_code")}`] },
    )

const typeCode = (context: StepContext, user_code: string) =>
  context.admin.acceptUserCodeRequest({
    deviceChallenge: context.saved("device"),
    acceptDeviceUserCodeRequest: { user_code },
  })

export const deviceSteps: ReadonlyArray<Step> = [
  step("creates a client for a device", (context) =>
    context.admin.createOAuth2Client({
      oAuth2Client: { client_id: "tv", token_endpoint_auth_method: "none", grant_types: [grantType], scope: "read" },
    }),
  ),
  step("begins the device flow", async (context) => {
    const response = await context.oauth().oAuth2DeviceFlow({ data: "client_id=tv&scope=read", headers: form })
    context.save("device_code", response.data.device_code)
    context.save("user_code", response.data.user_code)
    context.save("verify", response.data.verification_uri_complete)
    return response
  }),
  step("polls too early", poll),
  step("opens the page for the code", async (context) => {
    const { searchParams: params } = new URL(context.saved("verify"))
    const page = await context.oauth().performOAuth2DeviceVerificationFlow({ params })
    context.save("device", redirectParameter(page, "device_challenge"))
    return page
  }),
  step("types the code", (context) => typeCode(context, context.saved("user_code"))),
  step("types a wrong code", (context) => typeCode(context, "WRONG")),
]
