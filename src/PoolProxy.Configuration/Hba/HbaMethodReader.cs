using PoolProxy.Configuration.Ldap;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Hba;

/// <summary>Reads the method of a line and its options.</summary>
/// <param name="faults">Where faults go.</param>
/// <param name="maps">What <c>map=</c> may name.</param>
internal sealed class HbaMethodReader(FaultList faults, IReadOnlyDictionary<string, IdentMap> maps)
{
    private static readonly Dictionary<string, AuthType?> Methods = new(StringComparer.Ordinal)
    {
        ["reject"] = null, ["trust"] = AuthType.Trust, ["password"] = AuthType.Plain, ["md5"] = AuthType.Md5, ["scram-sha-256"] = AuthType.ScramSha256,
        ["cert"] = AuthType.Cert, ["peer"] = AuthType.Peer, ["ldap"] = AuthType.Ldap, ["pam"] = AuthType.Pam, ["jwt"] = AuthType.Jwt, ["oauth"] = AuthType.Oauth,
    };

    /// <summary>The line with its method, which stands at field <paramref name="at"/>; null after a fault.</summary>
    public HbaLine? Read(HbaLine line, HbaFields fields, int at)
    {
        var word = fields.Fields[at][0];
        if (fields.Single(at) is null || !Methods.TryGetValue(word.Text, out var method))
        {
            faults.Add(word.Position, $"the method \"{word.Text}\" is not available", $"It may be {string.Join(", ", Methods.Keys)}.");
            return null;
        }

        // PostgreSQL demands them too: elsewhere the method could let nobody in.
        if (method == AuthType.Peer && line.Connection != HbaConnection.Local) faults.Add(word.Position, "peer is for local connections", "Write local, without an address.");
        if (method == AuthType.Cert && line.Connection is HbaConnection.Local or HbaConnection.HostNoSsl or HbaConnection.HostGssEnc) faults.Add(word.Position, "cert is for connections with TLS", "Write hostssl.");
        var before = faults.Count;
        line = line with { Method = method };
        var ldap = new LdapOptions();
        foreach (var option in fields.Fields.Skip(at + 1).SelectMany(field => field)) line = ReadOption(line, word.Text, option, ldap);
        if (method == AuthType.Ldap && !ldap.IsEmpty && faults.Count == before)
        {
            line = line with { Ldap = ldap.Build(out var fault) };
            if (fault is not null) faults.Add(word.Position, fault);
        }

        return line;
    }

    private HbaLine ReadOption(HbaLine line, string method, HbaWord option, LdapOptions ldap)
    {
        var equals = option.Text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (option.Text, "") : (option.Text[..equals], option.Text[(equals + 1)..]);
        if (equals <= 0) faults.Add(option.Position, $"an option of {method} is NAME=VALUE", "A value with blanks or commas goes in double quotes.");
        else if (name == "map" && line.Method is AuthType.Cert or AuthType.Peer)
        {
            if (maps.TryGetValue(value, out var map)) return line with { Map = map };
            faults.Add(option.Position, $"there is no map \"{value}\"", maps.Count == 0 ? "Set auth_ident_file." : $"auth_ident_file has {string.Join(", ", maps.Keys.Order(StringComparer.Ordinal))}.");
        }
        else if (name == "pamservice" && line.Method == AuthType.Pam)
        {
            // It becomes the name of a file.
            if (value.Length is > 0 and <= 64 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ) return line with { PamService = value };
            faults.Add(option.Position, "pamservice is no name of a service", "It may have letters, digits, _ and -.");
        }
        else if (line.Method == AuthType.Ldap)
        {
            if (ldap.Set(name, value) is { } fault) faults.Add(option.Position, fault, "A value with blanks or commas goes in double quotes.");
        }
        else faults.Add(option.Position, $"{method} has no option {name}", line.Method switch
        {
            AuthType.Cert or AuthType.Peer => "It has map.",
            AuthType.Pam => "It has pamservice.",
            _ => null,
        });
        return line;
    }
}
