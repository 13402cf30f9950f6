// The weeks of those at the agencies, of those who decide and look, of those who keep the
// installation, and of those without an account: docs/personas.md.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { as, glyphsOf, startBrowser, startDemo } from './kith.mjs'
import { enterDay, patience, personas, pick, startRound, week } from './weeks.mjs'

let demo, browser
before(async () => { demo = await startDemo(); browser = await startBrowser() })
after(async () => { await browser?.close(); await demo?.stop() })
const house = () => ({ browser, url: demo.url })

/** Looks at something as another person, and closes their browser again. */
async function seenBy(persona, look) {
  const page = await as(browser, demo.url, persona)
  page.setDefaultTimeout(patience)
  try {
    return await look(page)
  } finally {
    await page.context().close()
  }
}

/** The text of the newest e-mail in the outbox whose subject or addressee fits; it may be on its way. */
async function mailed(words, to = '') {
  return seenBy('administrator', async page => {
    const found = page.locator('tbody tr', { hasText: words }).filter({ hasText: to }).getByRole('link')
    await assert.doesNotReject(async () => {
      for (let i = 0; i < 50 && !await found.count(); i++) {
        await page.goto(`${demo.url}/work/settings/outbox?q=${encodeURIComponent(to.includes('@') ? to : words)}`)
      }
      await found.first().click({ timeout: 2000 })
    }, `no e-mail “${words}” for ${to || 'anybody'} was written`)
    return page.locator('main').innerText()
  })
}

/** Opens the link of an e-mail as the person who got it; the demonstration's links may begin with another address. */
const opened = (page, mail, path) => page.goto(demo.url + new URL(mail.match(new RegExp(`https?://\\S+${path}\\S*`))[0]).pathname)

const main = page => page.locator('main')
const date = (days = 0) => new Date(Date.now() + days * 86_400_000)
const press = (page, name) => main(page).getByRole('button', { name }).first().click()
const enter = async (page, day) => {
  const group = page.locator('.govuk-date-input').first()
  for (const [label, n] of [['Day', day.getDate()], ['Month', day.getMonth() + 1], ['Year', day.getFullYear()]]) {
    await group.getByLabel(label, { exact: true }).fill(String(n))
  }
}

/** An action that the partnership gives to the agency lead for this walk alone; gives its address. */
async function given(title) {
  return seenBy('business-manager', async page => {
    await page.goto(demo.url + '/work/plan/actions/new')
    await page.getByLabel('What is to be done').fill(title)
    await page.getByLabel('Audit', { exact: true }).check()
    await page.getByLabel('Its name').fill('Neglect')
    await page.getByRole('combobox', { name: 'Person who owns it' }).fill('agency-lead@demonstration.example')
    await enter(page, date(40))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The action was added.').waitFor()
    return new URL(page.url()).pathname
  })
}

/** Opens the booking form of a session that has places, another for each walk and width. */
async function sessionOf(page, title) {
  await page.goto(`${demo.url}/work/training?q=${encodeURIComponent(title)}&places=left`)
  await main(page).locator('tbody').getByRole('link', { name: title }).first().click()
  await page.waitForURL(/sessions\/[^/]+$/)
  return new URL(page.url()).pathname
}

/** The name of a colleague whom one may book for, of those that the picker suggests. */
async function firstColleague(page) {
  const me = await page.locator('.desk__me summary').innerText()
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    const found = await page.request.get(new URL('/work/pick?kind=colleague&q=' + letter, page.url()).href)
    const other = (await found.json()).rows.find(x => !me.includes(x.words))
    if (other) return other.words
  }
  throw new Error('nobody to book for')
}

/** Books a colleague on a session, and sees that they are told and that they have the place. */
async function bookColleague(page, title, persona) {
  await sessionOf(page, title)
  await press(page, 'Book a place')
  const colleague = page.getByLabel('Whom is it for?')
  const name = await firstColleague(page)
  await colleague.fill(name)
  await page.locator('[role=option]').first().click()
  await page.getByRole('button', { name: 'Book the place' }).click()
  await page.getByText(`A place is booked for ${name}.`).waitFor()
  await main(page).getByRole('row', { name }).getByText('Booked').waitFor()
  assert.match(await mailed(`Booked: ${title}`, name), new RegExp(`Dear ${name}`))
  await seenBy('training-officer', async officer => {
    await officer.goto(page.url())
    await main(officer).getByRole('row', { name }).getByText('Booked').waitFor()
  })
}

