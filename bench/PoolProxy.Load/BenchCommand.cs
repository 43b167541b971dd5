using System.CommandLine;
using System.Globalization;
using System.Reflection;
using PoolProxy.Load.Workloads;

namespace PoolProxy.Load;

/// <summary>The command line.</summary>
internal sealed class BenchCommand
{
    private readonly TextWriter _output;
    private readonly Option<string?> _workloads = new("--workloads", "-w") { Description = "which, with commas; all by default" };
    private readonly Option<int> _rounds = new("--rounds") { Description = "rounds of each workload", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _seconds = new("--seconds") { Description = "how long each run counts", DefaultValueFactory = _ => 5 };
    private readonly Option<double> _warmUp = new("--warm-up") { Description = "seconds before the first round: compiled code settles", DefaultValueFactory = _ => 5 };
    private readonly Option<bool> _quick = new("--quick") { Description = "3 rounds of 2 seconds: a first look, with more noise" };
    private readonly Option<string[]> _peers = new("--peer") { Description = "the program of another pooler, in place of the one on PATH; may be repeated" };
    private readonly Option<string[]> _builds = new("--build") { Description = "NAME=PATH of another build of poolproxy to run beside this one; may be repeated" };
    private readonly Option<string> _engines = new("--engines") { Description = "PoolProxy's engines that take part", DefaultValueFactory = _ => "epoll,io_uring" };
    private readonly Option<int?> _serverCore = new("--server-core") { Description = "bind PostgreSQL to this core, where it would be the limit" };
    private readonly Option<string?> _folder = new("--output") { Description = "the folder of results; bench/results/TIME by default" };
    private readonly Option<bool> _list = new("--list") { Description = "list the workloads and do nothing" };
    private readonly RootCommand _root;

    /// <summary>Builds it; all it says goes to the writer.</summary>
    public BenchCommand(TextWriter output)
    {
        _output = output;
        _root = new RootCommand("PoolProxy against other poolers, end to end: throughput, latency, and what a transaction costs.")
        {
            _workloads, _rounds, _seconds, _warmUp, _quick, _peers, _builds, _engines, _serverCore, _folder, _list,
        };
        _root.SetAction(RunAsync);
    }

    /// <summary>Carries out a command line.</summary>
    /// <returns>0 where every run counted, 1 where one was void, 2 where nothing could be run.</returns>
    public async Task<int> InvokeAsync(string[] arguments)
    {
        try
        {
            return await _root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = _output, EnableDefaultExceptionHandler = false });
        }
        catch (Exception error) when (error is BenchException or Sandbox.SandboxException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 2;
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_list))
        {
            foreach (Workload workload in Catalogue.All)
            {
                await _output.WriteLineAsync($"{workload.Name,-24}{workload.Title}");
            }
            return 0;
        }
        if (Metadata("Configuration") != "Release")
        {
            throw new BenchException("figures of a Debug build mean nothing: dotnet run -c Release --project bench/PoolProxy.Load");
        }
        bool isQuick = parsed.GetValue(_quick);
        var options = new BenchOptions
        {
            Workloads = Words(parsed.GetValue(_workloads)),
            Rounds = isQuick ? 3 : parsed.GetValue(_rounds),
            Duration = TimeSpan.FromSeconds(isQuick ? 2 : parsed.GetValue(_seconds)),
            WarmUp = TimeSpan.FromSeconds(isQuick ? 3 : parsed.GetValue(_warmUp)),
            Peers = parsed.GetValue(_peers) ?? [],
            Builds = parsed.GetValue(_builds) ?? [],
            Engines = Words(parsed.GetValue(_engines)),
            ServerCore = parsed.GetValue(_serverCore),
            Output = Path.GetFullPath(parsed.GetValue(_folder)
                ?? Path.Combine(Metadata("BenchFolder"), "results", DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture))),
            CommandLine = string.Join(' ', Environment.GetCommandLineArgs().Skip(1)),
        };
        return await new Bench(options, Metadata("PoolProxyProgram"), _output).RunAsync(cancellation) ? 0 : 1;
    }

    private static string[] Words(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Metadata(string key) => typeof(BenchCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(entry => entry.Key == key).Value!;
}
