namespace PoolProxy.Core.Backend;

/// <summary>
/// Names and values in the SQL that the proxy prints for people, or asks with on a connection of its own. They come from the server's catalogue
/// or the configuration and hold no NUL; what clients send is quoted by <see cref="PoolProxy.Protocol.Sql.SqlQuoting"/>.
/// </summary>
internal static class SqlText
{
    /// <summary>In double quotes, whatever the name is.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>As <c>E'…'</c>, which means the same whatever standard_conforming_strings is.</summary>
    public static string Literal(string value) =>
        $"E'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Literals with commas between them, for <c>in (…)</c>; never empty, since no name is the empty text.</summary>
    public static string Literals(IEnumerable<string> values) => string.Join(", ", values.Select(Literal).Prepend("''"));
}
