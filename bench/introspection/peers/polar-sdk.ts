import { Polar } from "@polar-sh/sdk"
import type { Make } from "../peer.ts"

/** Makes Polar's client as documented; each request sends the credentials in the form, as Polar requires. */
export const make: Make = async (url) => {
  const polar = new Polar({ serverURL: url })
  return {
    call: (token) => polar.oauth2.introspect({ token, clientId: "bench", clientSecret: "bench-secret" }),
    close: async () => {},
  }
}
