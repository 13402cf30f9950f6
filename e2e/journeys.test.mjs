// What people do, from end to end, in a real browser.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { as, kith, startBrowser, startDemo } from './kith.mjs'

let demo, browser
before(async () => { demo = await startDemo(); browser = await startBrowser() })
after(async () => { await browser?.close(); await demo?.stop() })

const figure = (dir, id, ...args) => JSON.parse(kith('figure', id, ...args, '--format', 'json', '--dir', dir))[0].value

test('an analyst imports a corrected training history, and the figure changes by one', async () => {
  const ask = ['--period', '2023-24', '--where', 'programme=multi-agency']
  assert.equal(figure(demo.dir, 'training.attendances', ...ask), 956)
  const lines = readFileSync(join(demo.dir, 'inbox', 'training-history.csv'), 'utf8').split(/\r?\n/)
  const row = lines.findIndex(l => /,multi-agency,/.test(l) && /,2023-(0[6-9]|1[0-2])-\d\d/.test(l) && /,attended,/.test(l))
  assert.ok(row > 0)
  lines.splice(row, 1)
  const dir = mkdtempSync(join(tmpdir(), 'kith-up-'))
  const file = join(dir, 'training-history.csv')
  writeFileSync(file, lines.join('\n'))

  const page = await as(browser, demo.url, 'analyst')
  await page.goto(demo.url + '/work/imports/new')
  await page.getByLabel('Training history').check()
  await page.setInputFiles('input[type=file]', file)
  await page.getByRole('button', { name: 'Read the files' }).click()
  await page.waitForURL(/\/work\/imports\/[^/]+$/)
  await page.getByText('Nothing has changed yet').waitFor({ timeout: 120_000 })
  assert.match(await page.locator('main').innerText(), /1 fewer/)
  assert.equal(figure(demo.dir, 'training.attendances', ...ask), 956)
  await page.getByRole('button', { name: 'Load it' }).click()
  await page.getByText('What it brought').waitFor({ timeout: 120_000 })
  assert.equal(figure(demo.dir, 'training.attendances', ...ask), 955)
  rmSync(dir, { recursive: true })
})

/** Sends one file of a kind in the browser, and waits for what is said of it. */
async function sendFile(page, kind, year, name, text, said) {
  await page.goto(demo.url + '/work/imports/new')
  await page.getByLabel(kind).check()
  await page.locator('select[name=year]').selectOption(year)
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Read the files' }).click()
  await page.getByText(said).first().waitFor({ timeout: 60_000 })
}

test('an analyst sends a file of another authority, of another year and of a quarter, and no figure moves', async () => {
  const now = () => ['earlyhelp.started', 'cin.open'].map(id =>
    figure(demo.dir, id, ...id === 'cin.open' ? ['--at', '2024-03-31'] : ['--period', '2023-24']))
  const before = now()
  const inbox = name => readFileSync(join(demo.dir, 'inbox', name), 'utf8')
  const page = await as(browser, demo.url, 'analyst')
  const census = inbox('cin-census/2023-24.xml').replaceAll('<LEA>999</LEA>', '<LEA>201</LEA>')
  await sendFile(page, 'Children in need census', '', 'census.xml', census, 'which the partnership does not cover')
  const list = inbox('early-help-2023-24.csv')
  await sendFile(page, 'Early help', '2022-23', 'early-help.csv', list, 'this looks like the list of another year')
  const quarter = list.split(/\r?\n/).filter((row, i) => i === 0 || /,\d\d\/0[456]\/2023,[^,]*$/.test(row)).join('\n')
  await sendFile(page, 'Early help', '2023-24', 'early-help.csv', quarter, 'This looks like April to June 2023')
  await page.getByLabel('No, it is April to June 2023').check()
  await page.getByRole('button', { name: 'Load it' }).click()
  await page.getByText('kept beside').first().waitFor({ timeout: 60_000 })
  assert.deepEqual(now(), before)
})

