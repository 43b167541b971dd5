# Perl's DBD::Pg against the target: server-side prepares, SQL's savepoints, bytea, COPY, an asynchronous query and its cancel.
use strict;
use warnings;
use DBI;
use DBD::Pg qw(:pg_types :async);

$| = 1;

# Ten million characters and some.
my $large      = 'select i, repeat(chr(97 + i % 26), 1000) from generate_series(1, 10000) i';
my $large_rows = 10000;
my $all_bytes  = join '', map { chr } 0 .. 255;
my $done       = 0;

sub ok { my ($name) = @_; $done++; print "ok $name\n"; return }

sub check {
    my ($actual, $expected, $what) = @_;
    $actual = 'undef' if !defined $actual;
    die "$what: expected $expected, got $actual\n" if $actual ne $expected;
    return;
}

sub connected {
    my $tls = $ENV{TARGET_CA} ? "sslmode=verify-full;sslrootcert=$ENV{TARGET_CA}" : 'sslmode=disable';
    return DBI->connect("dbi:Pg:host=$ENV{TARGET_HOST};port=$ENV{TARGET_PORT};dbname=$ENV{TARGET_DATABASE};$tls",
        $ENV{TARGET_USER}, $ENV{TARGET_PASSWORD}, { RaiseError => 1, PrintError => 0, AutoCommit => 1, pg_server_prepare => 1 });
}

sub refused {
    my ($db, $state, $step) = @_;
    my $went = eval { $step->(); 1 };
    die "no error where $state was expected\n" if $went;
    check($db->state, $state, 'SQLSTATE');
    return;
}

sub value { my ($db, $query, @values) = @_; return ($db->selectrow_array($query, undef, @values))[0] }

sub crud {
    my ($db) = @_;
    $db->do('drop table if exists item');
    $db->do('create table item (id int primary key, name text, raw bytea)');
    my $insert = $db->prepare('insert into item values (?, ?, ?)');
    $insert->bind_param(3, undef, { pg_type => PG_BYTEA });
    $insert->execute($_, "name $_", $all_bytes) for 0 .. 99;
    check($db->do('update item set name = ? where id < ?', undef, 'new', 10), 10, 'updated');
    check($db->do('delete from item where id >= ?', undef, 90), 10, 'deleted');
    check(value($db, 'select name from item where id = ?', 33), 'name 33', 'name');
    check(value($db, 'select raw from item where id = ?', 3) eq $all_bytes ? 1 : 0, 1, 'bytes');
    ok('crud');
    return;
}

sub transactions {
    my ($db) = @_;
    $db->begin_work;
    $db->do('delete from item');
    $db->rollback;
    check(value($db, 'select count(*) from item'), 90, 'after rollback');
    ok('rollback');

    $db->begin_work;
    $db->do('insert into item (id) values (?)', undef, 1000);
    $db->pg_savepoint('s');
    refused($db, '23505', sub { $db->do('insert into item (id) values (?)', undef, 1000) });
    $db->pg_rollback_to('s');
    $db->do('insert into item (id) values (?)', undef, 1002);
    $db->commit;
    check(value($db, 'select count(*) from item where id in (1000, 1002)'), 2, 'after savepoint');
    ok('savepoint');

    $db->begin_work;
    refused($db, '22012', sub { value($db, 'select 1 / ?::int', 0) });
    refused($db, '25P02', sub { value($db, 'select 1') });
    $db->rollback;
    check(value($db, 'select 7'), 7, 'after an error');
    ok('error_in_transaction');
    return;
}

sub prepared {
    my ($db, $other) = @_;
    my $statement = $db->prepare('select name, ?::int + 1 from item where id = ?');
    for my $i (0 .. 7) {
        # Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
        if ($i % 2) { $other->begin_work; value($other, 'select 1') }
        $statement->execute($i, 1);
        check(join('|', @{ $statement->fetchrow_arrayref }), 'new|' . ($i + 1), 'prepared');
        $statement->finish;
        $other->commit if $i % 2;
    }
    ok('prepared_across_transactions');

    # A statement that goes has the driver send DEALLOCATE for it.
    for my $i (1 .. 10) {
        my $short = $db->prepare("select ?::int + $i");
        $short->execute($i);
        check($short->fetchrow_arrayref->[0], 2 * $i, 'short-lived');
        undef $short;
    }
    ok('deallocate');
    return;
}

sub large {
    my ($db) = @_;
    my $rows  = $db->selectall_arrayref($large);
    my $total = 0;
    $total += length $_->[1] for @{$rows};
    check(scalar(@{$rows}) . "|$total", "$large_rows|" . $large_rows * 1000, 'large');
    ok('large_result');
    return;
}

sub copy {
    my ($db) = @_;
    $db->do('drop table if exists copied');
    $db->do('create table copied (id int, name text)');
    $db->do('copy copied from stdin');
    $db->pg_putcopydata("$_\tline $_\n") for 0 .. 29_999;
    $db->pg_putcopyend;
    check(value($db, 'select sum(id) from copied'), 30_000 * 29_999 / 2, 'copied in');
    ok('copy_in');
    $db->do('copy (select * from copied order by id) to stdout');
    my ($line, @lines) = ('');
    push @lines, $line while $db->pg_getcopydata($line) >= 0;
    check(scalar @lines, 30_000, 'copied out');
    check($lines[12_345], "12345\tline 12345\n", 'a line');
    ok('copy_out');
    $db->do('copy copied from stdin');
    $db->pg_putcopydata("1\tgood\nno number\tbad\n");
    refused($db, '22P02', sub { $db->pg_putcopyend });
    check(value($db, 'select count(*) from copied'), 30_000, 'after a failed COPY');
    ok('copy_failed');
    return;
}

sub nap_cancelled {
    my ($db, $other) = @_;
    $db->do('select pg_sleep(60)', { pg_async => PG_ASYNC });
    my $end = time + 60;
    while (value($other, q{select count(*) from pg_stat_activity where datname = current_database() and state = 'active'
            and query like '%pg_sleep%' and pid <> pg_backend_pid()}) != 1) {
        die "never came: the nap\n" if time > $end;
        select undef, undef, undef, 0.01;
    }
    check($db->pg_cancel, 1, 'cancelled');
    check(value($db, 'select 5'), 5, 'after a cancel');
    ok('cancel');
    return;
}

sub person {
    my ($db, $titles) = @_;
    my $own = $db->prepare(q{select string_agg(title, '|' order by id) from documents where id > ?});
    for my $i (1 .. 20) {
        $db->begin_work if $i % 2;
        $own->execute(0);
        check($own->fetchrow_arrayref->[0], $titles, 'titles');
        $own->finish;
        $db->commit if $i % 2;
    }
    ok('person');
    return;
}

my ($one, $two) = (connected(), connected());
# Where it is set the user is a person with a token for a password, and this is what the person has to see, again and again.
if (my $titles = $ENV{TARGET_TITLES}) {
    person($one, $titles);
}
else {
    crud($one);
    transactions($one);
    prepared($one, $two);
    large($one);
    copy($one);
    nap_cancelled($one, $two);
}
$_->disconnect for $one, $two;
print "done $done\n";
