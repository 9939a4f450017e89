/** Performs a script of steps with Ory's own client library and records every response. */
import { Configuration, OAuth2Api, OidcApi, WellknownApi } from "@ory/hydra-client"

export interface ServerUrls {
  readonly publicUrl: string
  readonly adminUrl: string
}

/** The compared part of the library's response. */
export interface SdkResponse {
  readonly status: number
  readonly headers: object
  readonly data: unknown
  readonly config: { readonly method?: string | undefined; readonly url?: string | undefined }
}

/** The library for one server, and the values that steps share. */
export interface StepContext extends ServerUrls {
  /** The admin side. */
  readonly admin: OAuth2Api
  /** The public side, with a client's secret, with a bearer token, or without credentials. */
  readonly oauth: (as?: Credentials) => OAuth2Api
  readonly oidc: (as?: Credentials) => OidcApi
  readonly wellKnown: WellknownApi
  readonly save: (name: string, value: unknown) => void
  /** Returns a saved value; throws if no step has saved it. */
  readonly saved: (name: string) => string
  /** Stores the cookies of a response and returns the `Cookie` header of a browser. */
  readonly cookies: (response?: SdkResponse) => { readonly cookie: string }
}

export interface Credentials {
  readonly username?: string
  readonly password?: string
  readonly accessToken?: string
}

export interface Step {
  readonly name: string
  readonly run: (context: StepContext) => Promise<SdkResponse>
}

/** One response as comparable data. */
export interface RecordedResponse {
  readonly step: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

export const step = (name: string, run: Step["run"]): Step => ({ name, run })

/** Returns every status as a value, and uses no redirects and no proxy. */
const httpOptions = { proxy: false, maxRedirects: 0, validateStatus: () => true, timeout: 10_000 }

const makeContext = ({ publicUrl, adminUrl }: ServerUrls): StepContext => {
  const values = new Map<string, string>()
  const jar = new Map<string, string>()
  const at = (basePath: string, as: Credentials = {}) =>
    new Configuration({ basePath, baseOptions: httpOptions, ...as })
  return {
    publicUrl,
    adminUrl,
    admin: new OAuth2Api(at(adminUrl)),
    oauth: (as) => new OAuth2Api(at(publicUrl, as)),
    oidc: (as) => new OidcApi(at(publicUrl, as)),
    wellKnown: new WellknownApi(at(publicUrl)),
    save: (name, value) => void values.set(name, String(value)),
    saved: (name) => {
      const value = values.get(name)
      if (value === undefined) throw new Error(`no step has saved ${name}`)
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

/** Performs a script and returns the response of every step, in order. */
export const perform = async (
  urls: ServerUrls,
  steps: ReadonlyArray<Step>,
): Promise<ReadonlyArray<RecordedResponse>> => {
  const context = makeContext(urls)
  const responses: Array<RecordedResponse> = []
  for (const { name, run } of steps) {
    const { status, headers, data, config } = await run(context)
    const method = (config.method ?? "get").toUpperCase()
    const { pathname } = new URL(config.url ?? "", urls.publicUrl)
    responses.push({ step: name, method, path: pathname, status, headers: { ...headers }, body: data })
  }
  return responses
}

/** Returns a member of a JSON object; `undefined` if it is absent. */
export const member = (body: unknown, name: string): unknown =>
  typeof body === "object" && body !== null ? Object.entries(body).find(([each]) => each === name)?.[1] : undefined

/** The URL to which a response redirects. */
const locationOf = ({ headers }: SdkResponse): URL =>
  new URL(String(member(headers, "location") ?? "none:"), "http://nowhere.invalid")

/** Returns a parameter of the URL to which a response redirects. */
export const redirectParameter = (response: SdkResponse, name: string): string =>
  locationOf(response).searchParams.get(name) ?? `(no ${name}: ${locationOf(response).href})`

/** Adds form fields that the library has no argument for. */
export const withFields = (fields: Readonly<Record<string, string>>) => ({
  transformRequest: [(data: unknown) => `${String(data)}&${new URLSearchParams(fields)}`],
})
