using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>One host or several: a string with commas as in PgBouncer's files, or an array. The value is the list with commas and without spaces.</summary>
/// <param name="check">Checks one host: the problem, or null.</param>
internal sealed class ServerHostsKind(Func<string, SettingProblem?> check) : SettingKind<string>
{
    /// <summary>More hosts than clusters have.</summary>
    private const int MaxHosts = 64;

    public override SettingProblem? Read(TomlValue source, out string value)
    {
        value = "";
        var hosts = new List<string>();
        switch (source)
        {
            case TomlString text:
                hosts.AddRange(text.Value.Split(',', StringSplitOptions.TrimEntries));
                break;
            case TomlArray { IsOfTables: false } array:
                foreach (var item in array.Items)
                {
                    if (item is not TomlString host) return WrongType(item, "a string") with { Position = item.Position };
                    hosts.Add(host.Value);
                }
                break;
            default: return WrongType(source, "a string or an array of strings");
        }
        if (hosts is [] or [""]) return new("the text is empty");
        if (hosts.Count > MaxHosts) return new("the list is too long", $"It may have {MaxHosts} hosts.");
        foreach (var host in hosts)
        {
            if (host.Length == 0) return new("an element is empty");
            if ((Texts.CheckPlain(host, Bounds.TextLength) ?? check(host)) is { } problem) return problem;
        }
        value = string.Join(',', hosts);
        return null;
    }

    public override string Print(string value) => value;
}
