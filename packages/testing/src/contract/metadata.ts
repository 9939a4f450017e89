/** The metadata document and the key set of the server. */
import { expect } from "vitest"
import type { Suite } from "./suite.ts"

export const metadata = ({ auth, sentence, server }: Suite): void => {
  sentence(["metadata.discover"], "the metadata has exactly the configured issuer", async () => {
    const discovered = await auth().metadata.discover()
    expect(discovered.issuer).toBe(server().issuer)
    for (const url of [discovered.authorizationEndpoint, discovered.tokenEndpoint, discovered.jwksUri])
      expect(URL.canParse(url ?? "")).toBe(true)
    expect(discovered.raw.issuer).toBe(server().issuer)
  })

  sentence(["metadata.keys"], "the keys are public keys", async () => {
    const { keys, fetchedAt } = await auth().metadata.keys()
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys)
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"]) expect(key).not.toHaveProperty(secret)
    expect(Math.abs(fetchedAt.getTime() - Date.now())).toBeLessThan(10_000)
  })
}
