namespace PoolProxy.UnitTests.Architecture;

/// <summary>
/// Something that must not be named: a namespace with all below it (<c>System.Net.Sockets.*</c>), a type with all its members
/// (<c>System.Diagnostics.Stopwatch</c>), or one member (<c>System.DateTime::get_UtcNow</c>).
/// </summary>
internal sealed record Forbidden(string Pattern)
{
    public bool Matches(Use use)
    {
        if (Pattern.EndsWith(".*", StringComparison.Ordinal))
            return use.Target.StartsWith(Pattern[..^1], StringComparison.Ordinal);
        var parts = Pattern.Split("::");
        return use.Target == parts[0] && (parts.Length == 1 || use.Member == parts[1]);
    }
}
