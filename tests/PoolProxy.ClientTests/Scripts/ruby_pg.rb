# Ruby's pg against the target: text and binary parameters, named statements, single-row mode, pipeline mode, COPY, cancel.
require 'pg'

$stdout.sync = true

# Ten million characters and some.
LARGE = 'select i, repeat(chr(97 + i % 26), 1000) as text from generate_series(1, 10000) i'
LARGE_ROWS = 10_000
NAPS = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' " \
       "and query like '%pg_sleep%' and pid <> pg_backend_pid()"
ALL_BYTES = (0..255).to_a.pack('C*')
$done = 0

def ok(name)
  $done += 1
  puts "ok #{name}"
end

def check(actual, expected, what)
  raise "#{what}: expected #{expected.inspect}, got #{actual.inspect}" unless actual == expected
end

def connected
  authority = ENV.fetch('TARGET_CA', '')
  tls = authority.empty? ? { sslmode: 'disable' } : { sslmode: 'verify-full', sslrootcert: authority }
  PG.connect(host: ENV.fetch('TARGET_HOST'), port: ENV.fetch('TARGET_PORT'), dbname: ENV.fetch('TARGET_DATABASE'),
             user: ENV.fetch('TARGET_USER'), password: ENV.fetch('TARGET_PASSWORD'), client_encoding: 'UTF8', **tls)
end

def refused(error)
  yield
rescue error
  nil
else
  raise "no error where #{error} was expected"
end

def crud(db)
  db.exec('drop table if exists item; create table item (id int primary key, name text, raw bytea)')
  100.times { |i| db.exec_params('insert into item values ($1, $2, $3)', [i, "näme #{i}", { value: ALL_BYTES, format: 1, type: 17 }]) }
  check(db.exec_params('update item set name = $1 where id < $2', ['new', 10]).cmd_tuples, 10, 'updated')
  check(db.exec('delete from item where id >= 90').cmd_tuples, 10, 'deleted')
  check(db.exec_params('select name from item where id = $1', [33]).getvalue(0, 0).force_encoding('UTF-8'), 'näme 33', 'name')
  ok('crud')
end

def transactions(db)
  refused(ZeroDivisionError) do
    db.transaction do
      db.exec('delete from item')
      1 / 0
    end
  end
  check(db.exec('select count(*) from item').getvalue(0, 0), '90', 'after rollback')
  ok('rollback')

  db.transaction do
    db.exec('insert into item (id) values (1000)')
    db.exec('savepoint s')
    refused(PG::UniqueViolation) { db.exec_params('insert into item (id) values ($1)', [1000]) }
    db.exec('rollback to savepoint s')
    db.exec('insert into item (id) values (1002)')
  end
  check(db.exec('select id from item where id >= 1000 order by 1').values.flatten, %w[1000 1002], 'after savepoint')
  ok('savepoint')

  db.exec('begin')
  refused(PG::DivisionByZero) { db.exec_params('select 1 / $1::int', [0]) }
  refused(PG::InFailedSqlTransaction) { db.exec('select 1') }
  check(db.transaction_status, PG::PQTRANS_INERROR, 'status')
  db.exec('rollback')
  check(db.exec('select 7').getvalue(0, 0), '7', 'after an error')
  ok('error_in_transaction')
end

def prepared(db, other)
  db.prepare('by id', 'select name, $1::int + 1 from item where id = $2')
  8.times do |i|
    # Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
    other.exec('begin; select 1') if i.odd?
    check(db.exec_prepared('by id', [i, 1]).values, [['new', (i + 1).to_s]], 'prepared')
    described = db.describe_prepared('by id')
    check([described.nparams, described.nfields, described.fname(0)], [2, 2, 'name'], 'described')
    other.exec('commit') if i.odd?
  end
  ok('prepared_across_transactions')
  refused(PG::InvalidSqlStatementName) { db.exec_prepared('never heard of') }
  refused(PG::DuplicatePstatement) { db.prepare('by id', 'select 1') }
  check(db.exec_prepared('by id', [1, 1]).values, [%w[new 2]], 'still prepared')
  ok('names_of_statements')
end

