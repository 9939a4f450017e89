import { Configuration, OAuthApi } from "@kinde-oss/kinde-typescript-sdk"
import type { Make } from "../peer.ts"

/** Kinde's own client with the bearer token of a machine, which Kinde wants of whoever introspects. */
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
