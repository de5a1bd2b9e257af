import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { SMTPServerOptions } from 'smtp-server'
import { aMailer, type MailerSettings } from '../../../src/channels/sending/mail.ts'
import { readSmtpUrl } from '../../../src/channels/sending/smtp-url.ts'
import { systemClock } from '../../../src/clock.ts'
import type { MailRequest, Sent } from '../../../src/domain/message.ts'
import { CA, type MailServer, refusal, startMailServer, startSocket } from './mail-server.ts'

const MAIL: MailRequest = {
  via: 'mail',
  from: null,
  to: ['ann@example.org', 'bob@example.org'],
  subject: 'missed: nächtlich (prod)',
  text: 'only 0 of 1\n',
  thread: 'incident:7',
  id: 'd-12',
}

const PASSWORD = 'gar sehr/geheim+%'
const withPassword = (url: string, password = PASSWORD): string =>
  url.replace('smtp://', `smtp://robot:${encodeURIComponent(password)}@`)

async function aServer(t: TestContext, options?: SMTPServerOptions): Promise<MailServer> {
  const server = await startMailServer(options)
  t.after(() => server.close())
  return server
}

const mailerTo = (url: string, some: Partial<MailerSettings> = {}) =>
  aMailer({ server: readSmtpUrl(url), from: 'Affirmative <affirmative@example.net>', clock: systemClock, ca: CA, ...some })

const send = (url: string, mail: Partial<MailRequest> = {}, some: Partial<MailerSettings> = {}): Promise<Sent> =>
  mailerTo(url, some).send({ ...MAIL, ...mail })

