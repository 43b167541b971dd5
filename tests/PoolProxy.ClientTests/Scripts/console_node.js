// node-postgres in the console: simple queries, and named ones by the extended protocol.
'use strict'
const { Client } = require('pg')
const { target, ok, equal, run } = require('./steps.js')

run(async () => {
  const console = new Client(target)
  await console.connect()
  equal((await console.query('SHOW POOLS')).rows.find(pool => pool.database === 'pgbouncer').cl_active, 1)
  ok('pools')
  const stats = await console.query({ name: 'stats', text: 'SHOW STATS' })
  equal(Number(stats.rows.at(-1).total_xact_count) > 0, true)
  equal((await console.query({ name: 'stats', text: 'SHOW STATS' })).fields.length, stats.fields.length)
  ok('stats')
  equal((await console.query('SHOW LISTS')).rows[0].list, 'databases')
  ok('lists')
  equal((await console.query('SHOW VERSION')).rows[0].version.startsWith('PoolProxy'), true)
  ok('version')
  equal((await console.query('RELOAD')).command, 'RELOAD')
  ok('control')
  await console.end()
})
