namespace PoolProxy.Core.Backend;

/// <summary>Names as they stand in the SQL that the proxy prints for people.</summary>
internal static class SqlName
{
    /// <summary>In double quotes, whatever the name is. A name comes from the server's catalogue or the configuration: it holds no NUL.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
