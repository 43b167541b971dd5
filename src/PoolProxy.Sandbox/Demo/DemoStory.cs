using System.Text.Json;
using Npgsql;

namespace PoolProxy.Sandbox.Demo;

/// <summary>
/// The story that the demo tells, through Npgsql and TLS, against a proxy that runs: two people see different rows of one table over one shared server
/// connection; statements stay prepared across transactions; bad tokens are refused; the console answers; the audit trail knows it all.
/// Each chapter checks what it prints.
/// </summary>
public sealed class DemoStory(DemoScene scene, TextWriter output)
{
    private const int Rounds = 4;

    // Nobody is proven: every cause has the one code (invalid_password). Somebody is proven and not let in: errcodes-appendix.html, class 28.
    private const string NobodyProven = "28P01";
    private const string NotAuthorized = "28000";

    private const string OwnDocuments = "select title from documents order by id";
    private static readonly string[] AlicesTitles = ["Minutes of the board", "Letter to the bank"];
    private static readonly string[] BobsTitles = ["Plan of the new hall"];

    private readonly List<string> _failures = [];

    /// <summary>Tells the whole story; a chapter that fails does not stop the next.</summary>
    /// <returns>The reasons why it failed; empty when everything was as it has to be.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation = default)
    {
        (string Title, Func<CancellationToken, Task> Tell)[] chapters =
        [
            ("two people, one table, different rows", TellOfRowsAsync),
            ("one server connection for both, and nothing left behind on it", TellOfSharingAsync),
            ("prepared statements across transactions and people", TellOfStatementsAsync),
            ("tokens that are refused", TellOfRefusalsAsync),
            ("the console", TellOfConsoleAsync),
            ("the audit trail", TellOfAuditAsync),
        ];
        foreach ((string title, Func<CancellationToken, Task> tell) in chapters)
        {
            await output.WriteLineAsync($"\n== {title}");
            try
            {
                await tell(cancellation);
            }
            catch (Exception error) when (error is NpgsqlException or IOException or TimeoutException or InvalidOperationException or JsonException)
            {
                await FailAsync($"{title}: {error.Message}");
            }
        }
        return _failures;
    }

    private async Task TellOfRowsAsync(CancellationToken cancellation)
    {
        foreach ((DemoPerson person, string[] own) in People)
        {
            await using NpgsqlConnection connection = await OpenAsync(person, scene.Database, cancellation);
            string[] titles = await ReadTitlesAsync(connection, cancellation);
            await output.WriteLineAsync($"   {person} sees: {string.Join(", ", titles)}");
            await CheckAsync(titles.SequenceEqual(own), $"{person} should see exactly {string.Join(", ", own)}, and sees {Listed(titles)}");
        }
    }

    private async Task TellOfSharingAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection alice = await OpenAsync(scene.Alice, scene.Database, cancellation);
        await using NpgsqlConnection bob = await OpenAsync(scene.Bob, scene.Database, cancellation);
        var backends = new HashSet<int>();
        for (int round = 0; round < Rounds; round++)
        {
            foreach (NpgsqlConnection connection in new[] { alice, bob })
            {
                backends.Add(await ScalarAsync<int>(connection, "select pg_backend_pid()", cancellation));
            }
        }
        await output.WriteLineAsync($"   {2 * Rounds} transactions of alice and bob in turn ran on server process {string.Join(", ", backends)}");
        await CheckAsync(backends.Count == 1, $"alice and bob should share one server connection, and used {backends.Count}");

        string role = await ScalarAsync<string>(bob, "select current_user || ' on login ' || session_user", cancellation);
        await output.WriteLineAsync($"   PostgreSQL sees {role}; who it is for, the claims say");
        await CheckAsync(role == "app_read on login pp_app_read", $"the role should be app_read on login pp_app_read, and is {role}");

