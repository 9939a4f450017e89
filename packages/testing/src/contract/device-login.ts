/** The device authorization grant (RFC 8628). */
import { expect } from "vitest"
import type { Suite } from "./suite.ts"

export const deviceLogin = ({ auth, sentence, server, newBrowser }: Suite): void => {
  sentence(
    ["deviceAuthorization", "pollDevice", "introspect"],
    "a device gets its tokens when the user has finished the login on another device",
    async () => {
      const device = await auth().deviceAuthorization({ scopes: ["openid"] })
      expect(device.expiresAt.getTime()).toBeGreaterThan(Date.now())
      const polled = auth().pollDevice({ ...device, intervalSeconds: 1 })
      await server().visit(
        newBrowser(),
        device.verificationUriComplete ?? device.verificationUri,
        server().users.granting,
      )
      const issued = await polled
      expect(await auth().introspect(issued.accessToken)).toMatchObject({
        active: true,
        subject: server().users.granting.subject,
      })
    },
  )
}
