import { proofVerdicts } from "./proof-verdicts.ts"

proofVerdicts("node:crypto")
