namespace PoolProxy.Sandbox.Postgres;

/// <summary>The SQL of an installation, <c>conf/roles.sql</c>, as it stands in the repository: what is documented is what the demo and the tests run.</summary>
public static class InstallationSql
{
    private static readonly Lazy<string> Cached = new(Read);

    /// <summary>The whole script: role <c>app_read</c>, login <c>pp_app_read</c>, table <c>documents</c> with its policy. For a superuser, in an empty database.</summary>
    public static string Text => Cached.Value;

    private static string Read()
    {
        using Stream stream = typeof(InstallationSql).Assembly.GetManifestResourceStream("roles.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
