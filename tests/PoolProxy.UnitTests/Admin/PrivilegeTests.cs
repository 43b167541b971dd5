using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin;
using Xunit;

namespace PoolProxy.UnitTests.Admin;

/// <summary>CVE-2026-6667: each command asks for its own right, and none has a way around the question.</summary>
public sealed class PrivilegeTests
{
    public static IEnumerable<object[]> Commands => CommandCatalogue.All.Select(command => new object[] { command.Name });

    [Theory]
    [MemberData(nameof(Commands))]
    public void Statistics_may_see_every_SHOW_but_FDS_and_do_nothing(string name)
    {
        var expected = name.StartsWith("SHOW ", StringComparison.Ordinal) && name != "SHOW FDS" ? ConsoleAccess.Stats : ConsoleAccess.Admin;
        Assert.Equal(expected, Find(name).Needs);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Without_the_right_nothing_of_a_command_runs(string name)
    {
        // There is no proxy to look at: a command that got as far as its own code would fault.
        var command = Find(name);
        var answer = await command.RunAsync(new ConsoleRequest(null!, null!, command.Needs - 1, ""));
        Assert.Equal("42501", answer.Error?.SqlState);
        Assert.Equal("admin access needed", answer.Error?.Message);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_changes_something_is_logged(string name) => Assert.Equal(!name.StartsWith("SHOW ", StringComparison.Ordinal), Find(name).IsLogged);

    private static ConsoleCommand Find(string name) => CommandCatalogue.All.Single(command => command.Name == name);
}
