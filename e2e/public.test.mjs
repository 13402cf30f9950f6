// The public face in a real browser: leaving a page quickly and what Back shows afterwards, the
// menu of a phone, paper, forced colours, and the site shut and opened.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { as, axeSource, startBrowser, startDemo } from './kith.mjs'
import { seriesOf, toldApart, wordsOf } from './seen.mjs'

let demo, browser
let hub // where the page stands that its name leads to
const weather = 'https://www.bbc.co.uk/weather'
const named = '/hubs/domestic-abuse'

before(async () => {
  demo = await startDemo()
  browser = await startBrowser()
  hub = new URL((await fetch(demo.url + named)).url).pathname
})

after(async () => {
  await browser?.close()
  await demo?.stop()
})

/** A visitor, to whom the other website answers without a network and notes who sent them. */
async function visitor(options) {
  const page = await as(browser, demo.url, '', options)
  page.sentFrom = []
  await page.context().route('https://www.bbc.co.uk/**', async r => {
    page.sentFrom.push(await r.request().headerValue('referer'))
    await r.fulfill({ contentType: 'text/html', body: '<title>Weather</title><h1>Weather</h1>' })
  })
  return page
}

/** What of the site can be seen, whatever the page is. */
const shown = page => page.evaluate(() => getComputedStyle(document.documentElement).display === 'none' ? '' : document.body.innerText)

async function leftForGood(page) {
  await page.waitForURL(weather)
  await page.goBack({ waitUntil: 'commit' }).catch(() => {}) // it turns round on the way
  await page.waitForURL(weather)
  assert.match(await shown(page), /^Weather$/)
  assert.deepEqual(page.sentFrom.filter(Boolean), [], 'the other website is told nothing of where they were')
}

test('leaving leaves nothing for Back', async () => {
  const page = await visitor()
  await page.goto(demo.url + '/')
  await page.goto(demo.url + '/families')
  await page.goto(demo.url + hub)
  assert.equal(await page.title(), 'Support and advice')
  await page.keyboard.press('Tab') // it is what the keyboard comes to first
  assert.equal(await page.evaluate(() => document.activeElement.id), 'leave')
  await page.keyboard.press('Enter')
  await leftForGood(page)
  await page.goto(demo.url + '/help') // of their own will they may come again
  assert.match(await shown(page), /Worried about a child/)
  await page.goBack()
  await page.goForward()
  assert.match(await shown(page), /Worried about a child/)
  assert.equal((await page.context().cookies()).length, 0)
})

test('the address of a page to leave quickly says nothing, and its name leaves no entry', async () => {
  const page = await visitor()
  await page.goto(demo.url + '/')
  await page.goto(demo.url + named)
  assert.match(new URL(page.url()).pathname, /^\/hubs\/s-[a-z0-9]{6}$/)
  assert.equal(await page.evaluate(() => history.length), 3, 'the empty page, the home page and this one')
  await page.goBack()
  assert.equal(new URL(page.url()).pathname, '/')
  assert.deepEqual(await page.$$eval('a', all => all.map(a => a.pathname).filter(p => p.includes('abuse'))), [])
})

test('Shift three times leaves, once it is not turned off', async () => {
  const page = await visitor()
  await page.goto(demo.url + '/families')
  await page.goto(demo.url + hub)
  await page.keyboard.press('Shift+Tab') // Shift with another key is not Shift
  await page.keyboard.press('Shift')
  await page.keyboard.press('Shift')
  assert.equal(await page.locator('#leave-said').innerText(), 'Press Shift once more to leave this page.')
  await page.getByText('What “Leave this page” does').click()
  await page.getByRole('button', { name: 'Turn the Shift key off' }).click()
  for (let i = 0; i < 4; i++) await page.keyboard.press('Shift')
  assert.equal(new URL(page.url()).pathname, hub)
  await page.getByRole('button', { name: 'Turn the Shift key on' }).click()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift')
  await leftForGood(page)
})

test('without a script the link leaves, says what it cannot do, and Back asks the network', async () => {
  const page = await visitor({ javaScriptEnabled: false })
  await page.goto(demo.url + hub)
  await page.locator('summary', { hasText: 'What “Leave this page” does' }).click()
  assert.ok(await page.getByText('The Back button can show this page again').isVisible())
  assert.ok(!await page.getByText('Shift').first().isVisible())
  await page.locator('#leave').click()
  await page.waitForURL(weather)
  assert.deepEqual(page.sentFrom, [null])
  const asked = page.waitForRequest(demo.url + hub)
  await page.goBack()
  await asked
})

