// pgJDBC against the target: server-prepared statements from the first execution on, binary transfer, batches, fetch size, COPY, cancel.

import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.PGConnection;

public final class Pgjdbc {
    // Ten million characters and some.
    private static final String LARGE = "select i, repeat(chr(97 + i % 26), 1000) from generate_series(1, 10000) i";
    private static final int LARGE_ROWS = 10000;
    private static int done;

    public static void main(String[] arguments) throws Exception {
        // Where it is set the user is a person with a token for a password, and this is what the person has to see, again and again.
        String titles = System.getenv("TARGET_TITLES");
        try (Connection one = connect(); Connection two = connect()) {
            if (titles != null) {
                person(one, titles);
            } else {
                crud(one);
                transactions(one);
                prepared(one, two);
                closed(one);
                binary(one);
                batches(one);
                large(one);
                copy(one);
                cancel(one, two);
            }
        }
        System.out.println("done " + done);
    }

    private static Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("TARGET_USER"));
        properties.setProperty("password", System.getenv("TARGET_PASSWORD"));
        properties.setProperty("prepareThreshold", "1");
        String authority = System.getenv("TARGET_CA");
        if (authority == null || authority.isEmpty()) {
            properties.setProperty("sslmode", "disable");
        } else {
            properties.setProperty("sslmode", "verify-full");
            properties.setProperty("sslrootcert", authority);
        }
        return DriverManager.getConnection(
            "jdbc:postgresql://" + System.getenv("TARGET_HOST") + ":" + System.getenv("TARGET_PORT") + "/" + System.getenv("TARGET_DATABASE"), properties);
    }

    private static void crud(Connection one) throws SQLException {
        execute(one, "drop table if exists item");
        execute(one, "create table item (id int primary key, name text, raw bytea)");
        try (PreparedStatement insert = one.prepareStatement("insert into item values (?, ?, ?)")) {
            for (int i = 0; i < 100; i++) {
                insert.setInt(1, i);
                insert.setString(2, "n\u00e4me " + i);
                insert.setBytes(3, allBytes());
                check(1, insert.executeUpdate());
            }
        }
        check(10, update(one, "update item set name = ? where id < ?", "new", 10));
        check(10, update(one, "delete from item where id >= ?", 90));
        check("n\u00e4me 33", value(one, "select name from item where id = ?", 33));
        check(true, Arrays.equals(allBytes(), (byte[]) value(one, "select raw from item where id = ?", 3)));
        ok("crud");
    }

    private static void transactions(Connection one) throws SQLException {
        one.setAutoCommit(false);
        update(one, "delete from item");
        one.rollback();
        check(90L, value(one, "select count(*) from item"));
        one.commit();
        ok("rollback");

        update(one, "insert into item (id) values (?)", 1000);
        Savepoint savepoint = one.setSavepoint();
        refused("23505", () -> update(one, "insert into item (id) values (?)", 1000));
        one.rollback(savepoint);
        update(one, "insert into item (id) values (?)", 1002);
        one.commit();
        check("{1000,1002}", value(one, "select array_agg(id order by id)::text from item where id >= 1000"));
        one.commit();
        ok("savepoint");

        refused("22012", () -> value(one, "select 1 / ?", 0));
        refused("25P02", () -> value(one, "select 1"));
        one.rollback();
        check(7, value(one, "select 7"));
        one.commit();
        one.setAutoCommit(true);
        ok("error_in_transaction");
    }

    private static void prepared(Connection one, Connection two) throws SQLException {
        two.setAutoCommit(false);
        try (PreparedStatement statement = one.prepareStatement("select name, ? + 1 from item where id = ?")) {
            for (int i = 0; i < 8; i++) {
                // Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
                if (i % 2 == 1) {
                    value(two, "select 1");
                }
                statement.setInt(1, i);
                statement.setInt(2, 1);
                try (ResultSet rows = statement.executeQuery()) {
                    check(true, rows.next());
                    check("new", rows.getString(1));
                    check(i + 1, rows.getInt(2));
                    check(false, rows.next());
                }
                two.commit();
            }
        }
        two.setAutoCommit(true);
        ok("prepared_across_transactions");
    }

    private static void closed(Connection one) throws SQLException {
        // Other parameter types make the driver close its statement and parse anew, under another name.
        try (PreparedStatement statement = one.prepareStatement("select ?::text")) {
            for (int i = 0; i < 6; i++) {
                if (i % 2 == 0) {
                    statement.setInt(1, i);
                } else {
                    statement.setString(1, "" + i);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    check(true, rows.next());
                    check("" + i, rows.getString(1));
                }
            }
        }
        // More statements than its cache holds: it closes the oldest.
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 300; i++) {
                check(round + i, value(one, "select ? + " + i, round));
            }
        }
        ok("statements_closed");
    }

    private static void binary(Connection one) throws SQLException {
        String query = "select 1099511627776::int8, 0.1::float8, '{1,NULL,3}'::int4[], 12345.678::numeric, '2024-02-29 12:34:56.789012'::timestamp, 'c0ffee00-0000-0000-0000-000000000001'::uuid, ?";
        try (PreparedStatement statement = one.prepareStatement(query)) {
            for (int i = 0; i < 3; i++) {
                statement.setLong(1, i);
                try (ResultSet rows = statement.executeQuery()) {
                    check(true, rows.next());
                    check(1L << 40, rows.getLong(1));
                    check(0.1, rows.getDouble(2));
                    check("[1, null, 3]", Arrays.toString((Object[]) rows.getArray(3).getArray()));
                    check(new BigDecimal("12345.678"), rows.getBigDecimal(4));
                    check("2024-02-29T12:34:56.789012", rows.getTimestamp(5).toLocalDateTime().toString());
                    check("c0ffee00-0000-0000-0000-000000000001", rows.getObject(6).toString());
                    check((long) i, rows.getLong(7));
                }
            }
        }
        ok("binary");
    }

    private static void batches(Connection one) throws SQLException {
        try (PreparedStatement insert = one.prepareStatement("insert into item (id, name) values (?, ?)")) {
            for (int i = 0; i < 1000; i++) {
                insert.setInt(1, 2000 + i);
                insert.setString(2, "batched");
                insert.addBatch();
            }
            check(1000, insert.executeBatch().length);
            for (int id : new int[] {5000, 2000, 5001}) {
                insert.setInt(1, id);
                insert.setString(2, "twice");
                insert.addBatch();
            }
            try {
                insert.executeBatch();
                throw new AssertionError("a duplicate in a batch was taken");
            } catch (BatchUpdateException error) {
                check("23505", error.getSQLState());
            }
        }
        check(1000L, value(one, "select count(*) from item where name = ?", "batched"));
        ok("batch");
    }

    private static void large(Connection one) throws SQLException {
        check(LARGE_ROWS * 1000L, total(one, 0));
        // With a fetch size the driver keeps a named portal and asks for its rows in portions.
        one.setAutoCommit(false);
        check(LARGE_ROWS * 1000L, total(one, 700));
        one.commit();
        one.setAutoCommit(true);
        ok("large_result");
    }

    private static long total(Connection one, int fetchSize) throws SQLException {
        long total = 0;
        try (PreparedStatement statement = one.prepareStatement(LARGE)) {
            statement.setFetchSize(fetchSize);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    total += rows.getString(2).length();
                }
            }
        }
        return total;
    }

    private static void copy(Connection one) throws Exception {
        execute(one, "drop table if exists copied");
        execute(one, "create table copied (id int, name text)");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30000; i++) {
            lines.append(i).append("\tline ").append(i).append('\n');
        }
        PGConnection driver = one.unwrap(PGConnection.class);
        check(30000L, driver.getCopyAPI().copyIn("copy copied from stdin", new StringReader(lines.toString())));
        ok("copy_in");
        StringWriter out = new StringWriter();
        driver.getCopyAPI().copyOut("copy (select * from copied order by id) to stdout", out);
        check(lines.toString(), out.toString());
        ok("copy_out");
        refused("22P02", () -> {
            try {
                driver.getCopyAPI().copyIn("copy copied from stdin", new StringReader("1\tgood\nno number\tbad\n"));
            } catch (java.io.IOException error) {
                throw new AssertionError(error);
            }
        });
        check(30000L, value(one, "select count(*) from copied"));
        ok("copy_failed");
    }

    private static void cancel(Connection one, Connection two) throws Exception {
        try (Statement nap = one.createStatement()) {
            Thread canceller = new Thread(() -> {
                try {
                    long end = System.nanoTime() + 60_000_000_000L;
                    while (!Objects.equals(1L, value(two, "select count(*) from pg_stat_activity where datname = current_database() and state = 'active'"
                            + " and query like '%pg_sleep%' and pid <> pg_backend_pid()"))) {
                        if (System.nanoTime() > end) {
                            throw new AssertionError("never came: the nap");
                        }
                        Thread.sleep(10);
                    }
                    nap.cancel();
                } catch (SQLException | InterruptedException error) {
                    throw new AssertionError(error);
                }
            });
            canceller.start();
            refused("57014", () -> nap.execute("select pg_sleep(60)"));
            canceller.join();
        }
        check(5, value(one, "select 5"));
        ok("cancel");
    }

    private static void person(Connection one, String titles) throws SQLException {
        try (PreparedStatement own = one.prepareStatement("select string_agg(title, '|' order by id) from documents where id > ?")) {
            own.setInt(1, 0);
            for (int i = 0; i < 20; i++) {
                one.setAutoCommit(i % 2 == 0);
                try (ResultSet rows = own.executeQuery()) {
                    check(true, rows.next());
                    check(titles, rows.getString(1));
                }
            }
        }
        one.rollback();
        ok("person");
    }

    private interface Step {
        void run() throws SQLException;
    }

    private static void refused(String state, Step step) throws SQLException {
        try {
            step.run();
        } catch (SQLException error) {
            if (!state.equals(error.getSQLState())) {
                throw error;
            }
            return;
        }
        throw new AssertionError("no error where " + state + " was expected");
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < 256; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    private static Object value(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getObject(1) : null;
            }
        }
    }

    private static void bind(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static void check(Object expected, Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }

    private static void ok(String name) {
        done++;
        System.out.println("ok " + name);
    }
}
