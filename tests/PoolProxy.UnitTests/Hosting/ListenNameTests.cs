using Xunit;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>Names in <c>listen_addr</c>.</summary>
public sealed class ListenNameTests
{
    [Fact]
    public async Task A_name_that_cannot_be_resolved_ends_the_start_with_that_line_and_exit_code_1()
    {
        // RFC 6761 §6.4: no name under "invalid" ever has an address.
        using var folder = new ProgramFolder();
        await File.WriteAllTextAsync(folder.File, (await File.ReadAllTextAsync(folder.File)).Replace("\"127.0.0.1\"", "\"127.0.0.1, nosuch.invalid\"", StringComparison.Ordinal));
        var (code, error) = await folder.RunAsync("-q", "-u", Environment.UserName);
        Assert.Equal(ExitCode.Fault, code);
        Assert.Matches("^listen_addr: \"nosuch\\.invalid\" cannot be resolved: [^\n]+\n$", error);
        Assert.Null(folder.ProcessId);
        Assert.Empty(Directory.GetFiles(folder.Path, ".s.*"));
    }
}
