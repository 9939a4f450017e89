import { randomInt, randomUUID } from "node:crypto"
import { formOf } from "../form.ts"
import { goQuery, withQuery } from "../go.ts"
import type { Exchange, Reply } from "../http-server.ts"
import type { AuthorizeRequest } from "./authorize-request.ts"
import { toErrorPage } from "./authorize-response.ts"
import { parseBody } from "./body-json.ts"
import { authenticateClient } from "./client-auth.ts"
import { grantTypesOf } from "./client-record.ts"
import { finishConsent, requestConsent } from "./consent-step.ts"
import { checkCsrf, deviceCookie, setCsrf } from "./cookies.ts"
import type { DeviceRecord } from "./device-record.ts"
import { adminError, ErrorResponse, oauthError } from "./errors.ts"
import { requestLogin, verifyLogin } from "./login-step.ts"
import { checkAudience, checkScopes, requestedAudience, words } from "./matching.ts"
import { adminJson, oauthJson, redirect } from "./replies.ts"
import { stringIn } from "./request-body.ts"
import { longSecret, type Ory, opaqueToken } from "./state.ts"
import { isExpired, seconds } from "./tokens.ts"

/** In seconds. */
const codeLifetime = 600
const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const makeUserCode = () => Array.from({ length: 8 }, () => characters[randomInt(characters.length)]).join("")

const deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"

/** POST /oauth2/device/auth. The body must contain `client_id`, even with Basic credentials. */
export const authorizeDevice = (exchange: Exchange, ory: Ory): Reply => {
  const form = formOf(exchange)
  if (form === undefined) throw oauthError("invalid_request", "The POST body can not be empty.")
  const client = authenticateClient(ory, exchange.headers, form)
  if (form.get("client_id") !== client.id) throw oauthError("invalid_request", "Provided client_id mismatch.")
  if (!grantTypesOf(client).includes(deviceGrantType)) {
    throw oauthError("invalid_grant", `The requested OAuth 2.0 Client does not have the '${deviceGrantType}' grant.`)
  }
  const scopes = words(form.get("scope"))
  checkScopes(client, scopes)
  const audience = requestedAudience(form)
  checkAudience(client, audience)
  const record: DeviceRecord = {
    deviceCode: opaqueToken("dc"),
    userCode: makeUserCode(),
    clientId: client.id,
    scopes,
    audience,
    expiresAt: seconds(ory.now()) + codeLifetime,
    verifier: undefined,
    grant: undefined,
    used: false,
  }
  ory.devices.set(record.deviceCode, record)
  const verificationUri = `${ory.issuer}/oauth2/device/verify`
  return oauthJson({
    device_code: record.deviceCode,
    user_code: record.userCode,
    verification_uri: verificationUri,
    verification_uri_complete: `${verificationUri}?user_code=${record.userCode}`,
    expires_in: codeLifetime,
    interval: 5,
    // A bug of the server: an internal Go field is part of the response.
    Header: null,
  })
}

const byUserCode = (ory: Ory, userCode: string) =>
  [...ory.devices.values()].find((record) => record.userCode === userCode)

/** One step of the browser: the page for the user code, then the login, then the consent. */
const step = (exchange: Exchange, ory: Ory): Reply => {
  const { query } = exchange
  const deviceVerifier = query.get("device_verifier") ?? ""
  const loginVerifier = query.get("login_verifier") ?? ""
  const consentVerifier = query.get("consent_verifier") ?? ""
  if (deviceVerifier === "" && loginVerifier === "" && consentVerifier === "") {
    const challenge = longSecret()
    const csrf = randomUUID()
    ory.deviceChallenges.set(challenge, csrf)
    const userCode = query.get("user_code") ?? ""
    return redirect(
      withQuery(ory.urls.device, { device_challenge: challenge, ...(userCode === "" ? {} : { user_code: userCode }) }),
      [setCsrf(ory, deviceCookie, csrf)],
    )
  }
  if (deviceVerifier !== "") {
    const record = [...ory.devices.values()].find(({ verifier }) => verifier?.secret === deviceVerifier)
    if (record?.verifier === undefined) throw oauthError("access_denied", "The device verifier is invalid.")
    checkCsrf(ory, exchange, deviceCookie, record.verifier.csrf)
    return requestLogin(ory, exchange, requestOf(ory, exchange, record), record.deviceCode)
  }
  if (loginVerifier !== "") {
    const { flow, accepted, cookies } = verifyLogin(ory, exchange, loginVerifier)
    return requestConsent(ory, requestOf(ory, exchange, deviceOf(ory, flow.device)), flow, accepted, cookies)
  }
  const record = deviceOf(ory, ory.consentVerifiers.get(consentVerifier)?.flow.login.device)
  const request = requestOf(ory, exchange, record)
  record.grant = finishConsent(ory, exchange, request, consentVerifier, () => {})
  return redirect(withQuery(ory.urls.deviceDone, { client_id: record.clientId }))
}

const deviceOf = (ory: Ory, deviceCode: string | undefined): DeviceRecord => {
  const record = ory.devices.get(deviceCode ?? "")
  if (record === undefined) {
    throw oauthError(
      "access_denied",
      "The consent verifier has already been used, has not been granted, or is invalid.",
    )
  }
  return record
}

const requestOf = (ory: Ory, { query }: Exchange, record: DeviceRecord): AuthorizeRequest => {
  const client = ory.clients.get(record.clientId)
  if (client === undefined) throw oauthError("invalid_client", "The requested OAuth 2.0 Client does not exist.")
  const parameters = new URLSearchParams([...query].filter(([name]) => !name.endsWith("_verifier")))
  parameters.set("client_id", client.id)
  const requestUrl = `${ory.issuer}/oauth2/device/verify?${goQuery(parameters)}`
  return { client, form: query, requestUrl, scopes: record.scopes, audience: record.audience }
}

/** GET /oauth2/device/verify: the user code, the login and the consent, one step per request. */
export const verifyDevice = (exchange: Exchange, ory: Ory): Reply => {
  try {
    return step(exchange, ory)
  } catch (error) {
    if (error instanceof ErrorResponse) return toErrorPage(ory, error)
    throw error
  }
}

export const acceptUserCode = (exchange: Exchange, ory: Ory): Reply => {
  const challenge = exchange.query.get("device_challenge") ?? ""
  if (challenge === "") {
    throw oauthError("invalid_request", "Query parameter 'device_challenge' is not defined but should have been.")
  }
  const parsed = parseBody(exchange.body)
  if ("problem" in parsed) throw oauthError("invalid_request", `Unable to decode request body: ${parsed.problem}`)
  const userCode = stringIn({ ...Object(parsed.json) }, "user_code")
  if (userCode === "") throw oauthError("invalid_request", "Field 'user_code' must not be empty.")
  const csrf = ory.deviceChallenges.get(challenge)
  if (csrf === undefined) throw adminError.unknownChallenge()
  const record = byUserCode(ory, userCode)
  if (record === undefined || record.grant !== undefined || record.used || isExpired(ory, record)) {
    throw oauthError(
      "invalid_request",
      "The 'user_code' session could not be found or has expired or is otherwise malformed.",
    )
  }
  record.verifier = { secret: longSecret(), csrf }
  const target = `${ory.issuer}/oauth2/device/verify`
  const redirectTo = withQuery(target, { client_id: record.clientId, device_verifier: record.verifier.secret })
  // The server masks the user code in the address.
  return adminJson(200, { redirect_to: `${redirectTo}&user_code=****` })
}
