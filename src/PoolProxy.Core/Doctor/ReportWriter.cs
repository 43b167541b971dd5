using System.Globalization;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Doctor;

/// <summary>The report as text: what is wrong first, then what could not be looked at, then one line for each thing that is well. SQL stands alone on its lines.</summary>
internal static class ReportWriter
{
    private const int MaxTroubleChars = 500;

    public static void Write(DoctorReport report, TextWriter output)
    {
        foreach (var note in report.Notes)
        {
            Write(note, output);
        }

        foreach (var upstream in report.Upstreams)
        {
            Write(upstream, output);
        }

        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Counted(report.Count(FindingLevel.Fault), "fault")}, {Counted(report.Count(FindingLevel.Warning), "warning")}")
            + (report.HasTrouble ? "; not every server could be looked at" : ""));
    }

    private static void Write(UpstreamReport report, TextWriter output)
    {
        var upstream = report.Upstream;
        output.WriteLine();
        output.WriteLine($"{upstream.Target}: {(report.Version is { } version ? $"PostgreSQL {version}, " : "")}database \"{upstream.Target.Dbname}\", isolation {Spelled(upstream.Level)}"
            + (upstream.Roles.Count > 0 ? $", for {string.Join(", ", upstream.Roles)}" : "")
            + (upstream.Lookup is not null ? ", auth_query" : ""));
        if (report.Trouble is { } trouble)
        {
            output.WriteLine($"  TROUBLE  {ProxyError.Bounded(OneLine(trouble), MaxTroubleChars)}");
        }

        foreach (var finding in report.Findings.OrderBy(finding => finding.Level))
        {
            Write(finding, output);
        }
    }

    private static void Write(Finding finding, TextWriter output)
    {
        var word = finding.Level switch
        {
            FindingLevel.Fault => "FAULT",
            FindingLevel.Warning => "warning",
            FindingLevel.Note => "note",
            _ => "ok",
        };
        output.WriteLine($"  {word,-8} {OneLine(finding.What)}");
        foreach (var line in new[] { finding.Why, finding.Advice ?? "" }.Where(line => line.Length > 0))
        {
            output.WriteLine($"           {OneLine(line)}");
        }

        foreach (var statement in finding.Sql)
        {
            // Changed it would not be what it should be, and as it is it could be a command to the terminal.
            output.WriteLine(statement.Any(char.IsControl) ? "           The SQL holds a name with control characters and is not printed." : $"             {statement}");
        }
    }

    // What a server says may hold anything: on a terminal a control character is a command.
    private static string OneLine(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });

    private static string Counted(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Spelled(IsolationLevel level) => level == IsolationLevel.SetRole ? "set_role" : level.ToString().ToLowerInvariant();
}
