/** What the server publishes. */
import { expect } from "vitest"
import type { Suite } from "./suite.ts"

export const published = ({ auth, sentence, server }: Suite): void => {
  sentence(["metadata.discover"], "the metadata is the configured issuer's, byte for byte", async () => {
    const metadata = await auth().metadata.discover()
    expect(metadata.issuer).toBe(server().issuer)
    for (const url of [metadata.authorizationEndpoint, metadata.tokenEndpoint, metadata.jwksUri])
      expect(URL.canParse(url ?? "")).toBe(true)
    expect(metadata.raw.issuer).toBe(server().issuer)
  })

  sentence(["metadata.keys"], "the keys are public ones", async () => {
    const { keys, fetchedAt } = await auth().metadata.keys()
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys)
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"]) expect(key).not.toHaveProperty(secret)
    expect(Math.abs(fetchedAt.getTime() - Date.now())).toBeLessThan(10_000)
  })
}
