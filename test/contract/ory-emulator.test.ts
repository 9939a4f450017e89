import { startOry } from "@latchkey/testing"
import { providerContract } from "@latchkey/testing/contract"
import { oryBackend } from "./ory-backend.ts"
import { before25, noRotation } from "./skips.ts"

const kinds = [
  { name: "Ory emulator, v2.3.0", options: { version: "v2.3.0" }, skips: before25 },
  { name: "Ory emulator, v26.2.0", options: { version: "v26.2.0" }, skips: noRotation },
  {
    name: "Ory emulator, v26.2.0, JWT access tokens",
    options: { version: "v26.2.0", accessTokens: "jwt" },
    accessTokens: "jwt",
    skips: noRotation,
  },
  { name: "Ory Network emulator", options: { layout: "network", version: "unreleased" }, skips: {} },
] as const

for (const { name, options, ...more } of kinds)
  providerContract(name, { ...oryBackend(name, () => startOry(options)), ...more })
