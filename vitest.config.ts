import { defineConfig } from "vitest/config"

/** Their servers, or what stands in for a module, belong to a file, and end with it. */
export const alone: ReadonlyArray<string> = [
  "test/fidelity/**/*.test.ts",
  "test/jwt/webcrypto-verdicts.test.ts",
  "test/guard/dpop/webcrypto.test.ts",
]

/** They need Chromium. */
const inBrowser = ["test/browser/**/*.test.ts"]

/** They need a real Keycloak. */
const onKeycloak = ["test/keycloak/**/*.test.ts"]

export default defineConfig({
  resolve: { conditions: ["latchkey-source"] },
  ssr: {
    resolve: {
      // Node gets these for `require` too: with "import" among them it would load a package's ES module there.
      conditions: ["latchkey-source", "node", "default"],
      externalConditions: ["node", "import", "default"],
    },
  },
  test: {
    // The Effect API logs events: what a test prints is shown only if the test fails.
    silent: "passed-only",
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "alone", include: [...alone] } },
      // One Chromium for all files.
      { extends: true, test: { name: "browser", include: [...inBrowser], globalSetup: "test/browser/chromium.ts" } },
      // One Keycloak for all files.
      {
        extends: true,
        test: {
          name: "keycloak",
          include: [...onKeycloak],
          // Chromium for the login.
          globalSetup: ["test/keycloak/global.ts", "test/browser/chromium.ts"],
          maxWorkers: 1,
          // A new key takes seconds on a busy machine.
          testTimeout: 90_000,
        },
      },
      // Files that load the sources once for all of them: loading is a third of the time otherwise.
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...alone, ...inBrowser, ...onKeycloak],
          isolate: false,
        },
      },
    ],
  },
})
