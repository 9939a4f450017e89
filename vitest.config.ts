import { defineConfig } from "vitest/config"

export default defineConfig({
  resolve: { conditions: ["latchkey-source"] },
  ssr: {
    resolve: {
      conditions: ["latchkey-source", "node", "import", "default"],
      externalConditions: ["node", "import", "default"],
    },
  },
  test: { include: ["test/**/*.test.ts"], testTimeout: 20_000, hookTimeout: 60_000 },
})
