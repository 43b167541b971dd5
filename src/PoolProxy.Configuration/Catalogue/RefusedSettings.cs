namespace PoolProxy.Configuration.Catalogue;

/// <summary>
/// Keys and sections that PgBouncer or a later version of ours knows, and this one does not: refused by name, so that nobody believes they work.
/// </summary>
internal static class RefusedSettings
{
    /// <summary>Settings of PgBouncer's that could be obeyed by nothing in this proxy: taken, and said so once.</summary>
    private static readonly Dictionary<string, string> NotApplicable = new()
    {
        ["pkt_buf"] = "The proxy's buffers belong to its loops, and idle clients have none.",
        ["sbuf_loopcnt"] = "A turn of a loop serves every connection that is ready, and each once.",
        ["service_name"] = "It names a service of Windows.",
        ["job_name"] = "It names a service of Windows.",
        ["conffile"] = "The file that was named when the proxy was started is read again by RELOAD.",
    };

    /// <summary>Of <c>[proxy]</c>: those that have nothing to say, which are taken all the same, and no other. An array of its own, by which that section is told from others.</summary>
    public static readonly string[] Proxy = [.. NotApplicable.Keys];

    public static readonly string[] Sections = [];

    public static readonly string[] Database = [];

    public static readonly string[] None = [];

    /// <summary>Why a key of a section with these refused ones is taken without effect; null where it is not.</summary>
    public static string? WhyNotApplicable(string[] refused, string key) => ReferenceEquals(refused, Proxy) ? NotApplicable.GetValueOrDefault(key) : null;
}
