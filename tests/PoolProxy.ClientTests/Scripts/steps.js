// What the node scripts share: the target from the environment, steps that say so, a wait for a condition, and the statements.
'use strict'
const assert = require('node:assert/strict')
const fs = require('node:fs')

const environment = process.env
const authority = environment.TARGET_CA ? fs.readFileSync(environment.TARGET_CA, 'utf8') : null

exports.target = {
  host: environment.TARGET_HOST,
  port: Number(environment.TARGET_PORT),
  user: environment.TARGET_USER,
  password: environment.TARGET_PASSWORD,
  database: environment.TARGET_DATABASE,
  ssl: authority ? { ca: authority, rejectUnauthorized: true } : false,
}

// Where it is set the user is a person with a token for a password, and this is what the person has to see, again and again.
exports.titles = environment.TARGET_TITLES
exports.ROUNDS = 20

// Ten million characters and some.
exports.LARGE = 'select i, repeat(chr(97 + i % 26), 1000) as text from generate_series(1, 10000) i'
exports.LARGE_ROWS = 10000
exports.NAP = 'select pg_sleep(60)'
exports.NAPS = `select count(*)::int as naps from pg_stat_activity where datname = current_database() and state = 'active'
  and query like '%pg_sleep%' and pid <> pg_backend_pid()`
exports.allBytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))

let done = 0
exports.ok = name => {
  done++
  console.log(`ok ${name}`)
}

exports.equal = assert.deepEqual

// The answer has to be an error with this SQLSTATE.
exports.refused = async (promise, code) => {
  await assert.rejects(async () => await promise, error => {
    assert.equal(error.code, code, error.stack)
    return true
  })
}

exports.waitUntil = async (condition, what) => {
  const end = Date.now() + 60000
  while (!(await condition())) {
    assert.ok(Date.now() < end, `never came: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

exports.run = main => main().then(
  () => console.log(`done ${done}`),
  error => {
    console.error(error)
    process.exit(1)
  })
