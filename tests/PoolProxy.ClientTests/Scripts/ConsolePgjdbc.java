// pgJDBC in the console: the extended protocol, which it uses for everything, with statements prepared on the server and binary results from the first execution on; and the simple one.

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;

public final class ConsolePgjdbc {
    private static int done;

    public static void main(String[] arguments) throws Exception {
        for (String mode : new String[] {"extended", "simple"}) {
            Properties properties = new Properties();
            properties.setProperty("user", System.getenv("TARGET_USER"));
            properties.setProperty("password", System.getenv("TARGET_PASSWORD"));
            properties.setProperty("sslmode", "disable");
            properties.setProperty("prepareThreshold", "-1");
            properties.setProperty("preferQueryMode", mode);
            String url = "jdbc:postgresql://" + System.getenv("TARGET_HOST") + ":" + System.getenv("TARGET_PORT") + "/" + System.getenv("TARGET_DATABASE");
            try (Connection console = DriverManager.getConnection(url, properties)) {
                read(console);
                console.setAutoCommit(false);
                read(console);
                console.commit();
            }
            System.out.println("ok " + mode);
            done++;
        }
        System.out.println("done " + done);
    }

    private static void read(Connection console) throws Exception {
        try (PreparedStatement pools = console.prepareStatement("SHOW POOLS"); ResultSet rows = pools.executeQuery()) {
            int active = 0;
            while (rows.next()) {
                active += rows.getString("database").equals("pgbouncer") ? rows.getInt("cl_active") : 0;
            }
            check(active == 1, "cl_active is " + active);
        }
        try (Statement stats = console.createStatement(); ResultSet rows = stats.executeQuery("SHOW STATS")) {
            check(rows.next() && rows.getBigDecimal("total_xact_count").signum() >= 0, "total_xact_count");
        }
        try (Statement control = console.createStatement()) {
            check(!control.execute("RELOAD"), "RELOAD has no rows");
        }
    }

    private static void check(boolean isSo, String what) {
        if (!isSo) {
            throw new AssertionError(what);
        }
    }
}
