// Leaving a page quickly, in a real browser: what Back shows afterwards, with a script and
// without, by the button and by the keyboard.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { as, startBrowser, startDemo } from './kith.mjs'

let demo, browser
const weather = 'https://www.bbc.co.uk/weather'
const hub = '/hubs/domestic-abuse'

before(async () => {
  demo = await startDemo()
  browser = await startBrowser()
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
