using System.CommandLine;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Soak;

namespace PoolProxy.Soak;

/// <summary>The command line.</summary>
internal sealed class SoakCommand
{
    private readonly TextWriter _output;
    private readonly Option<long> _statements = new("--statements") { Description = "it ends when so many were answered", DefaultValueFactory = _ => 10_000_000 };
    private readonly Option<double> _minutes = new("--minutes") { Description = "it ends then at the latest", DefaultValueFactory = _ => 240 };
    private readonly Option<int> _people = new("--people") { Description = "identities, each with a connection and rows of its own", DefaultValueFactory = _ => 300 };
    private readonly Option<int> _intruders = new("--intruders") { Description = "identities that leave things behind for others", DefaultValueFactory = _ => 30 };
    private readonly Option<int> _servers = new("--servers") { Description = "servers of each pool", DefaultValueFactory = _ => 4 };
    private readonly Option<string> _level = new("--isolation") { Description = "partitioned, set_role or exclusive", DefaultValueFactory = _ => "partitioned" };
    private readonly Option<int?> _postgres = new("--postgres") { Description = "PostgreSQL's major version; by default the first that is found" };
    private readonly Option<double> _trouble = new("--trouble") { Description = "seconds between a reload, a backend's end or a kill; 0 for none", DefaultValueFactory = _ => 3 };
    private readonly Option<int> _seed = new("--seed") { Description = "where chance starts", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _without = new("--without-prelude") { Description = "let preludes do nothing: this must show violations" };
    private readonly RootCommand _root;

    /// <summary>Builds it; all it says goes to the writer.</summary>
    public SoakCommand(TextWriter output)
    {
        _output = output;
        _level.AcceptOnlyFromAmong("partitioned", "set_role", "exclusive");
        _root = new RootCommand("Identities with rows of their own over few servers, under faults: how many statements, and how many violations.")
        {
            _statements, _minutes, _people, _intruders, _servers, _level, _postgres, _trouble, _seed, _without,
        };
        _root.SetAction(RunAsync);
        _root.Subcommands.Add(OutageCommand());
        _root.Subcommands.Add(RevocationCommand());
        _root.Subcommands.Add(FailoverCommand());
    }

    /// <summary>Carries out a command line.</summary>
    /// <returns>0 without a violation, 1 with one, 2 where it could not be run.</returns>
    public async Task<int> InvokeAsync(string[] arguments)
    {
        try
        {
            return await _root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = _output, EnableDefaultExceptionHandler = false });
        }
        catch (SandboxException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
    }

    private Command OutageCommand()
    {
        var minutes = new Option<double>("--minutes") { Description = "how long the issuer is stopped", DefaultValueFactory = _ => 10 };
        var pace = new Option<double>("--logins") { Description = "logins a second of each crowd whose key is known", DefaultValueFactory = _ => 20 };
        var command = new Command("outage", "An issuer is stopped and rotates its keys twice, under steady logins: refusals and latencies.") { minutes, pace };
        command.SetAction(async parsed => await OutageRun.RunAsync(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(pace), _output) ? 0 : 1);
        return command;
    }

    private Command RevocationCommand()
    {
        var sessions = new Option<int>("--sessions") { Description = "sessions that are open meanwhile", DefaultValueFactory = _ => 5000 };
        var tries = new Option<int>("--tries") { Description = "tries of each source", DefaultValueFactory = _ => 100 };
        var command = new Command("revocation", "From a revocation to the closed socket of a session that runs a statement, for each source.") { sessions, tries };
        command.SetAction(async parsed => await RevocationRun.RunAsync(parsed.GetValue(sessions), parsed.GetValue(tries), _output) ? 0 : 1);
        return command;
    }

    private Command FailoverCommand()
    {
        var writers = new Option<int>("--writers") { Description = "clients that write", DefaultValueFactory = _ => 32 };
        var servers = new Option<int>("--servers") { Description = "servers of the pool", DefaultValueFactory = _ => 8 };
        var calm = new Option<double>("--seconds") { Description = "load before, between and after", DefaultValueFactory = _ => 10 };
        var hesitation = new Option<double>("--hesitation") { Description = "seconds from the primary's death to its standby's promotion", DefaultValueFactory = _ => 3 };
        var postgres = new Option<int?>("--postgres") { Description = "PostgreSQL's major version; by default the first that is found" };
        var command = new Command("failover", "A primary dies under load and its synchronous standby takes over: longest stall, errors, and whether every acknowledged row is there.")
        {
            writers, servers, calm, hesitation, postgres,
        };
        command.SetAction(async parsed => await FailoverReport.RunAsync(
            parsed.GetValue(postgres) is { } major ? PostgresWish.Exactly(major) : PostgresWish.Any, parsed.GetValue(writers), parsed.GetValue(servers),
            TimeSpan.FromSeconds(parsed.GetValue(calm)), TimeSpan.FromSeconds(parsed.GetValue(hesitation)), _output) ? 0 : 1);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var counts = await SoakRun.RunAsync(
            new SoakOptions
            {
                Postgres = parsed.GetValue(_postgres) is { } major ? PostgresWish.Exactly(major) : PostgresWish.Any,
                Level = parsed.GetValue(_level)!,
                People = parsed.GetValue(_people),
                Intruders = parsed.GetValue(_intruders),
                Servers = parsed.GetValue(_servers),
                Statements = parsed.GetValue(_statements),
                Longest = TimeSpan.FromMinutes(parsed.GetValue(_minutes)),
                TroubleInterval = TimeSpan.FromSeconds(parsed.GetValue(_trouble)),
                LeavesPreludeOut = parsed.GetValue(_without),
                Seed = parsed.GetValue(_seed),
            },
            _output);
        return counts.Violations == 0 ? 0 : 1;
    }
}
