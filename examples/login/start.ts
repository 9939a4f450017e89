/** Starts one of the apps: `APP_URL=http://127.0.0.1:3000 SESSION_PASSWORD=... LATCHKEY_PROVIDER=... node start.ts hono` */
import { createServer } from "node:http"
import { getRequestListener } from "@hono/node-server"
import { createAuth, fromEnv } from "latchkey"
import { loginApp as expressApp } from "./express.ts"
import { loginApp as honoApp } from "./hono.ts"

const { APP_URL = "http://127.0.0.1:3000", SESSION_PASSWORD: password = "" } = process.env
if (password.length < 32) throw new Error("SESSION_PASSWORD: expected 32 random characters or more")

const auth = createAuth(fromEnv(process.env))
const settings = { redirectUri: new URL("/callback", APP_URL).href, password }
const app =
  process.argv[2] === "express" ? expressApp(auth, settings) : getRequestListener(honoApp(auth, settings).fetch)

const { hostname, port } = new URL(APP_URL)
// Outside loopback, a proxy in front of this port ends TLS.
createServer(app).listen(Number(process.env.PORT ?? port), hostname, () => console.log(`The app listens at ${APP_URL}`))
