using System.Diagnostics;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Sandbox;

/// <summary>What is left of a cluster when the program that started it ends; <see cref="ClusterParent"/> is that program.</summary>
public sealed class ClusterLifeTests
{
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;

    [Theory]
    [InlineData(KillSignal)]
    [InlineData(TerminateSignal)]
    public async Task Nothing_is_left_when_the_parent_is_ended_by_a_signal(int signal)
    {
        using Process parent = StartParent();
        string[] words = (await parent.StandardOutput.ReadLineAsync().WaitAsync(Deadlines.Step))!.Split(' ');
        (int postmaster, string dataFolder) = (int.Parse(words[0]), words[1]);
        Assert.NotNull(ProcessStatus.Read(postmaster));

        Posix.Kill(parent.Id, signal);

        await parent.WaitForExitAsync().WaitAsync(Deadlines.Step);
        await WaitFor.TrueAsync(() => ProcessStatus.Read(postmaster) is null);
        await WaitFor.TrueAsync(() => !Directory.Exists(Path.GetDirectoryName(dataFolder)));
    }

    private static Process StartParent()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", "--runtimeconfig", RuntimeFile("runtimeconfig.json"), "--depsfile", RuntimeFile("deps.json"), typeof(ClusterParent).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }

    private static string RuntimeFile(string extension) =>
        Path.Combine(AppContext.BaseDirectory, $"{typeof(ClusterParent).Assembly.GetName().Name}.{extension}");
}
