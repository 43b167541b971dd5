using System.Text;
using PoolProxy.Core.Admin.Chatter;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Language;

/// <summary>
/// Text to statements: PgBouncer's commands, of one or two words (<see cref="CommandCatalogue"/>), and what drivers send to any server
/// (<see cref="ChatterParser"/>). Keywords in any case; a name is a word or quoted, and its case counts.
/// </summary>
internal static class Parser
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>As the other, from the bytes of a message; 22021 where they are not UTF-8, the console's only encoding.</summary>
    public static ProxyError? TryParse(ReadOnlySpan<byte> utf8, out List<ConsoleStatement> statements)
    {
        try
        {
            return TryParse(StrictUtf8.GetString(utf8), out statements);
        }
        catch (DecoderFallbackException)
        {
            statements = [];
            return ConsoleErrors.InvalidUtf8;
        }
    }

    /// <summary>An error (42601 with PgBouncer's text) if any of the text's statements is not understood: then none of them runs.</summary>
    public static ProxyError? TryParse(string text, out List<ConsoleStatement> statements)
    {
        statements = [];
        if (!Scanner.TryScan(text, out var scanned))
        {
            return ConsoleErrors.InvalidCommand(text);
        }

        foreach (var tokens in scanned)
        {
            if (tokens.Any(token => token.IsSymbol('$')))
            {
                return ConsoleErrors.ConsoleCannot("parameters");
            }

            if (Parse(tokens, out var error) is not { } statement)
            {
                return error ?? ConsoleErrors.InvalidCommand(text.Trim());
            }

            statements.Add(statement);
        }

        return null;
    }

    private static ConsoleStatement? Parse(List<Token> tokens, out ProxyError? error)
    {
        error = null;
        if (tokens.Count > 1 && tokens.Count <= 2 && (tokens[0].Is("show") || tokens[0].Is("select")) && tokens[1].IsName
            && CommandCatalogue.FindShow(tokens[1].Text) is { } show)
        {
            return new ConsoleStatement(show);
        }

        if (tokens[0].Kind == TokenKind.Word && tokens.Count <= 2 && CommandCatalogue.FindControl(tokens[0].Text) is { } control)
        {
            return tokens.Count == 1 ? new ConsoleStatement(control)
                : tokens[1].IsName || (tokens[1].Kind == TokenKind.Literal && control.TakesLiteral) ? new ConsoleStatement(control, tokens[1].Text)
                : null;
        }

        return tokens[0].Is("revoke") || tokens[0].Is("unrevoke") || (tokens.Count > 2 && tokens[0].Is("kill"))
            ? RevocationParser.Parse(tokens, out error)
            : ChatterParser.Parse(tokens, out error);
    }
}
