// Two people open the same page of a record and both save: the second is shown
// both texts and loses none. Every page of the workspace that corrects a record is
// tried: those of the route table that end in /edit, and the few others that do.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { appCode, as, kith, startBrowser, startDemo, signOut } from './kith.mjs'

let demo, browser

before(async () => {
  demo = await startDemo()
  browser = await startBrowser()
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** The pages that correct what is written; other verbs are done once, and refused to the second person. */
const corrects = /\/edit$|\/judge$|^\/work\/settings$/

/** The fields of a record's form in which a person writes words: no numbers, dates, times or addresses. */
const written = 'main form:has(input[name="seen"]) :is(textarea, input[type="text"]:not([inputmode]):not(.picker *))'

/** The first of them that has words in it or is made for several lines. */
async function field(page) {
  const fields = page.locator(written)
  let first
  for (let i = 0; i < await fields.count(); i++) {
    const one = fields.nth(i)
    if (!(await one.isVisible())) continue
    const [tag, value] = await one.evaluate(f => [f.tagName, f.value])
    if (tag === 'TEXTAREA' || /^[\p{L}’',()/ -]{4,}/u.test(value)) return one
    first ??= one
  }
  return await page.locator(chosen).count() ? undefined : first
}

/** A field to choose in, on a page where nobody writes. */
const chosen = 'main form:has(input[name="seen"]) :is(select, input[type="radio"], input[type="checkbox"], input[name$="-day"])'

/** Gives what stands in a page's HTML: its links, and whether a form of it corrects a record. Nothing is drawn. */
async function read(page, path) {
  const answer = await page.request.get(demo.url + path)
  if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) return undefined
  return page.evaluate(([html, base, fields]) => {
    const shown = new DOMParser().parseFromString(html, 'text/html')
    const asks = shown.querySelector('main form input[name="seen"]') && shown.querySelector(fields)
    return { links: [...shown.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), base).href), corrects: Boolean(asks) }
  }, [await answer.text(), answer.url(), `${written}, ${chosen}`])
}

// How many records of a kind are looked at for one that has all that can be changed: not
// every action has files. Reading a page is quick.
const enough = 12

/** Walks the workspace as one person and gives the first page of each route whose form says what was seen. */
async function editable(page) {
  const routes = JSON.parse(kith('routes', '--format', 'json', '--dir', demo.dir)).filter(r => r.method === 'GET' && r.pattern.startsWith('/work'))
  const expression = p => new RegExp(`^${p.replace(/[.*+?^|()[\]\\]/g, '\\$&').replace(/\{[^}]*\.\.\.\}/g, '.*').replace(/\{[^}]*\}/g, '[^/]+')}$`)
  const patterns = routes.map(r => ({ pattern: r.pattern, test: expression(r.pattern), wild: r.pattern.split('{').length }))
  const patternOf = path => patterns.filter(p => p.test.test(path)).sort((a, b) => a.wild - b.wild || b.pattern.length - a.pattern.length)[0]?.pattern
  // A register is kept of a session that was held, and a session is planned that was not.
  const past = '/work/training?when=past', held = new Set()
  const found = new Map(), looked = new Map(), known = new Set(['/work']), queue = ['/work', past]
  while (queue.length) {
    const path = queue.shift(), pattern = patternOf(path.split('?')[0])
    const kind = `${pattern} ${held.has(path)}`
    if (!pattern || (looked.get(kind) ?? 0) >= enough) continue
    looked.set(kind, (looked.get(kind) ?? 0) + 1)
    const shown = await read(page, path)
    if (!shown) continue
    if (!found.has(pattern) && corrects.test(pattern) && shown.corrects) found.set(pattern, path)
    for (const href of shown.links) {
      const u = new URL(href)
      if (u.origin !== demo.url || known.has(u.pathname) || !u.pathname.startsWith('/work') || /format=|download|\.ics/.test(u.href)) continue
      known.add(u.pathname)
      if (path === past || held.has(path)) held.add(u.pathname)
      queue.push(u.pathname)
    }
  }
  return { found, asked: routes.filter(r => r.pattern.endsWith('/edit')).map(r => r.pattern) }
}

/** Posts the form that says what was seen, and gives the answer's status. */
async function save(page) {
  const form = page.locator('main form', { has: page.locator('input[name="seen"]') }).first()
  const [answer] = await Promise.all([
    page.waitForResponse(r => r.request().method() === 'POST'),
    page.waitForEvent('load'),
    form.locator('button:not([hidden]):not([type="button"])').first().click(),
  ])
  return answer.status()
}

async function write(page, text) {
  await (await field(page)).fill(text)
  return save(page)
}

/** Chooses something else than what stands, in the nth way there is. */
async function choose(page, nth) {
  await page.evaluate(([selector, nth]) => {
    const fields = [...document.querySelectorAll(selector)].filter(f => !f.name.startsWith('for_')) // which go in pairs
    const select = fields.find(f => f.tagName === 'SELECT' && f.options.length > 2)
    if (select) {
      const others = [...select.options].filter(o => o.value && !o.defaultSelected)
      select.value = others[nth % others.length].value
      return
    }
    const date = fields.length === 1 && fields[0].form.querySelectorAll('[inputmode="numeric"]')
    if (date) { // on a day of next year: the first of January, or the second
      [1 + nth, 1, new Date().getFullYear() + 1].forEach((n, i) => { date[i].value = n })
      return
    }
    const others = fields.filter(f => ['radio', 'checkbox'].includes(f.type) && !f.defaultChecked && !f.disabled)
    others[nth % others.length].checked = true
  }, [chosen, nth])
  return save(page)
}

// Between them these people may change everything. Each is signed in twice: what
// is compared is what was seen, not who saw it.
const people = ['business-manager', 'administrator']

/** Makes the records that the demonstration has none of: a directory of an agency, and an app to sign in with. */
async function furnish() {
  const page = await as(browser, demo.url, 'administrator')
  await page.goto(demo.url + '/work/settings/directories/new')
  await page.getByLabel('What the sign-in page calls it').fill('Harbour Trust')
  await page.getByLabel('Issuer').fill('https://login.harbour.example')
  await page.getByLabel('Client id').fill('kith')
  await page.getByLabel('Client secret').fill('a secret of two')
  await page.getByLabel('Domains').fill('harbour.example')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Harbour Trust is added').waitFor()
  await page.goto(demo.url + '/work/account/second-factor')
  await page.getByRole('button', { name: 'Set up an app' }).click()
  await page.getByLabel('Code of the app').fill(appCode(await page.locator('main code').innerText()))
  await page.getByRole('button', { name: 'Add the app' }).click()
  await page.locator('ol code').first().waitFor()
}

test('two people at one record, in every part of the workspace', async t => {
  await furnish()
  const pages = new Map()
  let asked = []
  for (const persona of people) {
    const both = [await as(browser, demo.url, persona), await as(browser, demo.url, persona)]
    const walked = await editable(both[0])
    asked = walked.asked
    for (const [pattern, path] of walked.found) if (!pages.has(pattern)) pages.set(pattern, { path, both })
  }
  const missed = asked.filter(p => !pages.has(p))
  assert.deepEqual(missed, [], 'pages that change a record and that nobody reached, or whose form does not say what was seen')
  // What is written of a mail server counts only when that way is chosen, and a reminder has but days
  // and a box: two people at these are in internal/letters/testdata.
  const apart = ['/work/settings/email/edit', '/work/settings/reminders/{id}/edit']
  for (const [pattern, { path, both: [mine, theirs] }] of pages) {
    if (apart.includes(pattern)) continue
    await t.test(pattern, async () => {
      for (const page of [mine, theirs]) await page.goto(demo.url + path)
      if (!(await field(mine))) {
        assert.equal(await choose(theirs, 0), 303, 'the first to save')
        assert.equal(await choose(mine, 1), 409, 'the second to save')
        assert.match(await mine.locator('main').innerText(), /changed this/, 'the page says who saved meanwhile')
        assert.match(await mine.locator('main').innerText(), /Saved meanwhile by you, in another window/, 'what they chose is shown')
        return
      }
      const before = await (await field(mine)).inputValue()
      assert.equal(await write(theirs, `${before} theirs`.trim()), 303, 'the first to save')
      assert.equal(await write(mine, `${before} mine`.trim()), 409, 'the second to save')
      assert.match(await mine.locator('main').innerText(), /changed this (in another window )?on|has saved|saved this/, 'the page says who saved meanwhile')
      assert.ok((await mine.content()).includes(`${before} theirs`.trim()), 'their text is shown')
      assert.equal(await (await field(mine)).inputValue(), `${before} mine`.trim(), 'my text is still there')
      assert.equal(await write(mine, `${before} mine`.trim()), 303, 'saving again, with both texts seen')
    })
  }
})

// The browser keeps what stood in a form when somebody goes back to it. Saving that
// would undo what another person saved in between.
test('going back to a form does not bring old words over another person’s', async () => {
  const [mine, theirs] = [await as(browser, demo.url, 'business-manager'), await as(browser, demo.url, 'business-manager')]
  await mine.goto(demo.url + '/work/plan/priorities')
  const path = new URL(await mine.locator('main table tbody a').first().evaluate(a => a.href)).pathname + '/edit'
  await mine.goto(demo.url + path)
  assert.equal(await write(mine, 'What I wrote first'), 303)
  await theirs.goto(demo.url + path)
  assert.equal(await write(theirs, 'What they wrote after me'), 303)
  await mine.goBack()
  await mine.waitForLoadState()
  const shown = await (await field(mine)).inputValue()
  const status = await save(mine)
  assert.ok(shown === 'What they wrote after me' || status === 409, `the page showed “${shown}” and saving it answered ${status}`)
  await theirs.goto(demo.url + path)
  assert.equal(await (await field(theirs)).inputValue(), 'What they wrote after me')
})

test('nothing that was typed is lost: no connection, a session that ended, and Back', async () => {
  const page = await as(browser, demo.url, 'business-manager')
  await page.goto(demo.url + '/work/report/2023-24')
  await page.locator('main').getByRole('link', { name: 'Scrutiny', exact: true }).click()
  const text = page.getByLabel('Text', { exact: true })
  const save = () => page.getByRole('button', { name: 'Save', exact: true }).click()
  const words = await text.inputValue() + '\n\nTyped while the train was in a tunnel.'
  await text.fill(words)

  await page.context().setOffline(true)
  await save()
  await page.getByText('There is no connection, so nothing was sent.').waitFor()
  assert.equal(await text.inputValue(), words)
  await page.context().setOffline(false)

  const other = await page.context().newPage()
  await other.goto(demo.url + '/work')
  await signOut(other)
  await other.waitForURL(url => !url.pathname.startsWith('/work'))
  await save()
  await page.getByRole('heading', { name: 'You were signed out before this was saved' }).waitFor()
  assert.match(await page.locator('main').innerText(), /Typed while the train was in a tunnel/)
  await other.goto(demo.url + '/sign-in')
  await other.locator('button[name="persona"][value="business-manager"], form:has(input[name="persona"][value="business-manager"]) button').first().click()
  await other.waitForURL('**/work**')
  await page.getByRole('button', { name: 'Send it again' }).click()
  await page.getByText('The chapter has been saved.').waitFor()
  await page.waitForLoadState() // a form sent before this takes the page's place in the history
  assert.match(await text.inputValue(), /Typed while the train was in a tunnel/)

  await text.fill(words + ' And again.')
  const loaded = page.waitForEvent('load') // the page before says too that it has been saved
  await save()
  await loaded
  await page.getByText('The chapter has been saved.').waitFor()
  await page.goBack()
  assert.match(await text.inputValue(), /in a tunnel\. And again\./)
})
