using System.Globalization;
using System.Net.Sockets;
using PoolProxy.ClientTests.Running;
using PoolProxy.Testing;

namespace PoolProxy.ClientTests.Consoles;

/// <summary>
/// The <c>pgbouncer.ini</c> that Debian's package installs, as it stands in /etc: its folders for log and socket are those of Debian's postgresql, its list of users is empty, and it listens where
/// it says. What it asks of a machine is what it asks for PgBouncer.
/// </summary>
public sealed class DebianSampleTests
{
    private const string Sample = "/etc/pgbouncer/pgbouncer.ini";

    [Fact]
    public async Task Debians_sample_file_starts_unmodified_and_listens_where_it_says()
    {
        Assert.True(File.Exists(Sample), $"{Sample} is missing: install Debian's pgbouncer");
        // Debian's service runs as postgres; root has to say so where it is meant, as with PgBouncer.
        string[] user = Environment.UserName == "root" ? ["-u", "root"] : [];
        var proxy = new ForeignProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, "poolproxy.dll"), .. user, Sample], "the SDK")
        {
            Meanwhile = async processId =>
            {
                await WaitFor.TrueAsync(async () => await IsListeningAsync());
                await using (RawClient tcp = await RawClient.ConnectAsync(6432))
                {
                    Assert.Equal("28P01", (await tcp.TryLoginAsync("nobody", "nowhere", "nothing")).Error?.SqlState);
                }
                await using (RawClient unix = await RawClient.ConnectUnixAsync("/var/run/postgresql", 6432))
                {
                    Assert.Equal("28P01", (await unix.TryLoginAsync("nobody", "nowhere", "nothing")).Error?.SqlState);
                }
                Assert.Equal(processId.ToString(CultureInfo.InvariantCulture), (await File.ReadAllTextAsync("/var/run/postgresql/pgbouncer.pid")).Trim());
                await new ForeignProgram("/bin/kill", ["-INT", processId.ToString(CultureInfo.InvariantCulture)], "Debian's procps").RunWellAsync();
            },
        };
        await proxy.RunWellAsync();
        Assert.Contains("login failed: db=nowhere user=nobody", await File.ReadAllTextAsync("/var/log/postgresql/pgbouncer.log"), StringComparison.Ordinal);
    }

    private static async Task<bool> IsListeningAsync()
    {
        try
        {
            await using RawClient client = await RawClient.ConnectAsync(6432);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
