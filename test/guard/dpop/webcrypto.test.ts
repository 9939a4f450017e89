import { createHmac } from "node:crypto"
import { expect, test, vi } from "vitest"
import { signatures } from "../../../src/adapters/signature/webcrypto.ts"
import { proofVerdicts } from "./proof-verdicts.ts"

vi.mock("#signature", () => import("../../../src/adapters/signature/webcrypto.ts"))

proofVerdicts("Web Crypto")

test.each(["", "text", "schlüssel"])("the HMAC of a text (%j) is that of node:crypto", async (text) => {
  const secret = "a secret of ours, with ümlauts"
  expect(await signatures.hmac(secret, text)).toBe(createHmac("sha256", secret).update(text).digest("base64url"))
})
