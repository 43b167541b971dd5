using System.Globalization;
using PoolProxy.Core;
using PoolProxy.Hosting;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Hosting;

public sealed class PidFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Combine("poolproxy.pid");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_holds_the_process_number_while_the_proxy_runs_and_is_gone_afterwards()
    {
        using (PidFile.Write(Path))
        {
            Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllText(Path).Trim());
        }

        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_file_of_a_process_that_runs_is_not_overwritten()
    {
        File.WriteAllText(Path, "1\n");
        Assert.Throws<ProxyFaultException>(() => PidFile.Write(Path));
        Assert.Equal("1", File.ReadAllText(Path).Trim());
    }

    [Fact]
    public void A_file_left_by_a_process_that_is_gone_is_taken_over()
    {
        File.WriteAllText(Path, "4194305\n");
        using (PidFile.Write(Path))
        {
            Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllText(Path).Trim());
        }
    }

    [Fact]
    public void No_file_is_written_where_none_is_wanted() => Assert.Null(PidFile.Write(""));
}
