/** Types the used part of `@kinde/management-api-js`, because its own types do not resolve in an ES module. */
import * as library from "@kinde/management-api-js"

/** The members of a response that later steps read. */
interface ResponseBody {
  readonly next_token?: string
  readonly application?: { readonly id?: string }
  readonly url?: string
  readonly session_id?: string
}

type Call = (data: object) => Promise<ResponseBody>

interface ManagementApi {
  readonly init: (config: {
    readonly kindeDomain: string
    readonly clientId: string
    readonly clientSecret: string
  }) => void
  readonly setToken: (token: string) => void
  readonly OpenAPI: { TOKEN: unknown }
  readonly Applications: {
    readonly [K in
      | `${"get" | "create" | "update" | "delete"}Application`
      | "getApplications"
      | "updateApplicationTokens"]: Call
  }
  readonly Callbacks: {
    readonly [K in
      | `${"add" | "replace"}${"RedirectCallback" | "LogoutRedirect"}Urls`
      | `${"get" | "delete"}${"Callback" | "Logout"}Urls`]: Call
  }
  readonly ConnectedApps: {
    readonly [K in "getConnectedAppAuthUrl" | "getConnectedAppToken" | "revokeConnectedAppToken"]: Call
  }
  readonly Users: { readonly getUsers: Call }
}

const untyped: unknown = library

export const { Applications, Callbacks, ConnectedApps, init, OpenAPI, setToken, Users } = untyped as ManagementApi
