/** A stranger's program for the entry `@latchkey/testing`. */
import { startKinde, startOidc, startOry, startPolar } from "@latchkey/testing"

const clients = [{ client_id: "orders", client_secret: "secret", redirect_uris: ["http://127.0.0.1:9/cb"] }]
const [kinde, oidc, ory, polar] = await Promise.all([startKinde(), startOidc({ clients }), startOry(), startPolar()])
console.log([kinde.issuer, oidc.issuer, ory.adminUrl, polar.apiUrl].every((url) => url.startsWith("http://127.0.0.1:")))
await Promise.all([kinde.close(), oidc.close(), ory.close(), polar.close()])
