// The weeks of those in the partnership's office, and of those who review for it: docs/personas.md.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { as, startBrowser, startDemo } from './kith.mjs'
import { enterDay, pick, startRound, week } from './weeks.mjs'

let demo, browser
before(async () => { demo = await startDemo(); browser = await startBrowser() })
after(async () => { await browser?.close(); await demo?.stop() })
const house = () => ({ browser, url: demo.url })

/** Presses a button or follows a link of the page's matter by its name. */
const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true })
  .or(page.locator('main').getByRole('link', { name, exact: true })).first().click()

/** Presses a button and waits for the page that answers. */
async function send(page, name) {
  const answered = page.waitForEvent('load')
  await press(page, name)
  await answered
}

/** Waits until the page says something in its matter. */
const says = (page, words) => page.locator('main').getByText(words).first().waitFor()

/** Opens the newest e-mail of the outbox that fits some words, as somebody who may read it, and gives its text. */
async function email(page, url, words) {
  await page.goto(`${url}/work/settings/outbox?q=${encodeURIComponent(words)}`)
  await page.locator('tbody th a').first().click()
  await page.waitForURL(/outbox\/[^/?]+$/)
  return page.locator('main').innerText()
}

/** Follows the link in an e-mail as the one who receives it; it opens for them, and its heading is given. */
async function follow(url, persona, text, path) {
  const link = text.match(new RegExp(`https?://\\S+(${path}\\S*)`))
  assert.ok(link, `no link to ${path} in: ${text}`)
  const page = await as(browser, url, persona)
  const answer = await page.goto(url + link[1])
  assert.equal(answer.status(), 200, link[1])
  const heading = await page.getByRole('heading', { level: 1 }).innerText()
  await page.context().close()
  return heading
}

/** The heading of the page. */
const heading = page => page.getByRole('heading', { level: 1 }).innerText()

