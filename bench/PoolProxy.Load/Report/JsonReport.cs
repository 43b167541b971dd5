using System.Text.Json;
using System.Text.Json.Nodes;

namespace PoolProxy.Load.Report;

/// <summary>Everything that was measured, as JSON: every round of every entrant.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The document.</summary>
    public static string Text(RunReport report) => new JsonObject
    {
        ["commandLine"] = report.Options.CommandLine,
        ["rounds"] = report.Options.Rounds,
        ["seconds"] = report.Options.Duration.TotalSeconds,
        ["isValid"] = report.IsValid,
        ["machine"] = Object(report.MachineFacts.Select(fact => (fact.Key, (JsonNode?)fact.Value))),
        ["contenders"] = Object(report.Contenders.Select(contender => (contender.Name, (JsonNode?)contender.Version))),
        ["workloads"] = new JsonArray([.. report.Results.Select(Workload)]),
    }.ToJsonString(Indented);

    private static JsonObject Workload(WorkloadResult result) => new()
    {
        ["name"] = result.Workload.Name,
        ["title"] = result.Workload.Title,
        ["entrants"] = Object(result.Rounds.Select(entrant => (entrant.Key, (JsonNode?)new JsonArray([.. entrant.Value.Select(round =>
            Object(round.Values.Select(value => (value.Key.ToString(), (JsonNode?)value.Value))))])))),
        ["skipped"] = Object(result.Skipped.Select(entrant => (entrant.Key, (JsonNode?)entrant.Value))),
        ["void"] = Object(result.Voided.Select(entrant => (entrant.Key, (JsonNode?)entrant.Value))),
    };

    private static JsonObject Object(IEnumerable<(string Name, JsonNode? Value)> members)
    {
        var made = new JsonObject();
        foreach ((string name, JsonNode? value) in members)
        {
            made[name] = value;
        }
        return made;
    }
}
