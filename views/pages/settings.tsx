import type { Child } from 'hono/jsx'
import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { EnvironmentView, SettingsPage as Page } from '../models.settings.ts'
import type { Frame, Moment } from '../models.ts'
import { Relative } from '../parts/when.tsx'
import { grouped, spanInWords } from '../words.ts'

/** `GET /settings`. */
export const SettingsPage = ({ page }: { page: Page }) => (
  <Layout frame={page.frame} title="Settings" here="settings">
    <div class="title">
      <h1>Settings</h1>
    </div>
    <div class="page">
      <Places frame={page.frame} />
      <Environments page={page} />
      <OfTheProcess page={page} />
    </div>
  </Layout>
)

type Place = { href: string; name: string; says: string; isFor: (frame: Frame) => boolean }

const isAdmin = ({ may }: Frame): boolean => may.includes('admin')
const PLACES: readonly Place[] = [
  { href: '/settings/me', name: 'My account', says: 'your role, and how you come in', isFor: ({ who }) => who !== null },
  { href: '/settings/people', name: 'People', says: 'who may look, sign off, change, and do everything', isFor: isAdmin },
  { href: '/settings/keys', name: 'API keys', says: 'what programs affirm, read and change with', isFor: isAdmin },
  { href: '/settings/audit', name: 'Audit log', says: 'who changed what, when and from where', isFor: isAdmin },
  { href: '/maintenance', name: 'Maintenance', says: 'when nobody is told of what is missed', isFor: () => true },
  { href: '/events', name: 'Events', says: 'all events and what is expected of them', isFor: () => true },
  { href: '/about', name: 'About', says: 'version, database, nodes, and how this one is', isFor: () => true },
]

const Places = ({ frame }: { frame: Frame }) => (
  <section aria-label="Where things are set">
    <ul class="list">
      {PLACES.filter(({ isFor }) => isFor(frame)).map(({ href, name, says }) => (
        <li class="line">
          <a href={href}>{name}</a> <span class="soft">{says}</span>
        </li>
      ))}
    </ul>
  </section>
)

const Environments = ({ page: { environments, defaultEnv, frame } }: { page: Page }) => (
  <section class="part-of" aria-labelledby="environments-h">
    <h2 id="environments-h">Environments</h2>
    {environments === null ? (
      <p class="nothing">The database cannot be asked.</p>
    ) : environments.length === 0 ? (
      <p class="nothing">None yet: the first affirmation or expectation brings its own, {defaultEnv} where it names none.</p>
    ) : (
      <table class="data">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Expectations</th>
            <th scope="col">Events seen</th>
            <th scope="col">Last affirmation</th>
          </tr>
        </thead>
        <tbody>
          {environments.map((environment) => (
            <Environment environment={environment} isDefault={environment.name === defaultEnv} moment={frame.moment} />
          ))}
        </tbody>
      </table>
    )}
  </section>
)

type EnvironmentProps = { environment: EnvironmentView; isDefault: boolean; moment: Moment }

const Environment = ({ environment: { name, expectations, events, last }, isDefault, moment }: EnvironmentProps) => (
  <tr>
    <td>
      <a href={withQuery('/', { env: name })}>{name}</a> {isDefault && <span class="tag">default</span>}
    </td>
    <td>
      {grouped(expectations)} <span class="soft">expected</span>
    </td>
    <td>{events === null ? <span class="soft">too many to count</span> : `${grouped(events)} seen`}</td>
    <td>
      {last !== null ? <Relative at={last} moment={moment} /> : <span class="soft">{events === null ? '–' : 'never'}</span>}
    </td>
  </tr>
)

/** These are read once, when the program starts. */
const OfTheProcess = ({ page: { frame, defaultEnv, retention, publicUrl, isOpen } }: { page: Page }) => (
  <section class="part-of" aria-labelledby="process-h">
    <h2 id="process-h">Set by the environment of the process</h2>
    <p class="small soft">They are read once, at the start. To change one, set its variable and start the program again.</p>
    <table class="data">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Now</th>
          <th scope="col">Variable</th>
        </tr>
      </thead>
      <tbody>
        <Setting what="Sign-in" variable="AFFIRMATIVE_AUTH">
          {isOpen ? 'open: whoever reaches this server may do everything' : 'asked: people sign in, programs send an API key'}
        </Setting>
        <Setting what="Affirmations are kept" variable="AFFIRMATIVE_RETENTION">
          for {spanInWords(retention.affirmations)}
        </Setting>
        <Setting what="Verdicts, closed incidents and the audit log are kept" variable="AFFIRMATIVE_VERDICT_RETENTION">
          for {spanInWords(retention.verdicts)}
        </Setting>
        <Setting what="Who was told what is kept" variable="AFFIRMATIVE_DELIVERY_RETENTION">
          for {spanInWords(retention.deliveries)}
        </Setting>
        <Setting what="Time zone of schedules that name none" variable="AFFIRMATIVE_TIME_ZONE">
          {frame.moment.timeZone}
        </Setting>
        <Setting what="Environment of what names none" variable="AFFIRMATIVE_ENV">
          {defaultEnv}
        </Setting>
        <Setting what="Address for what people paste" variable="AFFIRMATIVE_URL">
          {publicUrl ?? 'as each request came'}
        </Setting>
      </tbody>
    </table>
  </section>
)

const Setting = ({ what, variable, children }: { what: string; variable: string; children?: Child }) => (
  <tr>
    <td class="full">{what}</td>
    <td class="source">{children}</td>
    <td class="source">
      <code>{variable}</code>
    </td>
  </tr>
)