test('an analyst is asked about a file cut short, accepts it, and undoes it in one act', async () => {
  const ask = ['--period', '2023-24']
  const before = figure(demo.dir, 'earlyhelp.started', ...ask)
  const name = 'early-help-2023-24.csv'
  const short = readFileSync(join(demo.dir, 'inbox', name), 'utf8').split(/\r?\n/).slice(0, 200).join('\n')
  const page = await as(browser, demo.url, 'analyst')
  await sendFile(page, 'Early help', '2023-24', name, short, 'Nothing has changed yet')
  const bars = (await page.locator('.moved').first().innerText()).replaceAll(',', '')
  assert.match(bars, new RegExp(`Early help started.*More than a third.*2023-24 now\\s+${before}.*with this file\\s+198`, 's'))
  await page.getByRole('button', { name: 'Load it' }).click()
  await page.getByText('There is a problem').waitFor()
  assert.equal(figure(demo.dir, 'earlyhelp.started', ...ask), before)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}-asked-1280.png`, fullPage: true })
  await page.setViewportSize({ width: 320, height: 800 })
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, 'wider than a phone')
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}-asked-320.png`, fullPage: true })
  await page.setViewportSize({ width: 1280, height: 900 })

  await page.getByLabel('These figures are right').check()
  await page.getByLabel('Yes, it is the whole of 2023-24').check()
  await page.getByRole('button', { name: 'Load it' }).click()
  await page.getByText('What it counts').waitFor({ timeout: 60_000 })
  assert.equal(figure(demo.dir, 'earlyhelp.started', ...ask), 198)

  await page.getByRole('link', { name: 'Withdraw' }).or(page.getByRole('button', { name: 'Withdraw' })).first().click()
  await page.getByText('What this import took the place of is loaded again').waitFor()
  await page.getByRole('button', { name: 'Withdraw it' }).click()
  await page.getByText('is loaded again').waitFor()
  assert.equal(figure(demo.dir, 'earlyhelp.started', ...ask), before)
})

test('a practitioner books a place and the confirmation is in the outbox', async () => {
  const page = await as(browser, demo.url, 'practitioner')
  await page.goto(demo.url + '/work/training')
  await page.locator('a[href*="/work/training/sessions/"]').first().click()
  const course = (await page.getByRole('heading', { level: 1 }).innerText()).trim()

  const manager = await as(browser, demo.url, 'business-manager')
  const outbox = `${demo.url}/work/settings/outbox?q=${encodeURIComponent(course)}`
  const written = async () => {
    await manager.goto(outbox)
    return manager.locator('tbody th a').evaluateAll(links => links.map(a => a.getAttribute('href')))
  }
  const before = await written()
  await page.getByRole('link', { name: /book/i }).or(page.getByRole('button', { name: /book/i })).first().click()
  const confirm = page.getByRole('button', { name: /book|confirm/i })
  if (await confirm.count()) await confirm.first().click()
  await page.getByText(/you have a place|booked/i).first().waitFor()

  const fresh = (await written()).filter(href => !before.includes(href))
  assert.equal(fresh.length, 1, `one e-mail about “${course}” was to be written`)
  const me = (await page.locator('.desk__me > summary').innerText()).trim()
  await manager.goto(demo.url + fresh[0])
  const email = await manager.locator('main').innerText()
  assert.match(email, /Your place is booked/)
  const name = email.match(/Dear ([^,]+),/)?.[1]
  assert.ok(name && me.includes(name), `the e-mail is for ${name}, and the page is of ${me}`)
})

