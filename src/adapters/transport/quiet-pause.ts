/** A pause that does not keep the process alive. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** Waits for this many milliseconds, by the clock of the fiber. The platform's timer does not keep the process alive. */
export const pauseQuietly = (millis: number): Effect.Effect<void> =>
  Clock.clockWith((clock) =>
    clock === platformClock()
      ? Effect.callback((resume) => {
          const timer: NodeJS.Timeout | number = setTimeout(() => resume(Effect.void), millis)
          if (typeof timer === "object") timer.unref()
          return Effect.sync(() => clearTimeout(timer))
        })
      : clock.sleep(Duration.millis(millis)),
  )

const platformClock = (): Clock.Clock => Effect.runSync(Clock.clockWith(Effect.succeed))
