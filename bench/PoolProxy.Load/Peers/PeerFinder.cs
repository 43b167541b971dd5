using PoolProxy.Sandbox;

namespace PoolProxy.Load.Peers;

/// <summary>Looks for other poolers on PATH and where the options name them.</summary>
internal static class PeerFinder
{
    private static readonly (string Program, string Installation)[] Known =
    [
        ("pgbouncer", "Debian: apt-get install pgbouncer"),
        ("odyssey", "PGDG's Debian archive: apt-get install odyssey"),
        ("pgcat", "PGDG's Debian archive: apt-get install pgcat"),
        ("pgdog", "cargo build --release in its repository"),
    ];

    /// <summary>Finds them.</summary>
    /// <param name="named">Programs given by option; they come before those on PATH, which are left out where the kind was named.</param>
    /// <param name="progress">Takes one line on each that is missing.</param>
    public static async Task<IReadOnlyList<Contender>> FindAsync(IReadOnlyList<string> named, TextWriter progress)
    {
        var found = new List<Contender>();
        foreach (string program in named)
        {
            string kind = Known.Select(known => known.Program).FirstOrDefault(known => Path.GetFileName(program).Contains(known, StringComparison.Ordinal))
                ?? throw new BenchException($"--peer {program}: the file's name must hold one of {string.Join(", ", Known.Select(known => known.Program))}");
            found.Add(await MakeAsync(kind, Path.GetFullPath(program), found.Count(other => other.Name.StartsWith(kind, StringComparison.Ordinal))));
        }
        foreach ((string program, string installation) in Known.Where(known => !found.Any(peer => peer.Name.StartsWith(known.Program, StringComparison.Ordinal))))
        {
            if (OnPath(program) is { } path)
            {
                found.Add(await MakeAsync(program, path, 0));
            }
            else
            {
                await progress.WriteLineAsync($"{program} is missing ({installation})");
            }
        }
        return found;
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static async Task<Contender> MakeAsync(string kind, string program, int before)
    {
        if (!File.Exists(program))
        {
            throw new BenchException($"there is no {program}");
        }
        (int status, string output) = await ChildProcess.RunAsync(program, ["--version"]);
        if (status != 0)
        {
            throw new BenchException($"{program} --version ended with {status}: {output}");
        }
        string name = before == 0 ? kind : $"{kind}-{before + 1}";
        return kind switch
        {
            "pgbouncer" => new PgBouncerContender(name, program, VersionIn(output)),
            "odyssey" => new OdysseyContender(name, program, FirstLine(output)),
            "pgcat" => new PgCatContender(name, program, FirstLine(output)),
            "pgdog" => new PgDogContender(name, program, FirstLine(output)),
            _ => throw new BenchException($"no pooler is called {kind}"),
        };
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();

    /// <summary>The first dotted number of a text.</summary>
    private static Version VersionIn(string text)
    {
        string word = text.Split([' ', '\n', '-'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => Version.TryParse(word, out _))
            ?? throw new BenchException($"no version in: {text}");
        return Version.Parse(word);
    }
}
