/** The login of latchkey's documentation. */
import { createAuth } from "latchkey"
import { loginApp } from "../../../examples/login/express.ts"
import { type MakeLogin, password } from "./make-login.ts"
import { clientId, clientSecret } from "./vendor.ts"

export const latchkeyLogin: MakeLogin = ({ vendor, origin }) => {
  const auth = createAuth({ provider: "oidc", issuer: vendor, clientId, clientSecret, insecureOrigins: [vendor] })
  return { app: loginApp(auth, { redirectUri: `${origin}/callback`, password }), close: () => auth.close() }
}
