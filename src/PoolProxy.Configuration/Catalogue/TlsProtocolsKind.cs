using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>TLS versions: names with commas or an array, or one of PgBouncer's words for a set.</summary>
internal sealed class TlsProtocolsKind : SettingKind<TlsProtocols>
{
    private const string Allowed = "It may be tlsv1.0, tlsv1.1, tlsv1.2, tlsv1.3 with commas, or secure (1.2 and 1.3), all, legacy.";

    private static readonly TextListKind List = new(splitsAtCommas: true, mayBeEmpty: false, name => Parse(name) == TlsProtocols.None ? new($"\"{name}\" is not known", Allowed) : null);

    public override SettingProblem? Read(TomlValue source, out TlsProtocols value)
    {
        var problem = List.Read(source, out var names);
        value = names.Aggregate(TlsProtocols.None, (set, name) => set | Parse(name));
        return problem;
    }

    public override string Print(TlsProtocols value) => value switch
    {
        TlsProtocols.Secure => "secure",
        TlsProtocols.All => "all",
        _ => string.Join(",", new[] { TlsProtocols.Tls10, TlsProtocols.Tls11, TlsProtocols.Tls12, TlsProtocols.Tls13 }.Where(one => value.HasFlag(one)).Select(Name)),
    };

    private static string Name(TlsProtocols one) => one switch
    {
        TlsProtocols.Tls10 => "tlsv1.0",
        TlsProtocols.Tls11 => "tlsv1.1",
        TlsProtocols.Tls12 => "tlsv1.2",
        _ => "tlsv1.3",
    };

    private static TlsProtocols Parse(string name) => name switch
    {
        "tlsv1.0" => TlsProtocols.Tls10,
        "tlsv1.1" => TlsProtocols.Tls11,
        "tlsv1.2" => TlsProtocols.Tls12,
        "tlsv1.3" => TlsProtocols.Tls13,
        "secure" => TlsProtocols.Secure,
        "all" or "legacy" => TlsProtocols.All,
        _ => TlsProtocols.None,
    };
}
