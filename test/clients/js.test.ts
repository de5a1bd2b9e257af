import { start } from './driver.ts'
import { passesTheTable } from './table.ts'

passesTheTable({
  name: 'the JavaScript client',
  skip: false,
  readsTexts: false,
  affirm: (calls, settings) => start([process.execPath, 'test/clients/drive-js.mjs'], settings, JSON.stringify(calls)),
})
