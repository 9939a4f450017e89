import { randomInt } from "node:crypto"
import { browserForm, formOf } from "../form.ts"
import { scopesText } from "../html.ts"
import type { Exchange, Reply } from "../http-server.ts"
import { applicationOf } from "./client-auth.ts"
import { UnknownClient } from "./errors.ts"
import { decisionButtons, formPage, isDenied, page, tokenReply } from "./replies.ts"
import { requestedAudience, requestedUserScopes } from "./requested.ts"
import { sessionOf } from "./sessions.ts"
import type { Kinde } from "./state.ts"
import { isExpired, opaqueToken, seconds } from "./tokens.ts"
import { userOfHint } from "./users.ts"

const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
const makeUserCode = () => Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("")

/** A PNG of one pixel, in place of a QR code. */
const qrCode = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="

const clientIdOf = (kinde: Kinde, form: URLSearchParams) =>
  form.get("client_id") ?? [...kinde.applications.values()].find((each) => each.defaultDevice)?.id ?? ""

/** POST /oauth2/device/auth. It requires no secret. `client_id` defaults to the tenant's default device application. */
export const authorizeDevice = (exchange: Exchange, kinde: Kinde): Reply => {
  const { devicePath } = kinde.quirks
  if (devicePath !== "both" && devicePath !== exchange.path) return page(404, "404 Not Found")
  const form = formOf(exchange) ?? new URLSearchParams()
  const id = clientIdOf(kinde, form)
  if (kinde.applications.get(id) === undefined) throw new UnknownClient()
  const application = applicationOf(kinde, { id, secret: form.get("client_secret") ?? "" })
  const scopes = requestedUserScopes(application, form)
  const audience = requestedAudience(application, form)
  const deviceCode = `kinde_dc_${opaqueToken()}`
  const userCode = makeUserCode()
  const { deviceCode: lifetime, deviceInterval: interval } = kinde.lifespans
  kinde.devices.set(deviceCode, {
    userCode,
    applicationId: application.id,
    scopes,
    audience,
    expiresAt: seconds(kinde) + lifetime,
    decision: undefined,
    lastPoll: undefined,
    interval,
    used: false,
  })
  return tokenReply({
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${kinde.issuer}/device`,
    verification_uri_complete: `${kinde.issuer}/device?user_code=${userCode}`,
    expires_in: lifetime,
    interval,
    qr_code: `data:image/png;base64,${qrCode}`,
  })
}

const userCodePage = (): Reply =>
  formPage({
    title: "Connect a device",
    text: "Enter the code that the device shows.",
    form: {
      ...{ method: "get", action: "/device" },
      inputs: [{ label: "Code", name: "user_code", required: true }],
      buttons: [{ label: "Continue" }],
    },
  })

/**
 * GET and POST /device: a page for the user code, then a page where the user confirms.
 *
 * It confirms as the user of `login_hint`, as the user who is logged in, or as the first user.
 */
export const devicePage = (exchange: Exchange, kinde: Kinde): Reply => {
  const form = browserForm(exchange)
  if (exchange.method === "GET" && !form.has("user_code")) return userCodePage()
  const userCode = (form.get("user_code") ?? "").replaceAll("-", "").toUpperCase()
  const record = [...kinde.devices.values()].find((each) => each.userCode === userCode)
  if (record === undefined || record.decision !== undefined || isExpired(kinde, record)) {
    return page(400, "Device", "The code is invalid or has expired")
  }
  const hint = form.get("login_hint") ?? ""
  if (exchange.method === "GET") {
    const name = kinde.applications.get(record.applicationId)?.name ?? record.applicationId
    return formPage({
      title: "Connect a device",
      text: `The device with the code ${userCode} and the application ${name} asks for ${scopesText(record.scopes)}.`,
      form: {
        action: "/device",
        hidden: [
          ["user_code", userCode],
          ["login_hint", hint],
        ],
        buttons: decisionButtons("Connect", "Deny"),
      },
    })
  }
  const session = hint === "" ? sessionOf(kinde, exchange) : undefined
  const user = session?.user ?? userOfHint(kinde, hint)
  const denied = user.refuses || isDenied(form)
  record.decision = denied
    ? "denied"
    : {
        userId: user.id,
        orgCode: user.organizations[0],
        authTime: session?.since ?? seconds(kinde),
        requestedAt: seconds(kinde),
      }
  return page(200, "Device", denied ? "The device was refused" : "The device is connected")
}
