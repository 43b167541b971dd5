using PoolProxy.Commands;
using Xunit;

namespace PoolProxy.UnitTests.CommandLine;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("pp-cli").FullName;
    private RunOptions? _run;
    private bool? _demoOnce;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_runs_the_proxy()
    {
        Assert.Equal(7, await InvokeAsync("pool.toml"));
        Assert.Equal(new RunOptions("pool.toml", IsQuiet: false, Verbose: 0), _run);
    }

    [Theory]
    [InlineData("-v pool.toml", 1, false)]
    [InlineData("-v -v pool.toml", 2, false)]
    [InlineData("-vv pool.toml", 2, false)]
    [InlineData("--verbose pool.toml -q", 1, true)]
    [InlineData("-q pool.toml", 0, true)]
    [InlineData("-qv pool.toml", 1, true)]
    public async Task Flags_mean_what_they_mean_to_PgBouncer(string arguments, int verbose, bool isQuiet)
    {
        Assert.Equal(7, await InvokeAsync(arguments.Split(' ')));
        Assert.Equal(new RunOptions("pool.toml", isQuiet, verbose), _run);
    }

    [Theory]
    [InlineData("-d pool.toml", true, false, null)]
    [InlineData("-R pool.toml", false, true, null)]
    [InlineData("-u postgres pool.toml", false, false, "postgres")]
    [InlineData("-Rd --user=postgres pool.toml", true, true, "postgres")]
    [InlineData("--daemon --reboot pool.toml", true, true, null)]
    public async Task Flags_of_the_process_mean_what_they_mean_to_PgBouncer(string arguments, bool isDaemon, bool takesOver, string? user)
    {
        Assert.Equal(7, await InvokeAsync(arguments.Split(' ')));
        Assert.Equal(new RunOptions("pool.toml", IsQuiet: false, Verbose: 0, isDaemon, takesOver, user), _run);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-v")]
    [InlineData("--nonsense pool.toml")]
    [InlineData("pool.toml second.toml")]
    [InlineData("check")]
    [InlineData("doctor")]
    [InlineData("explain pool.toml")]
    [InlineData("explain pool.toml --token x")]
    [InlineData("explain pool.toml --database app")]
    [InlineData("explain pool.toml --token x --database app --address example.com")]
    [InlineData("explain pool.toml --token x --database app --at noon")]
    [InlineData("demo extra")]
    public async Task What_cannot_be_understood_ends_with_2(string arguments)
    {
        Assert.Equal(ExitCode.BadCommandLine, await InvokeAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith("poolproxy: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Null(_run);
        Assert.Null(_demoOnce);
    }

    [Theory]
    [InlineData("-V")]
    [InlineData("--version")]
    public async Task The_version_is_printed(string flag)
    {
        Assert.Equal(ExitCode.Ok, await InvokeAsync(flag));
        Assert.Matches(@"^PoolProxy \d+\.\d+\.\d+\nruntime: \.NET 10\.", _output.ToString());
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public async Task Help_names_commands_exit_codes_and_signals(string flag)
    {
        Assert.Equal(ExitCode.Ok, await InvokeAsync(flag));
        Assert.All(
            new[] { "check", "doctor", "demo", "Exit codes", "QUIT", "--verbose" },
            word => Assert.Contains(word, _output.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("demo", false)]
    [InlineData("demo --once", true)]
    public async Task Demo_is_told_whether_once(string arguments, bool once)
    {
        Assert.Equal(8, await InvokeAsync(arguments.Split(' ')));
        Assert.Equal(once, _demoOnce);
    }

    [Fact]
    public async Task Check_says_that_a_good_file_has_no_faults()
    {
        var file = Write("[proxy]\nlisten_addr = \"127.0.0.1\"\n");
        Assert.Equal(ExitCode.Ok, await InvokeAsync("check", file));
        Assert.Equal($"{file}: no faults\n", _output.ToString());
    }

    [Fact]
    public async Task Check_prints_every_fault_with_its_place()
    {
        var file = Write("[proxy]\nlisten_prt = 6000\nmax_client_conn = -1\n");
        Assert.Equal(ExitCode.BadFile, await InvokeAsync("check", file));
        var lines = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"{file}:2:1: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("listen_port", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{file}:3:", lines[1], StringComparison.Ordinal);
        Assert.Equal($"{file}: 2 faults", lines[2]);
    }

    [Fact]
    public async Task Check_prints_every_fault_of_a_rule_with_its_place()
    {
        var file = Write("""
            [proxy]
            listen_addr = "127.0.0.1"
            auth_type = "jwt"
            token_without_tls = "loopback"
            [issuers.corp]
            issuer = "https://login.example.com"
            audience = "poolproxy"
            [databases.app]
            host = "127.0.0.1"
            [databases.app.logins.app_read]
            user = "pp_app_read"
            [[rules]]
            issuer = "corp"
            role = "app_read"
            hours = ["Mon 8-9", "always"]
            time_zone = "Mars/Base"
            [[rules]]
            issuer = "corp"
            role = "app_read"
            hours = "08:00-08:00"
            """);
        Assert.Equal(ExitCode.BadFile, await InvokeAsync("check", file));
        Assert.Equal(
            [
                $"{file}: 4 faults", $"{file}:15:9: \"Mon 8-9\" is not of the form Mon-Fri 08:00-18:00", $"{file}:15:9: \"always\" is not of the form Mon-Fri 08:00-18:00",
                $"{file}:16:13: \"Mars/Base\" is no time zone that this system knows", $"{file}:20:9: \"08:00-08:00\" is not of the form Mon-Fri 08:00-18:00",
            ],
            _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Check_of_a_file_that_is_not_there_ends_with_3()
    {
        Assert.Equal(ExitCode.BadFile, await InvokeAsync("check", Path.Combine(_folder, "missing.toml")));
        Assert.Contains("missing.toml", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_a_command_reaches_the_caller()
    {
        var line = new Commands.CommandLine(
            new ProxyCommands { Run = _ => throw new InvalidOperationException("boom"), Demo = (_, _) => Task.FromResult(0) }, _output, _error);
        await Assert.ThrowsAsync<InvalidOperationException>(() => line.InvokeAsync(["pool.toml"]));
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder, "pool.toml");
        File.WriteAllText(file, text);
        return file;
    }

    private Task<int> InvokeAsync(params string[] arguments) => new Commands.CommandLine(
        new ProxyCommands
        {
            Run = options =>
            {
                _run = options;
                return Task.FromResult(7);
            },
            Demo = (once, _) =>
            {
                _demoOnce = once;
                return Task.FromResult(8);
            },
        },
        _output,
        _error).InvokeAsync(arguments);
}
