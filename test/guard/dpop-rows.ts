import type { Row } from "./row.ts"

export const dpopRows: ReadonlyArray<Row> = []
