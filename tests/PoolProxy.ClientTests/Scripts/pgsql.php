<?php
// PHP's pgsql against the target: named statements, bytea, COPY by lines, several statements in one Query, an asynchronous query and its cancel.
declare(strict_types=1);

// Ten million characters and some.
const LARGE = 'select i, repeat(chr(97 + i % 26), 1000) as text from generate_series(1, 10000) i';
const LARGE_ROWS = 10000;
const NAPS = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active'"
    . " and query like '%pg_sleep%' and pid <> pg_backend_pid()";

$done = 0;

// A warning is an error here; those of failing queries are asked for with @, which leaves only fatal ones in error_reporting().
set_error_handler(function (int $level, string $message): bool {
    if (error_reporting() & E_WARNING) {
        throw new ErrorException($message);
    }
    return true;
});

function ok(string $name): void
{
    global $done;
    $done++;
    echo "ok $name\n";
}

function check(mixed $actual, mixed $expected, string $what): void
{
    if ($actual !== $expected) {
        throw new RuntimeException("$what: expected " . json_encode($expected) . ', got ' . json_encode($actual));
    }
}

function connected(): PgSql\Connection
{
    $tls = getenv('TARGET_CA') ? "sslmode=verify-full sslrootcert='" . getenv('TARGET_CA') . "'" : 'sslmode=disable';
    return pg_connect(sprintf("host=%s port=%s dbname=%s user=%s password='%s' %s", getenv('TARGET_HOST'), getenv('TARGET_PORT'),
        getenv('TARGET_DATABASE'), getenv('TARGET_USER'), addcslashes(getenv('TARGET_PASSWORD'), "'\\"), $tls), PGSQL_CONNECT_FORCE_NEW);
}

function value(PgSql\Connection $db, string $query, array $values = []): ?string
{
    return pg_fetch_result($values ? pg_query_params($db, $query, $values) : pg_query($db, $query), 0, 0);
}

function refused(PgSql\Connection $db, string $state, string $query, array $values = []): void
{
    $values ? pg_send_query_params($db, $query, $values) : pg_send_query($db, $query);
    while ($result = pg_get_result($db)) {
        $last = $result;
    }
    check(pg_result_error_field($last, PGSQL_DIAG_SQLSTATE), $state, $query);
}

function crud(PgSql\Connection $db): void
{
    $bytes = implode('', array_map('chr', range(0, 255)));
    pg_query($db, 'drop table if exists item; create table item (id int primary key, name text, raw bytea)');
    pg_prepare($db, 'insert', 'insert into item values ($1, $2, $3)');
    for ($i = 0; $i < 100; $i++) {
        pg_execute($db, 'insert', [$i, "näme $i", pg_escape_bytea($db, $bytes)]);
    }
    check(pg_affected_rows(pg_query_params($db, 'update item set name = $1 where id < $2', ['new', 10])), 10, 'updated');
    check(pg_affected_rows(pg_query($db, 'delete from item where id >= 90')), 10, 'deleted');
    check(value($db, 'select name from item where id = $1', [33]), 'näme 33', 'name');
    check(pg_unescape_bytea(value($db, 'select raw from item where id = $1', [3])), $bytes, 'bytes');
    ok('crud');
}

function transactions(PgSql\Connection $db): void
{
    pg_query($db, 'begin');
    pg_query($db, 'delete from item');
    pg_query($db, 'rollback');
    check(value($db, 'select count(*) from item'), '90', 'after rollback');
    ok('rollback');

    pg_query($db, 'begin; insert into item (id) values (1000); savepoint s');
    refused($db, '23505', 'insert into item (id) values ($1)', [1000]);
    pg_query($db, 'rollback to savepoint s');
    pg_query($db, 'insert into item (id) values (1002); commit');
    check(value($db, 'select array_agg(id order by id) from item where id >= 1000'), '{1000,1002}', 'after savepoint');
    ok('savepoint');

    pg_query($db, 'begin');
    refused($db, '22012', 'select 1 / $1::int', [0]);
    refused($db, '25P02', 'select 1');
    check(pg_transaction_status($db), PGSQL_TRANSACTION_INERROR, 'status');
    pg_query($db, 'rollback');
    check(pg_transaction_status($db), PGSQL_TRANSACTION_IDLE, 'status');
    check(value($db, 'select 7'), '7', 'after an error');
    ok('error_in_transaction');
}

