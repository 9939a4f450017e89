/** What the requests of a definition look like, to a server that answers as its vendor documents. */
import * as Effect from "effect/Effect"
import { type AuthError, make, type Transport, type TransportRequest } from "latchkey/effect"
import { define, type Server, standardOperations } from "latchkey/oidc"
import type { TransportResponse } from "../../src/ports/transport.ts"
import { json } from "../unit/scripted-transport.ts"
import { type Name, opened } from "./definitions.ts"
import { type Calls, refusals } from "./refusals.ts"

/** An operation that is rejected has the reason. */
export interface Requests {
  readonly authorize: string
  readonly client: string
  readonly service: string
  readonly revokeJwt: string
  readonly revokeOpaque: string
  readonly logout: string
  readonly logoutState: string
  readonly userInfo: string
  readonly trusted: boolean
  /** The addresses of requests and pages that the metadata does not name, without the issuer. */
  readonly known: ReadonlyArray<string>
  readonly refusals: ReadonlyArray<string>
}

/** The hosts of endpoints that are not on the issuer's, by vendor. */
const hosts: Readonly<Partial<Record<Name, { readonly userinfo: string; readonly token: string }>>> = {
  cognito: {
    userinfo: "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/userInfo",
    token: "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token",
  },
  entra: { userinfo: "https://graph.microsoft.com/oidc/userinfo", token: "https://login.microsoftonline.com/t/token" },
}

const metadataOf = (name: Name, issuer: string): Readonly<Record<string, unknown>> => {
  const { origin } = new URL(issuer)
  return {
    issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: hosts[name]?.token ?? `${origin}/token`,
    introspection_endpoint: `${origin}/introspect`,
    revocation_endpoint: `${origin}/revoke`,
    userinfo_endpoint: hosts[name]?.userinfo ?? `${origin}/userinfo`,
    device_authorization_endpoint: `${origin}/device`,
    jwks_uri: `${origin}/jwks`,
    ...(name !== "auth0" && name !== "cognito" && { end_session_endpoint: `${origin}/logout` }),
  }
}

/** Answers discovery as the vendor documents it, and every other request like a server that accepts it. */
const playing = (name: Name, { issuer }: Server, refused?: TransportResponse) => {
  const requests: Array<TransportRequest> = []
  const accepted = (url: string): TransportResponse => {
    if (url.toLowerCase().endsWith("userinfo")) return json({ sub: "u" })
    if (/(jwks|certs)$/.test(url)) return json({ keys: [] })
    if (url.endsWith("introspect")) return json({ active: false })
    const device = { device_code: "d", user_code: "u", verification_uri: "https://id.example/device" }
    return json({ ...device, access_token: "token", token_type: "Bearer", expires_in: 60, scope: "read" })
  }
  const transport: Transport = {
    send: (request) =>
      Effect.sync(() => {
        const { url } = request
        if (url.endsWith("openid-configuration")) return json(metadataOf(name, issuer))
        requests.push(request)
        return refused ?? accepted(url)
      }),
  }
  return { requests, transport }
}

const redirectUri = "https://app.example/cb"
const api = "https://api.example"
const hint = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"

const open = (name: Name, server: Server, refused?: TransportResponse) => {
  const { config, input } = opened(name)
  const { requests, transport } = playing(name, server, refused)
  const adapter = define({ id: "preset", config, can: standardOperations, server: () => server })
  const provider = Effect.runSync(Effect.scoped(adapter({ ...input, redirectUri } as never, { transport })))
  return { auth: Effect.runSync(Effect.scoped(make(Effect.succeed(provider)))) satisfies Calls, provider, requests }
}

/** Runs a call, and returns the tag of its reason, or what a function says of its result. */
const said = <A>(call: Effect.Effect<A, AuthError>, describeResult: (result: A) => string) =>
  Effect.runPromise(Effect.match(call, { onFailure: ({ reason }) => reason._tag as string, onSuccess: describeResult }))

const query = (url: string): string => {
  const { searchParams } = new URL(url)
  return ["scope", "prompt", "audience", "resource"]
    .flatMap((member) => searchParams.getAll(member).map((value) => `${member}=${value}`))
    .join("&")
}

/** Makes every request, and returns the addresses that no metadata document names, below the issuer. */
const knownAddresses = async (name: Name, server: Server): Promise<ReadonlyArray<string>> => {
  const { auth, requests } = open(name, server)
  const pages: Array<string> = []
  const page = ({ url }: { readonly url: string }) => String(pages.push(url))
  await said(auth.authorize({}), page)
  await said(auth.session.end({ idTokenHint: hint }), page)
  const calls = [auth.clientCredentials({}), auth.introspect("opaque"), auth.revoke("opaque"), auth.userInfo("token")]
  for (const call of [...calls, auth.deviceAuthorization({}), auth.metadata.keys()]) await said<unknown>(call, String)
  const named = Object.values(metadataOf(name, server.issuer))
  return [...pages, ...requests.map(({ url }) => url)]
    .map((url) => url.replace(/\?.*$/, ""))
    .filter((url) => !named.includes(url))
    .map((url) => url.replace(server.issuer, ""))
}

export const requestsOf = async (name: Name, server: Server): Promise<Requests> => {
  const { auth, provider, requests } = open(name, server)
  const last = () => requests.at(-1)
  return {
    authorize: await said(auth.authorize({ offline: true, scopes: ["openid"] }), ({ url }) => query(url)),
    service: await said(auth.clientCredentials({ audience: [api] }), () => query(`https://a.example/?${last()?.body}`)),
    client: await said(auth.clientCredentials({}), () =>
      last()?.headers.authorization === undefined ? "post" : "basic",
    ),
    revokeJwt: await said(auth.revoke(hint), () => "sent"),
    revokeOpaque: await said(auth.revoke("opaque"), () => "sent"),
    logout: await said(auth.session.end({ returnTo: redirectUri, idTokenHint: hint }), ({ url }) => {
      const { origin, pathname, searchParams } = new URL(url)
      return `${origin}${pathname} ${Array.from(searchParams.keys()).join(" ")}`
    }),
    logoutState: await said(auth.session.end({ returnTo: redirectUri, state: "s" }), () => "sent"),
    userInfo: await said(auth.userInfo("token"), ({ subject }) => subject),
    trusted: provider.traits?.inactiveWhenBroken !== true,
    known: await knownAddresses(name, server),
    refusals: await Promise.all(
      (refusals[name] ?? []).map(async (refusal) => {
        const end = await said(refusal.call(open(name, server, refusal.response).auth), () => "done")
        return `${refusal.name}: ${end}`
      }),
    ),
  }
}
