import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY } from '../../src/domain/time.ts'
import { browserInWords } from '../../views/browser.ts'
import type {
  MePage as Me,
  PeoplePage as People,
  PersonPage as Person,
  WelcomePage as Welcome,
} from '../../views/models.people.ts'
import { MePage } from '../../views/pages/me.tsx'
import { PeoplePage } from '../../views/pages/people.tsx'
import { PersonPage } from '../../views/pages/person.tsx'
import { SignInPage } from '../../views/pages/sign-in.tsx'
import { WelcomePage } from '../../views/pages/welcome.tsx'
import { rendered, times } from './render.tsx'
import { aForm, aFrame, NOW } from './samples.ts'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>' autofocus onfocus=alert(3) x='`

const person = {
  id: 2,
  name: HOSTILE,
  role: 'editor',
  hasPassword: true,
  identity: null,
  createdAt: NOW - DAY,
  endedAt: null,
  isAdminByProxy: false,
} as const
const session = { id: 7, personId: 2, createdAt: NOW - DAY, seenAt: NOW, address: HOSTILE, agent: HOSTILE, isMine: false }
const open = {
  id: 1,
  kind: 'invitation',
  role: 'viewer',
  person: null,
  name: null,
  createdBy: HOSTILE,
  createdAt: NOW,
  expiresAt: NOW + DAY,
} as const
const frame = aFrame({ who: HOSTILE })
const link = { url: HOSTILE, lasts: HOSTILE }
const PAGES: Record<string, () => Promise<string>> = {
  'sign-in': () =>
    rendered(
      <SignInPage
        page={{
          frame,
          to: HOSTILE,
          trouble: HOSTILE,
          provider: HOSTILE,
          hasPasswords: true,
          form: aForm({ name: HOSTILE, password: '' }),
        }}
      />,
    ),
  welcome: () => {
    const form = aForm({ name: HOSTILE, password: '', again: '' }, { name: HOSTILE, again: HOSTILE })
    const page: Welcome = { frame, kind: 'invitation', role: 'viewer', name: null, token: HOSTILE, form }
    return rendered(<WelcomePage page={page} />)
  },
  people: () => {
    const page: People = {
      frame,
      people: [person],
      letsIn: null,
      open: [open, { ...open, kind: 'password', name: HOSTILE }],
      invite: aForm({ role: HOSTILE, form: HOSTILE }, { role: HOSTILE, form: HOSTILE }),
      link,
    }
    return rendered(<PeoplePage page={page} />)
  },
  person: () => {
    const page: Person = {
      frame,
      person,
      letsIn: null,
      sessions: [session],
      role: aForm({ role: 'editor' }),
      renew: aForm({ form: HOSTILE }, { form: HOSTILE }),
      link,
    }
    return rendered(<PersonPage page={page} />)
  },
  me: () => {
    const page: Me = {
      frame,
      person,
      letsIn: null,
      sessions: [session],
      change: aForm({ old: '', password: '', again: '' }, { old: HOSTILE }),
    }
    return rendered(<MePage page={page} />)
  },
}

for (const [name, render] of Object.entries(PAGES))
  test(`the page ${name}: nothing from outside becomes markup, every id stands once, the strict CSP can hold`, async () => {
    const html = await render()
    assert.ok(html.includes('&quot;&gt;&lt;script&gt;'))
    assert.ok(!html.includes('<script>') && !html.includes('<img'))
    assert.ok(!/="[^"]*"[^>]*\sonfocus=/.test(html.replaceAll(/"[^"]*"/g, '""')), 'no attribute was broken out of')
    assert.ok(!/<style|\sstyle="|<script(?![^>]*\ssrc=)/.test(html))
    for (const [, id] of html.matchAll(/\sid="([^"]+)"/g)) assert.equal(times(html, ` id="${id}"`), 1, id)
  })

test('a browser is called as people call it, and what lies is cut', () => {
  const linux = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36'
  assert.equal(browserInWords(linux), 'Chrome on Linux')
  assert.equal(browserInWords(`${linux} Edg/120.0`), 'Edge on Linux')
  assert.equal(browserInWords('Mozilla/5.0 (Windows NT 10.0; rv:121.0) Gecko/20100101 Firefox/121.0'), 'Firefox on Windows')
  assert.equal(
    browserInWords('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1'),
    'Safari on iPhone',
  )
  assert.equal(browserInWords('curl/8.5.0'), 'curl')
  assert.equal(browserInWords(''), 'unknown')
  assert.equal(browserInWords('x'.repeat(300)).length, 40)
})
