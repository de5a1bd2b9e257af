// What the server puts behind affirmative.js as /affirm.js: data-affirm="EVENT" on any element affirms when it is clicked, on a form when it is submitted.

const script = document.currentScript
const client = new Affirmative(script.src.replace(/\/affirm\.js([?#].*)?$/, ''), {
  env: script.dataset.env,
  apiKey: script.dataset.key,
  source: script.dataset.source,
})
globalThis.affirmative = client

const affirmFor = ({ dataset }) => void client.affirm(dataset.affirm, dataset.affirmValue, { isTyped: true })

// While it comes down: a page that stops an event on its way up has not made it undone.
document.addEventListener(
  'click',
  ({ target }) => {
    const element = target instanceof Element ? target.closest('[data-affirm]') : null
    if (element !== null && !(element instanceof HTMLFormElement)) affirmFor(element)
  },
  true,
)
document.addEventListener(
  'submit',
  ({ target }) => {
    if (target instanceof HTMLFormElement && target.dataset.affirm) affirmFor(target)
  },
  true,
)
