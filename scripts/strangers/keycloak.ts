/** A stranger's program for the entry `latchkey/keycloak`. */
import { createAuth } from "latchkey"
import { type KeycloakConfig, keycloak } from "latchkey/keycloak"

const config: KeycloakConfig = { clientId: "orders", clientSecret: "secret", issuer: "https://id.example/realms/shop" }
export const adapter = keycloak
await using auth = createAuth(keycloak(config))
console.log(auth.id, auth.can.has("pollDevice"), await auth.introspect(""))