        await ScalarAsync<string>(alice, "select set_config('demo.note', 'left by alice', false)", cancellation);
        string left = await ScalarAsync<string>(bob, "select coalesce(current_setting('demo.note', true), '')", cancellation);
        await output.WriteLineAsync($"   alice leaves a note in her session; bob finds: \"{left}\"");
        await CheckAsync(left.Length == 0, $"bob should find nothing of alice's session, and found {left}");
    }

    private async Task TellOfStatementsAsync(CancellationToken cancellation)
    {
        var prepared = new List<(DemoPerson Person, string[] Own, NpgsqlConnection Connection, NpgsqlCommand Command)>();
        try
        {
            foreach ((DemoPerson person, string[] own) in People)
            {
                NpgsqlConnection connection = await OpenAsync(person, scene.Database, cancellation);
                var command = new NpgsqlCommand("select count(*) from documents where owner = $1", connection);
                prepared.Add((person, own, connection, command));
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person.Name });
                await command.PrepareAsync(cancellation);
            }
            // Between two executions of one person's statement the connection served the other, and was wiped.
            for (int round = 0; round < Rounds; round++)
            {
                foreach ((DemoPerson person, string[] own, _, NpgsqlCommand command) in prepared)
                {
                    object? count = await command.ExecuteScalarAsync(cancellation);
                    await CheckAsync(count is long rows && rows == own.Length, $"{person}'s prepared statement should count {own.Length}, and counted {count}");
                }
            }
            await output.WriteLineAsync($"   alice and bob each prepared a statement once and ran it {Rounds} times in turn");
        }
        finally
        {
            foreach ((_, _, NpgsqlConnection connection, NpgsqlCommand command) in prepared)
            {
                await command.DisposeAsync();
                await connection.DisposeAsync();
            }
        }
    }

    private async Task TellOfRefusalsAsync(CancellationToken cancellation)
    {
        await ExpectRefusalAsync("a token that ended an hour ago", scene.Late, scene.Database, [NobodyProven], cancellation);
        await ExpectRefusalAsync("a token signed with a stranger's key", scene.Forger, scene.Database, [NobodyProven], cancellation);
        await ExpectRefusalAsync("a good token of someone whom no rule admits", scene.Stranger, scene.Database, [NobodyProven, NotAuthorized], cancellation);
    }

    private async Task TellOfConsoleAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection console = await OpenAsync(scene.Carol, scene.ConsoleDatabase, cancellation);
        await using var command = new NpgsqlCommand("SHOW POOLS", console) { AllResultTypesAreUnknown = true };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        bool found = false;
        while (await reader.ReadAsync(cancellation))
        {
            string database = reader.GetString(reader.GetOrdinal("database"));
            string user = reader.GetString(reader.GetOrdinal("user"));
            await output.WriteLineAsync($"   carol asks SHOW POOLS: database {database}, user {user}, sv_idle {reader.GetString(reader.GetOrdinal("sv_idle"))}");
            found |= database == scene.Database;
        }
        await CheckAsync(found, $"SHOW POOLS should have a pool of database {scene.Database}");
        await ExpectRefusalAsync("alice, whom no rule lets into the console,", scene.Alice, scene.ConsoleDatabase, [NobodyProven, NotAuthorized], cancellation);
    }

    private async Task TellOfAuditAsync(CancellationToken cancellation)
    {
        // The trail is written behind the clients' backs; the last refusal is the one that comes last.
        string[] lines = [];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(scene.AuditPatience);
        try
        {
            while (!lines.Any(line => line.Contains("mallory", StringComparison.Ordinal)) || !lines.Any(line => line.Contains("carol", StringComparison.Ordinal)))
            {
                await Task.Delay(20, deadline.Token);
                lines = File.Exists(scene.AuditFile) ? await File.ReadAllLinesAsync(scene.AuditFile, deadline.Token) : [];
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await FailAsync($"the audit trail should know of carol, who came in, and mallory, who did not; it has {lines.Length} lines");
        }
        foreach (string line in lines.Where(line => line.Length > 0).TakeLast(3))
        {
            using JsonDocument record = JsonDocument.Parse(line);
            await output.WriteLineAsync("   " + record.RootElement.GetRawText());
        }
        IEnumerable<DemoPerson> everyone = [scene.Alice, scene.Bob, scene.Carol, scene.Forger, scene.Late, scene.Stranger];
        bool leaked = everyone.Any(person => lines.Any(line => line.Contains(person.Token, StringComparison.Ordinal)));
        await CheckAsync(!leaked, "the audit trail should hold no token, and does");
    }

    private IEnumerable<(DemoPerson Person, string[] Own)> People => [(scene.Alice, AlicesTitles), (scene.Bob, BobsTitles)];

    private async Task ExpectRefusalAsync(string what, DemoPerson person, string database, string[] codes, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlConnection connection = await OpenAsync(person, database, cancellation);
        }
        catch (PostgresException refusal)
        {
            await output.WriteLineAsync($"   {what} is refused: {refusal.SqlState} {refusal.MessageText}");
            await CheckAsync(codes.Contains(refusal.SqlState), $"{what} should be refused with {string.Join(" or ", codes)}, and was with {refusal.SqlState}");
            return;
        }
        await FailAsync($"{what} should be refused, and came in");
    }

    private async Task<NpgsqlConnection> OpenAsync(DemoPerson person, string database, CancellationToken cancellation)
    {
        var builder = new NpgsqlDataSourceBuilder();
        // The console has no catalogue to load types from.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(database != scene.ConsoleDatabase));
        builder.ConnectionStringBuilder.ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = scene.Host,
            Port = scene.Port,
            Database = database,
            Username = person.Name,
            Password = person.Token,
            SslMode = SslMode.VerifyFull,
            RootCertificate = scene.AuthorityFile,
            Pooling = false,
            Timeout = 15,
            CommandTimeout = 15,
        }.ConnectionString;
        // Without pooling a source holds nothing once its connection is closed.
        NpgsqlConnection connection = builder.Build().CreateConnection();
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is T value ? value : throw new InvalidOperationException($"{sql} answered no {typeof(T).Name}");
    }

    private static async Task<string[]> ReadTitlesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(OwnDocuments, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        var titles = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            titles.Add(reader.GetString(0));
        }
        return [.. titles];
    }

    private static string Listed(string[] titles) => titles.Length == 0 ? "nothing" : string.Join(", ", titles);

    private Task CheckAsync(bool holds, string failure) => holds ? Task.CompletedTask : FailAsync(failure);

    private async Task FailAsync(string failure)
    {
        _failures.Add(failure);
        await output.WriteLineAsync("   FAILED: " + failure);
    }
}