/** Answers a self-assessment that asks for this walk alone, and sees that whoever runs it knows. */
async function answer(page, width, section, sector, organisation) {
  const title = `Asked at ${width} px`
  const round = await seenBy('quality-officer', officer => startRound(officer, demo.url, { section, title, sector, days: 40 }))
  await page.goto(demo.url + '/work')
  const row = page.locator('.needs__row', { hasText: title })
  await row.getByRole('button').click()
  await page.getByRole('button', { name: 'Mark as submitted' }).click()
  await page.waitForURL(url => !url.pathname.endsWith('/answer') || url.searchParams.has('organisation'))
  await seenBy('quality-officer', async officer => {
    await officer.goto(`${demo.url}${round}?q=${encodeURIComponent(organisation)}`)
    await main(officer).getByRole('row', { name: organisation }).getByText('Submitted').first().waitFor()
  })
  await page.goto(demo.url + '/work')
  assert.equal(await row.count(), 0)
}

week('agency-lead', house, {
  'Says what is different now on an action of theirs, adds a file, and marks it done': async (page, { url, width }) => {
    const title = `Show that visits are written down, ${width}`
    const at = await given(title)
    await opened(page, await mailed(`Action for you: ${title}`), '/work/plan/actions/')
    assert.equal(new URL(page.url()).pathname, at)
    await main(page).getByRole('link', { name: 'Add files' }).click()
    await page.getByLabel('Files', { exact: true }).setInputFiles({ name: 'visits.txt', mimeType: 'text/plain', buffer: Buffer.from('27 of 30.') })
    await page.getByRole('button', { name: 'Add files' }).click()
    await main(page).locator('.files').getByText('visits.txt').first().waitFor()
    await page.goto(url + at)
    await page.getByLabel('What is different now?').fill('27 of 30 files name the adults in the home.')
    await page.getByRole('region', { name: 'Is it done?' }).getByRole('button', { name: 'Mark done' }).click()
    await page.getByRole('heading', { name: 'You said that it is done' }).waitFor()
    assert.match(await mailed(`Said to be done: ${title}`), /27 of 30|marked|done/)
    await seenBy('business-manager', async manager => {
      await manager.goto(url + at)
      await manager.getByRole('heading', { name: 'Its owner says that it is done' }).waitFor()
      const [file] = await Promise.all([manager.waitForEvent('download'), manager.getByRole('link', { name: 'visits.txt', exact: true }).click()])
      assert.equal(readFileSync(await file.path(), 'utf8'), '27 of 30.')
    })
  },

  'Asks for longer on an action': async (page, { url, width }) => {
    const title = `Ask again in the spring, ${width}`
    const at = await given(title)
    await page.goto(url + at)
    await press(page, 'Ask for longer')
    await enter(page, date(70))
    await page.getByLabel('Why?').fill('Two people left.')
    await page.getByRole('button', { name: 'Ask for longer' }).click()
    await page.getByRole('heading', { name: /^Longer is asked for: until/ }).waitFor()
    await seenBy('business-manager', async manager => {
      await opened(manager, await mailed(`Longer asked for: ${title}`), '/work/plan/actions/')
      await manager.getByRole('button', { name: 'Give longer' }).click()
      await manager.getByRole('heading', { name: /^Longer is asked for/ }).waitFor({ state: 'detached' })
    })
    await page.reload()
    assert.match(await main(page).locator('.facts').innerText(), new RegExp(`${date(70).getDate()} .*${date(70).getFullYear()}`, 's'))
  },

  'Books a colleague on a session': async (page, { width }) => {
    await bookColleague(page, width === 320 ? 'Spotlight: fathers and male carers' : 'Systemic practice: foundation')
  },

  'Answers Section 11 for their organisation': async (page, { width }) => {
    await answer(page, width, 'Section 11', 'Health', 'Saltcoast Community Health Trust')
  },

  'Writes the contribution to the yearly report that is asked of them': async (page, { url, width }) => {
    const asked = `What the trust learned about missed visits (${width})`, words = `Every missed visit is followed up (${width}).`
    await seenBy('editor', async editor => {
      await editor.goto(url + '/work/report/2023-24/contributions/new')
      await pick(editor, 'Who is asked', 'Desmond')
      await editor.getByLabel('What do you ask them to write?').fill(asked)
      await enterDay(editor, 'due', 10)
      await editor.locator('main form').getByRole('button', { name: /^Ask/ }).click()
      await editor.waitForURL(at => !at.pathname.endsWith('/new'))
    })
    await page.goto(url + '/work')
    await main(page).locator('.needs__row', { hasText: asked }).getByText('Write it', { exact: true }).click()
    await page.locator('main textarea').fill(words)
    await main(page).locator('form').getByRole('button').last().click()
    await main(page).getByText(words).waitFor()
    await seenBy('editor', async editor => {
      await editor.goto(page.url())
      await main(editor).getByText(words).waitFor()
    })
  },
})

