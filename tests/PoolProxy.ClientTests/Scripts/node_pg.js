// node-postgres against the target: simple and extended protocol, named statements, its pool, a submittable of rows, cancel.
'use strict'
const { Client, Pool } = require('pg')
const { target, LARGE, LARGE_ROWS, NAP, NAPS, ROUNDS, titles, allBytes, ok, equal, refused, waitUntil, run } = require('./steps.js')

async function crud (one) {
  await one.query('drop table if exists item; create table item (id int primary key, name text, raw bytea)')
  for (let i = 0; i < 100; i++) {
    await one.query('insert into item values ($1, $2, $3)', [i, `näme ${i}`, allBytes])
  }
  equal((await one.query('update item set name = $1 where id < $2', ['new', 10])).rowCount, 10)
  equal((await one.query('delete from item where id >= 90')).rowCount, 10)
  equal((await one.query('select name, raw from item where id in ($1, $2) order by id', [3, 33])).rows,
    [{ name: 'new', raw: allBytes }, { name: 'näme 33', raw: allBytes }])
  const both = await one.query('select count(*)::int as a from item; select 2 as b')
  equal(both.map(result => result.rows[0]), [{ a: 90 }, { b: 2 }])
  ok('crud')
}

async function transactions (one) {
  await one.query('begin')
  await one.query('delete from item')
  await one.query('rollback')
  equal((await one.query('select count(*)::int as n from item')).rows, [{ n: 90 }])
  ok('rollback')

  await one.query('begin')
  await one.query('insert into item (id) values ($1)', [1000])
  await one.query('savepoint s')
  await refused(one.query('insert into item (id) values ($1)', [1000]), '23505')
  await one.query('rollback to savepoint s')
  await one.query('insert into item (id) values ($1)', [1002])
  await one.query('commit')
  equal((await one.query('select id from item where id >= 1000 order by 1')).rows, [{ id: 1000 }, { id: 1002 }])
  ok('savepoint')

  await one.query('begin')
  await refused(one.query('select 1 / $1::int', [0]), '22012')
  await refused(one.query('select 1'), '25P02')
  await refused(one.query('select $1::int', [1]), '25P02')
  equal((await one.query('commit')).command, 'ROLLBACK')
  equal((await one.query('select 7 as n')).rows, [{ n: 7 }])
  ok('error_in_transaction')
}

async function prepared (one, two) {
  const statement = { name: 'by-id', text: 'select name, $1::int + 1 as next from item where id = $2' }
  for (let i = 0; i < 8; i++) {
    // Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
    if (i % 2) {
      await two.query('begin')
      await two.query('select 1')
    }
    equal((await one.query({ ...statement, values: [i, 1] })).rows, [{ name: 'new', next: i + 1 }])
    // The other client's statement has the same name and another text.
    equal((await two.query({ name: 'by-id', text: 'select $1::text as other', values: [`${i}`] })).rows, [{ other: `${i}` }])
    if (i % 2) {
      await two.query('commit')
    }
  }
  ok('prepared_across_transactions')
  await refused(one.query({ name: 'broken', text: 'select from nowhere where $1', values: [1] }), '42P01')
  equal((await one.query({ ...statement, values: [1, 1] })).rows, [{ name: 'new', next: 2 }])
  ok('failed_parse')
}

async function binary (one) {
  const result = await one.query({ text: 'select $1::int as a, $2::int8 as b, $3::text as c, $4::bool as d', values: [42, 2 ** 40, 'üñ', true], binary: true })
  equal(result.rows, [{ a: 42, b: '1099511627776', c: 'üñ', d: true }])
  ok('binary')
}

async function large (one) {
  const { rows } = await one.query(LARGE)
  equal([rows.length, rows.reduce((sum, row) => sum + row.text.length, 0)], [LARGE_ROWS, LARGE_ROWS * 1000])
  const wide = 'x'.repeat(5_000_000)
  equal((await one.query('select $1::text as echo', [wide])).rows[0].echo.length, wide.length)
  // Rows in portions: Execute with a row limit, then Execute again.
  await one.query('begin')
  equal((await one.query({ text: LARGE, values: [], rows: 700 })).rows.length, LARGE_ROWS)
  await one.query('commit')
  ok('large_result')
}

async function queued (one) {
  // Everything is queued at once; an error in the middle spoils nothing else.
  const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, i) =>
    i === 25 ? one.query('select 1 / $1::int as n', [0]) : one.query('select $1::int as n', [i])))
  equal(answers.filter(answer => answer.status === 'rejected').map(answer => answer.reason.code), ['22012'])
  equal(answers.flatMap(answer => answer.status === 'fulfilled' ? [answer.value.rows[0].n] : [-1]), Array.from({ length: 50 }, (_, i) => i === 25 ? -1 : i))
  ok('queued')
}

async function pool () {
  const people = new Pool({ ...target, max: 8 })
  const rows = await Promise.all(Array.from({ length: 100 }, (_, i) => people.query({ name: 'echo', text: 'select $1::int as n', values: [i] })))
  equal(rows.map(result => result.rows[0].n), Array.from({ length: 100 }, (_, i) => i))
  await people.end()
  ok('pool')
}

async function cancel (one, two) {
  const nap = one.query(NAP)
  const cut = refused(nap, '57014')
  await waitUntil(async () => (await two.query(NAPS)).rows[0].naps === 1, 'the nap')
  // A client that has not connected is the driver's way to send a CancelRequest; its own is without TLS.
  const canceller = new Client({ ...target, ssl: false })
  canceller.cancel(one, one.activeQuery)
  await cut
  equal((await one.query('select 5 as n')).rows, [{ n: 5 }])
  ok('cancel')
}

async function person () {
  const people = new Pool({ ...target, max: 2 })
  const query = { name: 'own', text: "select string_agg(title, '|' order by id) as own from documents where id > $1", values: [0] }
  for (let i = 0; i < ROUNDS; i++) {
    equal((await people.query(query)).rows, [{ own: titles }])
    const one = await people.connect()
    await one.query('begin')
    equal((await one.query(query)).rows, [{ own: titles }])
    await one.query('commit')
    one.release()
  }
  await people.end()
  ok('person')
}

run(async () => {
  if (titles) {
    return person()
  }
  const one = new Client(target)
  const two = new Client(target)
  await one.connect()
  await two.connect()
  await crud(one)
  await transactions(one)
  await prepared(one, two)
  await binary(one)
  await large(one)
  await queued(one)
  await cancel(one, two)
  await one.end()
  await two.end()
  await pool()
})
