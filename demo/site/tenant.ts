/** One vendor on the demo's page: the emulator, the client, the API behind the guard, and what happened so far. */
import type { CookieJar } from "iron-session"
import { type AnyAuth, AuthError, createAuth } from "latchkey"
import { type Logins, makeLogins } from "../../examples/login/logins.ts"
import { currentTokens } from "../../examples/login/sessions.ts"
import { type Api, startApi } from "../api.ts"
import type { Addresses, Backend } from "../backend.ts"

/** One line of the page's log. */
export interface Entry {
  readonly action: string
  readonly result: string
  /** A sentence about the result. */
  readonly why?: string | undefined
  readonly kind: "good" | "refused" | "down" | "note"
}

export interface Tenant {
  readonly name: string
  readonly backend: Backend
  readonly auth: AnyAuth
  readonly logins: Logins
  readonly api: Api
  /** The newest first. */
  readonly log: Array<Entry>
  isDown: boolean
}

const logLength = 8

export const addEntry = (
  { log }: Tenant,
  action: string,
  result: string,
  kind: Entry["kind"] = "note",
  why?: string,
): void => {
  log.unshift({ action, result, kind, why })
  log.splice(logLength)
}

/** Runs an action. An error of the vendor becomes a line of the log. */
export const attempt = async <A>(tenant: Tenant, action: string, run: () => Promise<A>): Promise<A | undefined> => {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    const { _tag } = error.reason
    const instead = "instead" in error.reason ? error.reason.instead : undefined
    addEntry(
      tenant,
      action,
      instead === undefined ? _tag : `${_tag}. Instead: ${instead}`,
      error.isRetryable ? "down" : "refused",
    )
    return undefined
  }
}

export const openTenant = async (name: string, backend: Backend, at: Addresses, password: string): Promise<Tenant> => {
  // Without a cache, so that an outage shows at once.
  const auth = createAuth({ ...backend.config, cache: false })
  const { redirectUri } = at
  const logins = { ...makeLogins(auth, { redirectUri, password, name: `demo-${name}` }), home: at.home }
  return { name, backend, auth, logins, api: await startApi(auth), log: [], isDown: false }
}

export const closeTenant = async ({ api, auth, backend }: Tenant): Promise<void> => {
  api.close()
  await auth.close()
  await backend.close()
}

const sessionOf = async ({ logins }: Tenant, jar: CookieJar) =>
  logins.sessions.get((await logins.openSession(jar)).id ?? "")

/** The subject of the user who is logged in. */
export const subjectOf = async (tenant: Tenant, jar: CookieJar): Promise<string | undefined> => {
  const session = await sessionOf(tenant, jar)
  return session === undefined ? undefined : String(session.login.idClaims?.sub)
}

const kindOf = (status: number): Entry["kind"] => (status < 300 ? "good" : status >= 500 ? "down" : "refused")

const whyOf = ({ backend, isDown }: Tenant, status: number): string | undefined => {
  if (status === 503) return "The token may be good, so the answer is not 401."
  return status === 200 && isDown && backend.isLocal
    ? "The vendor's keys are known, so the signature answers."
    : undefined
}

/** Calls the API with the user's token, if there is one. */
export const callApi = async (tenant: Tenant, jar: CookieJar): Promise<void> => {
  const session = await sessionOf(tenant, jar)
  const { status, text } = await tenant.api.call(session && (await currentTokens(tenant.auth, session)).accessToken)
  const action = session === undefined ? "Call the API without a token" : "Call the API"
  addEntry(tenant, action, `${status} ${text}`, kindOf(status), whyOf(tenant, status))
}

/** Revokes the user's access token at the vendor. */
export const revokeToken = async (tenant: Tenant, jar: CookieJar): Promise<void> => {
  const session = await sessionOf(tenant, jar)
  if (session === undefined) return addEntry(tenant, "Revoke the token", "nobody is logged in")
  await tenant.auth.revoke(session.tokens.accessToken)
  addEntry(tenant, "Revoke the token", "done")
}

/** Takes the vendor down, or brings it back. */
export const setDown = (tenant: Tenant, isDown: boolean): void => {
  const { faults } = tenant.backend
  faults.clear()
  if (isDown) faults.add({ times: Number.POSITIVE_INFINITY, fault: { kind: "reset" } })
  tenant.isDown = isDown
  addEntry(
    tenant,
    isDown ? "Take the vendor down" : "Bring the vendor back",
    isDown ? "it closes every connection" : "done",
  )
}
