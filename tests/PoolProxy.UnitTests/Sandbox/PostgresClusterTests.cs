using Npgsql;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.UnitTests.Sandbox;

public sealed class PostgresClusterTests
{
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_cluster_of_each_version_starts_with_UTF8_and_locale_C(int major)
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Wish = PostgresWish.Exactly(major) });

        Assert.Equal(major * 10000, int.Parse((await cluster.QueryAsync<string>("show server_version_num"))!) / 10000 * 10000);
        Assert.Equal("UTF8", await cluster.QueryAsync<string>("show server_encoding"));
        Assert.Equal("C", await cluster.QueryAsync<string>("select datcollate from pg_database where datname = 'postgres'"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_stopped_server_starts_again_with_changed_settings_and_keeps_its_data(int major)
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions { Wish = PostgresWish.Exactly(major) });
        await cluster.ExecuteAsync("create table kept(n int); insert into kept values (7)");
        cluster.Settings["max_connections"] = "33";

        await cluster.RestartServerAsync(PostgresStop.Immediate);

        Assert.Equal("33", await cluster.QueryAsync<string>("show max_connections"));
        Assert.Equal(7, await cluster.QueryAsync<int>("select n from kept"));
    }

    [Fact]
    public async Task A_reload_is_over_when_the_new_setting_counts()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        cluster.Settings["work_mem"] = "5MB";

        await cluster.ReloadAsync();

        Assert.Equal("5MB", await cluster.QueryAsync<string>("show work_mem"));
    }

    [Fact]
    public async Task A_server_that_cannot_start_fails_with_its_own_words()
    {
        var options = new PostgresClusterOptions { Settings = new Dictionary<string, string> { ["shared_buffers"] = "nonsense" } };

        SandboxException error = await Assert.ThrowsAsync<SandboxException>(() => PostgresCluster.StartAsync(options));

        Assert.Contains("invalid value for parameter \"shared_buffers\"", error.Message);
    }

    [Fact]
    public async Task A_killed_backend_takes_the_others_along_and_the_server_recovers()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();
        await using NpgsqlConnection connection = await cluster.OpenAsync();

        cluster.KillBackend(connection.ProcessID);

        await using var command = new NpgsqlCommand("select 1", connection);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => command.ExecuteScalarAsync());
        await WaitFor.TrueAsync(async () =>
        {
            try
            {
                return await cluster.QueryAsync<int>("select 1") == 1;
            }
            // 57P03 while it recovers.
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Only_backends_of_the_cluster_can_be_signalled()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync();

        Assert.Throws<SandboxException>(() => cluster.KillBackend(Environment.ProcessId));
    }

    [Fact]
    public async Task Disposal_leaves_no_process_and_no_folder()
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync();
        int postmaster = cluster.PostmasterId;

        await cluster.DisposeAsync();

        Assert.Null(ProcessStatus.Read(postmaster));
        Assert.False(Directory.Exists(cluster.DataFolder));
    }

    [Fact]
    public async Task TLS_with_a_client_certificate_logs_in_where_pg_hba_demands_it()
    {
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        await using PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Certificate = certificates.ServerRsa,
            ClientAuthorityFile = certificates.AuthorityFile,
            HbaLines = ["hostssl all all 127.0.0.1/32 cert"],
        });
        await cluster.ExecuteAsync("create role carol login");
        var builder = new NpgsqlConnectionStringBuilder(cluster.ConnectionString(user: "carol"))
        {
            SslMode = SslMode.VerifyFull,
            RootCertificate = certificates.AuthorityFile,
            SslCertificate = certificates.Client("carol").CertificateFile,
            SslKey = certificates.Client("carol").KeyFile,
        };

        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();

        await using var command = new NpgsqlCommand("select current_user", connection);
        Assert.Equal("carol", await command.ExecuteScalarAsync());
    }
}
