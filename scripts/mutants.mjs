// make mutants: takes one control away at a time, in a copy of the tree, and runs
// the tests that must notice. A control that nobody would miss is not held.
// scripts/mutants.json lists them: the one place in a file, what stands there instead,
// and the test. A name in the arguments runs those whose name has it.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const only = process.argv[2] ?? ''
const list = JSON.parse(readFileSync(join(root, 'scripts', 'mutants.json'), 'utf8')).filter(m => m.name.includes(only))

const base = mkdtempSync(join(tmpdir(), 'kith-mutants-'))
const copy = join(base, 'tree')
const without = /^(\.git|bin|demo|e2e\/shots|assets\/node_modules)$/
cpSync(root, copy, { recursive: true, filter: from => !without.test(relative(root, from)) })

const run = (command, args, env = {}) => spawnSync(command, args, { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, ...env } })
const server = `${base}-pg` // beside it: the server's user may not look into base
const started = run('scripts/postgres', ['start', server])
if (started.status !== 0) throw new Error(started.stderr)
const env = { KITH_TEST_PG: started.stdout.trim(), KITH_SHARED: process.env.KITH_SHARED ?? join(root, '..', 'shared') }

let missed = 0
try {
  for (const m of list) {
    const file = join(copy, m.file)
    const text = readFileSync(file, 'utf8')
    const begun = Date.now()
    let said
    if (text.split(m.find).length !== 2) said = 'NOT FOUND exactly once: bring scripts/mutants.json up to date'
    else {
      writeFileSync(file, text.replace(m.find, () => m.put))
      // What does not compile would be red for a reason of its own.
      const built = run('go', ['build', './...'])
      const test = built.status === 0 && run('go', ['test', '-count=1', '-timeout=10m', ...m.test.split(' ')], env)
      if (built.status !== 0) said = `DOES NOT BUILD: ${built.stderr.slice(0, 300)}`
      else if (test.status === 0) said = 'NOT NOTICED'
      else if (!/--- FAIL|panic:/.test(test.stdout)) said = `NO TEST RAN: ${(test.stdout + test.stderr).slice(-300)}`
      writeFileSync(file, text)
    }
    if (said) missed++
    console.log(`${said ? 'FAULT' : 'noticed'}  ${m.name}  (${((Date.now() - begun) / 1000).toFixed(0)} s)${said ? `\n         ${said}` : ''}`)
  }
} finally {
  run('scripts/postgres', ['stop', server])
  rmSync(base, { recursive: true, force: true })
}
console.log(`${list.length - missed} of ${list.length} controls are missed when they are gone`)
process.exit(missed ? 1 : 0)
