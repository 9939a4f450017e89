export type SubjectType = "user" | "organization"
