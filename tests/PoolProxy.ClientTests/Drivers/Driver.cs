using System.Text.RegularExpressions;
using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.Drivers;

/// <summary>A driver and the script that puts it through its paces. The script checks itself, prints a line a step, and ends with the number of steps.</summary>
/// <param name="Program">What runs the script.</param>
/// <param name="Arguments">Its arguments; the script's name is in them, relative to the folder of scripts.</param>
/// <param name="Needs">What to install where it is missing.</param>
internal sealed partial record Driver(string Program, string[] Arguments, string Needs)
{
    public static readonly Driver Psycopg3 = Python("psycopg3.py", "Debian's python3-psycopg");
    public static readonly Driver Psycopg2 = Python("psycopg_2.py", "Debian's python3-psycopg2");
    public static readonly Driver Asyncpg = Python("asyncpg_client.py", "Debian's python3-asyncpg");
    public static readonly Driver NodePg = new("node", [Script("node_pg.js")], "Debian's nodejs and npm");
    public static readonly Driver PostgresJs = new("node", [Script("postgres_js.js")], "Debian's nodejs and npm");
    public static readonly Driver Pgjdbc = new(
        "java", ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", "/usr/share/java/postgresql.jar", Script("Pgjdbc.java")], "Debian's default-jdk-headless and libpostgresql-jdbc-java");
    public static readonly Driver LibPq = new("go", ["run", Script("lib_pq.go")], "Debian's golang-go and golang-github-lib-pq-dev");
    public static readonly Driver DbdPg = new("/usr/bin/perl", [Script("dbd_pg.pl")], "Debian's libdbd-pg-perl");
    public static readonly Driver PhpPgsql = new("php", [Script("pgsql.php")], "Debian's php-cli and php-pgsql");
    public static readonly Driver ConsolePsycopg3 = Python("console_psycopg3.py", "Debian's python3-psycopg");
    public static readonly Driver ConsolePsycopg2 = Python("console_psycopg2.py", "Debian's python3-psycopg2");
    public static readonly Driver ConsoleNodePg = new("node", [Script("console_node.js")], "Debian's nodejs and npm");
    public static readonly Driver ConsolePgjdbc = Pgjdbc with { Arguments = [.. Pgjdbc.Arguments[..^1], Script("ConsolePgjdbc.java")] };
    public static readonly Driver ConsoleExporter = new("go", ["run", Script("console_exporter.go")], "Debian's golang-go and golang-github-lib-pq-dev");
    public static readonly Driver ConsoleCollectors = Python("console_collectors.py", "Debian's prometheus-pgbouncer-exporter");
    public static readonly Driver RubyPg = new("ruby", [Script("ruby_pg.rb")], "Debian's ruby-pg");

    /// <summary>Runs the script against the target and reads its account of itself.</summary>
    /// <param name="target">Where it connects.</param>
    /// <param name="titles">Where given, the user is a person of the demo's world, and the script only looks whether it sees these titles.</param>
    /// <returns>The names of the steps, in order.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(Target target, string? titles = null)
    {
        ForeignProgram script = target.Tell(new ForeignProgram(Program, Arguments, Needs))
            .With("PYTHONDONTWRITEBYTECODE", "1")
            // golang-github-lib-pq-dev is made for GOPATH, not for modules.
            .With("GO111MODULE", "off").With("GOPATH", "/usr/share/gocode").With("GOFLAGS", "").With("GOTOOLCHAIN", "local");
        if (titles is not null)
        {
            script.With("TARGET_TITLES", titles);
        }
        if (Program == "node")
        {
            script.With("NODE_PATH", await NodePackages.FolderAsync());
        }
        ProgramRun run = await script.RunWellAsync();
        string[] steps = [.. StepLine().Matches(run.Output).Select(match => match.Groups[1].Value)];
        // A script that stopped half-way with status 0 has not said this.
        return run.Output.EndsWith($"\ndone {steps.Length}\n", StringComparison.Ordinal) ? steps : throw new ForeignProgramException($"{Arguments[^1]} did not come to its end: {run}");
    }

    // Not the first python3 of PATH: Debian's packages belong to Debian's.
    private static Driver Python(string script, string needs) => new("/usr/bin/python3", [Script(script)], needs);

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Scripts", name);

    [GeneratedRegex("^ok (.+)$", RegexOptions.Multiline)]
    private static partial Regex StepLine();
}
