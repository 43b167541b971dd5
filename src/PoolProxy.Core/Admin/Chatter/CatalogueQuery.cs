using PoolProxy.Core.Admin.Language;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Chatter;

/// <summary>
/// A driver's SELECT from PostgreSQL's catalogue. The console has none: the answer has the columns of the query and no rows. Only the
/// question which types there are (Npgsql asks it once a data source) is answered with the few that the console's columns have, so that
/// such a driver can read them.
/// </summary>
internal static class CatalogueQuery
{
    private static readonly (string Name, int Oid)[] Types =
    [
        ("bool", TypeOid.Bool), ("int8", TypeOid.Int8), ("int4", TypeOid.Int4), ("text", TypeOid.Text), ("numeric", TypeOid.Numeric),
    ];

    private static readonly string[] TypeColumns = ["nspname", "oid", "typname", "typtype", "typnotnull", "elemtypoid"];

    /// <summary>Null where the statement is no query of the catalogue.</summary>
    public static ChatterCommand? TryParse(List<Token> tokens)
    {
        if (!tokens.Any(token => token.IsName && (token.Text.StartsWith("pg_", StringComparison.OrdinalIgnoreCase) || token.Is("information_schema"))))
        {
            return null;
        }

        if (!TryReadColumns(tokens, out var names))
        {
            return null;
        }

        IReadOnlyList<object?[]> rows = names.SequenceEqual(TypeColumns)
            ? [.. Types.Select(type => (object?[])["pg_catalog", type.Oid.ToString(System.Globalization.CultureInfo.InvariantCulture), type.Name, "b", "f", null])]
            : [];
        return ChatterCommand.Result([.. names.Select(name => new Column(name))], rows);
    }

    // The select list ends at the FROM outside of all parentheses; an item is called by its last word, be it alias, column or function.
    private static bool TryReadColumns(List<Token> tokens, out List<string> names)
    {
        names = [];
        var depth = 0;
        var name = "?column?";
        foreach (var token in tokens.Skip(1))
        {
            depth += token.IsSymbol('(') ? 1 : token.IsSymbol(')') ? -1 : 0;
            if (depth != 0)
            {
                continue;
            }

            if (token.IsSymbol(',') || token.Is("from"))
            {
                names.Add(name);
                name = "?column?";
                if (token.Is("from"))
                {
                    return true;
                }
            }
            else if (token.IsName)
            {
                name = token.Text;
            }
        }

        return false;
    }
}
