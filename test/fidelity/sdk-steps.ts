/** All steps, ordered so that each step finds the values that it needs. */
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
