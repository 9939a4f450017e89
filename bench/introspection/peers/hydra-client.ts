import { Configuration, OAuth2Api } from "@ory/hydra-client"
import type { Make } from "../peer.ts"

/** Makes Ory's generated client with its own axios, as documented. */
export const make: Make = async (url) => {
  const api = new OAuth2Api(new Configuration({ basePath: url }))
  return {
    call: async (token) => (await api.introspectOAuth2Token({ token })).data,
    close: async () => {},
  }
}
