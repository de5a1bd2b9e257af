import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { LEADS, type Leads, LOOKS, type Look } from '../../../views/models.frame.ts'

/** What the switches of the foot are set to in this browser. A cookie that says something else says nothing. */
export const switchesOf = (c: Context): { look: Look; leads: Leads } => ({
  look: LOOKS.find((look) => look === getCookie(c, 'look')) ?? 'system',
  leads: LEADS.find((leads) => leads === getCookie(c, 'times')) ?? 'utc',
})
