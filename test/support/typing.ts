import type { Page } from 'playwright-core'

/** A form that takes text: where it stands on its page, and where it leads. */
export type Form = { nth: number; to: string; hasHidden: boolean }

const WRITABLE = 'input:not([type=hidden], [type=checkbox], [type=radio]), textarea'
const FORMS = `[...document.forms].map((form, nth) => ({ form, nth })).filter(({ form }) => form.querySelector('${WRITABLE}') !== null).map(({ form, nth }) => ({
  nth, hasHidden: form.querySelector('input[type=hidden]') !== null, to: (form.getAttribute('method') ?? 'get').toUpperCase() + ' ' + new URL(form.getAttribute('action') ?? '', location.href).pathname,
}))`

export const formsOf = (page: Page): Promise<Form[]> => page.evaluate<Form[]>(FORMS)

/** Sends the form with this text in every field that takes one, in hidden ones too if so wanted, and waits for the answer. */
export async function sendWith(page: Page, { nth }: Form, text: string, withHidden: boolean): Promise<void> {
  const fields = withHidden ? `${WRITABLE}, input[type=hidden]` : WRITABLE
  const answered = page.waitForEvent('load')
  await page.evaluate(`(() => {
    const form = document.forms[${nth}]
    for (const field of form.querySelectorAll('${fields}')) field.value = ${JSON.stringify(text)}
    form.noValidate = true
    form.requestSubmit(form.querySelector('[type=submit]'))
  })()`)
  await answered
}
