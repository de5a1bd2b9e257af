import { withQuery } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { SignOffPage as Page } from '../models.sign-off.ts'
import { Ask } from '../parts/ask.tsx'
import { Undo } from '../parts/undo.tsx'
import { counted } from '../words.ts'

/** `GET /sign-off`, and with a confirmation or 422 the answer to its forms. */
export const SignOffPage = ({ page }: { page: Page }) => {
  const { frame, env, defaultEnv, waiting, asks, more, undo } = page
  const { moment, who } = frame
  return (
    <Layout frame={frame} title="Sign-off" here="sign-off">
      <div class="narrow-page">
        <div class="title">
          <h1>{waiting === 0 ? 'Nothing waits for a person' : `${counted(waiting, 'waits', 'wait')} for a person`}</h1>
          <p class="soft">
            {who === null ? 'Nobody has to sign in here: say who you are.' : `You are ${who}.`} What you sign is recorded with
            your name and the time.
          </p>
          <Environments page={page} />
        </div>
        {undo.map((one) => (
          <Undo one={one} moment={moment} back="sign-off" filter={env} />
        ))}
        {asks.length === 0 && <Teach env={env} />}
        {asks.map((ask) => (
          <Ask ask={ask} moment={moment} defaultEnv={defaultEnv} who={who} filter={env} />
        ))}
        {more > 0 && <p class="soft">{counted(more, 'more is', 'more are')} not shown: choose an environment.</p>}
      </div>
    </Layout>
  )
}

const Environments = ({ page: { env, envs } }: { page: Page }) =>
  envs.length < 2 ? null : (
    <nav class="small line" aria-label="Environment">
      {['', ...envs].map((one) => (
        <a href={withQuery('/sign-off', { env: one })} aria-current={one === env ? 'true' : undefined}>
          {one === '' ? 'all environments' : one}
        </a>
      ))}
    </nav>
  )

const Teach = ({ env }: { env: string }) => (
  <p>
    {env !== '' && <>Not in {env}. </>}An event that people sign off stands here when it has the tag <code>person</code> and an
    expectation that says how often: open it under <a href="/events">Events</a>, tag it under <i>Edit</i>, and say what you
    expect. The board then shows a sign-off button beside it.
  </p>
)
