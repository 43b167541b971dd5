using Npgsql;
using PoolProxy.Configuration;
using PoolProxy.Sandbox.Demo;
using Xunit;

namespace PoolProxy.UnitTests.Sandbox;

/// <summary>The demo without its proxy: what it is built of must hold by itself, and its story must not end well without a proxy.</summary>
public sealed class DemoWorldTests(DemoWorldTests.WorldFixture fixture) : IClassFixture<DemoWorldTests.WorldFixture>
{
    /// <summary>One world for all tests; none changes it.</summary>
    public sealed class WorldFixture : IAsyncLifetime
    {
        /// <summary>The world.</summary>
        public DemoWorld World { get; private set; } = null!;

        public async Task InitializeAsync() => World = await DemoWorld.StartAsync();

        public async Task DisposeAsync() => await World.DisposeAsync();
    }

    private DemoWorld World => fixture.World;

    [Fact]
    public async Task Its_configuration_has_no_fault()
    {
        ConfigurationResult result = ConfigurationReader.Read(await File.ReadAllTextAsync(World.ConfigurationFile), "pool.toml");

        Assert.Empty(result.Faults);
        Assert.Equal(World.Scene.Port, result.Configuration!.Proxy.ListenPort);
    }

    [Theory]
    [InlineData("{\"sub\":\"alice\"}", 2)]
    [InlineData("{\"sub\":\"bob\"}", 1)]
    [InlineData("{\"email\":\"alice\"}", 0)]
    [InlineData("", 0)]
    public async Task The_policy_shows_the_rows_of_the_claims_subject_only(string claims, long rows)
    {
        await using NpgsqlConnection login = await OpenLoginAsync();
        await using var command = new NpgsqlCommand($"set role app_read; set request.jwt.claims = '{claims}'; select count(*) from documents", login);

        Assert.Equal(rows, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Without_its_role_the_login_reads_nothing()
    {
        await using NpgsqlConnection login = await OpenLoginAsync();
        await using var command = new NpgsqlCommand("select count(*) from public.documents", login);

        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());

        Assert.Equal("42501", error.SqlState);
    }

    [Fact]
    public async Task The_login_cannot_end_its_siblings()
    {
        await using NpgsqlConnection login = await OpenLoginAsync();
        await using var command = new NpgsqlCommand("select pg_terminate_backend(1)", login);

        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteScalarAsync());

        Assert.Equal("42501", error.SqlState);
    }

    [Fact]
    public async Task Nobody_comes_in_around_the_proxy_without_its_certificate()
    {
        await using var connection = new NpgsqlConnection(World.Cluster.ConnectionString("app", "pp_app_read", "guess"));

        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());

        Assert.Equal("28000", error.SqlState);
    }

    [Fact]
    public async Task Without_a_proxy_every_chapter_of_the_story_fails()
    {
        await using var output = new StringWriter();

        // The server itself, which lets nobody in by token.
        IReadOnlyList<string> failures = await new DemoStory(World.Scene with { Port = World.Cluster.Port, AuditFile = World.ConfigurationFile + ".none", AuditPatience = TimeSpan.FromMilliseconds(50) }, output).RunAsync();

        Assert.True(failures.Count >= 6, string.Join('\n', failures));
    }

    [Fact]
    public async Task The_command_removes_everything_and_fails_when_its_proxy_does_not_work()
    {
        await using var output = new StringWriter();
        string folder = "";

        int status = await DemoCommand.RunAsync(once: true, configurationFile =>
        {
            folder = Path.GetDirectoryName(configurationFile)!;
            return Task.FromResult<IAsyncDisposable>(new StringWriter());
        }, output);

        Assert.Equal(1, status);
        Assert.Contains("the demo failed", output.ToString());
        Assert.False(Directory.Exists(folder));
    }

    private async Task<NpgsqlConnection> OpenLoginAsync()
    {
        var builder = new NpgsqlConnectionStringBuilder(World.Cluster.ConnectionString("app", "pp_app_read"))
        {
            SslMode = SslMode.VerifyFull,
            RootCertificate = World.Scene.AuthorityFile,
            SslCertificate = World.Certificates.Client("pp_app_read").CertificateFile,
            SslKey = World.Certificates.Client("pp_app_read").KeyFile,
        };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
