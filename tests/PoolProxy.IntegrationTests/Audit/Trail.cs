using System.Text.Json;
using System.Text.Json.Nodes;
using PoolProxy.Core.Audit;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Audit;

/// <summary>A proxy's audit trail, as a test reads it.</summary>
internal static class Trail
{
    /// <summary>The section that records every statement.</summary>
    public static string Section(string more = "") => $"""
        [audit]
        file = "audit.jsonl"
        statements = "all"
        {more}
        """;

    /// <summary>Where it is.</summary>
    public static string FileOf(ProxyUnderTest proxy) => proxy.Place.File("audit.jsonl");

    /// <summary>The records of statements so far.</summary>
    public static List<JsonObject> Statements(string file) => !File.Exists(file) ? [] :
    [
        .. File.ReadAllText(file).Split('\n').SkipLast(1).Select(line => JsonNode.Parse(line)!.AsObject()).Where(record => (string)record["event"]! == "statement"),
    ];

    /// <summary>Waits until there are so many records of statements, and answers them; there must not be more, and the chain must hold.</summary>
    public static async Task<List<JsonObject>> StatementsAsync(ProxyUnderTest proxy, int count)
    {
        string file = FileOf(proxy);
        await WaitFor.TrueAsync(() => Statements(file).Count >= count);
        List<JsonObject> records = Statements(file);
        Assert.Equal(count, records.Count);
        AssertWhole(file);
        return records;
    }

    /// <summary>What one record says, shortened: outcome, statement, tags, rows, SQLSTATE, phase; those that are there.</summary>
    public static string Said(this JsonObject record) => string.Join(
        ' ',
        new[] { "outcome", "statement", "tags", "rows", "sqlstate", "phase" }.Where(record.ContainsKey).Select(field => record[field] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : record[field]!.ToJsonString()));

    /// <summary>The chain holds over these files.</summary>
    public static void AssertWhole(params string[] files)
    {
        using var output = new StringWriter();
        Assert.True(AuditVerification.Run(files, null, null, output, output) == AuditVerdict.Whole, output.ToString());
    }
}
