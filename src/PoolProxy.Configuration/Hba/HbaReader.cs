namespace PoolProxy.Configuration.Hba;

/// <summary>
/// Reads an HBA file in PostgreSQL's form (<c>TYPE DATABASE USER [ADDRESS [MASK]] METHOD [OPTIONS]</c>), of which PgBouncer's is a part. What PgBouncer passes over with a
/// warning is a fault here: a line that is left out could be the one that rejects.
/// </summary>
public static class HbaReader
{
    internal const string Form = "A line is TYPE DATABASE USER ADDRESS METHOD; local has no ADDRESS.";

    /// <summary>Reads <paramref name="text"/> alone.</summary>
    public static HbaResult Read(string text, string fileName) => Read(text, fileName, AccessFiles.None, IdentResult.NoMaps, Memberships.None);

    /// <summary>Reads <paramref name="text"/> with the files that it names; <paramref name="fileName"/> is what faults call it, and what those lie beside.</summary>
    public static HbaResult Read(string text, string fileName, AccessFiles files, IReadOnlyDictionary<string, IdentMap> maps, Memberships memberships)
    {
        var faults = new FaultList(fileName);
        var lines = new List<HbaLine>();
        var source = new HbaSource(faults, files);
        var names = new HbaNamesReader(faults, source, memberships);
        var methods = new HbaMethodReader(faults, maps);
        source.Read(text, fileName, fields =>
        {
            if (ReadLine(fields, names, methods, faults) is { } line) lines.Add(line);
        });
        return new(lines, faults.InOrder);
    }

    private static HbaLine? ReadLine(HbaFields fields, HbaNamesReader names, HbaMethodReader methods, FaultList faults)
    {
        HbaLine? Fail(SourcePosition position, string message, string? hint = Form)
        {
            faults.Add(position, message, hint);
            return null;
        }

        var type = fields.Fields[0][0];
        if (fields.Single(0) is null || Connection(type) is not { } connection) return Fail(type.Position, $"\"{type.Text}\" is no type of connection", "It may be local, host, hostssl, hostnossl, hostgssenc, hostnogssenc.");
        if (fields.Fields.Count < 4) return Fail(type.Position, "the line is too short");
        if (names.Read(fields, 1, isDatabases: true) is not { } databases || names.Read(fields, 2, isDatabases: false) is not { } users) return null;
        var at = 3;
        var address = HbaAddress.All;
        if (connection != HbaConnection.Local && !TryReadAddress(fields, ref at, out address))
            return Fail(
                fields.Fields[3][0].Position, $"\"{fields.Fields[3][0].Text}\" is no address",
                "It may be all, samehost, samenet, an address with /BITS, or an address and a mask; names of hosts are not looked up: an answer from DNS is no proof.");
        if (at >= fields.Fields.Count) return Fail(type.Position, "the line is too short");
        return methods.Read(new HbaLine(fields.FileName, fields.Position, connection, databases, users, address, null), fields, at);
    }

    private static HbaConnection? Connection(HbaWord word) => word.IsQuoted ? null : word.Text switch
    {
        "local" => HbaConnection.Local,
        "host" => HbaConnection.Host,
        "hostssl" => HbaConnection.HostSsl,
        "hostnossl" => HbaConnection.HostNoSsl,
        "hostgssenc" => HbaConnection.HostGssEnc,
        "hostnogssenc" => HbaConnection.HostNoGssEnc,
        _ => null,
    };

    private static bool TryReadAddress(HbaFields fields, ref int at, out HbaAddress address)
    {
        address = HbaAddress.All;
        if (fields.Single(at++) is not { } word) return false;
        if (word.Is("all")) return true;
        if (word.Is("samehost") || word.Is("samenet"))
        {
            address = new(word.Text == "samehost" ? HbaAddressKind.SameHost : HbaAddressKind.SameNet);
            return true;
        }

        HbaNetwork? network;
        if (word.Text.Contains('/', StringComparison.Ordinal))
        {
            if (!HbaNetwork.TryRead(word.Text, null, out network)) return false;
        }
        else if (fields.Single(at++) is not { } mask || !HbaNetwork.TryRead(word.Text, mask.Text, out network)) return false;
        address = new(HbaAddressKind.Network, network);
        return true;
    }
}
