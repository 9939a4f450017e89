/** Plants known defects, each in its own copy of the project; the tests must fail for every defect. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { anyIssuerFaults } from "./faults/any-issuer.ts"
import { apiFaults } from "./faults/api.ts"
import { type Baseline, measureBaseline } from "./faults/baseline.ts"
import { betterAuthFaults } from "./faults/better-auth.ts"
import { caughtBy } from "./faults/caught-by.ts"
import { circuits } from "./faults/circuits.ts"
import { comparisonFaults } from "./faults/comparison.ts"
import { connectionFaults } from "./faults/connections.ts"
import { discovery } from "./faults/discovery.ts"
import { documentationFaults } from "./faults/documentation.ts"
import { durationsAndTimeouts } from "./faults/durations.ts"
import { edges } from "./faults/edges.ts"
import { emulatorFaults } from "./faults/emulators.ts"
import { errorResponses } from "./faults/error-responses.ts"
import { errorTexts } from "./faults/error-texts.ts"
import { explainFaults } from "./faults/explain.ts"
import type { Fault } from "./faults/fault.ts"
import { fleetFaults } from "./faults/fleet.ts"
import { fleetLoadFaults } from "./faults/fleet-load.ts"
import { fleetOfProcessFaults } from "./faults/fleet-of-process.ts"
import { fleetOperationFaults } from "./faults/fleet-operation.ts"
import { fleetRequestFaults } from "./faults/fleet-requests.ts"
import { forgettingFaults } from "./faults/forgetting.ts"
import { guardAttackFaults } from "./faults/guard-attacks.ts"
import { guardBindingFaults } from "./faults/guard-binding.ts"
import { guardDpopFaults } from "./faults/guard-dpop.ts"
import { guardFrameworkFaults } from "./faults/guard-frameworks.ts"
import { guardReplayFaults } from "./faults/guard-replay.ts"
import { guardRequestFaults } from "./faults/guard-requests.ts"
import { guardRunFaults } from "./faults/guard-runs.ts"
import { guardUserFaults } from "./faults/guard-users.ts"
import { guardFaults } from "./faults/guards.ts"
import { healthFaults } from "./faults/health.ts"
import { insteadFaults } from "./faults/instead.ts"
import { introspection } from "./faults/introspection.ts"
import { jwtFaults } from "./faults/jwt.ts"
import { keyIssuerFaults } from "./faults/key-issuer.ts"
import { keyWaiting } from "./faults/key-waiting.ts"
import { keycloakFaults } from "./faults/keycloak.ts"
import { keyFaults } from "./faults/keys.ts"
import { kindeFaults } from "./faults/kinde.ts"
import { liveIntrospection } from "./faults/live-introspection.ts"
import { login } from "./faults/login.ts"
import { loginExampleFaults } from "./faults/login-example.ts"
import { logoutFaults } from "./faults/logout.ts"
import { network } from "./faults/network.ts"
import { newcomerFaults } from "./faults/newcomers.ts"
import { oryFaults } from "./faults/ory.ts"
import { oryGrants } from "./faults/ory-grants.ts"
import { outages } from "./faults/outages.ts"
import { ownConfigurationFaults } from "./faults/own-configuration.ts"
import { pageFaults } from "./faults/pages.ts"
import { partialFailures } from "./faults/partial-failures.ts"
import { stale } from "./faults/plant.ts"
import { polarFaults } from "./faults/polar.ts"
import { policies } from "./faults/policies.ts"
import { presetDataFaults } from "./faults/preset-data.ts"
import { presetOperationFaults } from "./faults/preset-operations.ts"
import { presetFaults } from "./faults/presets.ts"
import { refreshAheadFaults } from "./faults/refresh-ahead.ts"
import { registrationFaults } from "./faults/registration.ts"
import { releaseFaults } from "./faults/release.ts"
import { resilience } from "./faults/resilience.ts"
import { secretFaults } from "./faults/secrets.ts"
import { serviceToken } from "./faults/service-token.ts"
import { sharedLogoutFaults } from "./faults/shared-logout.ts"
import { signatures } from "./faults/signatures.ts"
import { strictness } from "./faults/strictness.ts"
import { telemetryFaults } from "./faults/telemetry.ts"
import { testAuthFaults } from "./faults/test-auth.ts"
import { tokenExchangeFaults } from "./faults/token-exchange.ts"
import { tokenFactFaults } from "./faults/token-facts.ts"
import { tokenProfileFaults } from "./faults/token-profile.ts"
import { tokenFaults } from "./faults/tokens.ts"
import { unjudgedIntrospection } from "./faults/unjudged-introspection.ts"
import { unmarkedFaults } from "./faults/unmarked.ts"
import { vendorEdges } from "./faults/vendor-edges.ts"
import { makeWorkbench, type Workbench } from "./faults/workbench.ts"

const all = [
  ...anyIssuerFaults,
  ...documentationFaults,
  ...comparisonFaults,
  ...errorTexts,
  ...login,
  ...loginExampleFaults,
  ...testAuthFaults,
  ...guardUserFaults,
  ...tokenExchangeFaults,
  ...tokenFaults,
  ...tokenProfileFaults,
  ...presetFaults,
  ...presetDataFaults,
  ...presetOperationFaults,
  ...tokenFactFaults,
  ...ownConfigurationFaults,
  ...introspection,
  ...unjudgedIntrospection,
  ...jwtFaults,
  ...keyFaults,
  ...liveIntrospection,
  ...discovery,
  ...network,
  ...newcomerFaults,
  ...connectionFaults,
  ...edges,
  ...secretFaults,
  ...errorResponses,
  ...pageFaults,
  ...apiFaults,
  ...betterAuthFaults,
  ...explainFaults,
  ...unmarkedFaults,
  ...insteadFaults,
  ...keyIssuerFaults,
  ...keyWaiting,
  ...oryFaults,
  ...oryGrants,
  ...serviceToken,
  ...keycloakFaults,
  ...kindeFaults,
  ...polarFaults,
  ...signatures,
  ...policies,
  ...forgettingFaults,
  ...fleetFaults,
  ...fleetOfProcessFaults,
  ...fleetOperationFaults,
  ...sharedLogoutFaults,
  ...fleetLoadFaults,
  ...fleetRequestFaults,
  ...outages,
  ...circuits,
  ...durationsAndTimeouts,
  ...registrationFaults,
  ...releaseFaults,
  ...resilience,
  ...strictness,
  ...refreshAheadFaults,
  ...emulatorFaults,
  ...vendorEdges,
  ...partialFailures,
  ...healthFaults,
  ...telemetryFaults,
  ...guardDpopFaults,
  ...guardReplayFaults,
  ...guardBindingFaults,
  ...guardFaults,
  ...guardAttackFaults,
  ...guardFrameworkFaults,
  ...guardRequestFaults,
  ...guardRunFaults,
  ...logoutFaults,
]

const concurrency = 2
const root = join(import.meta.dirname, "..")

const chosen = (args: ReadonlyArray<string>): ReadonlyArray<Fault> => {
  if (args.length === 0 || args[0] === "--short") return all
  const [flag, ...parts] = args
  if (flag !== "--only" || parts.length === 0) throw new Error("usage: faults [--short | --only <substring>...]")
  return all.filter(({ name, file }) => parts.some((part) => name.includes(part) || file.includes(part)))
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** The short form: every fault can be planted, names existing test files, and has a name of its own. */
const checkAll = (faults: ReadonlyArray<Fault>): boolean => {
  const missing = faults.flatMap(({ name, tests }) =>
    tests === "types" ? [] : tests.filter((file) => !existsSync(join(root, file))).map((file) => `${name}: no ${file}`),
  )
  const repeated = faults.length - new Set(faults.map(({ name }) => name)).size
  for (const problem of missing) console.log(problem)
  console.log(`${faults.length} faults can be planted; ${missing.length} files missing, ${repeated} names repeated`)
  return faults.length >= 300 && missing.length === 0 && repeated === 0
}