test('the way out is in sight at every position, in forced colours, and not on paper', async () => {
  const page = await visitor({ viewport: { width: 320, height: 640 }, forcedColors: 'active' })
  for (const path of [hub, '/help', '/families', '/hubs/young-people']) {
    await page.goto(demo.url + path)
    for (const at of [0, 0.5, 1]) {
      await page.evaluate(part => scrollTo(0, part * document.documentElement.scrollHeight), at)
      const hit = await page.evaluate(() => {
        const box = document.getElementById('leave').getBoundingClientRect()
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        return box.bottom <= innerHeight && box.right <= innerWidth && box.height >= 44 && top?.closest('#leave') !== null
      })
      assert.ok(hit, `${path} at ${at}`)
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, path)
    assert.notEqual(await page.locator('#leave').evaluate(x => getComputedStyle(x).borderTopStyle), 'none')
    await page.emulateMedia({ media: 'print' })
    assert.ok(!await page.locator('#leave').isVisible())
    await page.emulateMedia({ media: 'screen' })
  }
})

test('the menu of a phone needs no script, and closes by Escape', async () => {
  const plain = await visitor({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false })
  await plain.goto(demo.url + '/families')
  const link = plain.getByRole('link', { name: 'Yearly report' }).first()
  assert.ok(!await link.isVisible())
  await plain.locator('summary', { hasText: 'Menu' }).click()
  assert.ok(await link.isVisible())
  assert.equal(await plain.locator('.site-nav [aria-current=page]').innerText(), 'For families')

  const page = await visitor({ viewport: { width: 320, height: 640 } })
  await page.goto(demo.url + '/')
  await page.locator('summary', { hasText: 'Menu' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Home')
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320)
  await page.keyboard.press('Escape')
  assert.ok(!await page.locator('.site-nav').isVisible())
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Menu')
  await page.setViewportSize({ width: 1280, height: 900 }) // beside the name there is no menu to open
  assert.ok(await page.locator('.site-nav').isVisible())
})

test('every number prints, and nothing dark', async () => {
  const page = await visitor()
  await page.emulateMedia({ media: 'print' })
  await page.goto(demo.url + '/help')
  const text = await shown(page)
  for (const tel of await page.$$eval('a[href^="tel:"]', all => all.map(a => a.getAttribute('href').slice(4)))) {
    assert.ok(text.replaceAll(' ', '').includes(tel), `${tel} is not on paper`)
  }
  for (const number of ['999', '01632 960 141', '01632 960 142', '0800 1111', '0808 800 5000', '101']) assert.ok(text.includes(number), number)
  assert.match(text, /Monday to Friday, 9am to 5pm/)
  const dark = await page.$$eval('body *', all => all.filter(x => {
    const [r, g, b, a = 1] = getComputedStyle(x).backgroundColor.match(/[\d.]+/g).map(Number)
    return x.checkVisibility() && a > 0.5 && r + g + b < 300 && !x.closest('svg')
  }).map(x => x.className))
  assert.deepEqual(dark, [])
})

/** What axe finds on the page as it is. */
async function faults(page) {
  await page.evaluate(axeSource)
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'],
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } }))
  return result.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', ')}`)
}

test('states of public pages have no accessibility fault, and what is filled has an edge in forced colours', async () => {
  const page = await visitor()
  for (const path of ['/hubs/none', '/search?q=zebra', '/search?q=', hub, '/privacy', '/accessibility', '/contact']) {
    for (const media of ['screen', 'print']) {
      await page.emulateMedia({ media })
      await page.goto(demo.url + path)
      assert.deepEqual(await faults(page), [], `${path} on ${media}`)
    }
  }
  await page.emulateMedia({ media: 'screen', forcedColors: 'active' })
  for (const path of ['/', '/help', '/hubs/none']) {
    await page.goto(demo.url + path)
    const bare = await page.$$eval('.govuk-button, .card, .tile, .worried, .site-footer, .leave', all => all.filter(x => {
      const s = getComputedStyle(x)
      return x.checkVisibility() && ['Top', 'Bottom', 'Left', 'Right'].every(side => s[`border${side}Style`] === 'none') && s.outlineStyle === 'none'
    }).map(x => x.className))
    assert.deepEqual(bare, [], path)
  }
})

// By the pixels of the picture: without the style for forced colours the ink of a chart is nearly
// that of the ground, and its series differ by colour alone.
test('charts can be read in forced colours and on paper without their colours', async () => {
  for (const [media, options] of [['screen', { forcedColors: 'active', colorScheme: 'dark' }],
    ['screen', { forcedColors: 'active', colorScheme: 'light' }], ['print', {}]]) {
    const page = await as(browser, demo.url, 'business-manager', { ...options, deviceScaleFactor: 2 })
    await page.emulateMedia({ media, ...options })
    let looked = 0
    for (const path of ['/style-guide', '/report/2023-24/', '/work/performance/figures/training.attendances?period=2023-24&by=sector']) {
      await page.goto(demo.url + path)
      for (const chart of await page.locator('.chart-svg').all()) {
        const name = `${await chart.locator('title').textContent()} of ${path}, ${media} ${JSON.stringify(options)}`
        const series = await seriesOf(page, chart)
        assert.ok(series.length > 0, `${name} has nothing drawn`)
        for (const s of series) {
          assert.ok(s.inked > 0.2 || s.edge >= (media === 'print' ? 1.5 : 3), `${name}: ${s.paint} cannot be seen: ${JSON.stringify(s)}`)
        }
        for (const [i, a] of series.entries()) {
          for (const b of series.slice(i + 1)) {
            assert.ok(toldApart(a, b), `${name}: ${a.paint} and ${b.paint} look alike: ${JSON.stringify([a, b])}`)
          }
        }
        looked++
      }
    }
    assert.ok(looked >= 8, `${looked} charts`)
    await page.context().close()
  }
})

test('what is printed has every number, and no sheet with next to nothing', async () => {
  const page = await visitor()
  for (const path of ['/help', hub, '/hubs/young-people', '/hubs/harm-outside-the-home', '/hubs/violence-against-women-and-girls', '/families', '/contact']) {
    await page.goto(demo.url + path)
    const numbers = await page.$$eval('main a[href^="tel:"], .worried a[href^="tel:"]', all => all.map(a => a.getAttribute('href').slice(4)))
    const sheets = await wordsOf(await page.pdf({ preferCSSPageSize: true }))
    const words = sheets.join(' ').replaceAll(' ', '')
    for (const number of numbers) assert.ok(words.includes(number), `${number} is not on the paper of ${path}`)
    assert.ok(sheets.every(s => s.length > 250), `${path} has a sheet with next to nothing on it: ${sheets.map(s => s.length)}`)
    assert.match(sheets[0], new RegExp(`Page 1 of ${sheets.length}`))
  }
  await page.goto(demo.url + '/report/2023-24/')
  const sheets = await wordsOf(await page.pdf({ preferCSSPageSize: true }))
  const [, contents] = sheets[0].match(/Contents (1\. .*?) 1\. /)
  const chapters = contents.split(/ (?=\d+\. )/)
  assert.ok(chapters.length > 9, contents)
  assert.deepEqual(chapters.map(c => Number.parseInt(c)), chapters.map((_, i) => i + 1))
  const whole = sheets.join(' ').replace(contents, '')
  let at = 0
  for (const chapter of chapters) {
    at = whole.indexOf(chapter, at) + 1
    assert.ok(at > 0, `“${chapter}” of the contents heads no chapter after the one before it`)
  }
  assert.ok(sheets.at(-1).length > 250, 'the last sheet of the report is all but empty')
})

// What a first visit fetches, packed as it comes, in kB: the page; and of every page its styles,
// scripts and fonts (the report has words in italics). A page that grows past it is noticed here.
const budget = { Stylesheet: 27, Script: 33, Font: 80 }
const pages = () => [
  ['/', 7], ['/families', 6], [hub, 6], ['/hubs/learning-from-audits', 6], ['/help', 6], ['/search?q=neglect', 10],
  ['/training', 6], ['/report', 6], ['/report/2023-24/', 16, { Font: 118 }], ['/report/2023-24/summary', 9],
  ['/report/2023-24/figures/cla.open-2024-03-31', 6],
]
test('public pages are light', async () => {
  const heavy = []
  for (const [path, html, more] of pages()) {
    const page = await visitor()
    const wire = await page.context().newCDPSession(page)
    const kinds = new Map(), fetched = { Document: 0, Stylesheet: 0, Script: 0, Font: 0 }
    await wire.send('Network.enable')
    wire.on('Network.responseReceived', e => kinds.set(e.requestId, e.type))
    wire.on('Network.loadingFinished', e => { fetched[kinds.get(e.requestId)] += e.encodedDataLength / 1000 })
    await page.goto(demo.url + path, { waitUntil: 'networkidle' })
    for (const [kind, most] of Object.entries({ Document: html, ...budget, ...more })) {
      if (!(fetched[kind] > 0 && fetched[kind] <= most)) heavy.push(`${path}: ${kind} ${fetched[kind].toFixed(1)} kB of ${most}`)
    }
    await page.context().close()
  }
  assert.deepEqual(heavy, [])
})

test('a manager shuts the site and opens it again', async () => {
  const manager = await as(browser, demo.url, 'business-manager')
  const page = await visitor({ viewport: { width: 320, height: 640 } })
  await manager.goto(demo.url + '/work/sites/frame')
  await manager.getByRole('link', { name: 'Shut it' }).click()
  await manager.getByLabel('Why?').fill('A wrong number stood there')
  await manager.getByLabel('The public should read nothing').check()
  await manager.getByRole('button', { name: 'Shut the public site' }).click()
  await manager.getByText('A wrong number stood there').first().waitFor()
  for (const path of ['/', hub, '/report', '/robots.txt']) {
    assert.equal((await page.goto(demo.url + path)).status(), 503, path)
  }
  await page.goto(demo.url + '/')
  assert.match(await shown(page), /This site is closed at the moment[^]*999[^]*0800 1111/)
  assert.deepEqual(await faults(page), [])
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320)
  await manager.getByRole('button', { name: 'Open it again' }).first().click()
  await manager.getByRole('button', { name: 'Open the public site' }).click()
  await manager.getByText('The public site is open.').waitFor()
  assert.equal((await page.goto(demo.url + '/')).status(), 200)
})
