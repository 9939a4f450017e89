/** Requests to Keycloak's Admin REST API, for what a test prepares. */
import type { GivenKeycloak } from "./running.ts"

/** Sends one request, and returns its JSON; for 201 without a body, the id at the end of `Location`. */
export type Admin = (method: string, path: string, body?: unknown) => Promise<unknown>

const tokenAt = async (url: string, realm: string, form: Readonly<Record<string, string>>): Promise<string> => {
  const address = `${url}/realms/${realm}/protocol/openid-connect/token`
  const response = await fetch(address, { method: "POST", body: new URLSearchParams(form) })
  const body = (await response.json()) as { readonly access_token?: string }
  if (body.access_token === undefined) throw new Error(`no token of an administrator: ${JSON.stringify(body)}`)
  return body.access_token
}

const request = async (token: string, url: string, method: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url} failed: ${response.status} ${text}`)
  return text === "" ? response.headers.get("location")?.split("/").at(-1) : JSON.parse(text)
}

/** Administers one realm as its manager. Paths begin below the realm. */
export const realmAdmin =
  (url: string, realm: string, manager: { readonly clientId: string; readonly clientSecret: string }): Admin =>
  async (method, path, body) => {
    const credentials = { client_id: manager.clientId, client_secret: manager.clientSecret }
    const token = await tokenAt(url, realm, { grant_type: "client_credentials", ...credentials })
    return request(token, `${url}/admin/realms/${realm}${path}`, method, body)
  }

/** Administers the realms of a server. Paths begin below `/admin/realms`. */
export const serverAdmin =
  ({ url, username, password }: GivenKeycloak): Admin =>
  async (method, path, body) => {
    const token = await tokenAt(url, "master", { grant_type: "password", client_id: "admin-cli", username, password })
    return request(token, `${url}/admin/realms${path}`, method, body)
  }
