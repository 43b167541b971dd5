using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using PoolProxy.Core;

namespace PoolProxy.Commands;

/// <summary>
/// The command line: <c>poolproxy [-v] [-q] FILE</c> runs, <c>check FILE</c> validates, <c>convert FILE</c> makes a pool.toml of a pgbouncer.ini, <c>doctor FILE</c> looks at the servers,
/// <c>explain FILE</c> accounts for what becomes of a token, <c>demo</c> shows. Flags are PgBouncer's.
/// </summary>
internal sealed class CommandLine
{
    private const string Description = """
        PoolProxy: a PostgreSQL connection pooler that proves who connects and runs each transaction as that person's role.

        Exit codes: 0 done; 1 a fault while running; 2 a command line that cannot be understood; 3 a configuration file that cannot be read or has faults.
        Of doctor: 0 no fault; 1 faults; 2 the file has faults, or a server could not be looked at.
        Of explain: 0 let in; 1 refused; 2 it could not be looked at.
        Of audit verify: 0 whole; 1 broken; 2 it could not be looked at.

        Signals: HUP reloads the file and opens the logs again; TERM waits for clients to leave, INT for servers to come free (either a second time: now);
        QUIT stops at once; USR1 pauses, USR2 resumes.
        """;

    private readonly ProxyCommands _commands;
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Argument<string?> _file = new("FILE") { Description = "the configuration, a pool.toml or a pgbouncer.ini", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "more in the log; twice for more still", Arity = ArgumentArity.Zero };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "nothing to standard error; logfile is written all the same" };
    private readonly Option<bool> _daemon = new("--daemon", "-d") { Description = "run in the background; returns when the proxy listens, or has failed. Needs pidfile" };
    private readonly Option<bool> _reboot = new("--reboot", "-R") { Description = "take over the listening sockets of the proxy that runs, which goes when its clients have gone. Needs unix_socket_dir" };
    private readonly Option<string?> _user = new("--user", "-u") { Description = "run as this user; root must name one, and may name root", HelpName = "USER" };
    private readonly RootCommand _root;

    /// <summary>Builds the commands. Nothing outside the two writers is written to.</summary>
    public CommandLine(ProxyCommands commands, TextWriter output, TextWriter error)
    {
        _commands = commands;
        _output = output;
        _error = error;
        _root = new RootCommand(Description) { _file, _verbose, _quiet, _daemon, _reboot, _user };
        var builtInVersion = _root.Options.OfType<VersionOption>().Single();
        _root.Options.Remove(builtInVersion);
        _root.Options.Add(new Option<bool>("--version", "-V") { Description = "print the version", Arity = ArgumentArity.Zero, Action = new VersionAction() });
        _root.SetAction(RunAsync);
        _root.Subcommands.Add(CheckCommand());
        _root.Subcommands.Add(ConvertCommand());
        _root.Subcommands.Add(DoctorCommand());
        _root.Subcommands.Add(ExplainCommand());
        _root.Subcommands.Add(AuditCommand());
        _root.Subcommands.Add(DemoCommand());
    }

    /// <summary>Carries out a command line.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments)
    {
        var parsed = _root.Parse(arguments);
        if (parsed.Errors.Count > 0)
            return BadCommandLine([.. parsed.Errors.Select(error => error.Message)]);
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = _output,
            Error = _error,
            // Signals are ours: the library's reaction would end the process two seconds after the first SIGTERM.
            ProcessTerminationTimeout = null,
            // A fault must reach the log and the caller with its trace.
            EnableDefaultExceptionHandler = false,
        });
    }

    private Command CheckCommand()
    {
        var file = new Argument<string>("FILE") { Description = "the configuration, a pool.toml or a pgbouncer.ini" };
        var command = new Command("check", "validate a configuration and print every fault with its line and column") { file };
        command.SetAction(parsed => ConfigurationCheck.Run(parsed.GetRequiredValue(file), _output, _error));
        return command;
    }

    private Command ConvertCommand()
    {
        var file = new Argument<string>("FILE") { Description = "a pgbouncer.ini" };
        var command = new Command("convert", "print the pool.toml that means what a pgbouncer.ini means") { file };
        command.SetAction(parsed => Commands.ConvertCommand.Run(parsed.GetRequiredValue(file), _output, _error));
        return command;
    }

    private Command DoctorCommand()
    {
        var file = new Argument<string>("FILE") { Description = "the configuration, a pool.toml" };
        var command = new Command("doctor", "look at every server and login that a configuration uses, and print what is wrong and the SQL that puts it right") { file };
        command.SetAction((parsed, _) => Commands.DoctorCommand.RunAsync(parsed.GetRequiredValue(file), _output, _error));
        return command;
    }

    private Command ExplainCommand()
    {
        var file = new Argument<string>("FILE") { Description = "the configuration, a pool.toml" };
        var token = new Option<string>("--token") { Description = "the token; - reads it from standard input, where others cannot see it", HelpName = "TOKEN", Required = true };
        var database = new Option<string>("--database") { Description = "the database to enter; pgbouncer is the console", HelpName = "NAME", Required = true };
        var user = new Option<string?>("--user") { Description = "the user to connect as; without it the token's sub", HelpName = "NAME" };
        var certificate = new Option<string?>("--certificate") { Description = "the client certificate that would be shown", HelpName = "FILE" };
        var address = new Option<IPAddress?>("--address")
        {
            Description = "where the client would come from; without it the Unix socket", HelpName = "ADDRESS",
            CustomParser = result => Take(result, (string text, out IPAddress? value) => IPAddress.TryParse(text, out value), "is no address"),
        };
        var at = new Option<DateTimeOffset?>("--at")
        {
            Description = "the time to judge by, such as 2026-11-21T08:00:00+01:00 (UTC without an offset); without it now", HelpName = "TIME",
            CustomParser = result => Take(
                result,
                (string text, out DateTimeOffset? value) =>
                {
                    var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment);
                    value = moment;
                    return isTime;
                },
                "is no time"),
        };
        var command = new Command("explain", "say why a token is let in, refused, or mapped as it is") { file, token, database, user, certificate, address, at };
        command.SetAction((parsed, _) => Commands.ExplainCommand.RunAsync(
            new TokenQuestion
            {
                File = parsed.GetRequiredValue(file), Token = parsed.GetRequiredValue(token), Database = parsed.GetRequiredValue(database),
                User = parsed.GetValue(user), CertificateFile = parsed.GetValue(certificate), Address = parsed.GetValue(address), At = parsed.GetValue(at),
            },
            Console.In, _output, _error));
        return command;
    }

    private delegate bool Reading<T>(string text, out T value);

    private static T? Take<T>(ArgumentResult result, Reading<T> read, string fault)
    {
        var text = result.Tokens[0].Value;
        if (!read(text, out var value))
        {
            result.AddError($"{text} {fault}");
        }

        return value;
    }

    private Command AuditCommand()
    {
        var files = new Argument<string[]>("FILE") { Description = "the trail's files, oldest first", Arity = ArgumentArity.OneOrMore };
        var key = new Option<string?>("--key") { Description = "the file that chain_key names", HelpName = "FILE" };
        var head = new Option<string?>("--head") { Description = "a head that was printed before and kept: it must still be there", HelpName = "SEQ:HASH" };
        var verify = new Command("verify", "prove that nothing of an audit trail was changed or removed") { files, key, head };
        verify.SetAction(parsed => Commands.AuditCommand.Verify(parsed.GetRequiredValue(files), parsed.GetValue(key), parsed.GetValue(head), _output, _error));
        return new Command("audit", "look at an audit trail") { verify };
    }

    private Command DemoCommand()
    {
        var once = new Option<bool>("--once") { Description = "tell the story once and exit: 0 where all went well" };
        var command = new Command("demo", "start a throwaway PostgreSQL, an issuer and the proxy, and print lines to paste") { once };
        command.SetAction((parsed, _) => _commands.Demo(parsed.GetValue(once), _output));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_file) is not { Length: > 0 } file)
            return BadCommandLine(["no configuration file specified"]);
        var verbose = parsed.GetResult(_verbose)?.IdentifierTokenCount ?? 0;
        return await _commands.Run(new RunOptions(file, parsed.GetValue(_quiet), verbose, parsed.GetValue(_daemon), parsed.GetValue(_reboot), parsed.GetValue(_user)));
    }

    private int BadCommandLine(IReadOnlyList<string> reasons)
    {
        foreach (var reason in reasons)
            _error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"poolproxy: {reason}"));
        _error.WriteLine("Try \"poolproxy --help\" for more information.");
        return ExitCode.BadCommandLine;
    }
}
