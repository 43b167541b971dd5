// postgres.js against the target: pipelined queries by design, names of its own for every statement, COPY as streams, cursors, cancel.
'use strict'
const { pipeline } = require('node:stream/promises')
const { Readable } = require('node:stream')
const postgres = require('postgres')
const { target, LARGE, LARGE_ROWS, NAP, NAPS, ROUNDS, titles, allBytes, ok, equal, refused, waitUntil, run } = require('./steps.js')

const connect = max => postgres({ ...target, username: target.user, max, onnotice: () => {} })

async function crud (sql) {
  await sql`drop table if exists item`
  await sql`create table item (id int primary key, name text, raw bytea)`
  await sql`insert into item ${sql(Array.from({ length: 100 }, (_, i) => ({ id: i, name: `näme ${i}`, raw: allBytes })))}`
  equal((await sql`update item set name = ${'new'} where id < ${10}`).count, 10)
  equal((await sql`delete from item where id >= 90`).count, 10)
  equal([...await sql`select name, raw from item where id in ${sql([3, 33])} order by id`],
    [{ name: 'new', raw: allBytes }, { name: 'näme 33', raw: allBytes }])
  ok('crud')
}

async function transactions (sql) {
  const undone = new Error('undo')
  await sql.begin(async inside => {
    await inside`delete from item`
    throw undone
  }).catch(error => equal(error, undone))
  equal([...await sql`select count(*)::int as n from item`], [{ n: 90 }])
  ok('rollback')

  await sql.begin(async inside => {
    await inside`insert into item (id) values (1000)`
    await refused(inside.savepoint(nested => nested`insert into item (id) values (${1000})`), '23505')
    await inside`insert into item (id) values (1002)`
  })
  equal([...await sql`select id from item where id >= 1000 order by 1`], [{ id: 1000 }, { id: 1002 }])
  ok('savepoint')

  await sql.begin(async inside => {
    await refused(inside`select 1 / ${0}::int`, '22012')
    await refused(inside`select 1`, '25P02')
    throw undone
  }).catch(error => equal(error, undone))
  equal([...await sql`select 7 as n`], [{ n: 7 }])
  ok('error_in_transaction')
}

async function prepared (sql, other) {
  for (let i = 0; i < 8; i++) {
    await (i % 2 ? other.begin(async held => {
      await held`select 1`
      equal([...await sql`select name, ${i}::int + 1 as next from item where id = ${1}`], [{ name: 'new', next: i + 1 }])
    }) : sql`select name, ${i}::int + 1 as next from item where id = ${1}`.then(rows => equal([...rows], [{ name: 'new', next: i + 1 }])))
  }
  ok('prepared_across_transactions')
}

async function pipelined (sql) {
  // All of them are under way at once on one connection.
  const rows = await Promise.all(Array.from({ length: 200 }, (_, i) => sql`select ${i}::int as n`))
  equal(rows.map(answer => answer[0].n), Array.from({ length: 200 }, (_, i) => i))
  const mixed = await Promise.allSettled(Array.from({ length: 30 }, (_, i) => i % 10 === 5 ? sql`select 1 / ${0}::int as n` : sql`select ${i}::int as n`))
  equal(mixed.map(answer => answer.status === 'rejected' ? answer.reason.code : answer.value[0].n),
    Array.from({ length: 30 }, (_, i) => i % 10 === 5 ? '22012' : i))
  ok('pipelined')
}

async function large (sql) {
  const rows = await sql.unsafe(LARGE)
  equal([rows.length, rows.reduce((sum, row) => sum + row.text.length, 0)], [LARGE_ROWS, LARGE_ROWS * 1000])
  let seen = 0
  await sql.begin(async inside => {
    for await (const portion of inside.unsafe(LARGE, [], { prepare: true }).cursor(700)) {
      seen += portion.length
    }
  })
  equal(seen, LARGE_ROWS)
  ok('large_result')
}

async function copy (sql) {
  await sql`drop table if exists copied`
  await sql`create table copied (id int, name text)`
  const lines = Array.from({ length: 30000 }, (_, i) => `${i}\tline ${i}\n`)
  await pipeline(Readable.from(lines), await sql`copy copied from stdin`.writable())
  equal([...await sql`select count(*)::int as n, sum(id)::int as total from copied`], [{ n: 30000, total: 30000 * 29999 / 2 }])
  ok('copy_in')
  let text = ''
  for await (const block of await sql`copy (select * from copied order by id) to stdout`.readable()) {
    text += block
  }
  equal(text, lines.join(''))
  ok('copy_out')
}

async function cancel (sql, other) {
  const nap = sql.unsafe(NAP)
  const cut = refused(nap, '57014')
  await waitUntil(async () => (await other.unsafe(NAPS))[0].naps === 1, 'the nap')
  nap.cancel()
  await cut
  equal([...await sql`select 5 as n`], [{ n: 5 }])
  ok('cancel')
}

async function person () {
  const sql = connect(2)
  const own = inside => inside`select string_agg(title, '|' order by id) as own from documents where id > ${0}`
  for (let i = 0; i < ROUNDS; i++) {
    equal((await Promise.all([own(sql), own(sql), sql.begin(own)])).map(rows => rows[0].own), [titles, titles, titles])
  }
  await sql.end()
  ok('person')
}

run(async () => {
  if (titles) {
    return person()
  }
  const one = connect(1)
  const two = connect(1)
  await crud(one)
  await transactions(one)
  await prepared(one, two)
  await pipelined(one)
  await large(one)
  await copy(one)
  await cancel(one, two)
  const many = connect(8)
  const rows = await Promise.all(Array.from({ length: 100 }, (_, i) => many`select ${i}::int as n`))
  equal(rows.map(answer => answer[0].n), Array.from({ length: 100 }, (_, i) => i))
  ok('pool')
  await Promise.all([one.end(), two.end(), many.end()])
})
