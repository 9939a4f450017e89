/** Ory's own client library as the one that asks: a script of steps, and what a server answered to each. */
import { Configuration, OAuth2Api, OidcApi, WellknownApi } from "@ory/hydra-client"

export interface Place {
  readonly publicUrl: string
  readonly adminUrl: string
}

/** What of the library's response the comparisons look at. */
export interface SdkResponse {
  readonly status: number
  readonly headers: object
  readonly data: unknown
  readonly config: { readonly method?: string | undefined; readonly url?: string | undefined }
}

/** The library, pointed at one server, and what later steps need of earlier answers. */
export interface World extends Place {
  /** The admin side. */
  readonly admin: OAuth2Api
  /** The public side: as a client with its secret, with a bearer token, or as nobody. */
  readonly oauth: (as?: Credentials) => OAuth2Api
  readonly oidc: (as?: Credentials) => OidcApi
  readonly wellKnown: WellknownApi
  readonly keep: (name: string, value: unknown) => void
  /** A value that was kept; a step that needs another one's value fails plainly without it. */
  readonly kept: (name: string) => string
  /** Sends the cookies that a browser would have, and keeps those that it is given. */
  readonly cookies: (response?: SdkResponse) => { readonly cookie: string }
}

export interface Credentials {
  readonly username?: string
  readonly password?: string
  readonly accessToken?: string
}

export interface Step {
  readonly name: string
  readonly run: (world: World) => Promise<SdkResponse>
}

/** One answer, as comparable data. */
export interface Answer {
  readonly step: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

export const step = (name: string, run: Step["run"]): Step => ({ name, run })

/** Answers every status as a value, follows nothing, and asks no proxy about loopback. */
const plainly = { proxy: false, maxRedirects: 0, validateStatus: () => true, timeout: 10_000 }

const makeWorld = ({ publicUrl, adminUrl }: Place): World => {
  const values = new Map<string, string>()
  const jar = new Map<string, string>()
  const at = (basePath: string, as: Credentials = {}) => new Configuration({ basePath, baseOptions: plainly, ...as })
  return {
    publicUrl,
    adminUrl,
    admin: new OAuth2Api(at(adminUrl)),
    oauth: (as) => new OAuth2Api(at(publicUrl, as)),
    oidc: (as) => new OidcApi(at(publicUrl, as)),
    wellKnown: new WellknownApi(at(publicUrl)),
    keep: (name, value) => void values.set(name, String(value)),
    kept: (name) => {
      const value = values.get(name)
      if (value === undefined) throw new Error(`no step has kept ${name}`)
      return value
    },
    cookies: (response) => {
      for (const cookie of setCookies(response)) {
        const [pair = "", ...attributes] = cookie.split(/;\s*/)
        const [name = "", ...value] = pair.split("=")
        if (attributes.includes("Max-Age=0")) jar.delete(name)
        else jar.set(name, value.join("="))
      }
      return { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") }
    },
  }
}

const setCookies = (response: SdkResponse | undefined): ReadonlyArray<string> => {
  const values: unknown = Object.entries(response?.headers ?? {}).find(([name]) => name === "set-cookie")?.[1]
  return Array.isArray(values) ? values.map(String) : []
}

/** Performs a script; every step's answer, in order. */
export const perform = async (place: Place, steps: ReadonlyArray<Step>): Promise<ReadonlyArray<Answer>> => {
  const world = makeWorld(place)
  const answers: Array<Answer> = []
  for (const { name, run } of steps) {
    const { status, headers, data, config } = await run(world)
    const method = (config.method ?? "get").toUpperCase()
    const { pathname } = new URL(config.url ?? "", place.publicUrl)
    answers.push({ step: name, method, path: pathname, status, headers: { ...headers }, body: data })
  }
  return answers
}

/** A member of a JSON object that was answered. */
export const member = (body: unknown, name: string): unknown =>
  typeof body === "object" && body !== null ? Object.entries(body).find(([each]) => each === name)?.[1] : undefined

/** Where an answer sends the browser. */
const locationOf = ({ headers }: SdkResponse): URL =>
  new URL(String(member(headers, "location") ?? "none:"), "http://nowhere.invalid")

/** A parameter of the URL that an answer sends the browser to. */
export const sentBack = (response: SdkResponse, name: string): string =>
  locationOf(response).searchParams.get(name) ?? `(no ${name}: ${locationOf(response).href})`

/** Adds form fields that the library has no argument for. */
export const alsoSending = (fields: Readonly<Record<string, string>>) => ({
  transformRequest: [(data: unknown) => `${String(data)}&${new URLSearchParams(fields)}`],
})
