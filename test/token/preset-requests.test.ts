/** The requests of the presets, as their vendors document them. No hosted vendor was called. */
import * as Effect from "effect/Effect"
import { type AuthError, make, type Transport, type TransportRequest } from "latchkey/effect"
import { define, type Server, standardOperations } from "latchkey/oidc"
import { describe, expect, test } from "vitest"
import * as auth0 from "../../src/adapters/auth0/index.ts"
import * as cognito from "../../src/adapters/cognito/index.ts"
import * as entra from "../../src/adapters/entra/index.ts"
import * as logto from "../../src/adapters/logto/index.ts"
import * as okta from "../../src/adapters/okta/index.ts"
import * as zitadel from "../../src/adapters/zitadel/index.ts"
import { policiesOff } from "../policies-off.ts"
import { json } from "../unit/scripted-transport.ts"
import { documented } from "./documented-tokens.ts"
import { dataOf, without } from "./without-datum.ts"

const presets = { auth0, cognito, entra, logto, okta, zitadel } as const
type Name = keyof typeof presets
const names = Object.keys(presets) as ReadonlyArray<Name>

interface Preset {
  readonly definition: { readonly config: typeof auth0.definition.config; readonly server: (config: never) => Server }
}

const serverOf = (name: Name): { readonly config: typeof auth0.definition.config; readonly server: Server } => {
  const { config, server } = (presets[name] as unknown as Preset).definition
  const input = { ...policiesOff, clientId: "service", clientSecret: "secret", ...documented[name].config }
  return { config, server: server(config.parse(input) as never) }
}

/** The hosts of endpoints that are not on the issuer's, by vendor. */
const hosts: Readonly<Partial<Record<Name, { readonly userinfo: string; readonly token: string }>>> = {
  cognito: {
    userinfo: "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/userInfo",
    token: "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token",
  },
  entra: { userinfo: "https://graph.microsoft.com/oidc/userinfo", token: "https://login.microsoftonline.com/t/token" },
}

/** Answers discovery as the vendor documents it, and every other request like a server that accepts it. */
const playing = (name: Name, { issuer }: Server) => {
  const requests: Array<TransportRequest> = []
  const origin = new URL(issuer).origin
  const transport: Transport = {
    send: (request) =>
      Effect.sync(() => {
        const { url } = request
        if (url.endsWith("openid-configuration"))
          return json({
            issuer,
            authorization_endpoint: `${origin}/authorize`,
            token_endpoint: hosts[name]?.token ?? `${origin}/token`,
            revocation_endpoint: `${origin}/revoke`,
            userinfo_endpoint: hosts[name]?.userinfo ?? `${origin}/userinfo`,
            ...(name !== "auth0" && name !== "cognito" && { end_session_endpoint: `${origin}/logout` }),
          })
        requests.push(request)
        if (url.toLowerCase().endsWith("userinfo")) return json({ sub: "u" })
        return json({ access_token: "token", token_type: "Bearer", expires_in: 60, scope: "read" })
      }),
  }
  return { requests, transport }
}

/** What a server's requests look like. An operation that is rejected has the reason. */
interface Requests {
  readonly authorize: string
  readonly client: string
  readonly service: string
  readonly revokeJwt: string
  readonly logout: string
  readonly logoutState: string
  readonly userInfo: string
  readonly trusted: boolean
}

const api = "https://api.example"

