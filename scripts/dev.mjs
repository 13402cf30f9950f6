// make dev: the demonstration year, rebuilt when something is edited. Templates and
// the stylesheet are read from the disk, so an edited template needs a reload and
// nothing else; styles and scripts are built again; other Go and SQL start the
// program anew. Ends with Ctrl-C.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [dir = 'demo', addr = '127.0.0.1:8080'] = process.argv.slice(2)

let server, ending = false
const say = text => console.log(`dev: ${text}`)

/** Runs a program to its end; resolves with whether it went well. */
const run = (command, args, options = {}) => new Promise(resolve => {
  spawn(command, args, { cwd: root, stdio: 'inherit', ...options }).on('exit', code => resolve(code === 0))
})

const stop = () => new Promise(resolve => {
  if (!server || server.exitCode !== null || server.signalCode !== null) return resolve()
  server.once('exit', resolve)
  server.kill('SIGTERM')
})

async function program() {
  // No -trimpath: the program has to know where its templates are.
  if (!await run('go', ['build', '-tags', 'dev', '-o', 'bin/kith-dev', './cmd/kith'])) return say('it does not build: fix it and save')
  await stop()
  server = spawn(join(root, 'bin', 'kith-dev'), ['demo', '--dir', dir, '--addr', addr], { cwd: root, stdio: 'inherit' })
}

async function styles() {
  if (!await run('npm', ['run', '--silent', 'build'], { cwd: join(root, 'assets') })) say('the styles do not build: the last that did stay')
}

/** What an edited file asks for. */
function todo(name) {
  if (/(^|\/)(node_modules|dist|testdata)\//.test(name) || /_test\.go$/.test(name)) return undefined
  if (/^assets\/(scss|js)\//.test(name) || name === 'assets/icon.svg') return 'styles'
  // internal/annual/parts are built in: the report's frame is not a page's template.
  if (/\.(go|sql|tsv|md|json)$/.test(name) || /\/parts\/.*\.html$/.test(name)) return 'program'
}

const wanted = new Set()
let working = false
async function work() {
  if (working) return
  working = true
  while (wanted.size && !ending) {
    const now = new Set(wanted)
    wanted.clear()
    if (now.has('styles')) { say('building styles'); await styles() }
    if (now.has('program')) { say('building the program'); await program() }
  }
  working = false
}

// The files are looked at twice a second: editors that save by renaming leave watchers
// behind.
const times = new Map()
function look(first) {
  let changed = false
  const walk = folder => {
    for (const e of readdirSync(join(root, folder), { withFileTypes: true })) {
      const name = `${folder}/${e.name}`
      if (e.isDirectory()) {
        if (!/^(node_modules|dist|testdata)$/.test(e.name)) walk(name)
        continue
      }
      const what = todo(name)
      if (!what) continue
      const at = statSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs
      if (times.get(name) !== at && !first) { wanted.add(what); changed = true }
      times.set(name, at)
    }
  }
  for (const folder of ['internal', 'cmd', 'migrations', 'sdc', 'assets/scss', 'assets/js']) walk(folder)
  if (changed) work()
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => { ending = true; await stop(); process.exit(0) })
}
if (!existsSync(join(root, 'internal/kit/ui/dist/app.css'))) await styles()
look(true)
await program()
setInterval(look, 500)
say('edit a template and reload the page; styles, Go and SQL are built again when they are saved')
