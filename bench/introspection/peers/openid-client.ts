import { allowInsecureRequests, Configuration, tokenIntrospection } from "openid-client"
import { introspectionPath, type Make } from "../peer.ts"

/** Makes openid-client with its own fetch and a configured endpoint, without discovery. */
export const make: Make = async (url) => {
  const server = { issuer: url, introspection_endpoint: url + introspectionPath }
  const config = new Configuration(server, "bench", "bench-secret")
  allowInsecureRequests(config)
  return {
    call: (token) => tokenIntrospection(config, token),
    close: async () => {},
  }
}
