using PoolProxy.Core.Loops.Native;
using Xunit;

namespace PoolProxy.UnitTests.Hosting;

public sealed class CoreDumpTests
{
    [Fact]
    public void A_process_that_turned_them_off_cannot_be_dumped()
    {
        Assert.Equal(0, CoreDumps.TurnOff());
        Assert.False(CoreDumps.IsAllowed);
        Assert.Matches(@"Max core file size\s+0\s+0\s", File.ReadAllText("/proc/self/limits"));
    }

    [Fact]
    public async Task The_program_turns_them_off()
    {
        await using ServingProcess proxy = await ServingProcess.StartAsync();
        Assert.Matches(@"Max core file size\s+0\s+0\s", await proxy.ReadAsync("limits"));
    }
}
