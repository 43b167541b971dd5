using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Hba;

/// <summary>
/// Reads an HBA file in PgBouncer's form (<c>TYPE DATABASE USER [ADDRESS [MASK]] METHOD</c>). What PgBouncer passes over with a warning is a fault
/// here: a line that is left out could be the one that rejects.
/// </summary>
public static class HbaReader
{
    /// <summary>The longest file read, in characters.</summary>
    public const int MaxTextLength = 4 * 1024 * 1024;

    /// <summary>Reading ends after this many faults.</summary>
    public const int MaxFaults = 100;

    private const string Form = "A line is TYPE DATABASE USER ADDRESS METHOD; local has no ADDRESS.";

    private static readonly Dictionary<string, AuthType?> Methods = new(StringComparer.Ordinal)
    {
        ["reject"] = null, ["trust"] = AuthType.Trust, ["password"] = AuthType.Plain, ["md5"] = AuthType.Md5,
        ["scram-sha-256"] = AuthType.ScramSha256, ["jwt"] = AuthType.Jwt, ["oauth"] = AuthType.Oauth, ["cert"] = AuthType.Cert,
    };

    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> is what faults call it.</summary>
    public static HbaResult Read(string text, string fileName)
    {
        var faults = new FaultList(fileName);
        var lines = new List<HbaLine>();
        if (text.Length > MaxTextLength) faults.Add(SourcePosition.Start, $"the file is longer than {MaxTextLength} characters");
        else
        {
            var number = 0;
            foreach (var line in text.Split('\n'))
            {
                number++;
                if (ReadLine(line.TrimEnd('\r'), number, faults) is { } read) lines.Add(read);
                if (faults.Count >= MaxFaults) break;
            }
        }

        return new(lines, faults.InOrder);
    }

    private static HbaLine? ReadLine(string text, int number, FaultList faults)
    {
        HbaLine? Fail(int column, string message, string? hint = Form)
        {
            faults.Add(new(number, column), message, hint);
            return null;
        }

        if (HbaWords.Cut(text, out var faultColumn) is not { } fields) return Fail(faultColumn, "a quote or a list is not ended");
        if (fields.Count == 0) return null;
        var type = fields[0][0];
        if (fields[0].Count > 1 || Connection(type) is not { } connection) return Fail(type.Column, $"\"{type.Text}\" is no type of connection", "It may be local, host, hostssl, hostnossl.");
        if (fields.Count < 4) return Fail(type.Column, "the line is too short");
        if (Names(fields[1], isDatabases: true, Fail) is not { } databases || Names(fields[2], isDatabases: false, Fail) is not { } users) return null;
        var at = 3;
        HbaNetwork? network = null;
        if (connection != HbaConnection.Local && !TryReadAddress(fields, ref at, out network)) return Fail(fields[3][0].Column, $"\"{fields[3][0].Text}\" is no address", "It may be all, an address with /BITS, or an address and a mask; names are not looked up.");
        if (at >= fields.Count) return Fail(type.Column, "the line is too short");
        var method = fields[at][0];
        if (fields[at].Count > 1 || !Methods.TryGetValue(method.Text, out var proof)) return Fail(method.Column, $"the method \"{method.Text}\" is not available in this version", $"It may be {string.Join(", ", Methods.Keys)}.");
        if (fields.Count > at + 1) return Fail(fields[at + 1][0].Column, "options of a method are not available in this version");
        return new(new(number, type.Column), connection, databases, users, network, proof);
    }

    private static HbaConnection? Connection(HbaWord word) => word.IsQuoted ? null : word.Text switch
    {
        "local" => HbaConnection.Local,
        "host" => HbaConnection.Host,
        "hostssl" => HbaConnection.HostSsl,
        "hostnossl" => HbaConnection.HostNoSsl,
        _ => null,
    };

    private static HbaNames? Names(List<HbaWord> words, bool isDatabases, Func<int, string, string?, HbaLine?> fail)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        bool isAll = false, isSameUser = false, isReplication = false;
        foreach (var word in words)
        {
            if (word.Is("all")) isAll = true;
            else if (isDatabases && word.Is("sameuser")) isSameUser = true;
            else if (isDatabases && word.Is("replication")) isReplication = true;
            else if (!word.IsQuoted && (word.Text[0] is '@' or '+' or '/' || word.Text is "samerole" or "samegroup"))
            {
                fail(word.Column, $"\"{word.Text}\" is not available in this version", "Names, all and sameuser are; a name that looks like these goes in quotes.");
                return null;
            }
            else names.Add(word.Text);
        }
        return new(isAll, isSameUser, names) { IsReplication = isReplication };
    }

    private static bool TryReadAddress(List<List<HbaWord>> fields, ref int at, out HbaNetwork? network)
    {
        network = null;
        var address = fields[at][0];
        if (fields[at].Count > 1) return false;
        at++;
        if (address.Is("all")) return true;
        if (address.Text.Contains('/', StringComparison.Ordinal)) return HbaNetwork.TryRead(address.Text, null, out network);
        return at < fields.Count && HbaNetwork.TryRead(address.Text, fields[at++][0].Text, out network);
    }
}
