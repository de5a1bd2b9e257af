import { KINDS } from './channels/registry.ts'
import { aSigner } from './channels/sending/aws.ts'
import { anHttp } from './channels/sending/http.ts'
import { aMailer } from './channels/sending/mail.ts'
import { aProgram } from './channels/sending/program.ts'
import { aSender } from './channels/sending/send.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { underAt } from './domain/maintenance.ts'
import { type Duration, MINUTE } from './domain/time.ts'
import { shortlyInUtc } from './domain/utc-words.ts'
import type { Log } from './log.ts'
import { aComposing } from './services/composing.ts'
import { aDelivering, type Delivering } from './services/deliver.ts'
import type { Health } from './services/health.ts'
import { aSealing, type Sealing } from './services/sealing.ts'
import { aTelling, type Tell } from './services/tell.ts'
import type { Vitals } from './services/vitals.ts'
import type { Store } from './store/store.ts'
import { publicAddress } from './welcome-url.ts'

/** What tells people: by what secrets are kept, what sends one message, and what sends all that is owed. */
export type Telling = { sealing: Sealing; tell: Tell; delivering: Delivering }

type Needs = {
  config: Config
  store: Store
  health: Health
  vitals: Pick<Vitals, 'delivered'>
  clock: Clock
  log: Log
  stopping: AbortSignal
  /** Instead of sending. */
  tell?: Tell
}

/** What was due is judged within this, or we are catching up. */
const UP_TO_DATE: Duration = 2 * MINUTE

export function aTellingHouse({ config, store, health, vitals, clock, log, stopping, tell: given }: Needs): Telling {
  const { channels, publicUrl, host, port } = config
  const sealing = aSealing(channels.key, channels.secrets)
  const mailer = aMailer({ server: channels.smtp, from: channels.mailFrom, clock })
  const send = aSender({
    http: anHttp({ allowed: channels.allowedAddresses, stopped: stopping }),
    mail: mailer.send,
    program: aProgram({ commands: channels.commands, stopped: stopping }),
    signed: aSigner(channels.aws),
    onError: (error) => log.error({ err: error }, 'a message could not be sent'),
  })
  const tell = given ?? aTelling({ kinds: KINDS, open: sealing.open, send, now: clock.now })
  const delivering = aDelivering({
    store,
    compose: aComposing(store, {
      base: publicAddress(publicUrl, host, port),
      timeZone: config.timeZone,
      limits: channels.dampers,
    }),
    tell,
    inMaintenance: async (at) => {
      const under = underAt(await store.maintenanceWindows(at), at)
      return (subject) => {
        const held = under(subject)
        return held === null ? null : `maintenance: ${held.maintenance.name}, until ${shortlyInUtc(held.until, at)}`
      }
    },
    isJudged: (now) => now - (health.lastJudged() ?? 0) <= UP_TO_DATE,
    log,
    now: clock.now,
    elapsed: clock.elapsed,
    random: Math.random,
    limits: channels.dampers,
    onSettled: (channel, _, state) => {
      if (channel !== null) vitals.delivered(channel, state === 'waiting' ? 'again' : state)
    },
  })
  return { sealing, tell, delivering }
}