/** A mail server that takes everything, but knows nobody whose address begins with "gone". */
async function startMailServer() {
  const server = createServer(line => {
    let inside = false
    line.setEncoding('utf8')
    line.on('error', () => {})
    line.write('220 post.example\r\n')
    let held = ''
    line.on('data', chunk => {
      held += chunk
      for (let end; (end = held.indexOf('\r\n')) >= 0; held = held.slice(end + 2)) {
        const said = held.slice(0, end)
        if (inside) {
          if (said === '.') { inside = false; line.write('250 taken\r\n') }
        } else if (/^DATA/i.test(said)) { inside = true; line.write('354 go on\r\n') }
        else if (/^RCPT TO:<gone/i.test(said)) line.write('550 5.1.1 no such mailbox\r\n')
        else if (/^QUIT/i.test(said)) line.end('221 bye\r\n')
        else line.write('250 ok\r\n')
      }
    })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Sets as the administrator how e-mail goes out, by the mail server at a port or not at all; the business manager agrees. */
async function sendBy(url, port) {
  const page = await as(browser, url, 'administrator')
  await page.goto(url + '/work/settings/email/edit')
  await page.locator(`input[name=how][value=${port ? 'smtp' : 'none'}]`).check()
  if (port) {
    await page.getByLabel('Name of the mail server').fill('127.0.0.1')
    await page.getByLabel('Port').fill(String(port))
    await page.locator('input[name=security]').last().check()
  }
  const why = page.getByLabel('Why, if e-mails are to go another way')
  if (await why.count()) await why.fill('The server was moved.')
  await press(page, 'Save')
  const asked = page.getByText('until a second person agrees')
  await page.getByText('Saved.').or(asked).first().waitFor()
  if (await asked.count()) {
    const second = await as(browser, url, 'business-manager')
    await second.goto(url + '/work/requests')
    await second.getByRole('link', { name: /e-mail/i }).first().click()
    await press(second, 'Agree')
    await second.getByText(/agreed/i).first().waitFor()
    await second.context().close()
  }
  await page.context().close()
}

week('business-manager', house, {
  'Sees on Home what needs them, by when, and opens the first': async (page, { url }) => {
    const first = page.locator('.needs__row').first()
    assert.match(await first.locator('.needs__when').innerText(), /Today|Tomorrow|day|late|\d/)
    const box = await first.boundingBox()
    assert.ok(box.y < 500, `what needs them begins ${box.y} px down`)
    const title = (await first.getByRole('heading').innerText()).replace(/^[^?]+\? /, '')
    await first.getByRole('link').first().click()
    await page.waitForURL(u => u.pathname !== '/work')
    assert.equal(await heading(page), title)
    assert.ok(page.url().startsWith(url + '/work/'))
  },
  'Gives an action to somebody at an agency, who is told by e-mail': async (page, { url, width }) => {
    const title = `Say at handover who was told, ${width}`
    await page.goto(url + '/work/plan/actions/new')
    await page.getByLabel('What is to be done').fill(title)
    await page.getByLabel('Business plan priority').check()
    await pick(page, 'Priority it belongs to', 'Embedding change')
    await pick(page, 'Organisation that owns it', 'Community Health')
    await pick(page, 'Person who owns it', 'Desmond')
    await enterDay(page, 'due', 40)
    await press(page, 'Save')
    await page.getByText('The action was added').waitFor()
    const here = page.url()
    const text = await email(page, url, title)
    assert.match(text, /Desmond Okafor-Reeve/)
    assert.equal(await follow(url, 'agency-lead', text, '/work/plan/actions/'), title)
    await page.goto(here)
  },
  'Closes an action that its owner has marked done': async (page, { url, width }) => {
    const title = width > 1000 ? 'Tell midwives the same day when a visit is missed' : 'Ask at every visit who lives in the home'
    await page.goto(`${url}/work/plan/actions?q=${encodeURIComponent(title)}`)
    const href = await page.getByRole('link', { name: title }).getAttribute('href')
    if (width < 1000) {
      const owner = await as(browser, url, 'agency-lead')
      await owner.goto(url + href + '/claim')
      await owner.getByLabel('What is different now?').fill('Every visit of the last month names the adults.')
      await press(owner, 'Mark done')
      await owner.getByText('You said that it is done. It closes').waitFor()
      await owner.context().close()
    }
    await page.goto(url + href)
    await press(page, 'Agree that it is done')
    await page.getByText('Done', { exact: true }).first().waitFor()
    const here = page.url()
    assert.match(await page.locator('main .govuk-tag').first().innerText(), /Done/)
    assert.match(await email(page, url, title), /agreed/i)
    await page.goto(here)
  },
  'Chases the organisations that have not answered Section 11': async (page, { url, width }) => {
    if (width > 1000) {
      await page.goto(url + '/work')
      await page.getByRole('link', { name: /^Section 11: \d+ organisations to go/ }).click()
    } else { // nobody is written to twice within a day about one, so a phone chases another
      const officer = await as(browser, url, 'quality-officer')
      const round = await startRound(officer, url, { section: 'Section 11', title: 'Who is told what', sector: 'Housing', days: 20 })
      await officer.context().close()
      await page.goto(url + '/work/audits/rounds')
      await page.locator(`main a[href="${round}"]`).click()
    }
    await press(page, 'Chase them')
    const names = await page.locator('main li').allInnerTexts()
    assert.ok(names.length > 0)
    await page.getByRole('button', { name: /^Chase (\d+ organisations|one organisation|1 organisation)/ }).click()
    await page.getByText(/mails? (were|was) queued/).waitFor()
    const here = page.url()
    const text = await email(page, url, 'Section 11 self-assessment')
    assert.match(text, /has not yet sent its Section 11 self-assessment/)
    await page.goto(here)
    await press(page, 'Chase them')
    assert.match(await heading(page), /Nobody to chase now/)
  },
  'Sees why the report cannot be published yet, beside the button': async (page, { url, width }) => {
    const chapter = width > 1000 ? 'Communication' : 'Audits'
    await page.goto(url + '/work/report/2023-24')
    await page.getByRole('link', { name: chapter, exact: true }).click()
    const text = page.getByLabel('Text', { exact: true })
    const before = await text.inputValue(), at = page.url()
    await text.fill(before + '\n\n{{figure "contacts.referred_percent" period="2023-24" as="half"}}\n')
    await send(page, 'Save')
    await page.goto(url + '/work/report/2023-24')
    const holds = page.locator('.report-holds')
    assert.match(await holds.innerText(), new RegExp(`It cannot be published yet[^]*${chapter}`))
    const button = await page.getByRole('button', { name: 'Publish', exact: true }).boundingBox()
    const why = await holds.boundingBox()
    assert.ok(why.y - button.y < 400, `why is ${why.y - button.y} px below the button`)
    await page.goto(at)
    await page.getByLabel('Text', { exact: true }).fill(before)
    await send(page, 'Save')
    await page.goto(url + '/work/report/2023-24')
    assert.doesNotMatch(await page.locator('main').innerText(), /It cannot be published yet/)
  },
  'Corrects an address whose e-mail came back': async (page, { url, width }) => {
    const name = `Fern Halyard ${width}`
    await page.goto(url + '/work/people/new')
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('E-mail address').fill(`gone.${width}@quay.example`)
    await press(page, 'Add person')
    await page.getByText(`${name} is added`).waitFor()
    const server = await startMailServer()
    try {
      await sendBy(url, server.address().port)
      await page.goto(url + '/work/training?q=Professional')
      await page.locator('tbody a[href*="/work/training/sessions/"]').first().click()
      await press(page, 'Book a place')
      await page.locator('input[name=whom]').fill(`gone.${width}@quay.example`)
      await press(page, 'Book the place')
      await page.waitForURL(/sessions\/[^/]+$/)
      const back = page.locator('.needs__row', { hasText: 'came back' })
      for (let i = 0; i < 60 && !await back.count(); i++) { await page.goto(url + '/work'); await page.waitForTimeout(100) }
      await back.getByRole('button').or(back.getByRole('link')).last().click()
      await page.getByRole('row', { name: `gone.${width}@` }).getByRole('link', { name: `Correct the address of ${name}` }).click()
      await says(page, 'there is no such mailbox')
      await press(page, 'Correct the address')
      await page.getByLabel('E-mail address').fill(`fern.${width}@quay.example`)
      await press(page, 'Save')
      await page.waitForURL(/people\/[^/]+$/)
      assert.doesNotMatch(await page.locator('main').innerText(), /came back/)
      await page.goto(url + '/work')
      assert.equal(await page.locator('.needs__row', { hasText: 'came back' }).count(), 0)
      await page.goBack()
    } finally {
      server.close()
      await sendBy(url)
    }
  },
})

week('coordinator', house, {
  'Adds a person and invites them': async (page, { url, width }) => {
    const address = `una.weir.${width}@tidewell.example`
    await page.goto(url + '/work/people/new')
    await page.getByLabel('Name').fill(`Una Weir ${width}`)
    await page.getByLabel('E-mail address').fill(address)
    await press(page, 'Add person')
    await press(page, 'Change roles')
    await page.getByLabel('Practitioner', { exact: true }).check()
    await press(page, 'Save roles')
    await press(page, 'Send a link to set a password')
    await page.getByText(/link.*(sent|on its way|written)/i).first().waitFor()
    const here = page.url()
    const link = (await email(page, url, address)).match(/https?:\/\/\S+?(\/\S+)/)[1]
    const una = await as(browser, url, null)
    await una.goto(url + link)
    await una.getByLabel('New password').fill('gull pebble tides')
    await una.getByRole('button', { name: 'Set my password' }).click()
    await una.getByLabel('E-mail address').waitFor()
    await una.context().close()
    await page.goto(here)
    await says(page, 'They have a password')
  },
  'Records a meeting and who came': async (page, { url, width }) => {
    await page.goto(url + '/work/committees')
    await page.getByRole('link', { name: width > 1000 ? 'Executive' : 'Case Review', exact: true }).click()
    await press(page, 'Note a meeting')
    await enterDay(page, 'held', -1)
    await page.getByLabel('What did it deal with?').fill('Read the scrutineer’s note and agreed what to ask next.')
    await press(page, 'Continue')
    await page.getByRole('heading', { name: 'Who was there?' }).waitFor()
    const people = page.locator('main select[name^="state-"]')
    const n = await people.count()
    for (let i = 0; i < n; i++) await people.nth(i).selectOption(i ? 'present' : 'apologies')
    await press(page, 'Save')
    await says(page, 'Read the scrutineer’s note')
    assert.match(await page.locator('tbody tr', { hasText: 'Read the scrutineer’s note' }).innerText(), new RegExp(`${n - 1} of ${n}`))
  },
})

week('training-officer', house, {
  'Books somebody who is not known yet on a session': async (page, { url, width }) => {
    const [name, address] = [`Ivo Marl ${width}`, `ivo.marl.${width}@quay.example`]
    await page.goto(url + '/work/training?q=Harm+outside')
    await page.locator('tbody a[href*="/work/training/sessions/"]').first().click()
    await press(page, 'Book a place')
    await press(page, 'Somebody who is not here yet, or several people')
    await page.getByLabel('People').fill(`${name}, ${address}, Quayside Homes`)
    await press(page, 'Look them over')
    await says(page, 'New')
    await press(page, 'Book them')
    await page.waitForURL(/sessions\/[^/]+$/)
    const here = page.url()
    assert.match(await page.getByRole('row', { name: new RegExp(name) }).first().innerText(), /Booked/)
    const text = await email(page, url, address)
    assert.match(text, /has booked a place for you/)
    await follow(url, '', text, '/training/mine')
    await page.goto(here)
  },
  'Moves a session, and those who booked and who wait are told': async (page, { url, width }) => {
    const course = width > 1000 ? 'Designated safeguarding lead: new to the role' : 'Recognising and responding to neglect'
    await page.goto(`${url}/work/training?q=${encodeURIComponent(course)}`)
    await page.locator('tbody a[href*="/work/training/sessions/"]').first().click()
    await page.waitForURL(/sessions\/[^/]+$/)
    const session = page.url()
    for (const who of ['business-manager@', 'coordinator@']) { // one of them takes the last place, where there is one
      const waits = await page.getByRole('button', { name: 'Join the waiting list' }).count()
      await page.goto(session + '/book')
      await page.locator('input[name=whom]').pressSequentially(who)
      await page.locator('.picker__option').first().waitFor()
      await page.locator('input[name=whom]').press('ArrowDown')
      await page.locator('input[name=whom]').press('Enter')
      await press(page, waits ? 'Join the waiting list' : 'Book the place')
      await page.waitForURL(session)
    }
    await press(page, 'Change the session')
    await page.getByLabel('Where').fill(`Marram Community Hall, room ${width}`)
    await page.getByLabel('Starts at').fill('10:00')
    await press(page, 'Save the session')
    await page.getByText(/The session is changed, and \d+ people are told. .* asked whether it still suits/).waitFor()
    await page.goto(`${url}/work/settings/outbox?q=${encodeURIComponent(course)}`)
    const subjects = (await page.locator('tbody th a').allInnerTexts()).filter(s => /moved|changed/i.test(s))
    assert.ok(subjects.length >= 16, `only ${subjects.length} were written to: ${subjects[0]}`)
    const text = await email(page, url, 'coordinator')
    assert.match(text, /still suit/)
    await follow(url, 'coordinator', text, '/work/training/')
    await page.goto(session)
  },
  'Keeps the register of a session': async (page, { url, width }) => {
    await page.goto(url + '/work/training?when=past&q=' + (width > 1000 ? 'vaping' : 'young+carers'))
    await page.locator('tbody a[href*="/work/training/sessions/"]').first().click()
    await press(page, 'Change the register')
    const mark = page.locator('main form select').first()
    const who = (await page.locator('tbody th').first().innerText()).trim()
    await mark.selectOption({ label: 'Left early' }).catch(() => mark.selectOption({ index: 2 }))
    const marked = (await mark.locator('option:checked').innerText()).trim()
    await press(page, 'Save the register')
    await page.getByRole('status').or(page.locator('.said')).first().waitFor()
    await page.goto(page.url().replace('/register/edit', ''))
    assert.match(await page.getByRole('row', { name: new RegExp(who) }).first().innerText(), new RegExp(marked))
  },
})

week('quality-officer', house, {
  'Starts a round and sees who is missing': async (page, { url, width }) => {
    const round = await startRound(page, url, { section: 'Section 11', title: `Listening to children, ${width}`,
      sector: width > 1000 ? 'Police' : 'Health', days: 60 })
    await page.goto(`${url}${round}?state=missing`)
    assert.match(await page.locator('main').innerText(), /None of \d+ entered as submitted yet/)
    assert.ok(await page.locator('tbody tr').count() > 0)
  },
  'Sets up a multi-agency audit': async (page, { url, width }) => {
    await page.goto(url + '/work/audits')
    await press(page, 'Add an audit')
    await page.getByLabel('Title', { exact: true }).fill(`Who came to strategy meetings, ${width}`)
    await page.getByLabel('Theme').fill('Strategy discussions')
    await page.getByLabel('Method').fill('Case files of five agencies, and a talk with each worker.')
    for (const agency of ['police', 'Community Health']) await pick(page, 'Agencies taking part', agency)
    await enterDay(page, 'due', 90)
    await press(page, 'Save')
    await page.waitForURL(/multi-agency\/[0-9a-z]{26}/)
    assert.equal(await heading(page), `Who came to strategy meetings, ${width}`)
    const words = await page.locator('main').innerText()
    for (const part of ['Planned', 'Saltcoast Police', 'Saltcoast Community Health Trust']) assert.ok(words.includes(part), part)
  },
})

week('analyst', house, {
  'Looks at a file before it is loaded, and loads it': async (page, { url, width }) => {
    const [kind, file, year] = width > 1000 ? ['Early help', 'early-help-2022-23.csv', '2022-23'] : ['Contacts with the front door', 'contacts-2022-23.csv', '2022-23']
    const lines = readFileSync(join(demo.dir, 'inbox', file), 'utf8').trimEnd().split(/\r?\n/)
    await page.goto(url + '/work/imports/new')
    await page.getByLabel(kind).check()
    await page.locator('select[name=year]').selectOption(year)
    const buffer = Buffer.from(lines.slice(0, -1).join('\n') + '\n')
    await page.setInputFiles('input[type=file]', { name: file, mimeType: 'text/csv', buffer })
    await press(page, 'Read the files')
    await page.getByText('Nothing has changed yet').waitFor({ timeout: 60_000 })
    assert.match(await page.locator('.moved').first().innerText(), /with this file/)
    await press(page, 'Load it')
    await page.getByText('What it counts').waitFor({ timeout: 60_000 })
    assert.match(await page.locator('main .govuk-tag').first().innerText(), /Loaded/)
  },
  'Reads how a figure was worked out': async (page, { url, width }) => {
    await page.goto(url + '/work/performance')
    await page.getByRole('link', { name: width > 1000 ? 'Training attendances' : 'Early help started', exact: true }).first().click()
    const how = await page.locator('main').innerText()
    for (const part of ['How this was worked out', 'What is counted', 'Period', 'Rows read']) assert.ok(how.includes(part), part)
  },
})

week('review-lead', house, {
  'Records an incident and sees its clocks': async (page, { url, width }) => {
    await page.goto(url + '/work/reviews')
    await press(page, 'Add a review')
    await page.getByLabel('Reference').fill(`Rapid review, ${width}`)
    await page.getByLabel('Rapid review', { exact: true }).check()
    await page.getByLabel('Themes').fill('Neglect')
    await enterDay(page, 'aware', -1)
    await press(page, 'Save')
    await page.waitForURL(/reviews\/[0-9a-z]{26}$/)
    const clocks = await page.locator('main .card').allInnerTexts()
    assert.equal(clocks.length, 2)
    assert.match(clocks[0], /Notify the Panel[^]*5 working days from becoming aware: by \d/)
    assert.match(clocks[1], /Rapid review[^]*15 working days from becoming aware: by \d/)
    const second = await page.locator('main .card').nth(width > 1000 ? 1 : 0).boundingBox()
    assert.ok(second.y < 700, `the clock stands ${second.y} px down`)
  },
  'Makes a recommendation into an action': async (page, { url, width }) => {
    const words = width > 1000 ? 'Planning before birth begins' : 'Disabled children are seen alone'
    await page.goto(url + '/work/plan/recommendations?source=review')
    await page.getByRole('link', { name: new RegExp(words) }).click()
    await press(page, 'Add an action')
    await page.getByLabel('What is to be done').fill(`Check ten plans, ${width}`)
    assert.equal(await page.getByLabel('Review', { exact: true }).isChecked(), true)
    await pick(page, 'Organisation that owns it', 'General Hospital')
    await enterDay(page, 'due', 60)
    await press(page, 'Save')
    await page.getByText('The action was added').waitFor()
    await page.getByRole('link', { name: 'Recommendation', exact: true }).click()
    await says(page, `Check ten plans, ${width}`)
    assert.match(await page.locator('main').innerText(), new RegExp(words))
  },
})

/** Opens a review from the list. */
async function openReview(page, url, name) {
  await page.goto(url + '/work/reviews')
  await page.getByRole('link', { name, exact: true }).click()
  await page.waitForURL(/reviews\/[0-9a-z]{26}$/)
  assert.equal(await heading(page), name)
}

week('panel-member', house, {
  'Reads a review and what it recommends': async (page, { url, width }) => {
    await openReview(page, url, width > 1000 ? 'Child Rowan' : 'Child Wren')
    await press(page, 'What it recommends')
    await says(page, width > 1000 ? /Disabled children are seen alone/ : /Planning before birth begins/)
    assert.equal(await page.getByText('Ask schools once').count(), 0)
  },
})

week('independent-reviewer', house, {
  'Reads the review that they write': async (page, { url, width }) => {
    await openReview(page, url, width > 1000 ? 'Rapid review, under way' : 'Two sisters')
    assert.match(await page.locator('main').innerText(), /Steps taken[^]*Authority became aware|Review began/)
    assert.equal(await page.getByRole('link', { name: 'What it recommends' }).count(), 0)
  },
})

week('editor', house, {
  'Changes a page, looks at it and publishes it': async (page, { url, width }) => {
    const slug = width > 1000 ? 'about' : 'principles-and-values'
    const words = `We meet every two months, and say here what came of it (${width}).`
    await page.goto(`${url}/work/sites/pages/${slug}`)
    await press(page, 'Edit')
    const text = page.getByLabel('What the page says')
    await text.fill(`${await text.inputValue()}\n\n${words}\n`)
    await press(page, 'Preview')
    await page.locator('main .prose', { hasText: words }).waitFor()
    await press(page, 'Save')
    await page.waitForURL(`**/pages/${slug}`)
    await press(page, 'Publish')
    await press(page, 'Publish')
    await page.waitForURL(`**/pages/${slug}`)
    const public_ = await page.getByRole('link', { name: 'See it on the site' }).getAttribute('href')
    const visitor = await as(browser, url, null)
    const seen = visitor.getByText(words)
    for (let i = 0; i < 50 && !await seen.count(); i++) await visitor.goto(url + public_)
    assert.equal(await seen.count(), 1)
    await visitor.context().close()
  },
  'Writes a chapter and takes up a figure that was typed': async (page, { url, width }) => {
    await page.goto(url + '/work/report/2023-24')
    await page.getByRole('link', { name: width > 1000 ? 'Scrutiny' : 'Structure and membership', exact: true }).click()
    const text = page.getByLabel('Text', { exact: true })
    await text.fill(`${await text.inputValue()}\n\nThe front door took 24,312 contacts in 2023-24.\n`)
    await press(page, 'Preview')
    await says(page, /24,312 is typed/)
    await page.getByRole('button', { name: /^Use the figure/ }).first().click()
    await page.waitForFunction(() => document.querySelector('textarea[name=markdown]').value.includes('{{figure "contacts.received"'))
    await send(page, 'Save')
    assert.match(await page.locator('main').innerText(), /24,312/)
    assert.doesNotMatch(await page.locator('main').innerText(), /24,312 is typed/)
  },
  'Gives a chapter to somebody to write by a day': async (page, { url, width }) => {
    const title = width > 1000 ? 'Introduction' : 'Communication'
    await page.goto(url + '/work/report/2023-24')
    const row = page.locator('main tr', { hasText: title }).first()
    await row.getByRole('link', { name: /Ask somebody/ }).click()
    await pick(page, 'Who writes it', 'Jonty')
    await enterDay(page, 'due', 10)
    await send(page, 'Save')
    await row.getByText('Jonty Featherstonehaugh').waitFor()
    const admin = await as(browser, url, 'administrator')
    assert.match(await email(admin, url, title), /Jonty/)
    await admin.context().close()
  },
})

week('lay-member', house, {
  'Reads the priorities and how they are judged': async (page, { url, width }) => {
    await page.goto(url + '/work/plan/priorities')
    await page.getByRole('row', { name: /2023-24/ }).getByRole('link', { name: width > 1000 ? 'Neglect' : 'Babies under one', exact: true }).click()
    const words = await page.locator('main').innerText()
    assert.match(words, width > 1000 ? /Partly achieved/ : /Not achieved/)
    for (const part of ['What we want', 'What was achieved', 'What remains to do']) assert.ok(words.includes(part), part)
  },
})
