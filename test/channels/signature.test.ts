import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signatureOf } from '../../src/channels/signature.ts'

test("the example of Standard Webhooks' specification", () => {
  const body = '{"test": 2432232314}'
  assert.equal(
    signatureOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, body),
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})