week('practitioner', house, {
  'Finds a session, books it and gives the place back': async (page, { url, width }) => {
    const title = width === 320 ? 'Domestic abuse and its impact on children' : 'Spotlight: fathers and male carers'
    await page.goto(url + '/work')
    await main(page).getByRole('link', { name: title }).first().click()
    await press(page, 'Book a place')
    await page.getByRole('button', { name: 'Book the place' }).click()
    await page.getByText('You have a place.').waitFor()
    assert.match(await mailed(`Booked: ${title}`, 'practitioner@'), /Your place is booked/)
    const session = page.url()
    await page.goto(url + '/work/training/mine')
    await main(page).getByRole('link', { name: `Give back the place on ${title}` }).click()
    await page.getByRole('button', { name: 'Give my place back' }).click()
    await page.getByText('The booking is cancelled').waitFor()
    assert.equal(page.url(), session)
    await main(page).getByRole('button', { name: 'Book a place' }).waitFor()
    await page.goto(url + '/work/training/mine')
    assert.equal(await main(page).getByRole('link', { name: `Give back the place on ${title}` }).count(), 0)
  },

  'Joins a waiting list': async (page, { url, width }) => {
    const session = await full(width)
    await page.goto(url + session)
    await press(page, /waiting list/i)
    await page.getByRole('button', { name: 'Join the waiting list' }).click()
    await page.getByText('On the waiting list: Keziah').waitFor()
    await page.goto(url + '/work/training/mine')
    await main(page).getByText('You are on the waiting list').first().waitFor()
    await seenBy('training-officer', async officer => {
      await officer.goto(url + session)
      await main(officer).locator('table', { hasText: 'Since' }).getByRole('row', { name: 'Keziah Thorne' }).waitFor()
    })
  },
})

/** A session whose one place is taken, made for one walk. */
async function full(width) {
  return seenBy('training-officer', async page => {
    await page.goto(demo.url + '/work/training/sessions/new')
    await page.getByRole('combobox', { name: 'Course' }).fill('Professional curiosity')
    await page.locator('[role=option]').first().click()
    await enter(page, date(60 + width % 7))
    await page.getByLabel('Starts at').fill('9.30am')
    await page.getByLabel('Ends at').fill('11am')
    await page.getByLabel('Online').check()
    await page.getByLabel('Where').fill(`A meeting by video, ${width}`)
    await page.getByLabel('Places').fill('1')
    await page.getByLabel('Open').check()
    await page.getByRole('button', { name: 'Save the session' }).click()
    await page.waitForURL(/sessions\/(?!new)[^/]+$/)
    const at = new URL(page.url()).pathname
    await page.goto(demo.url + at + '/book')
    await page.getByRole('combobox', { name: 'Whom is it for?' }).fill('agency-lead@demonstration.example')
    await page.getByRole('button', { name: 'Book the place' }).click()
    await page.getByText('A place is booked for').waitFor()
    return at
  })
}

week('school-lead', house, {
  'Books a colleague of their school': async (page, { width }) => {
    await bookColleague(page, width === 320 ? 'Domestic abuse and its impact on children' : 'Spotlight: fathers and male carers')
  },
  'Answers Section 175 for their school': async (page, { width }) => {
    await answer(page, width, 'Section 175', 'Education', 'Heron Mere Primary School')
  },
})

