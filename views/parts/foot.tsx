import { iso } from '../../src/domain/time.ts'
import { LEADS, LOOKS } from '../models.frame.ts'
import type { Frame } from '../models.ts'
import { faviconOf } from '../states.ts'
import { cityOf, inFull, leadingZone, seconds } from '../words.ts'
import { Relative } from './when.tsx'

/** How fresh the page is, for people and for the script: a watcher that stopped must not look like one that sees nothing wrong. */
export const Freshness = ({ frame }: { frame: Frame }) => (
  <p id="foot" data-favicon={faviconOf(frame)}>
    <a href="/about">affirmative {frame.version}</a> · it is <Now frame={frame} /> · <Judged frame={frame} />
  </p>
)

const Now = ({ frame: { moment } }: { frame: Frame }) => (
  <time
    id="now"
    datetime={iso(moment.now)}
    title={inFull(moment.now, moment)}
    data-says="clock"
    data-zone={moment.leads === 'utc' ? 'UTC' : moment.timeZone}
  >
    {seconds(moment.now, moment)} {leadingZone(moment)}
  </time>
)

const Judged = ({ frame: { judgedAt, moment } }: { frame: Frame }) =>
  judgedAt === null ? (
    <>nothing judged yet</>
  ) : (
    <>
      judged <Relative at={judgedAt} moment={moment} />
    </>
  )

/** Under every page: how fresh it is, and how it is to look. */
export const Foot = ({ frame }: { frame: Frame }) => (
  <footer class="foot">
    <Freshness frame={frame} />
    <a href="/shortcuts">Shortcuts</a>
    {frame.moment.timeZone !== 'UTC' && (
      <Switch
        name="times"
        label="Times"
        values={LEADS}
        chosen={frame.moment.leads}
        says={{ local: cityOf(frame.moment.timeZone), utc: 'UTC' }}
        back={frame.here}
      />
    )}
    <Switch
      name="look"
      label="Look"
      values={LOOKS}
      chosen={frame.look}
      says={{ system: 'System', light: 'Light', dark: 'Dark' }}
      back={frame.here}
    />
  </footer>
)

type SwitchProps<Value extends string> = {
  name: string
  label: string
  values: readonly Value[]
  chosen: Value
  says: Record<Value, string>
  back: string
}

/** One button a choice, each a form's answer: `POST /<name>` with `<name>=<value>` and where to go back to. */
const Switch = <Value extends string>({ name, label, values, chosen, says, back }: SwitchProps<Value>) => (
  <form method="post" action={`/${name}`}>
    <input type="hidden" name="back" value={back} />
    <span id={`${name}-label`}>{label}</span>{' '}
    <fieldset class="switch" aria-labelledby={`${name}-label`}>
      {values.map((value) => (
        <button type="submit" name={name} value={value} aria-pressed={value === chosen ? 'true' : 'false'}>
          {says[value]}
        </button>
      ))}
    </fieldset>
  </form>
)
