using PoolProxy.Core.Doctor;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>The doctor on auth_user and auth_query: what is missing is named, and its SQL gives it.</summary>
public sealed class DoctorLookupTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private string Asker => _database.Role("asker");

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Who_may_not_read_the_roles_is_given_the_columns_that_the_default_query_reads_and_nothing_more()
    {
        await _database.ExecuteAsync($"create role {Asker} login");
        Finding finding = await OnlyFaultAsync("");
        Assert.Contains("may not ask auth_query: 42501", finding.What, StringComparison.Ordinal);
        await RepairAsync(finding);
        Assert.Empty(Faults(await ExamineAsync("")));
        Assert.False(await _database.QueryAsync<bool>($"select has_table_privilege('{Asker}', 'pg_authid', 'select')"));
    }

    [Fact]
    public async Task An_auth_user_that_does_not_exist_is_made_and_then_what_it_lacks_is_named()
    {
        Finding missing = await OnlyFaultAsync("");
        Assert.Contains("does not exist", missing.What, StringComparison.Ordinal);
        await RepairAsync(missing);
        await RepairAsync(await OnlyFaultAsync(""));
        Assert.Empty(Faults(await ExamineAsync("")));
    }

    [Theory]
    [InlineData("revoke execute on function {f} from public", "GRANT EXECUTE ON FUNCTION ")]
    [InlineData("alter function {f} security invoker", "ALTER FUNCTION ")]
    public async Task A_function_that_may_not_be_called_or_may_not_read_is_repaired(string breaks, string repair)
    {
        await _database.ExecuteAsync($"""
            create role {Asker} login;
            create function "Get auth"(name text, out usename name, out passwd text) language sql security definer as 'select rolname, rolpassword from pg_catalog.pg_authid where rolname = name';
            {breaks.Replace("{f}", "\"Get auth\"(text)", StringComparison.Ordinal)}
            """);
        const string Query = "auth_query = 'select * from \"Get auth\" ($1)'";
        Finding finding = await OnlyFaultAsync(Query);
        Assert.StartsWith(repair, Assert.Single(finding.Sql), StringComparison.Ordinal);
        await RepairAsync(finding);
        Assert.Empty(Faults(await ExamineAsync(Query)));
    }

    [Theory]
    [InlineData("select $1::text", "answers 1 columns")]
    [InlineData("select $1::text, 'x', 1", "answers 3 columns")]
    [InlineData("select 'x', 'y'", "takes 0 values")]
    [InlineData("select $1::text, $2::text", "takes 2 values")]
    [InlineData("select * from no_such_function($1)", "42883")]
    [InlineData("select name, secret from no_such_table where name = $1", "42P01")]
    [InlineData("listen $1", "42601")]
    public async Task A_query_that_finds_no_user_is_named_with_the_reason(string query, string reason)
    {
        await _database.ExecuteAsync($"create role {Asker} login");
        Finding finding = await OnlyFaultAsync($"auth_query = \"{query}\"");
        Assert.Contains(reason, finding.What, StringComparison.Ordinal);
        Assert.NotNull(finding.Advice);
    }

    private async Task<Finding> OnlyFaultAsync(string lines) => Assert.Single(Faults(await ExamineAsync(lines)));

    private static IEnumerable<Finding> Faults(DoctorReport report)
    {
        Assert.False(report.HasTrouble);
        return report.Findings.Where(finding => finding.Level == FindingLevel.Fault);
    }

    private async Task RepairAsync(Finding finding)
    {
        Assert.NotEmpty(finding.Sql);
        foreach (string statement in finding.Sql)
        {
            await _database.ExecuteAsync(statement);
        }
    }

    private async Task<DoctorReport> ExamineAsync(string lines)
    {
        using var folder = new TemporaryFolder();
        return await DemoWorlds.ExamineAsync(folder.Write("pool.toml", PoolScene.Text(
            6432, _database.Cluster.Port, _database.Name, proxy: $"auth_user = \"{Asker}\"\n{lines}").Replace("\"any\"", "\"scram-sha-256\"", StringComparison.Ordinal)));
    }
}
