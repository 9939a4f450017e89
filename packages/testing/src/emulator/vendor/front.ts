/** The vendor in front of the standard provider: its paths, its names, its tokens. */

import { boundedMap } from "../bounded-map.ts"
import type { Exchange, Reply } from "../http-server.ts"
import type { AccessTokens } from "./access-tokens.ts"
import { type EndpointName, standardPaths, type VendorProfile } from "./profile.ts"

interface Front {
  readonly profile: VendorProfile
  readonly origin: string
  readonly tokens: AccessTokens
  /** Sends a request to the standard provider. */
  readonly ask: (exchange: Exchange) => Promise<Reply>
}

type Json = Readonly<Record<string, unknown>>

const json = (status: number, body: Json): Reply => ({
  status,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(body),
})

const standardNames = Object.entries(standardPaths) as ReadonlyArray<[EndpointName, string]>

/** Makes the function that answers the requests to a vendor. */
export const makeFront = (front: Front) => {
  const { profile, ask } = front
  const vendorPaths = new Map(standardNames.map(([name]) => [profile.paths[name] ?? "", name] as const))
  const audiences = makeAudiences()
  return async (exchange: Exchange): Promise<Reply> => {
    if (exchange.path === profile.metadata) return metadata(front, exchange)
    const name = vendorPaths.get(exchange.path)
    if (name === undefined)
      // A page of the login, or an endpoint that this vendor has under another path, or not at all.
      return standardNames.some(([, path]) => path === exchange.path)
        ? { status: 404 }
        : audiences.noteCode(await ask(exchange))
    const at = { ...exchange, path: standardPaths[name] }
    switch (name) {
      case "authorization_endpoint":
        audiences.noteRequest(exchange.query, profile.audienceIn(exchange.query))
        return audiences.noteCode(await ask(withQuery(at, standardRequest(profile, exchange.query))))
      case "token_endpoint":
        return issue(front, at, audiences)
      case "userinfo_endpoint":
        return ask(withBearer(at, front.tokens))
      case "introspection_endpoint":
        return introspect(front, at)
      case "revocation_endpoint":
        return revoke(front, at)
      case "end_session_endpoint":
        return ask(withQuery(at, renamed(exchange.query, profile.logoutParameters ?? {})))
      default:
        return ask(at)
    }
  }
}

/** Notes the API that each login names, until its tokens are issued. */
const makeAudiences = () => {
  const named = boundedMap<string | undefined>(1000)
  const move = (from: string | null, to: string | null) => {
    if (from !== null && to !== null && named.has(from)) named.set(to, named.get(from))
  }
  return {
    noteRequest: (query: URLSearchParams, audience: string | undefined) =>
      named.set(`state ${query.get("state")}`, audience),
    noteCode: (reply: Reply): Reply => {
      const query = URL.parse(String(reply.headers?.location ?? ""))?.searchParams
      if (query?.has("code")) move(`state ${query.get("state")}`, String(query.get("code")))
      return reply
    },
    of: (form: URLSearchParams) => named.get(form.get("code") ?? form.get("refresh_token") ?? ""),
    noteRefreshToken: (form: URLSearchParams, refreshToken: string) =>
      move(form.get("code") ?? form.get("refresh_token"), refreshToken),
  }
}

const metadata = async ({ profile, origin, ask }: Front, exchange: Exchange): Promise<Reply> => {
  const reply = await ask({ ...exchange, path: "/.well-known/openid-configuration" })
  const document = JSON.parse(reply.body ?? "{}") as Json
  const shown = standardNames.map(([name]) => {
    const path = name === "end_session_endpoint" && profile.hidesLogout ? undefined : profile.paths[name]
    return [name, path === undefined ? undefined : `${origin}${path}`] as const
  })
  return json(200, { ...document, ...Object.fromEntries(shown) })
}

const issue = async (
  { profile, tokens, ask }: Front,
  exchange: Exchange,
  audiences: ReturnType<typeof makeAudiences>,
): Promise<Reply> => {
  const form = new URLSearchParams(exchange.body)
  const refusal = profile.refuses?.(form)
  if (refusal !== undefined) return json(400, refusal)
  const named = profile.audienceIn(form) ?? audiences.of(form)
  const reply = await ask({ ...exchange, body: without(form, "resource").toString() })
  if (reply.status !== 200) return reply
  const issued = JSON.parse(reply.body ?? "{}") as Json
  if (typeof issued.refresh_token === "string") audiences.noteRefreshToken(form, issued.refresh_token)
  return json(200, { ...issued, access_token: await tokens.issue(String(issued.access_token), named) })
}

const introspect = async ({ profile, tokens, ask }: Front, exchange: Exchange): Promise<Reply> => {
  const form = new URLSearchParams(exchange.body)
  const known = tokens.find(form.get("token") ?? "")
  // The standard provider rejects every JWT.
  form.set("token", known?.opaque ?? (form.get("token") ?? "").replaceAll(".", ""))
  const reply = await ask({ ...exchange, body: form.toString() })
  const standard = JSON.parse(reply.body ?? "{}") as Json
  if (standard.active !== true) return reply
  const answer = known === undefined ? profile.refreshAnswer?.(standard) : profile.answer?.(known.facts)
  return json(200, answer ?? { active: false })
}

const revoke = ({ profile, tokens, ask }: Front, exchange: Exchange): Promise<Reply> => {
  const form = new URLSearchParams(exchange.body)
  const known = tokens.find(form.get("token") ?? "")
  if (known === undefined) return ask(exchange)
  if (profile.revokesAccessTokens !== true) return Promise.resolve(json(400, { error: "unsupported_token_type" }))
  form.set("token", known.opaque)
  return ask({ ...exchange, body: form.toString() })
}

const withBearer = (exchange: Exchange, tokens: AccessTokens): Exchange => {
  const [scheme = "", token = ""] = (exchange.headers.authorization ?? "").split(" ")
  const known = tokens.find(token)
  if (known === undefined) return exchange
  return { ...exchange, headers: { ...exchange.headers, authorization: `${scheme} ${known.opaque}` } }
}

const withQuery = (exchange: Exchange, query: URLSearchParams): Exchange => ({
  ...exchange,
  query,
  rawQuery: query.toString(),
})

/** The standard provider issues a refresh token only with consent (OpenID Connect Core 11). */
const standardRequest = ({ refreshTokens }: VendorProfile, query: URLSearchParams): URLSearchParams => {
  const request = without(query, "resource")
  const scopes = new Set((query.get("scope") ?? "").split(" "))
  if (refreshTokens === "always") scopes.add("offline_access")
  request.set("scope", Array.from(scopes).join(" "))
  if (scopes.has("offline_access") && !query.has("prompt")) request.set("prompt", "consent")
  return request
}

/** The standard provider takes a `resource` for an error, because it knows none. */
const without = (parameters: URLSearchParams, name: string): URLSearchParams => {
  const left = new URLSearchParams(parameters)
  left.delete(name)
  return left
}

const renamed = (query: URLSearchParams, names: Readonly<Record<string, string>>): URLSearchParams => {
  const standard = new Map(Object.entries(names).map(([name, vendor]) => [vendor, name] as const))
  return new URLSearchParams(Array.from(query, ([name, value]) => [standard.get(name) ?? name, value]))
}
