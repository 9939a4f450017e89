import { Configuration, OAuthApi } from "@kinde-oss/kinde-typescript-sdk"
import type { Make } from "../peer.ts"

/** Makes Kinde's client with a machine's bearer token, which Kinde requires for introspection. */
export const make: Make = async (url) => {
  const api = new OAuthApi(new Configuration({ basePath: url, accessToken: "bench-token" }))
  return {
    call: async (token) => {
      const { active = false } = await api.tokenIntrospection({ token })
      return { active }
    },
    close: async () => {},
  }
}
