using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.ClientTests.Logins;

/// <summary>libpq, by psql and by psycopg, against each of PgBouncer's login methods: in with the right password, and what it says of others.</summary>
public sealed class PasswordTests
{
    private const string Password = "the right one";

    private const string Script = """
        import sys, psycopg
        try:
            print(psycopg.connect().execute("select 'in'").fetchone()[0])
        except psycopg.OperationalError as error:
            print(error, file=sys.stderr)
            sys.exit(2)
        """;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string authType in new[] { "plain", "md5", "scram-sha-256" })
            {
                rows.Add(authType, "psql");
                rows.Add(authType, "psycopg");
            }
            return rows;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task The_right_password_is_in_and_the_wrong_one_and_an_unknown_user_hear_the_same(string authType, string client)
    {
        ClientClusters clusters = await ClientClusters.OfAsync(PostgresWish.Any);
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "{authType}"
            pool_mode = "transaction"

            [users.known]
            password = "{Password}"

            [databases.app]
            host = "127.0.0.1"
            port = {clusters.Cluster.Port}
            dbname = "postgres"
            user = "{ClientClusters.Guest}"
            password = "{ClientClusters.Password}"
            """);
        ProgramRun right = await RunAsync(client, proxy.Port, "known", Password);
        Assert.Equal((0, "in"), (right.Status, right.Output.Trim()));
        ProgramRun wrong = await RunAsync(client, proxy.Port, "known", "the wrong one");
        ProgramRun unknown = await RunAsync(client, proxy.Port, "ghost", Password);
        Assert.Equal(2, wrong.Status);
        Assert.Contains("FATAL:  password authentication failed for user \"known\"", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(wrong.Errors.Replace("known", "ghost", StringComparison.Ordinal), unknown.Errors);
    }

    private static Task<ProgramRun> RunAsync(string client, int port, string user, string password)
    {
        ForeignProgram program = client == "psql"
            ? new ForeignProgram(PostgresPrograms.Find("psql"), ["-XAtc", "select 'in'"], "Debian's postgresql-client")
            : new ForeignProgram("/usr/bin/python3", ["-c", Script], "Debian's python3-psycopg");
        return program
            .With("PGHOST", "127.0.0.1").With("PGPORT", $"{port}").With("PGUSER", user).With("PGPASSWORD", password).With("PGDATABASE", "app")
            .With("PGSSLMODE", "disable").RunAsync();
    }
}
