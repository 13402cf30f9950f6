// Every page, public and workspace, as each person sees it: no accessibility
// fault (axe-core: WCAG A, AA and best practice), nothing wider than a phone,
// nothing on the console, valid HTML.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { as, axeSource, glyphsOf, kith, root, startBrowser, startDemo, vnu } from './kith.mjs'

let demo, browser, patterns
const shots = join(root, 'e2e', 'shots')
const html = mkdtempSync(join(tmpdir(), 'kith-html-'))
const seen = new Map() // pattern → how many pages of it were looked at
const linked = new Set() // every address that a page linked to

before(async () => {
  demo = await startDemo()
  browser = await startBrowser()
  patterns = JSON.parse(kith('routes', '--format', 'json', '--dir', demo.dir))
    .filter(r => r.method === 'GET')
    .map(r => ({ pattern: r.pattern, test: expression(r.pattern) }))
  mkdirSync(shots, { recursive: true })
})

after(async () => {
  await browser?.close()
  await demo?.stop()
  rmSync(html, { recursive: true, force: true })
})

function expression(pattern) {
  const source = pattern.replace(/[.*+?^|()[\]\\]/g, '\\$&').replace(/\\?\{\\?\$\\?\}/g, '').replace(/\{[^}]*\.\.\.\}/g, '.*').replace(/\{[^}]*\}/g, '[^/]+')
  return new RegExp(`^${source.replace(/\/$/, '/?')}$`)
}

/** The route that answers a path: the most exact one. */
function patternOf(path) {
  const wild = p => p.pattern.split('{').length
  return patterns.filter(p => p.test.test(path)).sort((a, b) => wild(a) - wild(b) || b.pattern.length - a.pattern.length)[0]?.pattern
    ?? kindOfReportPage(path)
}

/** Published reports are files, whose kinds no route says: of the figures of a room one whole and one cut is looked at. */
function kindOfReportPage(path) {
  if (every) return undefined
  return path.replace(/^\/report\/\d{4}-\d\d\//, '/report/{year}/').replace(/\/figures\/(\w+)\.([^/]*)$/,
    (_, room, rest) => `/figures/${room}${rest.includes('-by-') ? '-by' : ''}${rest.endsWith('.html') ? '.html' : ''}`)
}

// A page with a query (filters, a cut, an error) is a state of its own. One of each
// kind is looked at, and every record with EVERY=1 (make pages-nightly); SHOTS=1
// keeps a picture of each, at both widths.
const every = process.env.EVERY === '1'
const perPattern = every ? { public: Infinity, work: Infinity } : { public: 1, work: 1 }
const keep = process.env.SHOTS === '1'
const abreast = 2 // tabs at a time
const skip = /\/assets\/|format=|\.(csv|json|ics|xml|txt|zip)(\?|$)|\/export|\/download|\/joiners\/template/

