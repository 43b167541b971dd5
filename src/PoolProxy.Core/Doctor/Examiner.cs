using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor;

/// <summary>
/// Examines every upstream of a configuration, one after the other: logs in as the pool would, but without the role, and puts each check's questions. Where
/// nothing is found at fault it logs in once more, exactly as the pool does. Cold code on a loop; changes nothing on the server but what connect_query does.
/// </summary>
internal sealed class Examiner(ServerOpener opener)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HashSet<((string Host, int Port) Server, string What)> _said = [];

    public async Task<DoctorReport> RunAsync(IReadOnlyList<Upstream> upstreams, IReadOnlyList<Finding> notes)
    {
        var reports = new List<UpstreamReport>();
        var failures = new Dictionary<Upstream, ServerLoginException>();
        foreach (var upstream in upstreams)
        {
            try
            {
                reports.Add(await ExamineAsync(upstream));
            }
            catch (ServerLoginException failure)
            {
                failures.Add(upstream, failure);
                reports.Add(new UpstreamReport(upstream, null, [], failure.Message));
            }
        }

        for (var i = 0; i < reports.Count; i++)
        {
            if (failures.TryGetValue(reports[i].Upstream, out var failure))
            {
                reports[i] = await ExplainAsync(reports[i], failure, reports.FirstOrDefault(other => other.Trouble is null && other.Upstream.Server == reports[i].Upstream.Server));
            }
        }

        return new DoctorReport(notes, reports);
    }

    private async Task<UpstreamReport> ExamineAsync(Upstream upstream)
    {
        var report = await opener.InquireAsync(Examination.TargetFor(upstream), Patience, async dialogue =>
        {
            var examination = await Examination.BeginAsync(upstream, dialogue);
            var findings = new List<Finding>();
            foreach (var check in CheckList.All.Where(check => check.AppliesTo(upstream)))
            {
                var found = await RunAsync(check, examination);
                findings.AddRange(found.Count > 0 ? found.Where(IsNew) : [Finding.Ok(check.Praise)]);
            }

            return new UpstreamReport(upstream, (await dialogue.QueryAsync("show server_version"))[0][0], findings, null);
        });
        return report.Findings.Any(finding => finding.Level == FindingLevel.Fault) ? report : report with { Findings = [.. report.Findings, await TryAsync(upstream)] };

        bool IsNew(Finding finding) => _said.Add((upstream.Server, finding.What));
    }

    /// <summary>A question that the server refuses leaves the others to be asked; only an end of the connection ends the examination.</summary>
    private static async Task<IReadOnlyList<Finding>> RunAsync(Check check, Examination examination)
    {
        try
        {
            return await check.RunAsync(examination);
        }
        catch (ServerLoginException refusal) when (refusal.SqlState is { } code && !code.StartsWith("57P", StringComparison.Ordinal))
        {
            return [Finding.Warning($"not checked, because the server answered {refusal.Message}: {check.Praise}", "Nothing can be said about it.")];
        }
    }

    /// <summary>A role that cannot be taken, a setting that the server does not know, a connect_query that fails: what only the pool's own login shows.</summary>
    private async Task<Finding> TryAsync(Upstream upstream)
    {
        try
        {
            await opener.InquireAsync(upstream.Target, Patience, async dialogue =>
            {
                await ServerChecks.RunAsync(dialogue, upstream.Target);
                await ServerChecks.ConnectQueryAsync(dialogue, upstream.Target);
                return true;
            });
            return Finding.Ok("the pool can log in");
        }
        catch (ServerLoginException failure)
        {
            return Finding.Fault($"the pool of login \"{upstream.Login}\" cannot log in: {failure.Message}", "Nobody who needs it is served.") with
            {
                Advice = "Look at settings and connect_query in the file.",
            };
        }
    }

    private async Task<UpstreamReport> ExplainAsync(UpstreamReport report, ServerLoginException failure, UpstreamReport? witness)
    {
        var upstream = report.Upstream;
        var finding = RefusedLogin.ByItsWords(upstream, failure);
        if (witness is not null)
        {
            try
            {
                finding = await opener.InquireAsync(Examination.TargetFor(witness.Upstream), Patience, async dialogue =>
                {
                    var seen = await Examination.BeginAsync(upstream, dialogue);
                    return RefusedLogin.BySight(upstream, seen.Roles, seen.VersionNumber);
                }) ?? finding;
            }
            catch (ServerLoginException)
            {
                // The witness has gone meanwhile; what the server said itself still stands.
            }
        }

        if (finding is null && upstream.IsOneUserOfMany)
        {
            finding = Finding.Warning($"user \"{upstream.Login}\" cannot log in to the server: {failure.Message}", "The proxy lets that user in, and then cannot serve it.");
        }

        return finding is null ? report : report with { Findings = [finding], Trouble = null };
    }
}