function prepared(PgSql\Connection $db, PgSql\Connection $other): void
{
    pg_prepare($db, 'by id', 'select name, $1::int + 1 from item where id = $2');
    // The same name, another statement.
    pg_prepare($other, 'by id', 'select $1::text');
    for ($i = 0; $i < 8; $i++) {
        // Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
        if ($i % 2) {
            pg_query($other, 'begin; select 1');
        }
        check(pg_fetch_row(pg_execute($db, 'by id', [$i, 1])), ['new', (string) ($i + 1)], 'prepared');
        check(pg_fetch_row(pg_execute($other, 'by id', ["other $i"])), ["other $i"], 'the same name');
        if ($i % 2) {
            pg_query($other, 'commit');
        }
    }
    ok('prepared_across_transactions');
    check(@pg_execute($db, 'never heard of', []), false, 'an unknown statement');
    check(@pg_prepare($db, 'by id', 'select 1'), false, 'a name that is taken');
    check(pg_fetch_row(pg_execute($db, 'by id', [1, 1])), ['new', '2'], 'prepared');
    pg_query($db, 'deallocate "by id"');
    check(@pg_execute($db, 'by id', [1, 1]), false, 'a statement that is gone');
    pg_prepare($db, 'by id', 'select $1::int * 2');
    check(pg_fetch_row(pg_execute($db, 'by id', [21])), ['42'], 'the name again');
    ok('names_of_statements');
}

function large(PgSql\Connection $db): void
{
    $rows = pg_fetch_all_columns(pg_query($db, LARGE), 1);
    check([count($rows), array_sum(array_map('strlen', $rows))], [LARGE_ROWS, LARGE_ROWS * 1000], 'large');
    ok('large_result');
}

function copies(PgSql\Connection $db): void
{
    pg_query($db, 'drop table if exists copied; create table copied (id int, name text)');
    $lines = array_map(fn(int $i): string => "$i\tline $i\n", range(0, 29999));
    pg_copy_from($db, 'copied', $lines);
    check(value($db, 'select sum(id) from copied'), (string) (30000 * 29999 / 2), 'copied in');
    ok('copy_in');
    check(pg_copy_to($db, 'copied'), $lines, 'copied out');
    ok('copy_out');
}

function cancel(PgSql\Connection $db, PgSql\Connection $other): void
{
    pg_send_query($db, 'select pg_sleep(60)');
    $end = time() + 60;
    while (value($other, NAPS) !== '1') {
        check(time() < $end, true, 'the nap never came');
        usleep(10000);
    }
    pg_cancel_query($db);
    check(value($db, 'select 5'), '5', 'after a cancel');
    check(value($other, NAPS), '0', 'naps left');
    ok('cancel');
}

function person(PgSql\Connection $db, string $titles): void
{
    pg_prepare($db, 'own', "select string_agg(title, '|' order by id) from documents where id > $1");
    for ($i = 0; $i < 20; $i++) {
        check(pg_fetch_result(pg_execute($db, 'own', [0]), 0, 0), $titles, 'titles');
        pg_query($db, 'begin');
        check(pg_fetch_result(pg_execute($db, 'own', [0]), 0, 0), $titles, 'titles in a transaction');
        pg_query($db, 'commit');
    }
    ok('person');
}

$one = connected();
// Where it is set the user is a person with a token for a password, and this is what the person has to see, again and again.
if (getenv('TARGET_TITLES')) {
    person($one, getenv('TARGET_TITLES'));
} else {
    $two = connected();
    crud($one);
    transactions($one);
    prepared($one, $two);
    large($one);
    copies($one);
    cancel($one, $two);
}
echo "done $done\n";
