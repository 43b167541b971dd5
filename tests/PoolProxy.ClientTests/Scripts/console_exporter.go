// What pgbouncer_exporter asks the console for, in its words and by its driver, and what it reads from the answers: by the names of columns, and by the names in them.
package main

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strconv"

	_ "github.com/lib/pq"
)

var done int

func main() {
	user := url.UserPassword(os.Getenv("TARGET_USER"), os.Getenv("TARGET_PASSWORD"))
	address := fmt.Sprintf("postgres://%s@%s:%s/%s?sslmode=disable", user, os.Getenv("TARGET_HOST"), os.Getenv("TARGET_PORT"), os.Getenv("TARGET_DATABASE"))
	console, err := sql.Open("postgres", address)
	need(err, "open")
	console.SetMaxOpenConns(1)
	_, err = console.Exec("SHOW STATS")
	need(err, "SHOW STATS")

	lists := pairs(console, "SHOW LISTS;", 2)
	for _, name := range []string{"databases", "users", "pools", "free_clients", "used_clients", "login_clients", "free_servers", "used_servers", "dns_names", "dns_zones", "dns_queries"} {
		number(lists[name], name)
	}
	ok("lists")

	config := pairs(console, "SHOW CONFIG;", 4)
	for _, name := range []string{"max_client_conn", "max_user_connections"} {
		number(config[name], name)
	}
	ok("config")

	numbers(console, "databases", []string{"pool_size", "max_connections", "current_connections", "paused", "disabled"}, []string{"name", "host", "port", "database", "force_user", "pool_mode"})
	numbers(console, "stats_totals", []string{"query_count", "query_time", "bytes_received", "bytes_sent", "wait_time", "xact_count", "xact_time", "client_parse_count", "server_parse_count", "bind_count"}, []string{"database"})
	numbers(console, "pools", []string{"cl_active", "cl_active_cancel_req", "cl_waiting", "cl_waiting_cancel_req", "sv_active", "sv_active_cancel", "sv_being_canceled", "sv_idle", "sv_used", "sv_tested", "sv_login", "maxwait"}, []string{"database", "user"})

	var version string
	need(console.QueryRow("SHOW VERSION;").Scan(&version), "SHOW VERSION")
	ok("version")
	fmt.Printf("done %d\n", done)
}

// The first two columns of every row.
func pairs(console *sql.DB, query string, width int) map[string]string {
	found := map[string]string{}
	for _, row := range rows(console, query) {
		if len(row.names) != width {
			fail("%s has %d columns", query, len(row.names))
		}
		found[text(row.values[0])] = text(row.values[1])
	}
	return found
}

// Every row has these columns: the first are numbers, the others are there.
func numbers(console *sql.DB, name string, numeric []string, labels []string) {
	all := rows(console, "SHOW "+name+";")
	if len(all) == 0 {
		fail("SHOW %s has no rows", name)
	}
	for _, row := range all {
		at := map[string]int{}
		for i, column := range row.names {
			at[column] = i
		}
		for _, column := range append(append([]string{}, numeric...), labels...) {
			if _, has := at[column]; !has {
				fail("SHOW %s has no column %s", name, column)
			}
		}
		for _, column := range numeric {
			number(text(row.values[at[column]]), column)
		}
		for _, column := range labels {
			switch row.values[at[column]].(type) {
			case nil, string, int64:
			default:
				fail("SHOW %s: %s is a %T", name, column, row.values[at[column]])
			}
		}
	}
	ok(name)
}

type row struct {
	names  []string
	values []interface{}
}

func rows(console *sql.DB, query string) []row {
	answer, err := console.Query(query)
	need(err, query)
	defer answer.Close()
	names, err := answer.Columns()
	need(err, query)
	var all []row
	for answer.Next() {
		values := make([]interface{}, len(names))
		places := make([]interface{}, len(names))
		for i := range values {
			places[i] = &values[i]
		}
		need(answer.Scan(places...), query)
		all = append(all, row{names, values})
	}
	need(answer.Err(), query)
	return all
}

func text(value interface{}) string {
	if bytes, is := value.([]byte); is {
		return string(bytes)
	}
	return fmt.Sprint(value)
}

func number(value string, what string) {
	_, err := strconv.ParseFloat(value, 64)
	need(err, what)
}

func ok(name string) {
	done++
	fmt.Println("ok " + name)
}

func need(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Printf(format+"\n", arguments...)
	os.Exit(1)
}