async function look(page, path, name) {
  const faults = []
  const complain = m => { if (m.type() === 'error' || m.type() === 'warning') faults.push(`console: ${m.text()}`) }
  page.on('console', complain)
  const answer = await page.goto(demo.url + path, { waitUntil: 'load' })
  const type = answer.headers()['content-type'] ?? ''
  if (!type.startsWith('text/html')) { page.off('console', complain); return { faults, links: [] } }
  if (answer.status() !== 200) faults.push(`answered ${answer.status()}`)
  await page.evaluate(axeSource)
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  }))
  for (const v of result.violations) faults.push(`axe: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', ')}`)
  const marked = (await page.locator('body').innerText()).match(/(?<!\{)\{[A-Za-z][A-Za-z' -]*\}/)
  if (marked) faults.push(`shows a word that is only marked: ${marked[0]}`)
  if (keep) await page.screenshot({ path: join(shots, `${name}-1280.png`), fullPage: true })
  await page.setViewportSize({ width: 320, height: 800 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  if (wide > 320) faults.push(`${wide} px wide on a screen of 320`)
  if (keep) await page.screenshot({ path: join(shots, `${name}-320.png`), fullPage: true })
  await page.setViewportSize({ width: 1280, height: 900 })
  writeFileSync(join(html, `${name}.html`), await answer.text())
  page.off('console', complain)
  const links = await page.$$eval('a[href]', as => as.map(a => a.href))
  return { faults, links }
}

/** Walks from the start paths along links, looking at a few pages of each route. */
async function walk(first, who, starts, inside, per) {
  const queue = [...starts], known = new Set(starts), all = [], mine = new Map()
  const tabs = [first]
  while (tabs.length < abreast) tabs.push(await first.context().newPage())
  const wanted = path => {
    const pattern = patternOf(path.split('?')[0]) ?? path
    const state = path.includes('?') ? `${pattern}?` : pattern
    if (starts.includes(path)) return state
    if ((mine.get(state) ?? 0) >= per || who !== 'business-manager' && who !== 'public' && (seen.get(state) ?? 0) > 0) return undefined
    return state
  }
  const one = async (page, path) => {
    const name = `${who}${path.replace(/[^a-z0-9]+/gi, '-')}`.slice(0, 90)
    const { faults, links } = await look(page, path, name)
    for (const f of faults) all.push(`${path}: ${f}`)
    for (const link of links) {
      const u = new URL(link)
      const next = u.pathname + u.search
      if (u.origin !== demo.url || known.has(next) || skip.test(next) || !inside(u.pathname)) continue
      known.add(next)
      queue.push(next)
    }
    for (const next of known) linked.add(next)
  }
  while (queue.length) {
    const round = []
    while (queue.length && round.length < tabs.length) {
      const path = queue.shift()
      const state = wanted(path)
      if (!state) continue
      mine.set(state, (mine.get(state) ?? 0) + 1)
      seen.set(state, (seen.get(state) ?? 0) + 1)
      round.push(path)
    }
    await Promise.all(round.map((path, i) => one(tabs[i], path)))
  }
  return all
}

const isWork = path => path === '/work' || path.startsWith('/work/')

test('public pages', async () => {
  const page = await as(browser, demo.url)
  const faults = await walk(page, 'public', ['/', '/sign-in', '/report', '/search?q=neglect', '/style-guide', '/no-such-page'], p => !isWork(p), perPattern.public)
  assert.deepEqual(faults.filter(f => f !== '/no-such-page: answered 404' && !f.includes('/no-such-page: console')), [])
  assert.equal((await page.context().cookies()).length, 0, 'the public face sets no cookie')
})

for (const persona of ['business-manager', 'training-officer', 'quality-officer', 'review-lead', 'analyst', 'editor', 'agency-lead', 'practitioner',
  'school-lead', 'safeguarding-partner', 'lay-member', 'scrutineer', 'administrator', 'coordinator', 'panel-member', 'independent-reviewer']) {
  test(`workspace of the ${persona}`, async () => {
    const page = await as(browser, demo.url, persona)
    assert.deepEqual(await walk(page, persona, persona === 'business-manager' ? ['/work', '/work/training?when=all', '/work/search', '/work/search?q=neglect', '/work/search?q=safegaurding'] : ['/work'], isWork, perPattern.work), [])
  })
}

// Some pages are linked to from few records: the step an audit is at, a register
// that waits. Their addresses are made from those of other records of the kind.
test('pages that few records link to', async () => {
  const page = await as(browser, demo.url, 'business-manager')
  const faults = []
  for (const { pattern } of patterns) {
    if (!isWork(pattern) || seen.has(pattern) || !/^[^}]*\{\w+\}\/[a-z]+$/.test(pattern)) continue
    const [before, after] = [pattern.slice(0, pattern.indexOf('{')), pattern.slice(pattern.indexOf('}') + 1)]
    const ids = [...linked].filter(l => l.startsWith(before)).map(l => l.slice(before.length).split(/[/?]/)[0])
    for (const id of [...new Set(ids)].slice(0, 12)) {
      const answer = await page.request.get(demo.url + before + id + after, { maxRedirects: 0 })
      if (answer.status() !== 200 || !(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue
      seen.set(pattern, 1)
      const looked = await look(page, before + id + after, `few${pattern.replace(/[^a-z0-9]+/gi, '-')}`)
      for (const f of looked.faults) faults.push(`${pattern}: ${f}`)
      break
    }
  }
  assert.deepEqual(faults, [])
})

// What is printed: no sheet that only says whose it is, the contents' numbers are the
// chapters', the numbers of a chart stand under it, and a percentage says what it is of.
test('the report on paper', async () => {
  const page = await as(browser, demo.url)
  for (const [at, most] of [['/report/2023-24/', 16], ['/report/2023-24/summary', 2], ['/report/2023-24/figures/', 3],
    ['/report/2023-24/figures/cla.open-2024-03-31', 2]]) {
    await page.goto(demo.url + at)
    const sheets = glyphsOf(await page.pdf({ preferCSSPageSize: true }))
    assert.ok(sheets.length > 0 && sheets.length <= most, `${at} is ${sheets.length} sheets`)
    assert.ok(sheets.every(n => n > 80), `${at} has a sheet with next to nothing on it: ${sheets}`)
  }
  await page.goto(demo.url + '/report/2023-24/')
  await page.emulateMedia({ media: 'print' })
  const paper = await page.evaluate(() => {
    const heads = [...document.querySelectorAll('.report--chapters > h2')]
    return {
      contents: [...document.querySelectorAll('.report-contents li a')].map((a, i) => `${i + 1}. ${a.textContent}`),
      chapters: heads.map((h, i) => (getComputedStyle(h, '::before').content.includes('counter(chapter)') ? `${i + 1}. ` : '') + h.textContent),
      inside: document.querySelector('.report-contents ol').getBoundingClientRect().left,
      tables: [...document.querySelectorAll('.chart__table table')].map(t => t.getBoundingClientRect().height),
      links: [...document.querySelectorAll('main a')].filter(a => /CSV|worked out/.test(a.textContent) && a.offsetHeight > 0).length,
      shares: [...document.querySelectorAll('.report data')].filter(d => d.textContent.endsWith('%') && d.dataset.figure && !getComputedStyle(d, '::after').content.includes(' of ')).length,
      known: document.querySelectorAll('.report-known tbody tr').length,
    }
  })
  assert.ok(paper.chapters.length > 9)
  assert.deepEqual(paper.contents, paper.chapters)
  assert.ok(paper.inside >= 0)
  assert.ok(paper.tables.length > 0 && paper.tables.every(h => h > 20), `tables under charts: ${paper.tables}`)
  assert.equal(paper.links, 0, 'links that nobody can press on paper')
  assert.equal(paper.shares, 0, 'percentages without what they are a share of')
  assert.ok(paper.known > 20)
})

// Where the browser forces its colours a picture's own must follow.
test('charts in forced colours', async () => {
  const page = await as(browser, demo.url, undefined, { forcedColors: 'active', colorScheme: 'dark' })
  await page.goto(demo.url + '/report/2023-24/')
  const [paper, ...inks] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor,
    ...new Set([...document.querySelectorAll('.chart-svg text, .chart-svg .chart-1')].map(t => getComputedStyle(t).fill))])
  assert.equal(inks.length, 1)
  assert.notEqual(inks[0], paper)
})

test('every page a person can open was looked at', () => {
  const never = patterns.map(p => p.pattern).filter(p => ![...seen.keys()].some(s => s.replace(/\?$/, '') === p))
  console.log('pages that no record of the demonstration has now:', never.join(' ') || 'none')
  assert.ok(seen.size > 150, `only ${seen.size} kinds of page were looked at`)
})

test('valid HTML', () => {
  let said = ''
  try {
    execFileSync('java', ['-jar', vnu, '--errors-only', '--format', 'json', '--skip-non-html', html], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 })
  } catch (e) {
    said = e.stderr || e.message
  }
  const messages = said ? JSON.parse(said).messages.map(m => `${m.url.split('/').pop()}:${m.lastLine}: ${m.message}`) : []
  assert.deepEqual(messages, [])
})
