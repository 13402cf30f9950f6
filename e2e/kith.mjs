// What the journeys share: the program itself with the demonstration year, and a
// real browser.
import { spawn, execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { constants, inflateSync } from 'node:zlib'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(join(root, 'assets', 'package.json'))
const { chromium } = require('playwright-core')
export const axeSource = require('axe-core').source
export const vnu = require('vnu-jar')
export const bin = join(root, 'bin', 'kith')

/** Runs a kith command and returns what it prints. */
export function kith(...args) {
  return execFileSync(bin, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
}

/** Starts `kith demo` in a folder of its own; stop() ends it and removes it. */
export async function startDemo() {
  const dir = mkdtempSync(join(tmpdir(), 'kith-e2e-'))
  const child = spawn(bin, ['demo', '--dir', dir, '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const url = await new Promise((resolve, reject) => {
    const listen = chunk => {
      said += chunk
      const at = said.match(/http:\/\/127\.0\.0\.1:\d+/)
      if (at) resolve(at[0])
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('exit', code => reject(new Error(`kith demo ended with ${code}: ${said}`)))
  })
  return {
    url, dir,
    log: () => said,
    async stop() {
      child.removeAllListeners('exit')
      const ended = new Promise(resolve => child.on('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Starts Debian's chromium. */
export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--force-prefers-reduced-motion'] })
}

/** Opens a page signed in as one of the demonstration's people. */
export async function as(browser, url, persona, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/London', ...options })
  const page = await context.newPage()
  if (persona) {
    await page.goto(url + '/sign-in')
    await page.locator(`button[name="persona"][value="${persona}"], form:has(input[name="persona"][value="${persona}"]) button`).first().click()
    await page.waitForURL('**/work**')
  }
  return page
}

/** How many glyphs each sheet of a PDF that Chromium printed has on it, in order. */
export function glyphsOf(pdf) {
  const whole = pdf.toString('latin1')
  const body = n => {
    const at = whole.search(new RegExp(`(^|\\n)${n} 0 obj`))
    return whole.slice(at, whole.indexOf('endobj', at))
  }
  const out = []
  for (const page of whole.matchAll(/\/Type\s*\/Page\b[\s\S]*?\/Contents (\d+) 0 R/g)) {
    const stream = body(page[1])
    const from = stream.indexOf('stream\n') + 7
    const text = inflateSync(Buffer.from(stream.slice(from), 'latin1'), { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1')
    let n = 0
    for (const shown of text.matchAll(/<([0-9A-F]+)>/gi)) n += shown[1].length / 4
    out.push(n)
  }
  return out
}

/** Signs whoever is signed in on a page out, by the menu with their name. */
export async function signOut(page) {
  await page.locator('.desk__me > summary').click()
  await page.locator('.desk__me').getByRole('button', { name: 'Sign out', exact: true }).click()
}

/** What an app shows of a key, so many steps from now (RFC 6238). */
export function appCode(key, steps = 0) {
  const bits = [...key.replaceAll(' ', '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const secret = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))
  const at = Buffer.alloc(8)
  at.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', secret).update(at).digest()
  const from = mac[19] & 15
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
