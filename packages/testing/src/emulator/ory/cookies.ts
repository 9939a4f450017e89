import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import type { Exchange } from "../http-server.ts"
import { refuse } from "./errors.ts"
import { requestMaxAge } from "./flows.ts"
import { murmur3 } from "./murmur3.ts"
import type { Ory } from "./state.ts"

const sessionCookie = "ory_hydra_session_dev"

export const loginCookie = (clientId: string): string => `ory_hydra_login_csrf_dev_${murmur3(clientId)}`
export const consentCookie = (clientId: string): string => `ory_hydra_consent_csrf_dev_${murmur3(clientId)}`
export const deviceCookie = "ory_hydra_device_csrf_dev"

const readCookie = ({ headers }: Exchange, name: string): string | undefined => {
  for (const part of (headers.cookie ?? "").split(";")) {
    const [key = "", ...value] = part.trim().split("=")
    if (key === name) return value.join("=")
  }
  return undefined
}

const write = (ory: Ory, name: string, value: string, maxAge: number) => {
  // A session cookie of the browser has no lifetime, a deleted one an expiry in the past.
  const expires = new Date(maxAge > 0 ? ory.now() + maxAge * 1000 : 1000).toUTCString()
  const life = maxAge === 0 ? "" : ` Expires=${expires}; Max-Age=${Math.max(0, maxAge)};`
  return `${name}=${value}; Path=/;${life} HttpOnly; SameSite=Lax`
}

const mac = (ory: Ory, text: string) => createHmac("sha256", ory.secret).update(text).digest("base64url")

const sealed = (ory: Ory, name: string, value: string) => {
  const payload = Buffer.from(`${randomBytes(12).toString("hex")}|${value}`).toString("base64url")
  return `${payload}.${mac(ory, `${name}|${payload}`)}`
}

const opened = (ory: Ory, name: string, cookie: string): string | undefined => {
  const [payload = "", tag = ""] = cookie.split(".")
  const expected = Buffer.from(mac(ory, `${name}|${payload}`))
  const given = Buffer.from(tag)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
  return Buffer.from(payload, "base64url").toString("utf8").split("|").slice(1).join("|")
}

/** The cookie that ties a browser to a request it started. */
export const setCsrf = (ory: Ory, name: string, value: string): string =>
  write(ory, name, sealed(ory, name, value), requestMaxAge)

/** Refuses a browser that does not carry the cookie of the request it wants to go on with. */
export const checkCsrf = (ory: Ory, exchange: Exchange, name: string, expected: string): void => {
  const cookie = readCookie(exchange, name)
  if (cookie === undefined) {
    throw refuse("request_forbidden", "No CSRF value available in the session cookie.")
  }
  const value = opened(ory, name, cookie)
  if (value === undefined) throw refuse("request_forbidden", "CSRF session cookie could not be decoded.")
  if (value !== expected) {
    throw refuse(
      "request_forbidden",
      "The CSRF value from the token does not match the CSRF value from the data store.",
    )
  }
}

/** Remembers a login in the browser; 0 seconds: until the browser closes. */
export const setSession = (ory: Ory, sid: string, rememberFor: number): string =>
  write(ory, sessionCookie, sealed(ory, sessionCookie, sid), Math.max(0, rememberFor))

export const clearSession = (ory: Ory): string => write(ory, sessionCookie, sealed(ory, sessionCookie, ""), -1)

/** The id of the login session the browser names, remembered or not. */
export const sessionIdOf = (ory: Ory, exchange: Exchange): string | undefined => {
  const cookie = readCookie(exchange, sessionCookie)
  return cookie === undefined ? undefined : opened(ory, sessionCookie, cookie) || undefined
}

/** The remembered login session of the browser. */
export const sessionOf = (ory: Ory, exchange: Exchange) => {
  const session = ory.loginSessions.get(sessionIdOf(ory, exchange) ?? "")
  return session?.remember ? session : undefined
}
