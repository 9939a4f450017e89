import { subject } from "../job.ts"
import type { MakeVerify } from "../peer.ts"

/** Makes no guard: the server alone. */
export const make: MakeVerify = async () => () => subject
