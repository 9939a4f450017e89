/** The demo's page on loopback, with the emulators and the APIs behind it. */
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import type { Addresses } from "../backend.ts"
import { startBackends } from "../backends.ts"
import { siteApp } from "./site-app.ts"
import { closeTenant, openTenant } from "./tenant.ts"

export interface Site {
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Starts the page.
 *
 * @param port 0 for a free port
 */
export const startSite = async (port = 0): Promise<Site> => {
  const server = createServer().listen(port, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const addressesOf = (name: string): Addresses => ({
    redirectUri: `${url}/${name}/callback`,
    home: `${url}/${name}`,
    pages: `${url}/${name}/screens`,
  })
  const password = randomBytes(32).toString("base64url")
  const tenants = await Promise.all(
    [...(await startBackends(addressesOf))].map(([name, backend]) =>
      openTenant(name, backend, addressesOf(name), password),
    ),
  )
  const style = await readFile(new URL("./style.css", import.meta.url), "utf8")
  server.on("request", getRequestListener(siteApp(url, tenants, style).fetch))
  const close = async () => {
    server.close()
    server.closeAllConnections()
    await Promise.all(tenants.map(closeTenant))
  }
  return { url, close }
}
