// The weeks of those in the partnership's office: docs/personas.md.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { startBrowser, startDemo } from './kith.mjs'
import { personas, week } from './weeks.mjs'

let demo, browser
before(async () => { demo = await startDemo(); browser = await startBrowser() })
after(async () => { await browser?.close(); await demo?.stop() })
const house = () => ({ browser, url: demo.url })

week('lay-member', house, {
  'Reads the priorities and how they are judged': async (page, { url }) => {
    await page.goto(url + '/work')
    await page.goto(url + '/work/plan/priorities')
    await page.getByRole('heading', { level: 1 }).waitFor()
  },
})
