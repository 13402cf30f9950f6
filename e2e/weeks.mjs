// The weeks of docs/personas.md: every job of every person is walked in a real browser, wide
// and on a phone, with that person's own account.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { as, axeSource, root } from './kith.mjs'

/** The people of docs/personas.md with their jobs, in order. */
export const personas = (() => {
  const out = new Map()
  let jobs
  for (const line of readFileSync(join(root, 'docs', 'personas.md'), 'utf8').split('\n')) {
    if (line.startsWith('## ')) out.set(line.slice(3).trim(), jobs = [])
    if (line.startsWith('- ')) jobs.push(line.slice(2).trim())
  }
  return out
})()

const widths = [1280, 320]

/** How long a walk waits for what it looks for, in milliseconds: a walk that fails is to say so soon. */
export const patience = 10_000

/** Fails on a page that scrolls sideways, or that axe finds a fault in; once more if the page was still on its way. */
export async function sound(page) {
  try {
    await looked(page)
  } catch (e) {
    if (!/context was destroyed/.test(e.message)) throw e
    await page.waitForLoadState()
    await looked(page)
  }
}

async function looked(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(over <= 0, `${page.url()} is ${over} px wider than the screen`)
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }))
  assert.deepEqual(violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`), [], page.url())
}

/**
 * Walks somebody's week. house() gives the browser and the address of the demonstration; each
 * walk is called with a page that is signed in as that person (as nobody for guest and family),
 * at both widths, and ends on the page that shows what was done.
 */
export function week(persona, house, walks) {
  test(`the week of ${persona} has the jobs that are written down`, () => {
    assert.deepEqual(Object.keys(walks), personas.get(persona))
  })
  for (const [job, walk] of Object.entries(walks)) {
    for (const width of widths) {
      test(`${persona}, ${width} px: ${job}`, async () => {
        const { browser, url } = house()
        const account = ['guest', 'family'].includes(persona) ? '' : persona
        const page = await as(browser, url, account, { viewport: { width, height: 900 } })
        page.setDefaultTimeout(patience)
        try {
          await walk(page, { url, width, browser })
          await sound(page)
        } finally {
          if (process.env.KITH_SHOTS) {
            mkdirSync(process.env.KITH_SHOTS, { recursive: true })
            const name = `${persona} ${job} ${width}`.replace(/[^a-z0-9]+/gi, '-').toLowerCase()
            await page.screenshot({ path: join(process.env.KITH_SHOTS, name + '.png'), fullPage: true })
          }
          await page.context().close()
        }
      })
    }
  }
}

/** Chooses the first person or organisation that fits what is typed. */
export async function pick(page, label, typed) {
  const field = page.getByRole('combobox', { name: label })
  await field.pressSequentially(typed)
  await page.locator('.picker__option').first().waitFor()
  await field.press('ArrowDown')
  await field.press('Enter')
}

/** Enters a day so many days from now into the fields of a date. */
export async function enterDay(page, name, days) {
  const on = new Date(Date.now() + days * 86_400_000)
  for (const [part, n] of [['day', on.getDate()], ['month', on.getMonth() + 1], ['year', on.getFullYear()]]) {
    await page.locator(`[name="${name}-${part}"]`).fill(String(n))
  }
}

/** Starts a self-assessment that asks the organisations of a sector, as whoever keeps them; gives its address. */
export async function startRound(page, url, { section, title, sector, days }) {
  await page.goto(url + '/work/audits/rounds/new')
  await page.getByLabel(section).check()
  await page.getByLabel('Title or topic').fill(title)
  await enterDay(page, 'due', days)
  await page.locator('main').getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('heading', { name: 'Ask organisations' }).waitFor()
  const round = new URL(page.url()).pathname.replace('/ask', '')
  await page.getByLabel(sector, { exact: true }).check()
  await page.locator('main').getByRole('button', { name: 'Ask them', exact: true }).click()
  await page.waitForURL(at => at.pathname === round)
  return round
}