const main = async (): Promise<boolean> => {
  const start = performance.now()
  const faults = chosen(process.argv.slice(2))
  const outdated = faults.flatMap((fault) => {
    const why = stale(root, fault)
    return why === undefined ? [] : [`STALE  ${fault.name}: ${why}`]
  })
  if (outdated.length > 0) throw new Error(outdated.join("\n"))
  if (process.argv[2] === "--short") return checkAll(faults)

  using workbench = makeWorkbench(root)
  const baseline = await measureBaseline(workbench, faults)
  const failing = [...baseline.tests, ...baseline.types]
  for (const test of failing) console.log(`FAILS WITHOUT A FAULT ${test}`)
  console.log(`${failing.length === 0 ? "all pass" : "some fail"} without a fault in ${seconds(start)}`)

  const waiting = [...faults]
  let caught = 0
  const work = async () => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const { name } = fault
      const faultStart = performance.now()
      const outcome = await outcomeOf(workbench, fault, baseline)
      if (outcome.caught) caught += 1
      console.log(`${name}: ${outcome.text} in ${seconds(faultStart)}`)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  console.log(`${seconds(start)} in all`)
  console.log(`${faults.length} planted, ${caught} caught`)
  return failing.length === 0 && faults.length > 0 && caught === faults.length
}

const outcomeOf = async (workbench: Workbench, fault: Fault, baseline: Baseline) => {
  try {
    const test = await workbench.use((copy) => caughtBy(copy, fault, baseline))
    return { caught: test !== undefined, text: test === undefined ? "NOT CAUGHT" : `caught by ${test}` }
  } catch (error) {
    return { caught: false, text: `NOT CAUGHT (${error instanceof Error ? error.message : String(error)})` }
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