const headerOf = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\r\n[ \t].*)*)`, 'im').exec(text)?.[1]?.replace(/\r\n\s+/g, ' ')

test('a mail arrives with who it is from and for, over TLS that is required, with ids of ours', async (t) => {
  const server = await aServer(t)
  assert.equal((await send(`${server.url}?tls=on`)).kind, 'sent')
  const [mail] = server.received
  assert.ok(mail)
  assert.deepEqual([mail.from, mail.to, mail.isSecure], ['affirmative@example.net', MAIL.to, true])
  assert.equal(headerOf(mail.text, 'from'), 'Affirmative <affirmative@example.net>')
  assert.equal(headerOf(mail.text, 'message-id'), '<d-12@example.net>')
  assert.equal(headerOf(mail.text, 'auto-submitted'), 'auto-generated')
  assert.match(mail.text, /\r\n\r\nonly 0 of 1/)
})

test('the mails of one thread answer one mail, whoever is first; those of another one do not', async (t) => {
  const server = await aServer(t)
  for (const [id, thread] of [
    ['1', 'incident:7'],
    ['2', 'incident:7'],
    ['3', 'incident-7'],
  ] as const) {
    await send(server.url, { id, thread })
  }
  const roots = server.received.map(({ text }) => [headerOf(text, 'in-reply-to'), headerOf(text, 'references')])
  assert.deepEqual(roots[0], roots[1])
  assert.equal(roots[0]?.[0], roots[0]?.[1])
  assert.notDeepEqual(roots[0], roots[2])
})

test('a line break in a subject, an id or a thread makes no header, and nobody else a recipient', async (t) => {
  const server = await aServer(t)
  const hostile = 'x\r\nBcc: eve@example.org\r\n\r\nbody'
  assert.equal((await send(server.url, { subject: hostile, id: hostile, thread: hostile })).kind, 'sent')
  const [mail] = server.received
  assert.ok(mail)
  assert.deepEqual(mail.to, MAIL.to)
  assert.equal(headerOf(mail.text, 'bcc'), undefined)
})

test('a server that does not offer TLS gets no mail where it is required, and does on this machine', async (t) => {
  const server = await aServer(t, { disabledCommands: ['STARTTLS'] })
  assert.equal((await send(`${server.url}?tls=on`)).kind, 'again')
  assert.equal(server.received.length, 0)
  assert.equal((await send(server.url)).kind, 'sent')
  assert.equal((await send(`${server.url}?tls=off`)).kind, 'sent')
  assert.deepEqual(
    server.received.map(({ isSecure }) => isSecure),
    [false, false],
  )
})

test('a certificate of nobody we know gets no mail and no password; on this machine it is better than none', async (t) => {
  const asked: unknown[] = []
  const server = await aServer(t, {
    onAuth: ({ password }, _, done) => {
      asked.push(password)
      done(null, { user: 'robot' })
    },
  })
  const trouble = await send(`${withPassword(server.url)}?tls=on`, {}, { ca: undefined })
  assert.equal(trouble.kind, 'again')
  assert.match(trouble.said, /certificate/)
  assert.deepEqual([asked, server.received], [[], []])
  assert.equal((await send(server.url, {}, { ca: undefined })).kind, 'sent')
  assert.equal(server.received[0]?.isSecure, true)
})

test('a certificate of another name is refused as well', async (t) => {
  const server = await startMailServer({}, '127.0.0.2')
  t.after(() => server.close())
  const trouble = await send(`${server.url}?tls=on`)
  assert.equal(trouble.kind, 'again')
  assert.match(trouble.said, /127\.0\.0\.2 is not in the cert/)
  assert.equal(server.received.length, 0)
})

test('smtps speaks TLS from the first byte, and holds to the certificate on this machine, too', async (t) => {
  const server = await aServer(t, { secure: true })
  const url = server.url.replace('smtp:', 'smtps:')
  assert.equal((await send(url)).kind, 'sent')
  assert.equal((await send(url, {}, { ca: undefined })).kind, 'again')
})

test('somebody refused does not keep it from the others: it is there, and says who was refused and why', async (t) => {
  const server = await aServer(t, {
    onRcptTo: ({ address }, _, done) => done(address.startsWith('ann') ? refusal(550, 'no such user') : null),
  })
  const sent = await send(server.url)
  assert.equal(sent.kind, 'sent')
  assert.match(sent.said, /refused for ann@example\.org: 550 no such user/)
  assert.deepEqual(server.received[0]?.to, ['bob@example.org'])
})

test('all refused for good is never; as soon as one is only put off (greylisting) it is again', async (t) => {
  const codes: Record<string, number> = { ann: 550, bob: 550 }
  const server = await aServer(t, {
    onRcptTo: ({ address }, _, done) => done(refusal(codes[address.split('@')[0] ?? ''] ?? 550, 'not now')),
  })
  const refused = await send(server.url)
  assert.equal(refused.kind, 'never')
  assert.match(refused.said, /ann@example\.org: 550 not now; bob@example\.org: 550/)
  codes.bob = 451
  assert.equal((await send(server.url)).kind, 'again')
})

test('a no to the sender or to the mail itself is told apart by its number', async (t) => {
  let code = 550
  const server = await aServer(t, { onMailFrom: (_, __, done) => done(refusal(code, 'sender')) })
  assert.equal((await send(server.url)).kind, 'never')
  code = 451
  assert.equal((await send(server.url)).kind, 'again')
  const reader = await aServer(t, {
    onData: (stream, _, done) => stream.resume().on('end', () => done(refusal(code, 'content'))),
  })
  assert.equal((await send(reader.url)).kind, 'again')
  code = 554
  assert.equal((await send(reader.url)).kind, 'never')
})

test('a login lets in; a wrong one is never, one that cannot be looked up now is again; no answer holds the password', async (t) => {
  let no: Error | null = null
  const server = await aServer(t, {
    authOptional: false,
    onAuth: ({ password }, _, done) =>
      no === null && password === PASSWORD ? done(null, { user: 'robot' }) : done(no ?? refusal(535, `not ${password}`)),
  })
  assert.equal((await send(withPassword(server.url))).kind, 'sent')
  assert.equal(server.received[0]?.user, 'robot')
  const wrong = await send(withPassword(server.url, 'another%one'))
  assert.equal(wrong.kind, 'never')
  assert.match(wrong.said, /535 not ••••/)
  no = refusal(454, `the directory is away (${Buffer.from(`\0robot\0${PASSWORD}`).toString('base64')})`)
  const later = await send(withPassword(server.url))
  assert.equal(later.kind, 'again')
  assert.match(later.said, /is away \(••••\)/)
})

test('who is not let in without a login is told so', async (t) => {
  const server = await aServer(t, { authOptional: false, onAuth: (_, __, done) => done(null, { user: 'robot' }) })
  assert.equal((await send(server.url)).kind, 'never')
})

const PATIENCE = { connect: 100, total: 250 }

test('nobody there, somebody who hangs up, and one who greets with a no: again', async (t) => {
  const gone = await startSocket(() => undefined)
  await gone.close()
  const rude = await startSocket((socket) => socket.resetAndDestroy())
  const leaving = await startSocket((socket) => {
    socket.write('220 hello\r\n')
    socket.once('data', () => socket.destroy())
  })
  const full = await startSocket((socket) => socket.end('554 too many connections\r\n'))
  t.after(() => Promise.all([rude.close(), leaving.close(), full.close()]))
  for (const { url } of [gone, rude, leaving, full])
    assert.equal((await send(url, {}, { patience: PATIENCE })).kind, 'again', url)
})

test('silence ends after the time to connect, and slow answers when all of it took too long', async (t) => {
  const silent = await startSocket(() => undefined)
  const slow = await startSocket((socket) => {
    socket.write('220 hello\r\n')
    const drip = setInterval(() => socket.write('250-x\r\n'), 20)
    socket.on('close', () => clearInterval(drip))
  })
  t.after(() => Promise.all([silent.close(), slow.close()]))
  assert.equal((await send(silent.url, {}, { patience: PATIENCE })).kind, 'again')
  const sent = await send(slow.url, {}, { patience: PATIENCE })
  assert.deepEqual(sent, { kind: 'again', said: 'The mail server took more than 0.25 s.', after: null })
})

test('what is under way when the mailer closes is for another try', async (t) => {
  const silent = await startSocket(() => undefined)
  t.after(() => silent.close())
  const mailer = mailerTo(silent.url)
  const sending = mailer.send(MAIL)
  mailer.close()
  assert.equal((await sending).kind, 'again')
})

test('without a server, or without a sender, it says which setting is missing', async () => {
  const without = { from: null, clock: systemClock }
  assert.match((await aMailer({ server: null, ...without }).send(MAIL)).said, /AFFIRMATIVE_SMTP_URL/)
  const sent = await aMailer({ server: readSmtpUrl('smtp://127.0.0.1'), ...without }).send(MAIL)
  assert.equal(sent.kind, 'never')
  assert.match(sent.said, /AFFIRMATIVE_MAIL_FROM/)
})
