/** The login example with a real Keycloak, at its pages in Chromium. */
import { randomUUID } from "node:crypto"
import { describe, inject, it } from "vitest"
import { describeLogin } from "../browser/login/journey.ts"
import { type StartLoginVendor, variables } from "../browser/login/vendor.ts"
import type { Person } from "../browser/person.ts"
import { realmAdmin } from "./admin.ts"
import { manager, password } from "./realm.ts"
import { makeClient } from "./realm-server.ts"

const running = inject("keycloak")

const press = (person: Person, button: string) => person.page.getByRole("button", { name: button, exact: true }).click()

const logIn = async (person: Person): Promise<void> => {
  await person.page.getByLabel("Username").fill("alice")
  await person.page.getByLabel("Password", { exact: true }).fill(password)
  await press(person, "Sign In")
}

/** A client of the realm. Keycloak's logout has no page if the application sends the ID token. */
const keycloak =
  (url: string, realm: string): StartLoginVendor =>
  async ({ redirectUri, home }) => {
    const { clientId, clientSecret = "" } = await makeClient(realmAdmin(url, realm, manager), `login ${randomUUID()}`, {
      redirectUris: [redirectUri],
      consentRequired: true,
      attributes: { "post.logout.redirect.uris": home },
    })
    return {
      env: {
        ...variables("keycloak", [new URL(url).origin]),
        LATCHKEY_ISSUER: `${url}/realms/${realm}`,
        LATCHKEY_CLIENT_ID: clientId,
        LATCHKEY_CLIENT_SECRET: clientSecret,
      },
      user: "alice@example.test",
      allow: async (person, again = false) => {
        await logIn(person)
        // The consent is remembered.
        if (!again) await press(person, "Yes")
      },
      deny: async (person) => {
        await logIn(person)
        await press(person, "No")
      },
      leave: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }
  }

if (running !== undefined) describeLogin("a real Keycloak", keycloak(running.url, running.realm))
else
  describe.skip("the login example with a real Keycloak (skipped: there is none)", () => {
    it("logs in", () => undefined)
  })
