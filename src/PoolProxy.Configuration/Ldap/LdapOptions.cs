using System.Globalization;
using System.Text;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Ldap;

/// <summary>Gathers the options of ldap, one after another, and makes settings of them. Faults are in words and never hold a password.</summary>
public sealed class LdapOptions
{
    private const int MaxValueLength = 2048;

    private static readonly string[] SearchOptions = ["ldapbasedn", "ldapbinddn", "ldapbindpasswd", "ldapsearchattribute", "ldapsearchfilter", "ldapurl"];

    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private LdapSettings _settings = new();
    private int? _port;

    /// <summary>None was given.</summary>
    public bool IsEmpty => _given.Count == 0;

    /// <summary>The settings of <c>auth_ldap_options</c>: <c>name=value</c> apart by blanks or commas, a value with either between double quotes, in which two are one.</summary>
    /// <returns>Null with the fault.</returns>
    public static LdapSettings? Read(string text, out string? fault)
    {
        var options = new LdapOptions();
        fault = null;
        for (var at = 0; ;)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ',')) at++;
            if (at == text.Length) break;
            if (!TryTake(text, ref at, out var name, "=") || at == text.Length || text[at++] != '=' || !TryTake(text, ref at, out var value, ", \t"))
            {
                fault = "an option is NAME=VALUE, and a value with blanks or commas goes in double quotes";
                return null;
            }

            fault = options.Set(name, value);
            if (fault is not null) return null;
        }

        return options.Build(out fault);
    }

    /// <summary>Takes one option; the fault, or null.</summary>
    public string? Set(string name, string value)
    {
        if (value.Length > MaxValueLength) return $"the value of {name} is longer than {MaxValueLength} characters";
        if (value.Any(char.IsControl)) return $"the value of {name} has a control character";
        if (value.Length == 0 && name != "ldapprefix" && name != "ldapsuffix") return $"the value of {name} is empty";
        _given.Add(name);
        return name switch
        {
            "ldapserver" => Take(_settings with { Servers = value.Split(' ', StringSplitOptions.RemoveEmptyEntries) }),
            "ldapport" => TakePort(value),
            "ldapscheme" => value is "ldap" or "ldaps" ? Take(_settings with { IsTls = value == "ldaps" }) : "ldapscheme may be ldap or ldaps",
            "ldaptls" => value is "0" or "1" ? Take(_settings with { StartsTls = value == "1" }) : "ldaptls may be 0 or 1",
            "ldapprefix" => Take(_settings with { Prefix = value }),
            "ldapsuffix" => Take(_settings with { Suffix = value }),
            "ldapbasedn" => Take(_settings with { BaseDn = value }),
            "ldapbinddn" => Take(_settings with { BindDn = value }),
            "ldapbindpasswd" => Take(_settings with { BindPassword = new Secret(value) }),
            "ldapsearchattribute" => value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or ';')
                ? Take(_settings with { SearchAttribute = value }) : "ldapsearchattribute is the name of no attribute",
            "ldapsearchfilter" => Take(_settings with { SearchFilter = value }),
            "ldapurl" => TakeUrl(value),
            _ => $"ldap has no option {(name.Length <= 64 && name.All(char.IsAsciiLetterOrDigit) ? name : "of this name")}",
        };
    }

    /// <summary>The settings, or null with what they lack or contradict.</summary>
    public LdapSettings? Build(out string? fault)
    {
        var binds = _given.Contains("ldapprefix") || _given.Contains("ldapsuffix");
        fault =
            binds && SearchOptions.FirstOrDefault(_given.Contains) is { } mixed ? $"{mixed} is for a search, and with ldapprefix or ldapsuffix there is none"
            : !binds && _settings.BaseDn is null ? "ldap needs ldapbasedn, ldapprefix or ldapsuffix"
            : _given.Contains("ldapsearchattribute") && _settings.SearchFilter is not null ? "ldapsearchattribute and ldapsearchfilter exclude each other"
            : _settings.SearchFilter is { } filter && !filter.Contains("$username", StringComparison.Ordinal) ? "ldapsearchfilter needs $username in it, or everybody would be the same entry"
            : _settings is { BindDn.Length: > 0, BindPassword: null } ? "ldapbinddn needs ldapbindpasswd: without it the directory would take the proxy for nobody"
            : _settings is { Servers.Count: 0, BaseDn: null } ? "ldap needs ldapserver"
            : _settings is { IsTls: true, StartsTls: true } ? "ldaptls and ldaps exclude each other: TLS can begin once"
            : null;
        return fault is null ? _settings with { Port = _port ?? (_settings.IsTls ? LdapSettings.TlsPort : LdapSettings.PlainPort) } : null;
    }

    private string? Take(LdapSettings settings)
    {
        _settings = settings;
        return null;
    }

    private string? TakePort(string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) return "ldapport may be 1 to 65535";
        _port = port;
        return null;
    }

    private string? TakeUrl(string value)
    {
        if (LdapUrl.TryRead(value) is not { } url) return "ldapurl is no ldap://HOST:PORT/BASEDN?ATTRIBUTE?SCOPE?FILTER";
        _port = url.Port ?? _port;
        if (url.Attribute is { } attribute && Set("ldapsearchattribute", attribute) is { } fault) return fault;
        return Take(_settings with
        {
            IsTls = url.IsTls,
            Servers = url.Host.Length > 0 ? [url.Host] : _settings.Servers,
            BaseDn = url.BaseDn ?? _settings.BaseDn,
            SearchFilter = url.Filter ?? _settings.SearchFilter,
            Scope = url.Scope,
        });
    }

    // A word, or the text between double quotes.
    private static bool TryTake(string text, ref int at, out string word, string ends)
    {
        var taken = new StringBuilder();
        if (at < text.Length && text[at] == '"')
        {
            for (at++; at < text.Length; at++)
            {
                if (text[at] == '"' && (at + 1 == text.Length || text[at + 1] != '"'))
                {
                    at++;
                    word = taken.ToString();
                    return true;
                }

                if (text[at] == '"') at++;
                taken.Append(text[at]);
            }

            word = "";
            return false;
        }

        while (at < text.Length && !ends.Contains(text[at], StringComparison.Ordinal)) taken.Append(text[at++]);
        word = taken.ToString();
        return word.Length > 0;
    }
}
