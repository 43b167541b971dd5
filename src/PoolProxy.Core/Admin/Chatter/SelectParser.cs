using System.Globalization;
using PoolProxy.Core.Admin.Language;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Chatter;

/// <summary>
/// The SELECTs that drivers and tools begin with: a constant, a function that tells where they are, or a look into the catalogue
/// (<see cref="CatalogueQuery"/>).
/// </summary>
internal static class SelectParser
{
    /// <summary>Null where it is none of those.</summary>
    public static ChatterCommand? Parse(List<Token> tokens)
    {
        if (CatalogueQuery.TryParse(tokens) is { } catalogue)
        {
            return catalogue;
        }

        var expression = WithoutAlias(tokens[1..], out var alias);
        return expression.Count switch
        {
            1 when expression[0].Kind == TokenKind.Literal => Value(alias ?? "?column?", TypeOid.Text, expression[0].Text),
            1 when expression[0].Kind == TokenKind.Word && int.TryParse(expression[0].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
                Value(alias ?? "?column?", TypeOid.Int4, number),
            1 when expression[0].Kind == TokenKind.Word => Function(expression[0].Text, isCall: false, alias),
            >= 3 when expression[^2].IsSymbol('(') && expression[^1].IsSymbol(')') => Function(expression[^3].Text, isCall: true, alias),
            _ => null,
        };
    }

    private static List<Token> WithoutAlias(List<Token> expression, out string? alias)
    {
        alias = null;
        if (expression.Count >= 3 && expression[^2].Is("as") && expression[^1].IsName)
        {
            alias = expression[^1].Text;
            return expression[..^2];
        }

        return expression;
    }

    private static ChatterCommand? Function(string name, bool isCall, string? alias)
    {
        var lower = name.ToLowerInvariant();
        return (lower, isCall) switch
        {
            ("version", true) => Value(alias ?? lower, TypeOid.Text, ConsoleView.Version),
            ("current_database", true) or ("current_catalog", false) => Value(alias ?? lower, TypeOid.Text, ConsoleView.ConsoleName),
            ("current_schema", _) => Value(alias ?? lower, TypeOid.Text, "pg_catalog"),
            ("current_user" or "session_user" or "user", false) => Value(alias ?? lower, TypeOid.Text, ConsoleView.ConsoleName),
            ("pg_is_in_recovery", true) => Value(alias ?? lower, TypeOid.Bool, false),
            ("pg_advisory_unlock_all", true) => Value(alias ?? lower, TypeOid.Text, ""),
            _ => null,
        };
    }

    private static ChatterCommand Value(string name, int type, object value) => ChatterCommand.Value("SELECT", new Column(name, type), value);
}