def binary(db)
  result = db.exec_params('select $1::int8, $2::bytea, $3::text',
                          [{ value: [2**40].pack('q>'), format: 1, type: 20 }, { value: ALL_BYTES, format: 1, type: 17 }, 'x'], 1)
  check(result.getvalue(0, 0).unpack1('q>'), 2**40, 'int8')
  check(result.getvalue(0, 1), ALL_BYTES, 'bytea')
  ok('binary')
end

def pipelined(db)
  db.enter_pipeline_mode
  50.times do |i|
    db.send_query_params('select $1::int', [i])
    db.pipeline_sync if (i % 10) == 9
  end
  50.times do |i|
    check(db.get_result.values, [[i.to_s]], 'pipeline')
    check(db.get_result, nil, 'end of a query')
    check(db.get_result.result_status, PG::PGRES_PIPELINE_SYNC, 'Sync') if (i % 10) == 9
  end
  db.send_query_params('select 1', [])
  db.send_query_params('select 1 / $1::int', [0])
  db.send_query_params('select 2', [])
  db.pipeline_sync
  db.send_query_params('select 3', [])
  db.pipeline_sync
  statuses = []
  while (result = db.get_result || db.get_result)
    statuses << result.result_status
  end
  check(statuses, [PG::PGRES_TUPLES_OK, PG::PGRES_FATAL_ERROR, PG::PGRES_PIPELINE_ABORTED, PG::PGRES_PIPELINE_SYNC, PG::PGRES_TUPLES_OK, PG::PGRES_PIPELINE_SYNC],
        'a failed pipeline')
  db.exit_pipeline_mode
  ok('pipeline')
end

def large(db)
  rows = db.exec(LARGE)
  check([rows.ntuples, rows.sum { |row| row['text'].length }], [LARGE_ROWS, LARGE_ROWS * 1000], 'large')
  db.send_query(LARGE)
  db.set_single_row_mode
  count = 0
  db.get_result.stream_each { count += 1 }
  check(count, LARGE_ROWS, 'row by row')
  db.get_last_result
  ok('large_result')
end

def copy(db)
  db.exec('drop table if exists copied; create table copied (id int, name text)')
  db.copy_data('copy copied from stdin') { 30_000.times { |i| db.put_copy_data("#{i}\tline #{i}\n") } }
  check(db.exec('select sum(id) from copied').getvalue(0, 0).to_i, 30_000 * 29_999 / 2, 'copied in')
  ok('copy_in')
  lines = []
  db.copy_data('copy (select * from copied order by id) to stdout') do
    while (line = db.get_copy_data)
      lines << line
    end
  end
  check([lines.length, lines[12_345]], [30_000, "12345\tline 12345\n"], 'copied out')
  ok('copy_out')
  refused(PG::InvalidTextRepresentation) { db.copy_data('copy copied from stdin') { db.put_copy_data("1\tgood\nno number\tbad\n") } }
  check(db.exec('select count(*) from copied').getvalue(0, 0), '30000', 'after a failed COPY')
  ok('copy_failed')
end

def cancel(db, other)
  canceller = Thread.new do
    limit = Time.now + 60
    until other.exec(NAPS).getvalue(0, 0) == '1'
      raise 'never came: the nap' if Time.now > limit

      sleep 0.01
    end
    check(db.cancel, nil, 'cancel')
  end
  refused(PG::QueryCanceled) { db.exec('select pg_sleep(60)') }
  canceller.join
  check(db.exec('select 5').getvalue(0, 0), '5', 'after a cancel')
  ok('cancel')
end

def person(db, titles)
  db.prepare('own', "select string_agg(title, '|' order by id) from documents where id > $1")
  20.times do
    check(db.exec_prepared('own', [0]).getvalue(0, 0), titles, 'titles')
    db.transaction { check(db.exec_prepared('own', [0]).getvalue(0, 0), titles, 'titles in a transaction') }
  end
  ok('person')
end

one = connected
two = connected
# Where it is set the user is a person with a token for a password, and this is what the person has to see, again and again.
if ENV['TARGET_TITLES']
  person(one, ENV['TARGET_TITLES'])
else
  crud(one)
  transactions(one)
  prepared(one, two)
  binary(one)
  pipelined(one)
  large(one)
  copy(one)
  cancel(one, two)
end
[one, two].each(&:close)
puts "done #{$done}"
