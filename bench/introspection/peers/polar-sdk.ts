import { Polar } from "@polar-sh/sdk"
import type { Make } from "../peer.ts"

/** Polar's own client as its manual sets it up; with each call it sends the credentials, which Polar wants in the form. */
export const make: Make = async (url) => {
  const polar = new Polar({ serverURL: url })
  return {
    call: (token) => polar.oauth2.introspect({ token, clientId: "bench", clientSecret: "bench-secret" }),
    close: async () => {},
  }
}
