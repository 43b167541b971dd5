// Go's lib/pq against the target: database/sql's pool of its own, statements of many connections, binary parameters, COPY, cancel by context.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"
)

// Ten million characters and some.
const large = "select i, repeat(chr(97 + i % 26), 1000) from generate_series(1, 10000) i"
const largeRows = 10000

var done int

func main() {
	db := open("")
	// Where it is set the user is a person with a token for a password, and this is what the person has to see, again and again.
	if titles := os.Getenv("TARGET_TITLES"); titles != "" {
		person(db, titles)
		must(db.Close())
		fmt.Printf("done %d\n", done)
		return
	}
	one, err := db.Conn(context.Background())
	must(err)
	crud(one)
	transactions(one)
	prepared(one, db)
	large10(one)
	copyIn(db)
	cancel(one, db)
	must(one.Close())
	pooled(db)
	must(db.Close())
	binary()
	fmt.Printf("done %d\n", done)
}

func open(more string) *sql.DB {
	address := url.URL{
		Scheme: "postgres",
		User:   url.UserPassword(os.Getenv("TARGET_USER"), os.Getenv("TARGET_PASSWORD")),
		Host:   os.Getenv("TARGET_HOST") + ":" + os.Getenv("TARGET_PORT"),
		Path:   "/" + os.Getenv("TARGET_DATABASE"),
	}
	address.RawQuery = "sslmode=disable"
	if authority := os.Getenv("TARGET_CA"); authority != "" {
		address.RawQuery = "sslmode=verify-full&sslrootcert=" + url.QueryEscape(authority)
	}
	address.RawQuery += more
	db, err := sql.Open("postgres", address.String())
	must(err)
	return db
}

func crud(one *sql.Conn) {
	exec(one, "drop table if exists item; create table item (id int primary key, name text, raw bytea)")
	for i := 0; i < 100; i++ {
		exec(one, "insert into item values ($1, $2, $3)", i, fmt.Sprintf("näme %d", i), allBytes())
	}
	check("updated", int64(10), exec(one, "update item set name = $1 where id < $2", "new", 10))
	check("deleted", int64(10), exec(one, "delete from item where id >= 90"))
	var name string
	var raw []byte
	must(one.QueryRowContext(context.Background(), "select name, raw from item where id = $1", 33).Scan(&name, &raw))
	check("name", "näme 33", name)
	check("bytes", true, bytes.Equal(allBytes(), raw))
	ok("crud")
}

func transactions(one *sql.Conn) {
	ctx := context.Background()
	tx, err := one.BeginTx(ctx, nil)
	must(err)
	_, err = tx.Exec("delete from item")
	must(err)
	must(tx.Rollback())
	check("after rollback", 90, number(one, "select count(*) from item"))
	ok("rollback")

	tx, err = one.BeginTx(ctx, nil)
	must(err)
	_, err = tx.Exec("insert into item (id) values ($1)", 1000)
	must(err)
	_, err = tx.Exec("savepoint s")
	must(err)
	_, err = tx.Exec("insert into item (id) values ($1)", 1000)
	refused(err, "23505")
	_, err = tx.Exec("rollback to savepoint s")
	must(err)
	_, err = tx.Exec("insert into item (id) values ($1)", 1002)
	must(err)
	must(tx.Commit())
	check("after savepoint", 2, number(one, "select count(*) from item where id in (1000, 1002)"))
	ok("savepoint")

	tx, err = one.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelSerializable})
	must(err)
	var n int
	refused(tx.QueryRow("select 1 / $1::int", 0).Scan(&n), "22012")
	refused(tx.QueryRow("select 1").Scan(&n), "25P02")
	must(tx.Rollback())
	check("after an error", 7, number(one, "select 7"))
	ok("error_in_transaction")
}

func prepared(one *sql.Conn, db *sql.DB) {
	statement, err := one.PrepareContext(context.Background(), "select name, $1::int + 1 from item where id = $2")
	must(err)
	for i := 0; i < 8; i++ {
		// Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
		var held *sql.Tx
		if i%2 == 1 {
			held, err = db.Begin()
			must(err)
			_, err = held.Exec("select 1")
			must(err)
		}
		var name string
		var next int
		must(statement.QueryRow(i, 1).Scan(&name, &next))
		check("prepared", fmt.Sprint("new", i+1), fmt.Sprint(name, next))
		if held != nil {
			must(held.Commit())
		}
	}
	must(statement.Close())
	ok("prepared_across_transactions")
}