const requestsOf = async (name: Name, server: Server, { config }: ReturnType<typeof serverOf>): Promise<Requests> => {
  const { requests, transport } = playing(name, server)
  const adapter = define({ id: "preset", config, can: standardOperations, server: () => server })
  const input = { ...policiesOff, clientId: "service", clientSecret: "secret", ...documented[name].config }
  const redirectUri = "https://app.example/cb"
  const provider = Effect.runSync(Effect.scoped(adapter({ ...input, redirectUri } as never, { transport })))
  const auth = Effect.runSync(Effect.scoped(make(Effect.succeed(provider))))
  const said = <A>(call: Effect.Effect<A, AuthError>, describeResult: (result: A) => string) =>
    Effect.runPromise(
      Effect.match(call, { onFailure: ({ reason }) => reason._tag as string, onSuccess: describeResult }),
    )
  const query = (url: string, ...members: ReadonlyArray<string>) => {
    const { searchParams } = new URL(url)
    return members.flatMap((member) => searchParams.getAll(member).map((value) => `${member}=${value}`)).join("&")
  }
  const asked = ["scope", "prompt", "audience", "resource"]
  const last = () => requests.at(-1)
  const hint = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
  return {
    authorize: await said(auth.authorize({ offline: true, scopes: ["openid"] }), ({ url }) => query(url, ...asked)),
    service: await said(auth.clientCredentials({ audience: [api] }), () =>
      query(`https://a.example/?${last()?.body}`, ...asked),
    ),
    client: await said(auth.clientCredentials({}), () =>
      last()?.headers.authorization === undefined ? "post" : "basic",
    ),
    revokeJwt: await said(auth.revoke(hint), () => "sent"),
    logout: await said(auth.session.end({ returnTo: redirectUri, idTokenHint: hint }), ({ url }) => {
      const { origin, pathname, searchParams } = new URL(url)
      return `${origin}${pathname} ${Array.from(searchParams.keys()).join(" ")}`
    }),
    logoutState: await said(auth.session.end({ returnTo: redirectUri, state: "s" }), () => "sent"),
    userInfo: await said(auth.userInfo("token"), ({ subject }) => subject),
    trusted: provider.traits?.inactiveWhenBroken !== true,
  }
}

const standard = {
  client: "basic",
  logoutState: "sent",
  userInfo: "u",
  trusted: true,
} as const

const parameters = "id_token_hint client_id post_logout_redirect_uri"
const offline = "scope=openid offline_access"

/** What the vendors document, by vendor. */
const expected: Readonly<Record<Name, Requests>> = {
  auth0: {
    ...standard,
    authorize: offline,
    client: "post",
    service: `audience=${api}`,
    revokeJwt: "UnsupportedOperation",
    logout: `https://acme.eu.auth0.com/oidc/logout ${parameters}`,
  },
  cognito: {
    ...standard,
    authorize: "scope=openid",
    service: "UnsupportedOperation",
    revokeJwt: "UnsupportedOperation",
    logout: "https://acme.auth.eu-west-1.amazoncognito.com/logout client_id logout_uri",
    logoutState: "UnsupportedOperation",
  },
  entra: {
    ...standard,
    authorize: offline,
    client: "post",
    service: `scope=${api}/.default`,
    // The preset has no `revoke`: there is no endpoint.
    revokeJwt: "sent",
    logout: `https://login.microsoftonline.com/logout ${parameters}`,
  },
  logto: {
    ...standard,
    authorize: `${offline}&prompt=consent`,
    service: `resource=${api}`,
    revokeJwt: "UnsupportedOperation",
    logout: `https://acme.logto.app/logout ${parameters}`,
  },
  okta: {
    ...standard,
    authorize: offline,
    service: "UnsupportedOperation",
    revokeJwt: "sent",
    logout: `https://acme.okta.com/logout ${parameters}`,
  },
  zitadel: {
    ...standard,
    authorize: offline,
    service: `scope=urn:zitadel:iam:org:project:id:${api}:aud`,
    revokeJwt: "sent",
    logout: `https://acme.zitadel.cloud/logout ${parameters}`,
    trusted: false,
  },
}

describe("the requests of a preset", () => {
  test.each(names)("are those that %s documents", async (name) => {
    const preset = serverOf(name)
    expect(await requestsOf(name, preset.server, preset)).toEqual(expected[name])
  })

  /** The token profile and the text of a refusal have tests of their own. Without an issuer there is no server. */
  const elsewhere: ReadonlySet<string> = new Set(["issuer", "metadataUrl", "token", "originAdvice"])

  const data = names.flatMap((name) =>
    dataOf(serverOf(name).server)
      .filter(([first = ""]) => !elsewhere.has(first))
      .map((path) => [name, path.join("."), path] as const),
  )

  test.each(data)("%s: differ without %s", async (name, datum, path) => {
    const preset = serverOf(name)
    const usual = datum === "clientAuth" && expected[name].client === "basic"
    const changed = usual ? { ...preset.server, clientAuth: "client_secret_post" } : without(preset.server, path)
    expect(await requestsOf(name, changed as Server, preset)).not.toEqual(expected[name])
  })

  test("leave out what a vendor cannot do", () => {
    expect(auth0.auth0.can).not.toContain("jwtBearer")
    expect(entra.entra.can).not.toContain("revoke")
    for (const name of ["cognito", "entra", "logto", "okta"] as const)
      expect((presets[name] as unknown as Record<Name, { can: ReadonlyArray<string> }>)[name].can).not.toContain(
        "pollDevice",
      )
  })
})
