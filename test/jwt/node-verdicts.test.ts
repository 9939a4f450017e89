import { verdicts } from "./verdicts.ts"

verdicts("node:crypto")
