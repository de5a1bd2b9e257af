// Makes the calls that come as JSON on standard input, one after the other, by the JavaScript client.
import { Buffer } from 'node:buffer'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { Affirmative } from '../../clients/js/affirmative.js'

const client = new Affirmative()
for (const { event, value, ...options } of JSON.parse(await text(process.stdin)))
  await client.affirm(event, typeof value === 'object' ? Buffer.from(value.base64, 'base64') : value, options)