test('an unusable file is refused with words, and nothing changes', async () => {
  const page = await as(browser, demo.url, 'analyst')
  await page.goto(demo.url + '/work/imports/new')
  await page.getByLabel('Training history').check()
  await page.setInputFiles('input[type=file]', { name: 'holiday.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
  await page.getByRole('button', { name: 'Read the files' }).click()
  await page.waitForURL(/\/work\/imports\/[^/]+$/)
  await page.getByText('Not loaded').first().waitFor({ timeout: 60_000 })
  assert.match(await page.locator('main').innerText(), /holiday\.csv/)
})

test('a business manager changes a chapter, sees untrue words refused, and publishes', async () => {
  const page = await as(browser, demo.url, 'business-manager')
  await page.goto(demo.url + '/work/report/2023-24')
  await page.getByRole('link', { name: 'Communication', exact: true }).click()
  const text = page.getByLabel('Text', { exact: true })
  const before = await text.inputValue()
  const directive = words => `{{figure "contacts.referred_percent" period="2023-24" as="${words}"}}`
  const save = async words => {
    await text.fill(`${before}\n\nOf all contacts, ${directive(words)} became a referral, says the new sentence.\n`)
    const loaded = page.waitForEvent('load')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await loaded
  }
  await save('half')
  await page.goto(demo.url + '/work/report/2023-24/publish')
  assert.match(await page.locator('main').innerText(), /cannot be published/)
  await page.goto(demo.url + '/work/report/2023-24')
  await page.getByRole('link', { name: 'Communication', exact: true }).click()
  await save('one third')
  await page.goto(demo.url + '/work/report/2023-24/publish')
  await page.getByLabel('Why is it published without').fill('The partners agreed it at their meeting.')
  await page.getByRole('button', { name: 'Publish version 2' }).click()
  await page.waitForLoadState()

  const visitor = await as(browser, demo.url)
  await visitor.goto(demo.url + '/report/2023-24/')
  const published = await visitor.locator('main').innerText()
  assert.match(published, /Of all contacts, one third became a referral, says the new sentence/)
  // A new version has the records as they are now; the first stays as it was.
  const now = figure(demo.dir, 'training.attendances', '--period', '2023-24', '--where', 'programme=multi-agency')
  assert.ok(published.includes(String(now)), `the new version lacks ${now}`)
  await visitor.goto(demo.url + '/report/2023-24/version-1/')
  assert.match(await visitor.locator('main').innerText(), /956/)
  await visitor.goto(demo.url + '/report/2023-24/summary')
  assert.equal(await visitor.locator('.tile').count(), 27)
})

test('a person is picked among suggestions, or among those offered without a script', async () => {
  const page = await as(browser, demo.url, 'business-manager')
  await page.goto(demo.url + '/work/plan/actions/new')
  const owner = page.getByRole('combobox', { name: 'Person who owns it' })
  await owner.pressSequentially('angela r')
  await page.locator('.picker__option').first().waitFor()
  await owner.press('ArrowDown')
  const picked = (await page.locator('[role=option][aria-selected=true]').innerText()).split('\n')[0]
  await owner.press('Enter')
  assert.equal((await owner.inputValue()).startsWith(picked), true)
  assert.match(await page.locator('input[name="owner-chosen"]').inputValue(), /^[0-9a-z]+ Angela R/)

  // Several organisations stand as chips; one can be taken away by keyboard.
  await page.goto(demo.url + '/work/audits/multi-agency/new')
  const agencies = page.getByRole('combobox', { name: 'Agencies taking part' })
  for (const typed of ['gull', 'police']) {
    await agencies.pressSequentially(typed)
    await page.locator('.picker__option').first().waitFor()
    await agencies.press('ArrowDown')
    await agencies.press('Enter')
  }
  assert.equal(await page.locator('.picker__chips > li').count(), 2)
  await agencies.press('Backspace')
  await page.keyboard.press('Enter')
  assert.equal(await page.locator('input[name="agencies-picked"]').count(), 1)
  await page.context().close()

  const plain = await as(browser, demo.url, 'business-manager', { javaScriptEnabled: false })
  await plain.goto(demo.url + '/work/audits/multi-agency/new')
  await plain.fill('#title', 'Kept as it was typed')
  await plain.fill('#agencies', 'gull')
  await plain.getByRole('button', { name: 'Find for Agencies taking part' }).click()
  assert.equal(await plain.inputValue('#title'), 'Kept as it was typed')
  await plain.locator('.picker__offer input[type=checkbox]').first().check()
  await plain.goto(demo.url + '/work/plan/actions/new')
  await plain.fill('#owner', 'angela r')
  await plain.getByRole('button', { name: 'Save' }).click()
  assert.match(await plain.locator('.govuk-error-summary').innerText(), /fit “angela r”: choose who is meant/)
  assert.equal(await plain.locator('.picker__offer input[type=radio]').count() > 1, true)
  await plain.context().close()
})

test('one search: by keys, and without a script', async () => {
  const page = await as(browser, demo.url, 'business-manager')
  await page.goto(demo.url + '/work/plan/actions')
  await page.keyboard.press('/')
  await page.keyboard.type('neglect')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/work/search?q=neglect')
  assert.match(await page.locator('h1').innerText(), /things about “neglect”/)
  await page.keyboard.press('/')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/work/plan/priorities/*')
  await page.goto(demo.url + '/work/search?q=neglect')
  await page.getByRole('button', { name: 'Switch / off' }).click()
  await page.goto(demo.url + '/work')
  await page.keyboard.press('/')
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY')
  await page.context().close()

  const plain = await as(browser, demo.url, 'practitioner', { javaScriptEnabled: false })
  await plain.getByRole('searchbox').fill('neglect')
  await plain.getByRole('searchbox').press('Enter')
  await plain.waitForURL('**/work/search?q=neglect')
  const found = await plain.locator('main').innerText()
  assert.match(found, /Recognising and responding to neglect/)
  assert.doesNotMatch(found, /Child Rowan/)
  await plain.context().close()
})

test('files that show an action is done are added without a script, by keyboard, and opened', async () => {
  const page = await as(browser, demo.url, 'review-lead', { javaScriptEnabled: false })
  await page.goto(demo.url + '/work/plan/actions?q=chronology')
  await page.getByRole('link', { name: 'Agree one form of chronology' }).press('Enter')
  await page.getByRole('link', { name: 'Add files' }).press('Enter')
  const file = (name, text) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(text) })
  await page.getByLabel('Files', { exact: true }).setInputFiles([file('report.pdf', '#!/bin/sh'), file('visits.txt', 'We went.')])
  await page.getByRole('button', { name: 'Add files' }).press('Enter')
  assert.match(await page.locator('.govuk-error-summary').innerText(), /“report.pdf” is a program, whatever its name says/)
  await page.getByLabel('Files', { exact: true }).setInputFiles([file('visits.txt', 'We went.'), file('visits.csv', 'day,school')])
  await page.getByRole('button', { name: 'Add files' }).press('Enter')
  assert.match(await page.locator('.files').innerText(), /visits\.txt[^]*visits\.csv/)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'visits.txt', exact: true }).press('Enter')])
  assert.equal(download.suggestedFilename(), 'visits.txt')
  await page.context().close()
})

