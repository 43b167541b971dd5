using PoolProxy.Configuration.Catalogue;
using PoolProxy.Core.Admin.Control;
using PoolProxy.Core.Admin.Language;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Chatter;

/// <summary>Recognizes what drivers say besides commands: transactions, settings, resets, and the SELECTs they begin with.</summary>
internal static class ChatterParser
{
    /// <summary>The statement; null, with or without an error of its own, where it is not understood.</summary>
    public static ConsoleStatement? Parse(List<Token> tokens, out ProxyError? error)
    {
        error = null;
        ConsoleCommand? command = tokens[0].Kind != TokenKind.Word ? null : tokens[0].Text.ToUpperInvariant() switch
        {
            "SHOW" => Show(tokens),
            "SELECT" => SelectParser.Parse(tokens),
            "SET" => Setting(tokens, out error),
            "RESET" when tokens.Count > 1 => ChatterCommand.Tag("RESET", ConsoleErrors.SetIgnored),
            "BEGIN" => ChatterCommand.Tag("BEGIN"),
            "START" when tokens.Count > 1 && tokens[1].Is("transaction") => ChatterCommand.Tag("START TRANSACTION"),
            "COMMIT" or "END" => ChatterCommand.Tag("COMMIT"),
            "ROLLBACK" or "ABORT" => ChatterCommand.Tag("ROLLBACK"),
            "DISCARD" when tokens.Count == 2 => Discard(tokens[1]),
            "DEALLOCATE" when tokens.Count > 1 => Deallocate(tokens[^1]),
            "CLOSE" when tokens.Count == 2 => ChatterCommand.Tag(tokens[1].Is("all") ? "CLOSE CURSOR ALL" : "CLOSE CURSOR"),
            "UNLISTEN" => ChatterCommand.Tag("UNLISTEN"),
            _ => null,
        };
        return command is null ? null : new ConsoleStatement(command, command is Set ? tokens[1].Text : "");
    }

    private static ChatterCommand? Show(List<Token> tokens)
    {
        var name = string.Join(' ', tokens.Skip(1).Select(token => token.Text)).ToLowerInvariant() switch
        {
            "transaction isolation level" => "transaction_isolation",
            "time zone" => "timezone",
            var plain => plain,
        };
        return ClientSettings.Find(name) is { } value ? ChatterCommand.Value("SHOW", new Column(name), value) : null;
    }

    // SET [SESSION | LOCAL] name { TO | = } value; SET TIME ZONE, SET NAMES, SET TRANSACTION, SET SESSION CHARACTERISTICS, SET SESSION AUTHORIZATION DEFAULT.
    private static ConsoleCommand? Setting(List<Token> tokens, out ProxyError? error)
    {
        error = null;
        var at = tokens.Count > 2 && (tokens[1].Is("session") || tokens[1].Is("local")) ? 2 : 1;
        if (tokens.Count <= at + 1 || !tokens[at].IsName)
        {
            return null;
        }

        if (IsAbout(tokens[at]) || (tokens[at].Is("authorization") && tokens[^1].Is("default")))
        {
            return ChatterCommand.Tag("SET", ConsoleErrors.SetIgnored);
        }

        var isNames = tokens[at].Is("names");
        if (!isNames && (tokens.Count <= at + 2 || !(tokens[at + 1].IsSymbol('=') || tokens[at + 1].Is("to"))))
        {
            return null;
        }

        var name = isNames ? "client_encoding" : tokens[at].Text;
        var value = string.Concat(tokens.Skip(at + (isNames ? 1 : 2)).Select(token => token.Text));
        if (at == 1 && !isNames && ClientSettings.Find(name) is null
            && ProxyCatalogue.Settings.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } own)
        {
            return new Set(own, value);
        }

        error = ClientSettings.RefuseSet(name, value);
        return error is not null ? null
            : name.Equals("application_name", StringComparison.OrdinalIgnoreCase) ? ChatterCommand.Rename(Bounded(value))
            : ChatterCommand.Tag("SET", ConsoleErrors.SetIgnored);
    }

    private static bool IsAbout(Token token) => token.Is("transaction") || token.Is("characteristics") || token.Is("time");

    /// <summary>As PostgreSQL does: 63 bytes at most, and printable ASCII only.</summary>
    private static string Bounded(string name) =>
        string.Create(Math.Min(name.Length, 63), name, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = text[i] is >= ' ' and <= '~' ? text[i] : '?';
            }
        });

    private static ChatterCommand? Discard(Token what) =>
        what.Is("all") ? ChatterCommand.Deallocate("DISCARD ALL", "")
        : what.Is("plans") || what.Is("temp") || what.Is("temporary") || what.Is("sequences") ? ChatterCommand.Tag("DISCARD " + what.Text.ToUpperInvariant())
        : null;

    private static ChatterCommand? Deallocate(Token what) =>
        !what.IsName ? null
        : what.Is("all") ? ChatterCommand.Deallocate("DEALLOCATE ALL", "")
        : ChatterCommand.Deallocate("DEALLOCATE", what.Text);
}
