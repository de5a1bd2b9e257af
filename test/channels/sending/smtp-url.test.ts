import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSmtpUrl } from '../../../src/channels/sending/smtp-url.ts'

test('the address of a mail server says where it is, how it speaks TLS, and who we are', () => {
  assert.deepEqual(readSmtpUrl('smtp://mail.example.org'), { host: 'mail.example.org', port: 587, tls: 'required', login: null })
  assert.deepEqual(readSmtpUrl('smtps://robot:a%40b%25@mail.example.org'), {
    host: 'mail.example.org',
    port: 465,
    tls: 'at-once',
    login: { user: 'robot', password: 'a@b%' },
  })
})

test('TLS is required unless the server is on this machine or the address says otherwise', () => {
  const tlsOf = (url: string) => readSmtpUrl(url).tls
  assert.equal(tlsOf('smtp://10.0.0.1:25'), 'required')
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) assert.equal(tlsOf(`smtp://${host}:25`), 'offered', host)
  assert.equal(tlsOf('smtp://127.example.org'), 'required')
  assert.equal(tlsOf('smtp://10.0.0.1?tls=off'), 'off')
  assert.equal(tlsOf('smtp://localhost?tls=on'), 'required')
})

test('what is none is told without the password', () => {
  for (const url of [
    'mail.example.org',
    'http://robot:geheim@mail.example.org',
    'smtp://robot:geheim@',
    'smtp://robot:geheim@mail.example.org/inbox',
    'smtp://robot:geheim%@mail.example.org',
    'smtp://robot:geheim@mail.example.org?tls=perhaps',
    'smtps://robot:geheim@mail.example.org?tls=off',
    'smtp://robot:geheim@mail.example.org:99999',
  ]) {
    assert.throws(
      () => readSmtpUrl(url),
      ({ message }: Error) => message.includes('smtp://USER:PASSWORD@') && !message.includes('geheim'),
      url,
    )
  }
})
