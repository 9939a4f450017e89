import type { Express } from "express"

/** An application in which users log in at `/login`, and read their account at `/account`. */
export interface LoginApp {
  readonly app: Express
  readonly close?: () => Promise<void>
}

/** Makes an application. `vendor`: the issuer; `origin`: of the application. */
export type MakeLogin = (at: { readonly vendor: string; readonly origin: string }) => LoginApp | Promise<LoginApp>

/** Seals or signs the cookies of every application. */
export const password = "a password of the comparison, of more than 32 characters"
