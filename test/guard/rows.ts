/** Every row that has an answer: the table of docs/guards.md as requests, and the responses byte for byte. */
import type { Row } from "./row.ts"
import { needsRows } from "./rows-needs.ts"
import { presentationRows } from "./rows-presentation.ts"
import { tokenRows } from "./rows-token.ts"
import { vendorRows } from "./rows-vendor.ts"

export const rows: ReadonlyArray<Row> = [...presentationRows, ...tokenRows, ...needsRows, ...vendorRows]
