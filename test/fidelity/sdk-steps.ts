/** The whole script, in an order in which every step finds what it needs. */
import type { Step } from "./sdk.ts"
import { clientSteps } from "./sdk-clients.ts"
import { patchSteps } from "./sdk-patches.ts"
import { publicSteps } from "./sdk-public.ts"
import { tokenSteps, trustSteps } from "./sdk-tokens.ts"
import { userSteps } from "./sdk-users.ts"

export const sdkSteps: ReadonlyArray<Step> = [
  ...clientSteps,
  ...userSteps,
  ...tokenSteps,
  ...trustSteps,
  ...publicSteps,
  ...patchSteps,
]
