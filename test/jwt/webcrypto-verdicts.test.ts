import { vi } from "vitest"
import { verdicts } from "./verdicts.ts"

vi.mock("#signature", () => import("../../src/adapters/signature/webcrypto.ts"))

verdicts("Web Crypto")