week('safeguarding-partner', house, {
  'Reads the key figures, with the year before': async (page, { url }) => {
    await page.goto(url + '/work')
    const row = main(page).getByRole('row', { name: /Contacts with the front door/ })
    assert.match(await row.innerText(), /24,312\s+22,986/)
    await row.getByRole('link').click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.match(await main(page).innerText(), /24,312/)
    await page.goto(url + '/work/performance')
    await main(page).getByRole('row', { name: /24,312/ }).first().waitFor()
  },

  // Each width decides one of the two things that wait.
  'Decides what waits for them': async (page, { url, width }) => {
    await page.goto(url + '/work')
    if (width === 1280) {
      await main(page).locator('.needs__row', { hasText: 'Agree Business plan 2027-28?' }).getByRole('button', { name: 'Agree' }).click()
      await seenBy('business-manager', async manager => {
        await manager.goto(url + '/work/plan/years/2027-28')
        await main(manager).getByText(/Agreed.*NHS Saltcoast Integrated Care Board/).first().waitFor()
      })
      return
    }
    await main(page).locator('.needs__row', { hasText: 'A second person is needed' }).getByRole('button', { name: 'Decide' }).click()
    await page.getByRole('button', { name: 'Agree' }).click()
    await seenBy('administrator', async admin => {
      await admin.goto(url + '/work/people?q=Gwendolen')
      await main(admin).getByRole('row', { name: /Gwendolen Marsh-Idowu/ }).getByText('Review panel member').waitFor()
    })
  },

  // Each width is asked by the editor, answers once, and is asked no more afterwards.
  'Reads the yearly report, and agrees it or asks for a change': async (page, { url, width }) => {
    const report = url + '/work/report/2023-24', words = 'Say what changed for babies.'
    await seenBy('editor', async editor => {
      await editor.goto(report + '/propose')
      await enterDay(editor, 'due', 14)
      await press(editor, 'Ask them')
      await main(editor).getByText('asked to agree it').waitFor()
    })
    await page.goto(url + '/work')
    await main(page).locator('.needs__row', { hasText: 'Yearly report 2023-24 waits for you' }).getByText('Read it and answer').click()
    await main(page).getByText('What you agree is the text as it stands here.').first().waitFor()
    if (width === 1280) {
      await press(page, 'Agree')
    } else {
      await main(page).getByText('Ask for a change', { exact: true }).first().click()
      await page.waitForURL('**/request-change')
      await page.getByLabel('What should be changed?').fill(words)
      await press(page, 'Ask for it')
      await page.waitForURL(at => !at.pathname.endsWith('/request-change'))
    }
    await main(page).getByText(width === 1280 ? /[Yy]ou agreed/ : /[Yy]ou asked for a change/).first().waitFor()
    await seenBy('editor', async editor => {
      await editor.goto(report)
      await main(editor).getByText(width === 1280 ? 'Agreed' : words).first().waitFor()
      await main(editor).getByText('Call it back').click()
      await press(editor, 'Call it back')
      await main(editor).getByText('Nobody is asked to agree it').waitFor()
    })
  },
})

week('scrutineer', house, {
  'Records a line of enquiry and what they found': async (page, { url, width }) => {
    const question = `Do schools hear what became of a referral? (${width})`
    await page.goto(url + '/work/plan/enquiries/new')
    await page.getByLabel('The question').fill(question)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: question }).waitFor()
    const at = new URL(page.url()).pathname
    await press(page, 'Add a note')
    await page.getByLabel('What was looked at').fill(`Referrals by schools (${width})`)
    await enter(page, date(-1))
    await page.getByLabel('Method').fill('Conversations')
    await page.getByLabel('What was seen').fill('Four of ten schools heard nothing.')
    await page.getByLabel('Challenge').fill('By when will every school hear within ten days?')
    await page.getByRole('button', { name: 'Save' }).click()
    await main(page).getByText('Awaiting an answer').first().waitFor()
    await seenBy('business-manager', async manager => {
      await opened(manager, await mailed(`Scrutiny: Referrals by schools (${width})`, 'business-manager@'), '/work/plan/')
      await main(manager).getByText('Four of ten schools heard nothing.').waitFor()
    })
    await page.goto(url + at)
    await main(page).getByRole('row', { name: `Referrals by schools (${width})` }).waitFor()
  },
})