test('the public site works without a script and without a cookie', async () => {
  const page = await as(browser, demo.url, '', { javaScriptEnabled: false })
  await page.goto(demo.url + '/')
  await page.getByRole('link', { name: 'Worried about a child?' }).click()
  const text = await page.locator('main').innerText()
  for (const want of ['999', '0800 1111', '01632 960']) assert.ok(text.includes(want), `the page lacks ${want}`)
  assert.equal((await page.context().cookies()).length, 0)
})

test('keyboard only: skip to the content and follow a link', async () => {
  const page = await as(browser, demo.url)
  await page.goto(demo.url + '/')
  await page.keyboard.press('Tab')
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Skip to main content/)
  await page.keyboard.press('Enter')
  assert.equal(await page.locator(new URL(page.url()).hash).getAttribute('id'), await page.locator('main, main [id]').first().getAttribute('id'))
})

test('the frame: menu on a phone, keys, and the system’s own colours', async () => {
  const page = await as(browser, demo.url, 'business-manager', { viewport: { width: 320, height: 640 }, javaScriptEnabled: false })
  await page.goto(demo.url + '/work/audits')
  assert.match(await page.locator('.desk__menu > summary').innerText(), /Menu.*Audits/s)
  await page.locator('.desk__menu > summary').click()
  assert.equal(await page.locator('.desk__menu nav a[aria-current]').innerText(), 'Audits')
  await page.context().close()

  const keys = await as(browser, demo.url, 'business-manager', { forcedColors: 'active' })
  await keys.goto(demo.url + '/work/reviews')
  const edges = await keys.evaluate(() => ['.govuk-button', '.govuk-tag', '.desk__nav [aria-current]'].map(s => {
    const style = getComputedStyle(document.querySelector(s))
    return parseFloat(style.borderTopWidth) + parseFloat(style.outlineWidth) * (style.outlineStyle !== 'none')
  }))
  assert.ok(edges.every(width => width >= 1), `button, tag and current room have an edge: ${edges}`)
  await keys.keyboard.press('?')
  await keys.getByRole('dialog', { name: 'Keys' }).waitFor()
  await keys.keyboard.press('Escape')
  await keys.keyboard.press('g')
  await keys.keyboard.press('a')
  await keys.waitForURL('**/work/audits')
  await keys.goto(demo.url + '/work/account')
  await keys.getByRole('button', { name: 'Switch single keys off' }).click()
  await keys.goto(demo.url + '/work/audits')
  await keys.keyboard.press('?')
  assert.equal(await keys.getByRole('dialog').count(), 0)
  await keys.context().close()
})

test('a page of the workspace is printed without rail and bar, and a chart with its numbers', async () => {
  const page = await as(browser, demo.url, 'business-manager')
  await page.goto(demo.url + '/work/funding?year=2023-24')
  await page.emulateMedia({ media: 'print' })
  for (const part of ['.desk__side', '.desk__bar']) assert.equal(await page.locator(part).isVisible(), false, part)
  assert.equal(await page.locator('.chart__table table').isVisible(), true)
  await page.context().close()
})
