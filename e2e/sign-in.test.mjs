// How people come in: by passkey, by an app's code, by a code in an e-mail. At localhost,
// since browsers have no passkeys for an address of numbers.
import { test, before, after } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { appCode, as, axeSource, bin, root, signOut, startBrowser, startDemo } from './kith.mjs'

let demo, browser, url
before(async () => { demo = await startDemo(); browser = await startBrowser(); url = demo.url.replace('127.0.0.1', 'localhost') })
after(async () => { await browser?.close(); await demo?.stop() })

/** Looks at a page as people do: at two widths, with axe, and as a picture where SHOTS says so. */
async function look(page, name) {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 })
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `${name} is wider than ${width}`)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}-${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.evaluate(axeSource)
  const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }))
  assert.deepEqual(found.violations.map(v => `${v.id}: ${v.nodes[0].html}`), [], name)
}

test('a passkey is added, and signs in without a password', async () => {
  const page = await as(browser, url, 'administrator')
  const device = await page.context().newCDPSession(page)
  await device.send('WebAuthn.enable')
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', { options: {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true } })
  await page.goto(url + '/work/account/second-factor')
  await look(page, 'second-factor')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('They are shown this once').waitFor()
  assert.equal(await page.locator('ol code').count(), 10)
  await look(page, 'recovery-codes')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('Passkey, for localhost').waitFor()
  await look(page, 'account')
  await signOut(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL('**/work')

  // A device that does not ask its holder who they are is not enough alone.
  await signOut(page)
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('The passkey was not used').waitFor()
})

test('an app’s code, then a recovery code, are asked for after the password', async () => {
  const [email, password] = ['ida.quill@tidewell.example', 'harbour lantern oats']
  execFileSync(bin, ['user', 'add', '--dir', demo.dir, '--email', email, '--name', 'Ida Quill', '--role', 'editor'], { input: password + '\n' })
  const page = await as(browser, url, null)
  const enter = async () => {
    await page.goto(url + '/sign-in')
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await enter()
  await page.goto(url + '/work/account/second-factor')
  await page.getByRole('button', { name: 'Set up an app' }).click()
  await look(page, 'app')
  const picture = page.locator('main img')
  assert.ok(await picture.evaluate(i => i.complete && i.naturalWidth === 256), 'the picture is not shown')
  const key = await page.locator('main code').innerText()
  await page.getByLabel('Code of the app').fill(appCode(key))
  await page.getByRole('button', { name: 'Add the app' }).click()
  const recovery = await page.locator('ol code').first().innerText()

  await signOut(page)
  await enter()
  await page.waitForURL('**/sign-in/second')
  await look(page, 'second-step')
  await page.getByLabel('Code').fill(appCode(key, 1)) // the one of now may be used
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL('**/work')

  await signOut(page)
  await enter()
  await page.getByLabel('Code').fill(recovery)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL('**/work')
})

test('somebody without an account gives a place back by a code in an e-mail', async () => {
  const officer = await as(browser, url, 'business-manager')
  await officer.goto(url + '/work/people/new')
  await officer.getByLabel('Full name').or(officer.getByLabel('Name')).first().fill('Guy Reed')
  await officer.getByLabel('E-mail address').fill('guy.reed@quay.example')
  await officer.getByRole('button', { name: 'Add person' }).click()
  await officer.getByText('Guy Reed is added').waitFor()
  await officer.goto(url + '/work/training?places=left')
  await officer.locator('tbody a[href*="/work/training/sessions/"]').first().click()
  await officer.waitForURL(/sessions\/[^/]+$/)
  await officer.goto(officer.url() + '/book')
  await officer.locator('input[name=whom]').fill('guy.reed@quay.example')
  await officer.getByRole('button', { name: 'Book the place' }).click()
  await officer.waitForURL(/sessions\/[^/]+$/)

  const page = await as(browser, url, null)
  await page.goto(url + '/training/mine')
  await look(page, 'code-ask')
  await page.getByLabel('E-mail address').fill('Guy.Reed@quay.example')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByText('is on its way').waitFor()
  await look(page, 'code-sent')
  const admin = await as(browser, url, 'administrator')
  const mail = admin.locator('tbody th a', { hasText: 'Your code' })
  for (let i = 0; i < 50 && !await mail.count(); i++) await admin.goto(url + '/work/settings/outbox?q=guy.reed')
  await mail.first().click()
  const body = await admin.locator('main').innerText()

  // The link only shows; its button goes on.
  const other = await as(browser, url, null)
  await other.goto(url + body.match(/\/sign-in\/link\/\w+/)[0])
  await look(other, 'code-link')
  await page.getByLabel('Code').fill(body.match(/^\d{4} \d{4}$/m)[0])
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL('**/training/mine')
  await look(page, 'guest')
  await other.getByRole('button', { name: 'Go on' }).click()
  await other.getByText('This link works no more').waitFor()

  await page.getByRole('link', { name: /Give back/ }).click()
  await look(page, 'give-back')
  await page.getByRole('button', { name: 'Give the place back' }).click()
  await page.getByText('The place is given back').waitFor()
  await page.getByRole('button', { name: 'Leave' }).click()
  await page.waitForURL('**/sign-in/code/training')
})

/** Starts an agency's directory, at which everybody has the address that they type. */
async function startDirectory(back) {
  const at = createRequire(join(root, 'assets', 'package.json')).resolve('oidc-provider')
  const { default: Provider } = await import(pathToFileURL(at).href)
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${server.address().port}`
  const directory = new Provider(issuer, {
    clients: [{ client_id: 'kith', client_secret: 'a secret of two', redirect_uris: [back] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    cookies: { keys: ['of this test'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: true }) }),
  })
  server.on('request', directory.callback())
  return { issuer, stop: () => { server.closeAllConnections(); server.close() } }
}

test('staff of an agency sign in with its directory, and a stranger of it does not', async () => {
  const at = demo.url // the address in force, to which the directory sends people back
  const directory = await startDirectory(at + '/sign-in/back')
  try {
    execFileSync(bin, ['user', 'add', '--dir', demo.dir, '--email', 'lena.moor@tidewell.example', '--name', 'Lena Moor', '--role', 'editor'],
      { input: 'harbour lantern oats\n' })
    const admin = await as(browser, at, 'administrator')
    execFileSync(bin, ['website', '--dir', demo.dir, at]) // in the workspace a second person would have to agree
    const back = admin.locator('main').getByText(at + '/sign-in/back')
    for (let i = 0; i < 60 && !await back.count(); i++) { // a process looks every few seconds whether it moved
      await admin.waitForTimeout(100)
      await admin.goto(at + '/work/settings/directories/new')
    }
    assert.ok(await back.count())
    await admin.getByLabel('What the sign-in page calls it').fill('Tidewell Council')
    await admin.getByLabel('Issuer').fill(directory.issuer)
    await admin.getByLabel('Client id').fill('kith')
    await admin.getByLabel('Client secret').fill('a secret of two')
    await admin.getByLabel('Domains').fill('tidewell.example')
    await look(admin, 'directory')
    await admin.getByRole('button', { name: 'Save' }).click()
    await admin.getByText('Tidewell Council is added').waitFor()
    await look(admin, 'signing-in')

    const come = async address => {
      const page = await as(browser, at, null)
      await page.goto(at + '/sign-in?next=/work/account')
      await page.getByRole('button', { name: 'Sign in with Tidewell Council' }).click()
      await page.locator('input[name=login]').fill(address)
      await page.locator('input[name=password]').fill('anything')
      await page.locator('button[type=submit]').click()
      await page.getByRole('button', { name: 'Continue' }).click()
      return page
    }
    const lena = await come('lena.moor@tidewell.example')
    await lena.getByText('show once that the account is yours').waitFor()
    await look(lena, 'link-account')
    await lena.getByLabel('Your password here').fill('harbour lantern oats')
    await lena.getByRole('button', { name: 'Go on' }).click()
    await lena.waitForURL(at + '/work/account')
    await lena.getByRole('heading', { name: 'Directories that sign you in' }).waitFor()
    await look(lena, 'account-linked')
    assert.match(await lena.locator('main').innerText(), /Lena Moor/)
    await signOut(lena)
    await lena.getByRole('link', { name: 'Sign out there too' }).waitFor()
    const stranger = await come('nobody@tidewell.example')
    await stranger.getByRole('heading', { name: 'Nobody with your e-mail address signs in here' }).waitFor()
    await look(stranger, 'directory-stranger')
    const another = await come('lena.moor@port.example')
    await another.getByRole('heading', { name: 'Your organisation’s sign-in did not confirm your e-mail address' }).waitFor()
  } finally { directory.stop() }
})

test('an invitation on paper is handed over, and a session is ended by an administrator', async () => {
  const admin = await as(browser, url, 'business-manager')
  await admin.goto(url + '/work/people/new')
  await admin.getByLabel('Name').fill('Una Weir')
  await admin.getByLabel('E-mail address').fill('una.weir@tidewell.example')
  await admin.getByRole('button', { name: 'Add person' }).click()
  await admin.getByRole('button', { name: 'Change roles' }).click()
  await admin.getByLabel('Practitioner', { exact: true }).check()
  await admin.getByRole('button', { name: 'Save' }).click()
  await admin.getByRole('button', { name: 'Print an invitation' }).click()
  await look(admin, 'invite-form')
  await admin.getByRole('button', { name: 'Make the invitation' }).click()
  const code = await admin.locator('.sheet__code').innerText()
  await look(admin, 'invitation')
  await admin.emulateMedia({ media: 'print' })
  if (process.env.SHOTS) await admin.pdf({ path: `${process.env.SHOTS}-invitation.pdf`, format: 'A4' })
  await admin.emulateMedia({ media: 'screen' })

  const una = await as(browser, url, null)
  await una.goto(url + '/sign-in/join')
  await look(una, 'join')
  await una.getByLabel('Code').fill(code.toUpperCase())
  await una.getByRole('button', { name: 'Go on' }).click()
  await una.getByText('For Una Weir').waitFor()
  await una.getByLabel('New password').fill('gull pebble tides')
  await una.getByRole('button', { name: 'Set my password' }).click()
  await una.getByLabel('E-mail address').fill('una.weir@tidewell.example')
  await una.getByLabel('Password', { exact: true }).fill('gull pebble tides')
  await una.getByRole('button', { name: 'Sign in', exact: true }).click()
  await una.waitForURL('**/work')

  await admin.goto(url + '/work/invitations')
  await admin.getByText('Used').waitFor()
  await look(admin, 'invitations')
  await admin.goto(url + '/work/sessions')
  await look(admin, 'sessions')
  await admin.getByRole('row', { name: /Una Weir/ }).getByRole('link', { name: 'Una Weir' }).click()
  await look(admin, 'person')
  await admin.getByRole('button', { name: /^End the session/ }).click()
  await admin.getByText('That session is ended').waitFor()
  await una.reload()
  await una.waitForURL('**/sign-in**')
})