func large10(one *sql.Conn) {
	rows, err := one.QueryContext(context.Background(), large)
	must(err)
	count, total := 0, 0
	for rows.Next() {
		var i int
		var text string
		must(rows.Scan(&i, &text))
		count++
		total += len(text)
	}
	must(rows.Err())
	check("large", fmt.Sprint(largeRows, largeRows*1000), fmt.Sprint(count, total))
	ok("large_result")
}

func copyIn(db *sql.DB) {
	tx, err := db.Begin()
	must(err)
	_, err = tx.Exec("drop table if exists copied; create table copied (id int, name text)")
	must(err)
	statement, err := tx.Prepare(pq.CopyIn("copied", "id", "name"))
	must(err)
	for i := 0; i < 30000; i++ {
		_, err = statement.Exec(i, fmt.Sprintf("line\t%d", i))
		must(err)
	}
	_, err = statement.Exec()
	must(err)
	must(statement.Close())
	must(tx.Commit())
	var count int
	must(db.QueryRow("select count(*) from copied where name like E'line\\t%'").Scan(&count))
	check("copied in", 30000, count)
	ok("copy_in")
}

func cancel(one *sql.Conn, db *sql.DB) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := one.ExecContext(ctx, "select pg_sleep(60)")
		ended <- err
	}()
	limit := time.Now().Add(time.Minute)
	for naps := 0; naps != 1; {
		must(db.QueryRow("select count(*) from pg_stat_activity where datname = current_database() and state = 'active'" +
			" and query like '%pg_sleep%' and pid <> pg_backend_pid()").Scan(&naps))
		if time.Now().After(limit) {
			fail("never came: the nap")
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "canceling statement") {
		fail("the nap ended with %v", err)
	}
	var five int
	must(db.QueryRow("select 5").Scan(&five))
	check("after a cancel", 5, five)
	ok("cancel")
}

func pooled(db *sql.DB) {
	db.SetMaxOpenConns(8)
	statement, err := db.Prepare("select $1::int * 2")
	must(err)
	var group sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		group.Add(1)
		go func(worker int) {
			defer group.Done()
			for i := 0; i < 50; i++ {
				var twice int
				must(statement.QueryRow(worker*100 + i).Scan(&twice))
				check("pooled", (worker*100+i)*2, twice)
			}
		}(worker)
	}
	group.Wait()
	must(statement.Close())
	ok("pool")
}

func binary() {
	// Parameters in binary, and the unnamed statement in one round trip.
	db := open("&binary_parameters=yes")
	defer db.Close()
	for i := 0; i < 20; i++ {
		var number int
		var raw []byte
		must(db.QueryRow("select $1::int, $2::bytea", i, allBytes()).Scan(&number, &raw))
		check("number", i, number)
		check("bytes", true, bytes.Equal(allBytes(), raw))
	}
	ok("binary")
}

func person(db *sql.DB, titles string) {
	const query = "select string_agg(title, '|' order by id) from documents where id > $1"
	statement, err := db.Prepare(query)
	must(err)
	for i := 0; i < 20; i++ {
		var own string
		must(statement.QueryRow(0).Scan(&own))
		check("titles", titles, own)
		tx, err := db.Begin()
		must(err)
		must(tx.QueryRow(query, 0).Scan(&own))
		check("titles in a transaction", titles, own)
		must(tx.Commit())
	}
	must(statement.Close())
	ok("person")
}

func exec(one *sql.Conn, query string, values ...interface{}) int64 {
	result, err := one.ExecContext(context.Background(), query, values...)
	must(err)
	count, err := result.RowsAffected()
	must(err)
	return count
}

func number(one *sql.Conn, query string) int {
	var value int
	must(one.QueryRowContext(context.Background(), query).Scan(&value))
	return value
}

func allBytes() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

func refused(err error, code string) {
	var refusal *pq.Error
	if !errors.As(err, &refusal) || string(refusal.Code) != code {
		fail("expected %s, got %v", code, err)
	}
}

func check(what string, expected, actual interface{}) {
	if expected != actual {
		fail("%s: expected %v, got %v", what, expected, actual)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func fail(format string, values ...interface{}) {
	panic(fmt.Sprintf(format, values...))
}

func ok(name string) {
	done++
	fmt.Println("ok " + name)
}
