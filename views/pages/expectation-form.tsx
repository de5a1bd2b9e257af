import { eventPath, expectationPath } from '../addresses.ts'
import { Layout } from '../layout.tsx'
import type { ExpectationFormPage as Page } from '../models.ts'
import { Backtest } from '../parts/backtest.tsx'
import { ExpectationFields } from '../parts/expectation-fields.tsx'
import { EXPECTATION_LABELS, TYPED_FIELDS } from '../parts/expectation-labels.ts'
import { Mistakes } from '../parts/field.tsx'
import { EventLink } from '../parts/name.tsx'
import { NextDues, PREVIEW_PIECES, Says } from '../parts/preview.tsx'
import { Suggested } from '../parts/suggested.tsx'

type Props = { page: Page }

const [main, ...pieces] = PREVIEW_PIECES
const others = [...pieces, ...TYPED_FIELDS.map((field) => `${field}-error`)]

/** While one types, the pieces of the preview come from the same page that the button "Preview" leads to. */
const WHILE_TYPING = {
  'hx-post': '/expectations/preview',
  'hx-trigger': 'input delay:300ms, change delay:300ms',
  'hx-target': `#${main}`,
  'hx-select': `#${main}`,
  'hx-select-oob': others.map((id) => `#${id}:outerMorph`).join(','),
  'hx-swap': 'outerMorph ignoreTitle:true',
  'hx-sync': 'this:replace',
  'hx-validate': 'false',
  'hx-status:5xx': 'swap:none',
}

/** `GET /events/:event/expectations/new`, `GET /expectations/:id/edit`, the 422 of both and the answer to `POST /expectations/preview`. */
export const ExpectationFormPage = ({ page }: Props) => (
  <Layout frame={page.frame} title={page.id === null ? 'New expectation' : 'Edit expectation'} here="events">
    <div class="title">
      <p class="small soft">
        <a href="/events">Events</a> / <a href={eventPath(page.event)}>{page.event}</a> /{' '}
        {page.id === null ? 'new expectation' : 'edit'}
      </p>
      <h1 class="quiet">
        What do you expect of <EventLink event={page.event} />?
      </h1>
      <Says preview={page.preview} />
      {page.suggested !== null && <Suggested suggested={page.suggested} />}
    </div>
    <div class="cols">
      <Form page={page} />
      <div class="watch">
        <NextDues preview={page.preview} moment={page.frame.moment} />
        <Backtest backtest={page.backtest} moment={page.frame.moment} />
      </div>
    </div>
  </Layout>
)

const Form = ({ page }: Props) => {
  const { event, id, form } = page
  return (
    <form
      class="fields"
      id="expectation-form"
      method="post"
      action={id === null ? `${eventPath(event)}/expectations` : expectationPath(id)}
      novalidate
      {...WHILE_TYPING}
    >
      <EnterSaves />
      {page.isRefused && <Mistakes form={form} labels={EXPECTATION_LABELS} />}
      <input type="hidden" name="event" value={event} />
      {id !== null && <input type="hidden" name="id" value={id} />}
      <ExpectationFields page={page} />
      {id !== null && <p class="small soft">What was judged so far stays as it was judged; this holds from now on.</p>}
      <p class="line">
        <button class="btn go" type="submit">
          Save the expectation
        </button>
        <button class="btn" type="submit" formaction="/expectations/preview">
          Preview
        </button>
        <button class="btn" type="submit" formaction="/expectations/preview" name="suggest" value="1">
          Suggest from what was seen
        </button>
        <a href={eventPath(event)}>Cancel</a>
      </p>
    </form>
  )
}

/** Enter presses a form's first button; that must not be a "Use" of some warning. */
const EnterSaves = () => (
  <button class="vh" type="submit" tabindex={-1}>
    Save the expectation
  </button>
)
