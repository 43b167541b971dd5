// pgJDBC: one question, asked with whatever proof the environment holds. It takes a certificate whose key is PKCS #8 in DER.

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

public final class Proof {
    public static void main(String[] arguments) {
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("TARGET_USER"));
        properties.setProperty("password", System.getenv("TARGET_PASSWORD"));
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", System.getenv("TARGET_CA"));
        if (System.getenv("TARGET_DER_KEY") != null) {
            properties.setProperty("sslcert", System.getenv("TARGET_CERT"));
            properties.setProperty("sslkey", System.getenv("TARGET_DER_KEY"));
        }
        String url = "jdbc:postgresql://" + System.getenv("TARGET_HOST") + ":" + System.getenv("TARGET_PORT") + "/" + System.getenv("TARGET_DATABASE");
        try (Connection connection = DriverManager.getConnection(url, properties);
                ResultSet rows = connection.createStatement().executeQuery("select 'in as ' || current_user")) {
            rows.next();
            System.out.println(rows.getString(1));
        } catch (SQLException error) {
            System.err.println(error.getMessage());
            System.exit(1);
        }
    }
}
