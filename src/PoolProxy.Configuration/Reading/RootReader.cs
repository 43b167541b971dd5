using System.Globalization;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Reading;

/// <summary>Reads the sections of a document into a model. Each fault leaves its value at the default and reading goes on.</summary>
internal sealed class RootReader(SectionReader sections)
{
    private static readonly string[] Known = ["proxy", "databases", "users", "peers", "issuers", "rules", "audit", "http", "limits", "revocation", "access"];

    public ProxyConfiguration Read(TomlTable root)
    {
        var configuration = new ProxyConfiguration();
        foreach (var entry in root.Entries)
        {
            sections.Faults.Positions.Add(entry.KeyPosition, entry.Key);
            configuration = entry.Key switch
            {
                "proxy" => configuration with { Proxy = ReadOne(entry, configuration.Proxy, ProxyCatalogue.Settings, RefusedSettings.Proxy) },
                "audit" => configuration with { Audit = ReadOne(entry, configuration.Audit, AuditCatalogue.Settings, RefusedSettings.None) },
                "http" => configuration with { Http = ReadOne(entry, configuration.Http, HttpCatalogue.Settings, RefusedSettings.None) },
                "limits" => configuration with { Limits = ReadOne(entry, configuration.Limits, LimitCatalogue.Settings, RefusedSettings.None) },
                "revocation" => configuration with { Revocation = ReadOne(entry, configuration.Revocation, RevocationCatalogue.Settings, RefusedSettings.None) },
                "access" => configuration with { Access = new AccessReader(sections).Read(entry) },
                "databases" => configuration with { Databases = ReadNamed(entry, new DatabaseReader(sections).Read) },
                "users" => configuration with { Users = ReadNamed(entry, ReadUser) },
                "peers" => configuration with { Peers = ReadNamed(entry, ReadPeer) },
                "issuers" => configuration with { Issuers = ReadNamed(entry, ReadIssuer) },
                "rules" => configuration with { Rules = new RuleReader(sections).Read(entry) },
                _ => RefuseSection(entry, configuration),
            };
        }
        return configuration;
    }

    private TModel ReadOne<TModel>(TomlEntry entry, TModel model, IReadOnlyList<Setting<TModel>> settings, string[] refused)
        where TModel : class =>
        sections.TryTable(entry, $"Write [{entry.Key}].", out var table) ? sections.Read(table, model, settings, refused, [], entry.Key) : model;

    private OrderedDictionary<string, TModel> ReadNamed<TModel>(TomlEntry section, Func<TomlEntry, TModel?> read)
        where TModel : class
    {
        var named = new OrderedDictionary<string, TModel>();
        if (!sections.TryTable(section, $"Write [{section.Key}.NAME].", out var table)) return named;
        foreach (var entry in table.Entries)
        {
            sections.Faults.Positions.Add(entry.KeyPosition, section.Key, entry.Key);
            if (Texts.CheckPlain(entry.Key, Bounds.TextLength) is { } problem) sections.Faults.Add(entry.KeyPosition, problem.Message, problem.Hint);
            else if (entry.Key.Length == 0) sections.Faults.Add(entry.KeyPosition, "the name is empty");
            else if (read(entry) is { } model) named.Add(entry.Key, model);
        }
        return named;
    }

    private UserSettings? ReadUser(TomlEntry entry)
    {
        if (!sections.TryTable(entry, "Write [users.NAME] with its settings as keys of their own.", out var table)) return null;
        if (Kinds.CheckName(entry.Key) is { } problem) sections.Faults.Add(entry.KeyPosition, problem.Message, problem.Hint);
        return sections.Read(table, new UserSettings { Name = entry.Key }, UserCatalogue.Settings, RefusedSettings.None, [], "users", entry.Key);
    }

    private PeerSettings? ReadPeer(TomlEntry entry)
    {
        if (!sections.TryTable(entry, "Write [peers.ID] with its settings as keys of their own.", out var table)) return null;
        if (!int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id is < 1 or > Bounds.PeerId || entry.Key[0] == '0')
        {
            sections.Faults.Add(entry.KeyPosition, $"\"{entry.Key}\" is not the number of a peer", $"It may be 1 to {Bounds.PeerId}.");
            return null;
        }
        return sections.Read(table, new PeerSettings { Id = id, Host = "" }, PeerCatalogue.Settings, RefusedSettings.None, [], "peers", entry.Key);
    }

    private IssuerSettings? ReadIssuer(TomlEntry entry) =>
        sections.TryTable(entry, "Write [issuers.NAME].", out var table)
            ? sections.Read(table, new IssuerSettings { Name = entry.Key, Issuer = "", Audience = [] }, IssuerCatalogue.Settings, RefusedSettings.None, [], "issuers", entry.Key)
            : null;

    private ProxyConfiguration RefuseSection(TomlEntry entry, ProxyConfiguration configuration)
    {
        if (entry.Key == "pgbouncer") sections.Faults.Add(entry.KeyPosition, "the section is called [proxy] here");
        else if (entry.Value is TomlTable or TomlArray) sections.RefuseKey(entry, RefusedSettings.Sections, Known);
        else if (ProxyCatalogue.Settings.Any(setting => setting.Name == entry.Key)) sections.Faults.Add(entry.KeyPosition, $"{entry.Key} stands outside of its section", "Write [proxy] above it.");
        else sections.RefuseKey(entry, RefusedSettings.Proxy, Known);
        return configuration;
    }
}
