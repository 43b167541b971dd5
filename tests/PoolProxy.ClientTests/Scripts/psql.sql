-- What psql prints for this has to be the same, byte for byte, with and without a proxy.
\set VERBOSITY default
\pset null '(null)'
\encoding UTF8
create table author (id int primary key, name text not null, born date);
create table book (id int generated always as identity primary key, author int references author, title text, price numeric(8, 2) default 9.99, check (price >= 0));
create index on book (title);
comment on table book is 'what is on the shelf';
create view shelf as select title, name from book join author on author.id = book.author;
create function twice(n int) returns int language sql immutable begin atomic select n * 2; end;
insert into author values (1, 'Ägidius', '1605-04-23'), (2, 'O''Brien', null);
insert into book (author, title) values (1, 'Windmills'), (1, 'Giants'), (2, 'The "Policeman"') returning id, title, price;

\d
\d book
\d+ shelf
\df twice
\dt+ nothing.*
\sf twice
\d nothing

-- COPY, inline and by \copy, in three formats and both directions.
copy book (author, title, price) from stdin with (format csv);
2,"a, b",1.50
1,"line
break",2
\.
\copy (select id, title, price from book order by id) to pstdout with (format csv, header)
\copy book (author, title) from pstdin
2	from \t pstdin
\.
\copy author to '/dev/null' (format binary)
copy (select generate_series(1, 3)) to stdout;
copy book (author, title) from stdin;
1	good
none	bad
\.
copy book from program 'echo never';
select count(*) from book;

-- Errors, and what is left of transactions.
select 1/0;
\errverbose
selekt;
select 'a' as x \gdesc
begin;
insert into author values (3, 'Late', null);
insert into author values (1, 'Twice', null);
select 'nobody hears this';
savepoint never;
commit;
select count(*) from author;
begin;
insert into author values (3, 'Late', null);
savepoint s;
insert into author values (3, 'Late', null);
rollback to s;
release s;
commit;
table author;
\set ON_ERROR_ROLLBACK on
begin;
insert into author values (4, 'Four', null);
insert into author values (4, 'Four', null);
insert into author values (5, 'Five', null);
commit;
select array_agg(id order by id) from author;
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT off
delete from author where id > 3;
rollback;
select count(*) from author;
commit;
\set AUTOCOMMIT on

-- Several statements in one message.
select 1 \; select 2 \; select 3;
begin \; insert into author values (6, 'Six', null) \; commit \; select 1/0 \; select 'nobody hears this';
insert into author values (7, 'Seven', null) \; select 1/0;
select count(*) from author where id >= 6;
;

-- psql's own ways.
select format('select %s as n', n) from generate_series(1, 3) n \gexec
select 5 as five, 'x' as ex \gset
\echo :five :'ex'
select name, title, price from shelf join book using (title) order by title \crosstabview name title price
\x on
select * from author order by id limit 2;
\x off
\set FETCH_COUNT 7
select n, n * n as square from generate_series(1, 20) n;
select n / (n - 12) from generate_series(1, 20) n;
\set FETCH_COUNT 0
\if 0
\else
select 'conditions';
\endif
do $$ begin raise notice 'heard: %', twice(21); raise warning 'and %', 'this'; end $$;
prepare gone as select 1 \; execute gone \; deallocate gone;
begin;
declare c cursor for select generate_series(1, 5);
fetch 2 from c;
move 1 in c;
fetch all from c;
commit;
begin;
set local work_mem = '12MB';
show work_mem;
commit;
show work_mem;
explain (costs off) select * from book where id = 1;
vacuum book;
drop table book, author cascade;
\d