week('administrator', house, {
  'Sees whether the e-mail of the installation arrives': async (page, { url }) => {
    await page.goto(url + '/work/settings/email')
    await main(page).getByText('Nothing is sent.').waitFor()
    await page.goto(url + '/work/settings/outbox')
    await main(page).getByText('No way to send e-mail is set').waitFor()
    await press(page, 'What came back')
    await main(page).getByText('No e-mail came back').waitFor()
  },

  'Ends a session of somebody who lost a phone': async (page, { url, width }) => {
    const lost = await as(browser, url, 'lay-member')
    await page.goto(url + '/work/sessions')
    const name = (await lost.locator('.desk__me > summary').innerText()).replace(/^\S{1,2}\s|Signed in as/g, '').trim()
    await page.getByLabel('Name or e-mail address').fill(name)
    await page.getByRole('button', { name: 'Show' }).click()
    await main(page).getByRole('row', { name }).first().getByRole('button', { name: /^End/ }).click()
    await main(page).getByText(/ended/i).first().waitFor()
    await lost.reload()
    await lost.waitForURL('**/sign-in**')
    await lost.context().close()
  },
})

week('guest', house, {
  'Gives a place back with a code by e-mail': async (page, { url, width }) => {
    const name = width === 320 ? 'Orla Weir' : 'Hugh Reed', address = name.toLowerCase().replace(' ', '.') + '@quay.example'
    const session = await seenBy('business-manager', async officer => {
      await officer.goto(url + '/work/people/new')
      await officer.getByLabel('Name').first().fill(name)
      await officer.getByLabel('E-mail address').fill(address)
      await officer.getByRole('button', { name: 'Add person' }).click()
      await officer.getByText(`${name} is added`).waitFor()
      const at = await sessionOf(officer, 'Spotlight: fathers and male carers')
      await officer.goto(url + at + '/book')
      await officer.getByRole('combobox', { name: 'Whom is it for?' }).fill(address)
      await officer.getByRole('button', { name: 'Book the place' }).click()
      await officer.getByText('A place is booked for').waitFor()
      return at
    })
    await page.goto(url + '/training/mine')
    await page.getByLabel('E-mail address').fill(address)
    await page.getByRole('button', { name: 'Send me a code' }).click()
    await page.getByText('is on its way').waitFor()
    await page.getByLabel('Code').fill((await mailed('Your code', address)).match(/^\d{4} \d{4}$/m)[0])
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.waitForURL('**/training/mine')
    await page.getByRole('link', { name: /Give back/ }).click()
    await page.getByRole('button', { name: 'Give the place back' }).click()
    await page.getByText('The place is given back').waitFor()
    await seenBy('training-officer', async officer => {
      await officer.goto(url + session)
      await main(officer).getByRole('row', { name }).getByText(/cancelled/i).waitFor()
    })
  },
})

week('family', house, {
  'Finds a telephone number, prints it, and leaves the site quickly': async (page, { url }) => {
    await page.context().route('https://www.bbc.co.uk/**', r => r.fulfill({ contentType: 'text/html', body: '<title>Weather</title><h1>Weather</h1>' }))
    await page.goto(url + '/')
    await page.locator('a[href="/help"]').filter({ visible: true }).first().click()
    assert.match(await main(page).innerText(), /999[^]*01632 960 141[^]*0800 1111/)
    assert.equal(await main(page).locator('a[href="tel:01632960141"]').first().isVisible(), true)
    await page.emulateMedia({ media: 'print' })
    for (const number of ['999', '01632 960 141', '0800 1111', '101']) {
      assert.ok((await page.locator('body').innerText()).includes(number), `${number} is on paper`)
    }
    assert.equal(await page.locator('#leave').isVisible(), false)
    assert.ok(glyphsOf(await page.pdf({ format: 'A4' })).every(n => n > 0), 'a sheet has nothing on it')
    await page.emulateMedia({ media: 'screen' })
    await page.goto(url + '/hubs/domestic-abuse')
    await page.locator('#leave').click()
    await page.waitForURL('https://www.bbc.co.uk/weather')
    await page.goBack({ waitUntil: 'commit' }).catch(() => {}) // it turns round on the way
    await page.waitForURL('https://www.bbc.co.uk/weather')
    assert.equal(await page.evaluate(() => document.body.innerText), 'Weather')
    await page.goto(url + '/help')
  },
})

test('everybody who is written down has their week walked', () => {
  const walked = ['weeks-office', 'weeks-agencies'].flatMap(name =>
    [...readFileSync(new URL(`${name}.test.mjs`, import.meta.url), 'utf8').matchAll(/^week\('([^']+)'/gm)].map(m => m[1]))
  assert.deepEqual(walked.sort(), [...personas.keys()].sort())
})
